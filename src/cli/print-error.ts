import { CellwrightError, formatProblem, type Problem } from "../errors.js";
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
  const { summary, problemCount } = error.details;
  const shown = error.problems.slice(0, SHOWN_PROBLEMS);
  // A message may hold problems for readers who see nothing else; here they are listed below it.
  effects.err(`cellwright: ${shown.length > 0 && typeof summary === "string" ? summary : error.message}\n`);
  for (const problem of shown) effects.err(`  ${formatProblem(asTyped(problem))}\n`);
  const hidden = (typeof problemCount === "number" ? problemCount : error.problems.length) - shown.length;
  if (hidden > 0) effects.err(`  … and ${hidden} more\n`);
  if (effects.env["CELLWRIGHT_DEBUG"] !== undefined) effects.err(`${error.stack ?? ""}\n`);
  return EXIT_CODE[error.code];
}

/** Where a problem lies in the words of the command line: the library's `fixed.temp` is `--fix temp`. */
function asTyped(problem: Problem): Problem {
  const where = problem.where
    .replace(/^fixed\./u, "--fix ")
    .replace(/^context (?=\S+$)/u, "--context ")
    .replace(/^(count|seed)$/u, "--$1");
  return { ...problem, where };
}
