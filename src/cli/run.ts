import { Command, CommanderError, Option } from "commander";
import { nearestName } from "../data/nearest-name.js";
import { CellwrightError } from "../errors.js";
import { version } from "../version.js";
import type { CliEffects } from "./effects.js";
import { wantsColor } from "./effects.js";
import type { ExitCode } from "./exit-code.js";
import { printError } from "./print-error.js";
import { wrapText } from "./wrap-text.js";

/** Runs one command line; answers on `out`, everything else on `err`. */
export async function run(argv: readonly string[], effects: CliEffects): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = createProgram(effects, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return printError(error, effects);
  }
}

/** Width of the help where there is no terminal. */
const HELP_COLUMNS = 100;
const EXIT_CODES =
  "Exit codes: 0 done, 1 a fault of ours, 2 the input is wrong, 3 nothing to do or not promoted, 4 another run holds the lock.";
const FIRST_STEPS = "First steps: cellwright demo, or cellwright init calendering";

type SetExitCode = (code: ExitCode) => void;

function createProgram(effects: CliEffects, setExitCode: SetExitCode): Command {
  const program = new Command("cellwright");
  program
    .description(
      "Tells a battery process engineer which settings to try next: surrogate models of calendering and formation runs, and a Bayesian optimisation loop over them.",
    )
    .version(version, "-V, --version", "print the version")
    .showSuggestionAfterError(true)
    .helpCommand(false) // ours below knows subcommands and misspelt names
    .exitOverride()
    .configureOutput({
      writeOut: effects.out,
      writeErr: effects.err,
      outputError: (text, write) => write(text.replace(/^error: /u, "cellwright: ")),
      getOutHelpWidth: () => effects.columns ?? HELP_COLUMNS,
      getErrHelpWidth: () => effects.columns ?? HELP_COLUMNS,
      getOutHasColors: () => wantsColor(effects),
      getErrHasColors: () => wantsColor(effects),
    })
    .configureHelp({ minWidthToWrap: 16, subcommandTerm: commandAndArguments })
    .addHelpText("after", () => `\n${wrapText(EXIT_CODES, effects.columns ?? HELP_COLUMNS)}\n${FIRST_STEPS}`);
  addDailyCommands(program, effects);
  addDataCommands(program, effects);
  addModelCommands(program, effects, setExitCode);
  addHelp(program);
  pointToHelp(program, "cellwright");
  return program;
}

/** Without commander's `[options]`, which every command has: leaves room for what the command does. */
function commandAndArguments(command: Command): string {
  const args = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...args].join(" ");
}

/** `help`, `help suggest`, `help data check`. */
function addHelp(program: Command): void {
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
function pointToHelp(command: Command, name: string): void {
  const isProgram = command.parent === null;
  const what = command.commands.length > 0 ? "its commands" : "its options and an example";
  command.showHelpAfterError(
    isProgram ? "Type `cellwright help` for the commands." : `Type \`${name}\` for ${what}.`,
  );
  for (const one of command.commands)
    pointToHelp(one, `${isProgram ? "cellwright help" : name} ${one.name()}`);
}

const CAMPAIGN = ["<campaign>", "the campaign file (*.campaign.yaml or .json)"] as const;

function withData(command: Command): Command {
  return command
    .option(
      "--data <file>",
      "a CSV or XLSX file, or a shipped data set; bypasses the campaign's own data and store",
    )
    .addOption(decimalMark())
    .option("--mix-origins", "allow measured and SYNTHETIC rows in one fit")
    .option("--skip-invalid", "leave invalid rows out instead of refusing the file");
}

const DECIMAL_MARKS = { point: ".", comma: "," } as const;

function decimalMark(): Option {
  return new Option("--decimal <mark>", "decimal mark of the data files: point or comma (default: found out)")
    .choices(Object.keys(DECIMAL_MARKS))
    .argParser((text) => {
      if (text === "point" || text === "comma") return DECIMAL_MARKS[text];
      throw new CellwrightError("USAGE", `--decimal: found "${text}", expected point or comma.`);
    });
}

function preset(): Option {
  return new Option(
    "--preset <priors>",
    "priors of the models; auto takes those that predict left-out runs clearly better",
  )
    .choices(["default", "hvarfner-2024", "auto"])
    .default("default");
}

function format(choices: readonly string[]): Option {
  return new Option("--format <format>", "how to print the answer").choices(choices).default("table");
}

function wholeNumber(name: string, least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = /^\d+$/u.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new CellwrightError("USAGE", `${name}: found "${text}", expected a whole number ${range}.`);
  };
}

/** Most runs that are suggested at a time, as the campaign's `batch` allows. */
const MOST_RUNS = 64;
/** Most simulated runs at a time: some minutes of formation. */
const MOST_SIMULATED = 100_000;

const collect = (value: string, before: readonly string[] | undefined): string[] => [
  ...(before ?? []),
  value,
];

