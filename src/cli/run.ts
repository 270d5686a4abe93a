import { Command, CommanderError } from "commander";
import { version } from "../version.js";
import { addDailyCommands } from "./daily-commands.js";
import { addDataCommands } from "./data-commands.js";
import { addDesignCommands } from "./design-commands.js";
import type { CliEffects } from "./effects.js";
import { wantsColor } from "./effects.js";
import type { ExitCode } from "./exit-code.js";
import { addHelp, HELP_COLUMNS, pointToHelp, shapeHelp } from "./help.js";
import { addModelCommands } from "./model-commands.js";
import { useRelaxedKernels } from "../math/wasm/kernels.js";
import { printError } from "./print-error.js";

/** Runs one command line; answers on `out`, everything else on `err`. */
export async function run(argv: readonly string[], effects: CliEffects): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = createProgram(effects, (code) => {
    exitCode = code;
  });
  try {
    if (effects.env["CELLWRIGHT_RELAXED_SIMD"] === "1") await relaxKernels(effects);
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return printError(error, effects);
  }
}

/** Faster products of matrices in exchange for last digits that depend on the machine: said every time. */
async function relaxKernels(effects: CliEffects): Promise<void> {
  await useRelaxedKernels();
  effects.err(
    "note: CELLWRIGHT_RELAXED_SIMD=1: another machine may find other last digits, and other seals.\n",
  );
}

function createProgram(effects: CliEffects, setExitCode: (code: ExitCode) => void): Command {
  const program = new Command("cellwright");
  program
    .description(
      "Tells a battery process engineer which settings to try next: surrogate models of calendering and formation runs, and a Bayesian optimisation loop over them.",
    )
    .version(version, "-V, --version", "print the version")
    .showSuggestionAfterError(true)
    .helpCommand(false) // ours knows subcommands and misspelt names
    .exitOverride()
    .configureOutput({
      writeOut: effects.out,
      writeErr: effects.err,
      outputError: (text, write) => write(text.replace(/^error: /u, "cellwright: ")),
      getOutHelpWidth: () => effects.columns ?? HELP_COLUMNS,
      getErrHelpWidth: () => effects.columns ?? HELP_COLUMNS,
      getOutHasColors: () => wantsColor(effects),
      getErrHasColors: () => wantsColor(effects),
    });
  shapeHelp(program, effects);
  addDailyCommands(program, effects);
  addDesignCommands(program, effects);
  addDataCommands(program, effects);
  addModelCommands(program, effects, setExitCode);
  addHelp(program);
  pointToHelp(program, "cellwright");
  return program;
}
