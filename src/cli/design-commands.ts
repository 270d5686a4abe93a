import { type Command, Option } from "commander";
import { DESIGN_KINDS, MOST_DESIGN_RUNS } from "../campaign/design-request.js";
import { MODEL_ORDERS } from "../designs/model-terms.js";
import type { CliEffects } from "./effects.js";
import {
  acquisition,
  CAMPAIGN,
  collect,
  example,
  format,
  preset,
  wholeNumber,
  withData,
  withRequest,
  workers,
} from "./options.js";

/** Commands that plan and judge runs beside `suggest`. */
export function addDesignCommands(program: Command, effects: CliEffects): void {
  const design = withData(
    program
      .command("design")
      .argument(...CAMPAIGN)
      .description("a classical or optimal design of experiments, inside the campaign's constraints"),
  )
    .addOption(new Option("--kind <kind>", "which design").choices(DESIGN_KINDS).makeOptionMandatory())
    .option(
      "--runs <n>",
      "runs besides centre points (lhs, sobol, d-optimal; fractional: a power of two)",
      wholeNumber("--runs", 1, MOST_DESIGN_RUNS),
    )
    .option("--center <n>", "centre points (default: 4 of ccd, 3 of box-behnken)", wholeNumber("--center", 0))
    .option("--blocks <n>", "blocks such as coils or shifts", wholeNumber("--blocks", 1))
    .option(
      "--levels <n>",
      "levels of every number in a full factorial (default: 2)",
      wholeNumber("--levels", 2),
    )
    .option(
      "--resolution <n>",
      "least resolution of a fraction without --runs (default: 4)",
      wholeNumber("--resolution", 3),
    )
    .addOption(
      new Option("--axial <where>", "axial points of a ccd (default: rotatable)").choices([
        "rotatable",
        "face",
      ]),
    )
    .addOption(new Option("--model <terms>", "what the runs shall tell").choices(MODEL_ORDERS))
    .option("--augment", "d-optimal: add to the runs that are there")
    .option("--seed <n>", "seed of scatter and run order", wholeNumber("--seed", 0), 1)
    .option("--fix <name=value>", "hold a parameter at a value (repeatable)", collect)
    .option("--context <name=value>", "state for which the runs are planned (repeatable)", collect)
    .addOption(format(["table", "json", "csv"]))
    .option("--out <file>", "also write the runs to a file (csv can be filled in and recorded)")
    .option("--record", "keep the runs as suggested trials, so that record can fill them")
    .action(async (campaign: string, options: object) => {
      const { design: runDesign } = await import("./commands/design.js");
      await runDesign(campaign, options as never, effects);
    });
  example(
    design,
    "cellwright design line-3/calendering.campaign.yaml --kind ccd --blocks 2",
    "cellwright design nmc.campaign.yaml --kind d-optimal --runs 14 --model quadratic --out design.csv --record",
  );

  const score = withRequest(
    withData(
      program
        .command("score")
        .argument(...CAMPAIGN)
        .description(
          "judge and rank settings of your own: predictions, chances, gain, and what forbids them",
        ),
    ).requiredOption("--candidates <file>", "settings to judge, one row each, same columns as the data"),
    "the models' draws",
  )
    .addOption(acquisition())
    .addOption(workers())
    .addOption(format(["table", "json", "csv"]))
    .option("--out <file>", "also write the answer to a file")
    .action(async (campaign: string, options: object) => {
      const { score: runScore } = await import("./commands/score.js");
      await runScore(campaign, options as never, effects);
    });
  example(score, "cellwright score nmc.campaign.yaml --candidates ideas.csv --format csv");

  const measure = withRequest(
    withData(
      program
        .command("measure")
        .argument(...CAMPAIGN)
        .description("which outcome to measure next on a run that lacks it, by what knowing it is worth"),
    ).option("-n, --count <n>", "how many to list", wholeNumber("--count", 1), 10),
    "the models' draws",
  )
    .addOption(workers())
    .addOption(format(["table", "json"]))
    .action(async (campaign: string, options: object) => {
      const { measure: runMeasure } = await import("./commands/measure.js");
      await runMeasure(campaign, options as never, effects);
    });
  example(measure, "cellwright measure nmc.campaign.yaml --count 5");

  const cells = withData(
    program
      .command("cells")
      .argument(...CAMPAIGN)
      .description(
        "which running cells to keep cycling, from their early signals, and which channels to free",
      ),
  )
    .option("--pending <file>", "running cells that the data do not hold, same columns as the data")
    .option("--seed <n>", "seed of the draws", wholeNumber("--seed", 0), 1)
    .addOption(preset())
    .addOption(workers())
    .option("--context <name=value>", "state in which settings are compared (repeatable)", collect)
    .addOption(format(["table", "json", "csv"]))
    .action(async (campaign: string, options: object) => {
      const { cells: runCells } = await import("./commands/cells.js");
      await runCells(campaign, options as never, effects);
    });
  example(
    cells,
    "cellwright cells formation.campaign.yaml",
    "cellwright cells formation.campaign.yaml --format csv",
  );
}
