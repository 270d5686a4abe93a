import { type Command, Option } from "commander";
import { ACQUISITION_FAMILIES } from "../acquisition/family-names.js";
import { SEARCH_CHOICES } from "../campaign/search-choice.js";
import type { PresetChoice } from "../campaign/choose-preset.js";
import { PRESET_NAMES } from "../surrogates/presets/preset.js";
import { CellwrightError } from "../errors.js";

/** The argument that most commands begin with. */
export const CAMPAIGN = ["<campaign>", "the campaign file (*.campaign.yaml or .json)"] as const;

/** Where data come from and how they are read. */
export function withData(command: Command): Command {
  return command
    .option(
      "--data <file>",
      "a CSV or XLSX file, or a shipped data set; bypasses the campaign's own data and store",
    )
    .addOption(decimalMark())
    .option("--mix-origins", "allow measured and SYNTHETIC rows in one fit")
    .option("--skip-invalid", "leave invalid rows out instead of refusing the file");
}

/** On which channels and in which ovens cells run; `required` where nothing else is asked. */
export function withChannels(command: Command, required = false): Command {
  const channels = new Option("--channels <n>", "channels of the cycler: plan which cell runs where and when")
    .argParser(wholeNumber("--channels", 1))
    .makeOptionMandatory(required);
  return command
    .addOption(channels)
    .option("--ovens <list>", "temperature:slots of each oven, such as 45degC:4,25degC:4")
    .option("--oven-parameter <name>", "the parameter that ovens are set to (default: the only temperature)")
    .option("--start <time>", "when the first cells can start, UTC (default: now)")
    .option(
      "--started <trial=time>",
      "since when a running trial is on its channel, UTC (repeatable)",
      collect,
    )
    .option("--cells <n>", "cells of each trial (default: 1)", wholeNumber("--cells", 1))
    .option("--duration <outcome>", "the known outcome that is a cell's time on its channel");
}

const DECIMAL_MARKS = { point: ".", comma: "," } as const;

/** Handed over as the mark itself. */
export function decimalMark(): Option {
  return new Option("--decimal <mark>", "decimal mark of the data files: point or comma (default: found out)")
    .choices(Object.keys(DECIMAL_MARKS))
    .argParser((text) => {
      if (text === "point" || text === "comma") return DECIMAL_MARKS[text];
      throw new CellwrightError("USAGE", `--decimal: found "${text}", expected point or comma.`);
    });
}

/** Which priors the models have. */
export function preset(otherwise: PresetChoice = "default"): Option {
  return new Option(
    "--preset <priors>",
    "priors of the models; sparse-axes: you know that few of many parameters matter; auto takes the default's or hvarfner-2024, whichever predicts left-out runs clearly better",
  )
    .choices([...PRESET_NAMES, "auto"])
    .default(otherwise);
}

/** How the next runs are valued. */
export function acquisition(): Option {
  return new Option(
    "--acquisition <name>",
    "how the next runs are valued (default: the campaign's strategy, else auto: what fits)",
  ).choices(["auto", ...ACQUISITION_FAMILIES]);
}

/** Where the next runs are looked for. */
export function search(): Option {
  return new Option(
    "--search <where>",
    "where the next runs are looked for: everywhere, or in a box about the best run (default: the campaign's strategy, else auto: the box beyond 15 parameters)",
  ).choices(SEARCH_CHOICES);
}

/** More threads than this are a typing error. */
export const MOST_WORKERS = 256;

/** How many threads may fit. */
export function workers(): Option {
  return new Option(
    "--workers <n>",
    "threads that fit models at the same time; the answer is the same (default: CELLWRIGHT_WORKERS, or one less than the machine has; 1: none beside the program itself)",
  ).argParser(wholeNumber("--workers", 1, MOST_WORKERS));
}

/** How the answer is printed; a table unless asked otherwise. */
export function format(choices: readonly string[]): Option {
  return new Option("--format <format>", "how to print the answer").choices(choices).default("table");
}

/** Reads a whole number of an option; anything else is refused with the range. */
export function wholeNumber(name: string, least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = /^\d+$/u.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new CellwrightError("USAGE", `${name}: found "${text}", expected a whole number ${range}.`);
  };
}

/** Reads a probability strictly between 0 and 1, such as `0.95` or `95%`. */
export function probability(name: string) {
  return (text: string): number => {
    const match = /^(\d*\.?\d+)\s*(%?)$/u.exec(text);
    const value = match === null ? Number.NaN : Number(match[1]) / (match[2] === "%" ? 100 : 1);
    if (value > 0 && value < 1) return value;
    throw new CellwrightError(
      "USAGE",
      `${name}: found "${text}", expected a probability between 0 and 1, such as 0.95 or 95%.`,
    );
  };
}

/** Reads a length of time such as `2s`, `500ms`, `1.5min`, or bare seconds, in seconds. */
export function duration(name: string) {
  const seconds = { ms: 0.001, s: 1, min: 60 };
  return (text: string): number => {
    const match = /^(\d*\.?\d+)\s*(ms|s|min)?$/u.exec(text);
    const value = match === null ? Number.NaN : Number(match[1]) * seconds[(match[2] ?? "s") as "s"];
    if (value > 0 && value < Infinity) return value;
    throw new CellwrightError(
      "USAGE",
      `${name}: found "${text}", expected a time above 0, such as 2s or 500ms.`,
    );
  };
}

/** Reads an amount above 0. */
export function amountAboveZero(name: string) {
  return (text: string): number => {
    const value = /^\d*\.?\d+$/u.test(text) ? Number(text) : Number.NaN;
    if (value > 0) return value;
    throw new CellwrightError("USAGE", `${name}: found "${text}", expected a number above 0.`);
  };
}

/** What gain is counted against. */
export function perCost(): Option {
  return new Option(
    "--per <cost>",
    "count gain per hour of a run, or per money (trial_cost): cheaper runs come first",
  ).choices(["hour", "money"]);
}

/** What questions to the optimiser may state of where runs may lie, and of how they are valued. */
export function withRequest(command: Command, seeded: string): Command {
  return withValuing(command, seeded)
    .option("--pending <file>", "runs whose results are not in yet, same columns as the data")
    .option("--fix <name=value>", "hold a parameter at a value for this request (repeatable)", collect)
    .option("--context <name=value>", "state for which is asked (repeatable)", collect)
    .option(
      "--from <name=value>",
      "what the machine is set to now (default: the latest run; repeatable)",
      collect,
    )
    .option("--max-move <name=amount>", "stay within ± this of today's setting (repeatable)", collect);
}

function withValuing(command: Command, seeded: string): Command {
  return command
    .option("--seed <n>", `seed of ${seeded}`, wholeNumber("--seed", 0), 1)
    .addOption(preset())
    .option(
      "--safe <probability>",
      "show only settings that are safe with this probability, such as 0.95",
      probability("--safe"),
    )
    .addOption(perCost())
    .option(
      "--budget <amount>",
      "all that may be spent, in hours or money: cost counts less as it is used up",
      amountAboveZero("--budget"),
    );
}

/** Most runs that are suggested at a time, as the campaign's `batch` allows. */
export const MOST_RUNS = 64;
/** Most simulated runs at a time: some minutes of formation. */
export const MOST_SIMULATED = 100_000;

/** Gathers the values of an option that may be repeated. */
export const collect = (value: string, before: readonly string[] | undefined): string[] => [
  ...(before ?? []),
  value,
];

/** Adds command lines to copy to the help of a command. */
export function example(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText("after", `\nExample:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}
