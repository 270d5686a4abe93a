import pc from "picocolors";
import type { Campaign } from "../campaign/campaign.js";
import type { StepEffect } from "../campaign/explanation.js";
import type { AskResult, Suggestion } from "../campaign/suggestion.js";
import { formatChange, formatPlain, formatProbability } from "../plots/format.js";
import { type CliEffects, wantsColor } from "./effects.js";
import { tableOrColumns } from "./fitted-table.js";
import { wrapText } from "./wrap-text.js";

/** Everything that can be said for and against each suggestion: all reasons, then what single steps would do. */
export function formatExplanations(campaign: Campaign, answer: AskResult, effects: CliEffects): string {
  const colors = pc.createColors(wantsColor(effects));
  const parts = answer.suggestions.flatMap((suggestion, i) => {
    const title = colors.bold(`Why run ${i + 1}, ${suggestion.trial}`);
    const sentences = [...suggestion.reasons, ...(suggestion.explanation?.sentences ?? [])];
    const lines = sentences.map((sentence) => wrapText(`· ${sentence}`, effects.columns, "  "));
    const steps = suggestion.explanation?.steps ?? [];
    return [
      "",
      title,
      ...lines,
      ...(steps.length === 0 ? [] : [stepTable(campaign, suggestion, steps, effects)]),
    ];
  });
  return `${parts.join("\n")}\n`;
}

/** One row a step, or where that is too wide one column a step; units stand with the names. */
function stepTable(
  campaign: Campaign,
  suggestion: Suggestion,
  steps: readonly StepEffect[],
  effects: CliEffects,
): string {
  const outcomes = campaign.outcomes.filter(({ name }) =>
    steps.some(({ changes }) => changes[name] !== undefined),
  );
  const judged = steps.some(({ probabilityFeasible }) => probabilityFeasible !== null);
  const barred = steps.some(({ breaks }) => breaks.length > 0);
  const head = [
    "one step",
    ...outcomes.map(({ name, unit }) => (unit === "1" ? name : `${name} (${unit})`)),
    ...(judged ? ["all specifications"] : []),
    ...(barred ? ["not allowed by"] : []),
  ];
  const rows = steps.map((step) => [
    stepText(campaign, step),
    ...outcomes.map(({ name }) => formatChange(step.changes[name]!, suggestion.predictions[name])),
    ...(judged
      ? [step.probabilityFeasible === null ? "–" : formatProbability(step.probabilityFeasible)]
      : []),
    ...(barred ? [step.breaks.length === 0 ? "–" : step.breaks.join("; ")] : []),
  ]);
  return tableOrColumns(head, rows, effects);
}

function stepText({ space }: Campaign, { parameter, from, to }: StepEffect): string {
  const unit = space.parameters.find(({ name }) => name === parameter)?.unit ?? "1";
  const shown = typeof to === "string" || unit === "1" ? "" : ` ${unit}`;
  return `${parameter} ${settingText(from)} → ${settingText(to)}${shown}`;
}

/** A setting to four digits, as reasons tell it. */
function settingText(value: string | number): string {
  return typeof value === "string" || String(value).length <= 7
    ? String(value)
    : formatPlain(Number(value.toPrecision(4)));
}
