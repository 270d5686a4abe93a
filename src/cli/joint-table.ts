import Table from "cli-table3";
import type { Campaign } from "../campaign/campaign.js";
import type { JointComparison } from "../evaluation/joint-model.js";
import { formatMeasured, formatProbability } from "../plots/format.js";

/** What `train --joint` prints: every outcome by itself and in the joint model, on the same folds. */
export function jointTable(campaign: Campaign, { outcomes, words }: JointComparison): string {
  const table = new Table({
    head: ["", "", "RMSE", "neg. log density", "95 % interval held"],
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "left", "right", "right", "right"],
  });
  for (const { outcome, joint, independent } of outcomes) {
    const unit = campaign.outcomes.find(({ name }) => name === outcome)?.unit ?? "1";
    for (const [name, scores] of [
      ["by itself", independent],
      ["jointly", joint],
    ] as const) {
      table.push([
        name === "by itself" ? outcome : "",
        name,
        `${formatMeasured(scores.rmse, scores.rmse / 10)}${unit === "1" ? "" : ` ${unit}`}`,
        scores.nlpd.toFixed(2),
        formatProbability(scores.coverage95),
      ]);
    }
  }
  return `All outcomes jointly\n${table.toString()}\n${words.join("\n")}\nThe models that are saved predict each outcome by itself.\n`;
}

/** The comparison without predictions and models, for `--format json`. */
export function jointFigures({ outcomes, model, words }: JointComparison): Readonly<Record<string, unknown>> {
  const tasks = model.tasks.length;
  return {
    outcomes,
    sharedFunctions: model.rank,
    correlations: model.tasks.map((_, t) => [...model.correlation.data.slice(t * tasks, (t + 1) * tasks)]),
    words,
  };
}