function example(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText("after", `\nExample:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

function addDailyCommands(program: Command, effects: CliEffects): void {
  program.commandsGroup("Every day:");
  const demo = program
    .command("demo")
    .description(
      "suggest the next calendering and formation runs from the shipped measured data, with a report",
    )
    .option("--out <file>", "where the report goes", "report.html")
    .option("--seed <n>", "seed of the suggestions", wholeNumber("--seed", 0), 1)
    .action(async (options: { out: string; seed: number }) => {
      const { demo: runDemo } = await import("./commands/demo.js");
      await runDemo(options, effects);
    });
  example(demo, "cellwright demo");

  const init = program
    .command("init")
    .argument("<process>", "calendering or formation")
    .description("write a campaign file and an empty data template, and say what to do next")
    .option("--dir <dir>", "folder to write into", ".")
    .action(async (process: string, options: { dir: string }) => {
      const { init: runInit } = await import("./commands/init.js");
      await runInit(process, options, effects);
    });
  example(init, "cellwright init calendering --dir line-3");

  const suggest = withData(
    program
      .command("suggest")
      .argument(...CAMPAIGN)
      .description("propose the next runs with predictions and reasons"),
  )
    .option(
      "-n, --count <n>",
      "how many runs (default: the campaign's batch)",
      wholeNumber("--count", 1, MOST_RUNS),
    )
    .option("--seed <n>", "seed of the suggestions", wholeNumber("--seed", 0), 1)
    .addOption(preset())
    .option("--pending <file>", "runs whose results are not in yet, same columns as the data")
    .option("--fix <name=value>", "hold a parameter at a value for this request (repeatable)", collect)
    .option("--context <name=value>", "state for which to suggest (repeatable)", collect)
    .addOption(format(["table", "json", "csv"]))
    .option("--out <file>", "also write the answer to a file (csv can be filled in and recorded)")
    .action(async (campaign: string, options: object) => {
      const { suggest: runSuggest } = await import("./commands/suggest.js");
      await runSuggest(campaign, options as never, effects);
    });
  example(
    suggest,
    "cellwright suggest line-3/calendering.campaign.yaml -n 4 --fix roll_temperature=120",
    "cellwright suggest nmc.campaign.yaml --data coils.csv --context coating_weight=182.7 --format json",
  );

  const record = program
    .command("record")
    .argument(...CAMPAIGN)
    .argument("[result...]", "name=value pairs of one run: trial=… or its settings, and what was measured")
    .description("tell results of runs, suggested or not")
    .option("--data <file>", "a CSV or XLSX file of results, one row a run")
    .addOption(decimalMark())
    .option("--correct", "overwrite results that were recorded before")
    .option("--reason <text>", "why a result is corrected (kept in the audit trail)")
    .option("--skip-invalid", "record the valid rows of a file and report the others")
    .action(async (campaign: string, results: string[], options: object) => {
      const { record: runRecord } = await import("./commands/record.js");
      await runRecord(campaign, results, options, effects);
    });
  example(
    record,
    "cellwright record nmc.campaign.yaml trial=S001 porosity=31.2 adhesion=18.5",
    "cellwright record nmc.campaign.yaml trial=S002 status=failed reason=wrinkles",
    "cellwright record nmc.campaign.yaml --data results.csv",
  );

  const report = withData(
    program
      .command("report")
      .argument(...CAMPAIGN)
      .description("write one HTML file with data, fit quality, responses and suggestions"),
  )
    .option("--out <file>", "where the report goes", "report.html")
    .option("--plots <dir>", "also write every figure as SVG and PNG into this folder")
    .option(
      "-n, --count <n>",
      "how many runs to suggest (default: the campaign's batch)",
      wholeNumber("--count", 1, MOST_RUNS),
    )
    .option("--seed <n>", "seed of the suggestions", wholeNumber("--seed", 0), 1)
    .addOption(preset())
    .option("--fix <name=value>", "hold a parameter at a value (repeatable)", collect)
    .option("--context <name=value>", "state for which to suggest (repeatable)", collect)
    .action(async (campaign: string, options: object) => {
      const { report: runReport } = await import("./commands/report.js");
      await runReport(campaign, options as never, effects);
    });
  example(report, "cellwright report nmc.campaign.yaml --out report.html");
}

function addDataCommands(program: Command, effects: CliEffects): void {
  program.commandsGroup("Data:");
  const data = program.command("data").description("shipped data sets; check a file against a campaign");
  data
    .command("list")
    .description("the data sets that are shipped or can be brought")
    .addOption(format(["table", "json"]))
    .action(async (options: object) => {
      const { listData } = await import("./commands/data.js");
      await listData(options as never, effects);
    });
  data
    .command("get")
    .argument("<name>", "name of a data set")
    .description("copy a data set into a folder and verify its checksums")
    .option("--from <dir>", "folder that holds the files of a set that is not shipped")
    .option("--dir <dir>", "folder to write into", ".")
    .action(async (name: string, options: object) => {
      const { getData } = await import("./commands/data.js");
      await getData(name, options as never, effects);
    });
  const check = withData(
    data
      .command("check")
      .argument(...CAMPAIGN)
      .description("check data against a campaign: every problem with line and column"),
  ).action(async (campaign: string, options: object) => {
    const { checkData } = await import("./commands/data.js");
    await checkData(campaign, options, effects);
  });
  example(check, "cellwright data check nmc.campaign.yaml --data coils.csv");

  const simulate = program
    .command("simulate")
    .argument("<process>", "calendering or formation")
    .description("SYNTHETIC runs from the process simulators, as a data file")
    .option("--rows <n>", "how many runs", wholeNumber("--rows", 1, MOST_SIMULATED), 60)
    .option("--seed <n>", "seed of settings and scatter", wholeNumber("--seed", 0), 1)
    .option("--material <name>", "electrode recipe of the calendering (default: NMC622)")
    .option("--chemistry <name>", "cells of the formation (default: NMC622/graphite)")
    .option("--world <name>", "which window makes the SEI: neutral, lee or an (default: neutral)")
    .option("--out <file>", "write to a new file instead of standard output")
    .action(async (process: string, options: object) => {
      const { simulate: runSimulate } = await import("./commands/simulate.js");
      await runSimulate(process, options as never, effects);
    });
  example(simulate, "cellwright simulate calendering --rows 60 --seed 1 --out simulated.csv");

  const cost = program
    .command("cost")
    .argument(...CAMPAIGN)
    .description("what a setting costs against a reference plant, per cell and per year")
    .option("--set <name=value>", "a setting, or a constant of the cost model (repeatable)", collect)
    .addOption(format(["table", "json"]))
    .action(async (campaign: string, options: object) => {
      const { cost: runCost } = await import("./commands/cost.js");
      runCost(campaign, options as never, effects);
    });
  example(
    cost,
    "cellwright cost line-3/calendering.campaign.yaml --set line_speed=60 --set roll_temperature=90",
    "cellwright cost formation.campaign.yaml --set cycler_time=14 --set cycling_share=0.45",
  );
}

function addModelCommands(program: Command, effects: CliEffects, setExitCode: SetExitCode): void {
  program.commandsGroup("Models:");
  const models = (command: Command): Command =>
    command.option(
      "--models <dir>",
      "folder of the saved models (default: models/ beside the campaign file)",
    );

  const train = models(
    withData(
      program
        .command("train")
        .argument(...CAMPAIGN)
        .description("compare surrogates by grouped cross-validation and save the best"),
    ),
  )
    .option(
      "--surrogates <names>",
      "which to compare, comma-separated (default: all but the slower gp-bayesian and gp-saas)",
    )
    .option("--folds <n>", "number of folds, or `all` to leave out one group at a time", "5")
    .option("--group <column>", "column that cross-validation never splits (default: the campaign's)")
    .option("--seed <n>", "seed of the folds and fits", wholeNumber("--seed", 0), 1)
    .option("--joint", "also fit all outcomes jointly and compare with each by itself")
    .addOption(format(["table", "json"]))
    .action(async (campaign: string, options: object) => {
      const { train: runTrain } = await import("./commands/train.js");
      await runTrain(campaign, options as never, effects);
    });
  example(train, "cellwright train nmc.campaign.yaml --data coils.csv --folds 5");

  const predict = models(program.command("predict").argument(...CAMPAIGN))
    .description("predict outcomes of settings with a saved model")
    .option("--model <id>", "which version (default: the champion)")
    .requiredOption("--data <file>", "settings to predict, one row each")
    .addOption(decimalMark())
    .addOption(format(["table", "json", "csv"]))
    .action(async (campaign: string, options: object) => {
      const { predict: runPredict } = await import("./commands/predict.js");
      await runPredict(campaign, options as never, effects);
    });
  example(predict, "cellwright predict nmc.campaign.yaml --data settings.csv --format csv");

  const retrain = models(
    withData(
      program
        .command("retrain")
        .argument(...CAMPAIGN)
        .description("train a challenger unattended; it replaces the champion only if no worse"),
    ),
  )
    .option("--dry-run", "compare, but change nothing")
    .option("--folds <n>", "number of folds", "5")
    .option("--seed <n>", "seed of the folds and fits", wholeNumber("--seed", 0), 1)
    .action(async (campaign: string, options: object) => {
      const { retrain: runRetrain } = await import("./commands/retrain.js");
      setExitCode(await runRetrain(campaign, options as never, effects));
    });
  example(
    retrain,
    "cellwright retrain nmc.campaign.yaml      # from cron; exit 3: nothing new, or the champion stays",
  );

  const command = program
    .command("models")
    .description("saved models of a campaign: list, show, promote, roll back");
  for (const [name, argument, description] of [
    ["list", undefined, "versions with their state and quality"],
    ["show", "[id]", "the model card of a version (default: the champion)"],
    ["promote", "<id>", "make a version the champion"],
    ["rollback", undefined, "make the champion before this one the champion again"],
  ] as const) {
    const sub = models(command.command(name).argument(...CAMPAIGN)).description(description);
    if (argument !== undefined) sub.argument(argument, "version");
    sub.action(async (...args: unknown[]) => {
      const { manageModels } = await import("./commands/models.js");
      const [campaign, id] = args as [string, string | undefined];
      const options = sub.opts<{ models?: string }>();
      await manageModels(name, campaign, argument === undefined ? undefined : id, options, effects);
    });
  }
}
