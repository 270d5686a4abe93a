import type { Command } from "commander";
import type { CliEffects } from "./effects.js";
import {
  acquisition,
  amountAboveZero,
  CAMPAIGN,
  collect,
  duration,
  example,
  format,
  MOST_RUNS,
  perCost,
  preset,
  probability,
  search,
  wholeNumber,
  withData,
  workers,
} from "./options.js";

/** `cellwright suggest` with its options. */
export function addSuggest(program: Command, effects: CliEffects): void {
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
}
