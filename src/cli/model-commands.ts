import type { Command } from "commander";
import type { CliEffects } from "./effects.js";
import type { ExitCode } from "./exit-code.js";
import { CAMPAIGN, decimalMark, example, format, wholeNumber, withData, workers } from "./options.js";

/** Commands for models that are saved: train, predict, retrain, models. */
export function addModelCommands(
  program: Command,
  effects: CliEffects,
  setExitCode: (code: ExitCode) => void,
): void {
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
      "which to compare, comma-separated: gp, gp-hvarfner, response-surface, random-forest (the default) or gp-robust, gp-input-noise, gp-whole-plot, gp-warped, gp-linear, gp-sum, gp-sum-product, gp-rbf, gp-matern-1/2, gp-matern-3/2, gp-bayesian, gp-saas",
    )
    .option("--folds <n>", "number of folds, or `all` to leave out one group at a time", "5")
    .option("--group <column>", "column that cross-validation never splits (default: the campaign's)")
    .option("--seed <n>", "seed of the folds and fits", wholeNumber("--seed", 0), 1)
    .addOption(workers())
    .option("--joint", "also fit all outcomes jointly and compare with each by itself")
    .addOption(format(["table", "json"]))
    .action(async (campaign: string, options: object) => {
      const { train: runTrain } = await import("./commands/train.js");
      await runTrain(campaign, options as never, effects);
    });
  example(
    train,
    "cellwright train nmc.campaign.yaml --data coils.csv --folds 5",
    "cellwright train nmc.campaign.yaml --models gp,random-forest     # names of surrogates, as --surrogates",
  );

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
    .addOption(workers())
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
