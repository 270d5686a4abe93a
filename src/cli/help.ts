import type { Command } from "commander";
import { nearestName } from "../data/nearest-name.js";
import { CellwrightError } from "../errors.js";
import type { CliEffects } from "./effects.js";
import { wrapText } from "./wrap-text.js";

/** Width of the help where there is no terminal. */
export const HELP_COLUMNS = 100;
const EXIT_CODES =
  "Exit codes: 0 done, 1 a fault of ours, 2 the input is wrong, 3 nothing to do or not promoted, 4 another run holds the lock.";
const FIRST_STEPS = "First steps: cellwright demo, or cellwright init calendering";

/** Without commander's `[options]`, which every command has: leaves room for what the command does. */
function commandAndArguments(command: Command): string {
  const args = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...args].join(" ");
}

/** How help is laid out, and what stands below that of the program. */
export function shapeHelp(program: Command, effects: CliEffects): void {
  program
    .configureHelp({ minWidthToWrap: 16, subcommandTerm: commandAndArguments })
    .addHelpText("after", () => `\n${wrapText(EXIT_CODES, effects.columns ?? HELP_COLUMNS)}\n${FIRST_STEPS}`);
}

/** `help`, `help suggest`, `help data check`. */
export function addHelp(program: Command): void {
  program.commandsGroup("Help:");
  program
    .command("help")
    .argument("[command...]", "name of a command")
    .description("show the help of a command, with an example")
    .action((names: readonly string[]) => {
      let command = program;
      for (const name of names) {
        const next = command.commands.find((one) => one.name() === name);
        if (next === undefined) throw unknownCommand(name, command);
        command = next;
      }
      command.outputHelp();
    });
}

function unknownCommand(name: string, parent: Command): CellwrightError {
  const names = parent.commands.map((command) => command.name());
  const near = nearestName(name, names);
  const remedy = near === undefined ? `There are: ${names.join(", ")}.` : `Did you mean ${near}?`;
  return new CellwrightError("USAGE", `There is no command ${name}. ${remedy}`);
}

/** Below an error of usage: where to read on. */
export function pointToHelp(command: Command, name: string): void {
  const isProgram = command.parent === null;
  const what = command.commands.length > 0 ? "its commands" : "its options and an example";
  command.showHelpAfterError(
    isProgram ? "Type `cellwright help` for the commands." : `Type \`${name}\` for ${what}.`,
  );
  for (const one of command.commands)
    pointToHelp(one, `${isProgram ? "cellwright help" : name} ${one.name()}`);
}
