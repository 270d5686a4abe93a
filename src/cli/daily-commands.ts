import type { Command } from "commander";
import type { CliEffects } from "./effects.js";
import {
  CAMPAIGN,
  collect,
  decimalMark,
  example,
  format,
  MOST_RUNS,
  preset,
  probability,
  wholeNumber,
  withChannels,
  withData,
  workers,
} from "./options.js";
import { addSuggest } from "./suggest-command.js";

/** What is typed every day: from the first campaign to the report. */
export function addDailyCommands(program: Command, effects: CliEffects): void {
  program.commandsGroup("Every day:");
  addDemo(program, effects);
  addInit(program, effects);
  addSuggest(program, effects);
  addPlan(program, effects);
  addRecord(program, effects);
  addWindow(program, effects);
  addReport(program, effects);
}

function addDemo(program: Command, effects: CliEffects): void {
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
}

function addInit(program: Command, effects: CliEffects): void {
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
}

function addPlan(program: Command, effects: CliEffects): void {
  const plan = withChannels(
    program
      .command("plan")
      .argument(...CAMPAIGN)
      .description("put suggested and running trials on channels and into shared ovens"),
    true,
  )
    .option("--context <name=value>", "state that trials do not tell (repeatable)", collect)
    .addOption(format(["table", "json"]))
    .option("--plot <file>", "also draw the plan, .svg or .png")
    .action(async (campaign: string, options: object) => {
      const { plan: runPlan } = await import("./commands/plan.js");
      await runPlan(campaign, options as never, effects);
    });
  example(
    plan,
    "cellwright plan formation.campaign.yaml --channels 8 --ovens 45degC:4,25degC:4 --start 2026-11-23T08:00",
  );
}

function addRecord(program: Command, effects: CliEffects): void {
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
}

function addWindow(program: Command, effects: CliEffects): void {
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
    .option("--plot <file>", "also draw where the specifications hold, with the window, .svg or .png")
    .action(async (campaign: string, options: object) => {
      const { window: runWindow } = await import("./commands/window.js");
      await runWindow(campaign, options as never, effects);
    });
  example(
    window,
    "cellwright window nmc.campaign.yaml --probability 0.95",
    "cellwright window nmc.campaign.yaml --context coating_weight=182.7 --context-tolerance coating_weight=2",
  );
}

function addReport(program: Command, effects: CliEffects): void {
  const report = withChannels(
    withData(
      program
        .command("report")
        .argument(...CAMPAIGN)
        .description("write one HTML file with data, fit quality, responses and suggestions"),
    ),
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
  example(
    report,
    "cellwright report nmc.campaign.yaml --out report.html",
    "cellwright report formation.campaign.yaml --fix temperature=45 --channels 8 --ovens 45degC:4",
  );
}
