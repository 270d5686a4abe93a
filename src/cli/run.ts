import { Command, CommanderError } from "commander";
import { version } from "../version.js";
import { addDesignCommands } from "./design-commands.js";
import type { CliEffects } from "./effects.js";
import { wantsColor } from "./effects.js";
import type { ExitCode } from "./exit-code.js";
import { addHelp, HELP_COLUMNS, pointToHelp, shapeHelp } from "./help.js";
import { addModelCommands } from "./model-commands.js";
import {
  acquisition,
  amountAboveZero,
  CAMPAIGN,
  collect,
  decimalMark,
  duration,
  example,
  format,
  MOST_RUNS,
  MOST_SIMULATED,
  perCost,
  preset,
  probability,
  search,
  wholeNumber,
  withData,
  workers,
} from "./options.js";
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
    .option("--material <preset>", "electrode material of a calendering campaign (default: NMC622)")
    .option("--chemistry <name>", "cell chemistry of a formation campaign (default: NMC622/graphite)")
    .action(async (process: string, options: { dir: string; material?: string; chemistry?: string }) => {
      const { init: runInit } = await import("./commands/init.js");
      await runInit(process, options, effects);
    });
  example(
    init,
    "cellwright init calendering --dir line-3",
    "cellwright init formation --chemistry NMC811/graphite --dir cells",
  );

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
    .option(
      "--safe <probability>",
      "show only settings that are safe with this probability, such as 0.95",
      probability("--safe"),
    )
    .option("--replicate", "repeat a good setting on purpose where that is worth more than a new one")
    .option(
      "--why",
      "also print every reason: single steps, limits, and results that would change the advice",
    )
    .addOption(acquisition())
    .addOption(search())
    .addOption(perCost())
    .option(
      "--budget <amount>",
      "all that may be spent, in hours or money: cost counts less as it is used up",
      amountAboveZero("--budget"),
    )
    .addOption(workers())
    .option(
      "--time-limit <time>",
      "take the best runs found in this time, such as 2s; the count of work units it was cut at is in the answer",
      duration("--time-limit"),
    )
    .option(
      "--work-units <n>",
      "take the best runs found with so many work units: gives the same answer again",
      wholeNumber("--work-units", 1),
    )
    .option("--pending <file>", "runs whose results are not in yet, same columns as the data")
    .option("--fix <name=value>", "hold a parameter at a value for this request (repeatable)", collect)
    .option("--context <name=value>", "state for which to suggest (repeatable)", collect)
    .option(
      "--from <name=value>",
      "what the machine is set to now (default: the latest run; repeatable)",
      collect,
    )
    .option("--max-move <name=amount>", "stay within ± this of today's setting (repeatable)", collect)
    .option("--no-share", "do not move runs of a batch onto settings of others that are hard to change")
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

  const plan = program
    .command("plan")
    .argument(...CAMPAIGN)
    .description("put suggested and running trials on channels and into shared ovens")
    .requiredOption("--channels <n>", "channels of the cycler", wholeNumber("--channels", 1))
    .option("--ovens <list>", "temperature:slots of each oven, such as 45degC:4,25degC:4")
    .option("--oven-parameter <name>", "the parameter that ovens are set to (default: the only temperature)")
    .option("--start <time>", "when the first cells can start, UTC (default: now)")
    .option(
      "--started <trial=time>",
      "since when a running trial is on its channel, UTC (repeatable)",
      collect,
    )
    .option("--cells <n>", "cells of each trial", wholeNumber("--cells", 1), 1)
    .option("--duration <outcome>", "the known outcome that is a cell's time on its channel")
    .option("--context <name=value>", "state that trials do not tell (repeatable)", collect)
    .addOption(format(["table", "json"]))
    .option("--out <file>", "also draw the plan as SVG")
    .action(async (campaign: string, options: object) => {
      const { plan: runPlan } = await import("./commands/plan.js");
      await runPlan(campaign, options as never, effects);
    });
  example(
    plan,
    "cellwright plan formation.campaign.yaml --channels 8 --ovens 45degC:4,25degC:4 --start 2026-11-23T08:00",
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

  const window = withData(
    program
      .command("window")
      .argument(...CAMPAIGN)
      .description("the largest box of settings in which all specifications hold together"),
  )
    .option(
      "--probability <probability>",
      "with which they hold everywhere in the box (default: 0.95)",
      probability("--probability"),
    )
    .option("--seed <n>", "seed of the draws", wholeNumber("--seed", 0), 1)
    .addOption(preset("auto"))
    .addOption(workers())
    .option("--fix <name=value>", "hold a parameter at a value (repeatable)", collect)
    .option("--context <name=value>", "state for which to ask (repeatable)", collect)
    .option(
      "--context-tolerance <name=value>",
      "half-width within which the state varies (repeatable)",
      collect,
    )
    .addOption(format(["table", "json"]))
    .option("--out <file>", "also write the answer to a file")
    .action(async (campaign: string, options: object) => {
      const { window: runWindow } = await import("./commands/window.js");
      await runWindow(campaign, options as never, effects);
    });
  example(
    window,
    "cellwright window nmc.campaign.yaml --probability 0.95",
    "cellwright window nmc.campaign.yaml --context coating_weight=182.7 --context-tolerance coating_weight=2",
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
    .addOption(workers())
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

  const bench = program
    .command("bench")
    .description("the optimiser on known problems or SYNTHETIC plants, beside random search, on this machine")
    .option("--problem <names>", "some of them, separated by commas (default: all)")
    .option("--seeds <n>", "campaigns of each", wholeNumber("--seeds", 1, 1000), 10)
    .option("--plants", "SYNTHETIC calendering and formation plants instead of published problems")
    .addOption(format(["table", "json"]))
    .action(async (options: object) => {
      const { bench: runBench } = await import("./commands/bench.js");
      await runBench(options as never, effects);
    });
  example(bench, "cellwright bench --problem branin,gramacy --seeds 5", "cellwright bench --plants");

  const recipe = program
    .command("recipe")
    .argument(...CAMPAIGN)
    .description("a run as files for a cycler or a calender: a proposal for a person to check")
    .option("--trial <id>", "the trial to export")
    .option("--set <name=value>", "settings instead of a trial (repeatable)", collect)
    .option(
      "--format <format>",
      "formation: battinfo, unicycler, neware, biologic, maccor, arbin, pybamm or sheet; calendering: sheet or isa88",
    )
    .option("--out <path>", "a file, or a folder for every format (default: standard output)")
    .option("--force", "overwrite files that are there already")
    .action(async (campaign: string, options: object) => {
      const { recipe: runRecipe } = await import("./commands/recipe.js");
      await runRecipe(campaign, options, effects);
    });
  example(
    recipe,
    "cellwright recipe formation.campaign.yaml --trial S001 --format neware --out S001.xml",
    "cellwright recipe line-3/calendering.campaign.yaml --trial S001 --out recipes",
  );

  const features = program
    .command("features")
    .argument("<files...>", "text exports of one cell's formation, in order")
    .description(
      "formation features from a cycler's files: Battery Data Format, Neware, Arbin, Maccor, BioLogic",
    )
    .option("--record", "tell them as the result of a trial")
    .option("--campaign <file>", "the campaign of that trial")
    .option("--trial <id>", "the trial")
    .option("--map <outcome=feature>", "an outcome that is named otherwise (repeatable)", collect)
    .option("--correct", "overwrite results that were recorded before")
    .option("--reason <text>", "why a result is corrected (kept in the audit trail)")
    .addOption(decimalMark())
    .addOption(format(["table", "json", "csv"]))
    .action(async (files: string[], options: object) => {
      const { features: runFeatures } = await import("./commands/features.js");
      await runFeatures(files, options as never, effects);
    });
  example(
    features,
    "cellwright features cell-17.bdf.csv",
    "cellwright features part-1.csv part-2.csv --record --campaign formation.campaign.yaml --trial S001",
  );

  const cost = program
    .command("cost")
    .argument(...CAMPAIGN)
    .description("what a setting costs against a reference plant, per cell and per year")
    .option("--set <name=value>", "a setting, or a constant of the cost model (repeatable)", collect)
    .option("--plot <file>", "also draw the cost a year beside the baseline's, .svg or .png")
    .addOption(format(["table", "json"]))
    .action(async (campaign: string, options: object) => {
      const { cost: runCost } = await import("./commands/cost.js");
      await runCost(campaign, options as never, effects);
    });
  example(
    cost,
    "cellwright cost line-3/calendering.campaign.yaml --set line_speed=60 --set roll_temperature=90",
    "cellwright cost formation.campaign.yaml --set cycler_time=14 --set cycling_share=0.45",
  );
}
