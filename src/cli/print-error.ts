import { CellwrightError, formatProblem } from "../errors.js";
import type { CliEffects } from "./effects.js";
import { EXIT_CODE, type ExitCode } from "./exit-code.js";

/** How many problems are printed before the rest is only counted. */
const SHOWN_PROBLEMS = 50;

/** Prints an error for a person and returns the exit code that it means. */
export function printError(error: unknown, effects: CliEffects): ExitCode {
  if (!(error instanceof CellwrightError)) {
    const fault = error instanceof Error ? error : new Error(String(error));
    effects.err(`cellwright: a fault of ours: ${fault.message}\n`);
    effects.err(
      "Your files are whole. Please report it with the command that you typed and CELLWRIGHT_DEBUG=1.\n",
    );
    if (effects.env["CELLWRIGHT_DEBUG"] !== undefined) effects.err(`${fault.stack ?? ""}\n`);
    return 1;
  }
  if (error.code === "CANCELLED") {
    effects.err("cellwright: stopped; nothing was changed.\n");
    return EXIT_CODE[error.code];
  }
  effects.err(`cellwright: ${error.message}\n`);
  for (const problem of error.problems.slice(0, SHOWN_PROBLEMS)) effects.err(`  ${formatProblem(problem)}\n`);
  const hidden = error.problems.length - SHOWN_PROBLEMS;
  if (hidden > 0) effects.err(`  … and ${hidden} more\n`);
  if (effects.env["CELLWRIGHT_DEBUG"] !== undefined) effects.err(`${error.stack ?? ""}\n`);
  return EXIT_CODE[error.code];
}
