import type { Command } from "commander";
import type { CliEffects } from "./effects.js";
import {
  CAMPAIGN,
  collect,
  decimalMark,
  example,
  format,
  MOST_SIMULATED,
  wholeNumber,
  withData,
} from "./options.js";

/** Data that come in, SYNTHETIC ones, and what leaves for machines and for the accounts. */
export function addDataCommands(program: Command, effects: CliEffects): void {
  program.commandsGroup("Data:");
  addData(program, effects);
  addSimulate(program, effects);
  addBench(program, effects);
  addRecipe(program, effects);
  addFeatures(program, effects);
  addCost(program, effects);
}

function addData(program: Command, effects: CliEffects): void {
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
}

function addSimulate(program: Command, effects: CliEffects): void {
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
}

function addBench(program: Command, effects: CliEffects): void {
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
}

function addRecipe(program: Command, effects: CliEffects): void {
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
}

function addFeatures(program: Command, effects: CliEffects): void {
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
}

function addCost(program: Command, effects: CliEffects): void {
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
