import type { CliEffects } from "../../src/cli/effects.js";
import { run } from "../../src/cli/run.js";

/** What a command printed and how it ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in `cwd` without a terminal, at a fixed time. */
export async function runCli(
  cwd: string,
  argv: readonly string[],
  overrides: Partial<CliEffects> = {},
): Promise<Ran> {
  let out = "";
  let err = "";
  const code = await run(argv, {
    cwd,
    env: { NO_COLOR: "1" },
    columns: undefined,
    stderrIsTerminal: false,
    signal: new AbortController().signal,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    now: () => new Date("2026-01-02T03:04:05Z"),
    ...overrides,
  });
  return { code, out, err };
}
