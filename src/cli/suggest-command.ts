import { type Command, Option } from "commander";
import { DESIGN_KINDS } from "../campaign/design-request.js";
import type { CliEffects } from "./effects.js";
import {
  acquisition,
  CAMPAIGN,
  duration,
  example,
  format,
  MOST_RUNS,
  search,
  wholeNumber,
  withData,
  withRequest,
  workers,
} from "./options.js";

/** `cellwright suggest` with its options. */
export function addSuggest(program: Command, effects: CliEffects): void {
  const suggest = withRequest(
    withData(
      program
        .command("suggest")
        .argument(...CAMPAIGN)
        .description("propose the next runs with predictions and reasons"),
    ).option(
      "-n, --count <n>",
      "how many runs (default: the campaign's batch)",
      wholeNumber("--count", 1, MOST_RUNS),
    ),
    "the suggestions",
  )
    .addOption(
      new Option(
        "--design <kind>",
        "the first runs, while there is none, as a design of experiments (default: the campaign's strategy, else spread)",
      ).choices(DESIGN_KINDS),
    )
    .addOption(acquisition())
    .addOption(search())
    .option(
      "--replicate",
      "repeat a good setting wherever that is worth more than a new one (default: where results scatter much)",
    )
    .option("--no-replicate", "repeat no setting on purpose")
    .option(
      "--why",
      "also print every reason: single steps, limits, and results that would change the advice",
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
