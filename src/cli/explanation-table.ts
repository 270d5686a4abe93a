import Table from "cli-table3";
import pc from "picocolors";
import type { Campaign } from "../campaign/campaign.js";
import type { StepEffect } from "../campaign/explanation.js";
import type { AskResult, Suggestion } from "../campaign/suggestion.js";
import { columnStdDev, formatMeasured, formatPlain, formatProbability } from "../plots/format.js";
import { type CliEffects, wantsColor } from "./effects.js";
import { wrapText } from "./wrap-text.js";

/** Columns for the names of limits. */
const BREAK_WIDTH = 30;

/** Everything that can be said for and against each suggestion: all reasons, then what single steps would do. */
export function formatExplanations(campaign: Campaign, answer: AskResult, effects: CliEffects): string {
  const colors = pc.createColors(wantsColor(effects));
  const parts = answer.suggestions.flatMap((suggestion, i) => {
    const title = colors.bold(`Why run ${i + 1}, ${suggestion.trial}`);
    const sentences = [...suggestion.reasons, ...(suggestion.explanation?.sentences ?? [])];
    const lines = sentences.map((sentence) => wrapText(`· ${sentence}`, effects.columns, "  "));
    const steps = suggestion.explanation?.steps ?? [];
    return ["", title, ...lines, ...(steps.length === 0 ? [] : [stepTable(campaign, suggestion, steps)])];
  });
  return `${parts.join("\n")}\n`;
}

function stepTable(campaign: Campaign, suggestion: Suggestion, steps: readonly StepEffect[]): string {
  const outcomes = campaign.outcomes.filter(({ name }) =>
    steps.some(({ changes }) => changes[name] !== undefined),
  );
  const judged = steps.some(({ probabilityFeasible }) => probabilityFeasible !== null);
  const table = new Table({
    style: { head: [], border: [], compact: true },
    colAligns: [
      "left",
      ...outcomes.map(() => "right" as const),
      ...(judged ? ["right" as const] : []),
      "left",
    ],
    head: [
      "one step",
      ...outcomes.map(({ name }) => name),
      ...(judged ? ["all specifications"] : []),
      "breaks",
    ],
  });
  for (const step of steps) {
    table.push([
      `${step.parameter} ${settingText(step.from)} → ${settingText(step.to)}`,
      ...outcomes.map(({ name }) => signed(step.changes[name]!, suggestion, name)),
      ...(judged
        ? [step.probabilityFeasible === null ? "–" : formatProbability(step.probabilityFeasible)]
        : []),
      step.breaks.map((limit) => wrapText(limit, BREAK_WIDTH)).join("\n"),
    ]);
  }
  return table.toString();
}

/** A setting to four digits, as reasons tell it. */
function settingText(value: string | number): string {
  return typeof value === "string" || String(value).length <= 7
    ? String(value)
    : formatPlain(Number(value.toPrecision(4)));
}

/** A change with its sign, to the digits of a prediction. */
function signed(change: number, { predictions }: Suggestion, name: string): string {
  const predicted = predictions[name];
  const text = formatMeasured(Math.abs(change), predicted === undefined ? 0 : columnStdDev([predicted]) / 10);
  return change < 0 ? `−${text}` : `+${text}`;
}
