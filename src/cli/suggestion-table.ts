import Table from "cli-table3";
import pc from "picocolors";
import type { Campaign, Outcome } from "../campaign/campaign.js";
import type {
  AskResult,
  OutcomePrediction,
  SpecificationOutlook,
  Suggestion,
} from "../campaign/suggestion.js";
import {
  columnStdDev,
  formatInterval,
  formatMeasured,
  formatPlain,
  formatProbability,
  formatSetting,
  type SettingResolution,
} from "../plots/format.js";
import type { Parameter } from "../space/parameter.js";
import { type CliEffects, wantsColor } from "./effects.js";

const LABEL_WIDTH = 34;
const CELL_WIDTH = 19;
/** Columns to assume where there is no terminal. */
const DEFAULT_COLUMNS = 120;

/** The suggestions as a table a person reads: one run a column, then one reason each, advice and warnings. */
export function formatSuggestions(campaign: Campaign, answer: AskResult, effects: CliEffects): string {
  const colors = pc.createColors(wantsColor(effects));
  const perTable = Math.max(1, Math.floor(((effects.columns ?? DEFAULT_COLUMNS) - LABEL_WIDTH) / CELL_WIDTH));
  const parts: string[] = [];
  for (let first = 0; first < answer.suggestions.length; first += perTable) {
    parts.push(tableOf(campaign, answer.suggestions.slice(first, first + perTable), first, colors));
  }
  parts.push(...answer.suggestions.map((s, i) => reasonsOf(s, i, colors)));
  parts.push(adviceOf(answer, colors));
  for (const warning of answer.warnings) parts.push(colors.yellow(`! ${warning}`));
  for (const note of campaign.notes) parts.push(`· ${note}`);
  return `${parts.join("\n")}\n`;
}

type Colors = ReturnType<typeof pc.createColors>;

function tableOf(
  campaign: Campaign,
  suggestions: readonly Suggestion[],
  first: number,
  colors: Colors,
): string {
  const table = new Table({
    style: { head: [], border: [], compact: true },
    colAligns: ["left", ...suggestions.map(() => "right" as const)],
  });
  const section = (title: string): void => {
    table.push([colors.bold(title), ...suggestions.map(() => "")]);
  };
  table.push([
    colors.bold(`Next run`),
    ...suggestions.map((s, i) => colors.bold(`${first + i + 1}  ${s.trial}`)),
  ]);
  for (const p of campaign.space.parameters) {
    const unit = p.kind === "categorical" ? "" : p.unit;
    table.push([
      label(p.name, unit),
      ...suggestions.map((s) => colors.cyan(formatSetting(s.parameters[p.name] ?? "", resolutionOf(p)))),
    ]);
  }
  if (campaign.space.context.length > 0) section("given");
  for (const c of campaign.space.context) {
    table.push([
      label(c.name, c.kind === "categorical" ? "" : c.unit),
      ...suggestions.map((s) => formatPlain(s.context[c.name] ?? "")),
    ]);
  }
  if (suggestions.some((s) => Object.keys(s.predictions).length > 0))
    section("predicted [95 % of one new run]");
  for (const outcome of campaign.outcomes) {
    if (!suggestions.some((s) => s.predictions[outcome.name] !== undefined)) continue;
    const predicted = suggestions.map((s) => s.predictions[outcome.name]);
    const stdDev = columnStdDev(predicted.filter((p) => p !== undefined));
    table.push([label(outcome.name, outcome.unit), ...predicted.map((p) => prediction(p, stdDev, colors))]);
  }
  addSpecifications(table, campaign, suggestions);
  addHoursAndCost(table, campaign, suggestions);
  return table.toString();
}

/** How finely a parameter can be set, for printing. */
function resolutionOf(parameter: Parameter): SettingResolution {
  return parameter.kind === "continuous" ? parameter : {};
}

const label = (name: string, unit: string): string =>
  `  ${name}${unit === "" || unit === "1" ? "" : ` (${unit})`}`;

function prediction(p: OutcomePrediction | undefined, stdDev: number, colors: Colors): string {
  if (p === undefined) return "–";
  const mean = formatMeasured(p.mean, stdDev);
  if (p.source === "known" && p.stdDev === 0) return mean;
  return `${mean} ${colors.dim(`[${formatInterval(p.interval95, stdDev).replace(" to ", "–")}]`)}`;
}

function addSpecifications(table: Table.Table, campaign: Campaign, suggestions: readonly Suggestion[]): void {
  const specified = campaign.outcomes.filter((o) =>
    suggestions.some((s) => s.specifications[o.name] !== undefined),
  );
  if (specified.length === 0) return;
  for (const outcome of specified) {
    table.push([
      `  ${outcome.name} ${limits(outcome)}`,
      ...suggestions.map((s) => outlook(s.specifications[outcome.name])),
    ]);
  }
  table.push([
    "  all specifications",
    ...suggestions.map((s) =>
      s.probabilityFeasible === null ? "–" : formatProbability(s.probabilityFeasible),
    ),
  ]);
}

/** The limits of a specification in words: `28–36 %`, `≥ 600 kPa`. */
function limits({ spec, unit }: Pick<Outcome, "spec" | "unit">): string {
  const shown = unit === "1" ? "" : ` ${unit}`;
  if (spec?.min !== undefined && spec.max !== undefined)
    return `${formatPlain(spec.min)}–${formatPlain(spec.max)}${shown}`;
  if (spec?.min !== undefined) return `≥ ${formatPlain(spec.min)}${shown}`;
  return spec?.max === undefined ? "" : `≤ ${formatPlain(spec.max)}${shown}`;
}

function outlook(o: SpecificationOutlook | undefined): string {
  if (o === undefined) return "–";
  return o.kind === "model" ? formatProbability(o.probability) : `${o.passed} of ${o.of} past`;
}

/** Hours and cost of a run, unless an outcome that stands above says the same. */
function addHoursAndCost(table: Table.Table, campaign: Campaign, suggestions: readonly Suggestion[]): void {
  const said = (value: number | undefined): boolean =>
    campaign.outcomes.some((o) => suggestions.some((s) => s.predictions[o.name]?.mean === value));
  if (suggestions.some((s) => s.hours !== undefined && !said(s.hours))) {
    table.push([
      "  hours",
      ...suggestions.map((s) => (s.hours === undefined ? "–" : formatMeasured(s.hours, s.hours * 0.02))),
    ]);
  }
  if (suggestions.some((s) => s.cost !== undefined && !said(s.cost))) {
    table.push([
      "  cost (USD)",
      ...suggestions.map((s) => (s.cost === undefined ? "–" : formatMeasured(s.cost, s.cost * 0.02))),
    ]);
  }
}

function reasonsOf(s: Suggestion, index: number, colors: Colors): string {
  return `${colors.bold(`${index + 1}`)} ${s.reasons[0] ?? "No reason was computed."}`;
}

function adviceOf({ advice }: AskResult, colors: Colors): string {
  return advice.stop ? colors.yellow(`Stop? ${advice.why}`) : colors.dim(advice.why);
}
