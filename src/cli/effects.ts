/** Everything the command line touches outside itself; tests pass fakes. */
export interface CliEffects {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Width of the terminal, or undefined when standard output is not one. */
  readonly columns: number | undefined;
  readonly stderrIsTerminal: boolean;
  readonly signal: AbortSignal;
  /** Standard output: answers only. */
  readonly out: (text: string) => void;
  /** Standard error: progress, messages, errors. */
  readonly err: (text: string) => void;
  readonly now: () => Date;
}

/** Colour only for a terminal whose user did not refuse it (https://no-color.org). */
export function wantsColor(effects: CliEffects): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = effects.env;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "" && FORCE_COLOR !== "0") return true;
  return effects.columns !== undefined && TERM !== "dumb";
}
