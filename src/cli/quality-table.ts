import type { Campaign } from "../campaign/campaign.js";
import type { OutcomeEvaluation } from "../evaluation/cross-validation.js";
import type { Scores } from "../evaluation/scores.js";
import { formatMeasured, formatPlain, formatR2 } from "../plots/format.js";
import type { Settings } from "../space/parameter.js";
import type { CliEffects } from "./effects.js";
import type { JudgedOutcome } from "./evaluate-campaign.js";
import { fittedTable } from "./fitted-table.js";

/**
 * How far to trust the models: skill over all groups and, beside it, inside the asked context, and what dropping a
 * parameter does there.
 */
export function formatQuality(
  campaign: Campaign,
  judged: readonly JudgedOutcome[],
  context: Settings,
  effects: Pick<CliEffects, "columns">,
): string {
  if (judged.length === 0) return "";
  const inside = judged.some(({ evaluation }) => levelOf(evaluation, context) !== undefined);
  const { parameters } = campaign.space;
  const drops = parameters.length > 1 ? parameters.map((p) => p.name) : [];
  const anyDefault = judged.some(({ byDefault }) => byDefault !== null);
  const headings = [
    "groups",
    "R²",
    ...(inside ? ["R² in context"] : []),
    inside ? "RMSE in context" : "RMSE",
    "95 % held",
    ...(anyDefault ? [inside ? "R² in context, default priors" : "R², default priors"] : []),
    ...drops.map((name) => `R² without ${name}`),
  ];
  const rows = judged.map(({ evaluation, byDefault, dropped }) => {
    const shown: Scores = levelOf(evaluation, context) ?? evaluation;
    const inContext = (one: OutcomeEvaluation): string => r2((levelOf(one, context) ?? one).r2);
    return [
      evaluation.outcome,
      String(evaluation.groups),
      r2(evaluation.r2),
      ...(inside ? [levelOf(evaluation, context) === undefined ? "–" : inContext(evaluation)] : []),
      `${formatMeasured(shown.rmseGroups, shown.rmseGroups / 5)}${unitOf(evaluation.unit)}`,
      `${Math.round(shown.coverage95 * shown.observations)} of ${shown.observations}`,
      ...(anyDefault ? [byDefault === null ? "same" : inContext(byDefault)] : []),
      ...drops.map((name) => {
        const drop = dropped.find((d) => d.parameter === name);
        return drop === undefined ? "–" : inContext(drop.evaluation);
      }),
    ];
  });
  const head = ["outcome", ...headings];
  const align = ["left" as const, ...headings.map(() => "right" as const)];
  const where = inside ? ` In context: ${contextText(campaign, context)}.` : "";
  const what = campaign.group === undefined ? "setting" : campaign.group;
  return `How far to trust the models: each ${what} predicted by a model that has not seen it.${where}\n${fittedTable({ head, rows, align, whole: [0] }, effects)}\n`;
}

const r2 = (value: number | null): string => (value === null ? "–" : formatR2(value));
const unitOf = (unit: string): string => (unit === "1" ? "" : ` ${unit}`);

/** The evaluation inside the context level that agrees with the asked state. */
export function levelOf(
  evaluation: OutcomeEvaluation,
  context: Settings,
): OutcomeEvaluation["withinContext"][number] | undefined {
  return evaluation.withinContext.find((level) =>
    Object.entries(level.context).every(([name, value]) => context[name] === value),
  );
}

/** The asked state in words. */
export function contextText(campaign: Campaign, context: Settings): string {
  return campaign.space.context
    .filter((c) => context[c.name] !== undefined)
    .map((c) => `${c.name} ${formatPlain(context[c.name]!)}${c.kind === "number" ? unitOf(c.unit) : ""}`)
    .join(", ");
}
