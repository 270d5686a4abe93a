import Table from "cli-table3";
import pc from "picocolors";
import { riskWords } from "../plots/risk-words.js";
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
} from "../plots/format.js";
import { type CliEffects, wantsColor } from "./effects.js";
import { DEFAULT_COLUMNS } from "./fitted-table.js";
import { formatRunPlan } from "./run-plan-table.js";
import { settingText } from "./setting-text.js";
import { lengthOf, wrapText } from "./wrap-text.js";

/** Least room beside the labels: a prediction with its interval, padding and border. */
const CELL_WIDTH = 19;
/** Padding and borders of the column of labels. */
const LABEL_FRAME = 4;
const LEAST_LABEL_WIDTH = 16;

export interface SuggestionTableOptions {
  /** Whether the first reason of each run is printed below; all of them follow where not. Default true. */
  readonly reasons?: boolean;
}

/** The suggestions as a table a person reads: one run a column, then one reason each, advice and warnings. */
export function formatSuggestions(
  campaign: Campaign,
  answer: AskResult,
  effects: CliEffects,
  { reasons = true }: SuggestionTableOptions = {},
): string {
  const colors = pc.createColors(wantsColor(effects));
  const parts = runTables(campaign, answer.suggestions, effects, colors);
  const wrapped = (text: string): string => wrapText(text, effects.columns, "  ");
  if (reasons) parts.push(...answer.suggestions.map((s, i) => wrapped(reasonsOf(s, i))));
  if (answer.plan !== undefined) parts.push(...formatRunPlan(campaign, answer.plan, wrapped, effects));
  parts.push(adviceOf(answer, colors, wrapped));
  for (const warning of answer.warnings) parts.push(colors.yellow(wrapped(`! ${warning}`)));
  for (const note of campaign.notes) parts.push(wrapped(`· ${note}`));
  return `${parts.join("\n")}\n`;
}

/** As many runs beside one another as the terminal has room for, the others in tables below. */
function runTables(
  campaign: Campaign,
  suggestions: readonly Suggestion[],
  effects: CliEffects,
  colors: Colors,
): string[] {
  const columns = effects.columns ?? DEFAULT_COLUMNS;
  const most = Math.max(LEAST_LABEL_WIDTH, columns - LABEL_FRAME - CELL_WIDTH);
  const labelWidth = Math.min(longestLabel(campaign), most);
  const tables: string[] = [];
  for (let first = 0; first < suggestions.length; ) {
    let count = suggestions.length - first;
    let table = "";
    for (; count > 0; count--) {
      const some = suggestions.slice(first, first + count);
      table = tableOf(campaign, some, { first, labelWidth }, colors);
      if (lengthOf(table.split("\n")[0]!) <= columns || count === 1) break;
    }
    tables.push(table);
    first += count;
  }
  return tables;
}

const RESULTS = "predicted [95 % of one new run]";

function longestLabel({ space, outcomes }: Campaign): number {
  const labels = [
    RESULTS,
    ...[...space.parameters, ...space.context, ...outcomes].map(({ name, unit }) => labelOf(name, unit)),
    ...outcomes.map((outcome) => specificationLabel(outcome)),
  ];
  return Math.max(...labels.map(lengthOf));
}

type Colors = ReturnType<typeof pc.createColors>;

function tableOf(
  campaign: Campaign,
  suggestions: readonly Suggestion[],
  { first, labelWidth }: { readonly first: number; readonly labelWidth: number },
  colors: Colors,
): string {
  const label = (name: string, unit: string): string => wrapText(labelOf(name, unit), labelWidth, "    ");
  const table = new Table({
    style: { head: [], border: [], compact: true },
    colAligns: ["left", ...suggestions.map(() => "right" as const)],
  });
  const section = (title: string): void => {
    table.push([colors.bold(wrapText(title, labelWidth)), ...suggestions.map(() => "")]);
  };
  table.push([
    colors.bold(`Next run`),
    ...suggestions.map((s, i) => colors.bold(`${first + i + 1}  ${s.trial}`)),
  ]);
  for (const p of campaign.space.parameters) {
    const unit = p.kind === "categorical" ? "" : p.unit;
    table.push([
      label(p.name, unit),
      ...suggestions.map((s) => colors.cyan(settingText(p, s.parameters[p.name] ?? ""))),
    ]);
  }
  if (campaign.space.context.length > 0) section("given");
  for (const c of campaign.space.context) {
    table.push([
      label(c.name, c.kind === "categorical" ? "" : c.unit),
      ...suggestions.map((s) => formatPlain(s.context[c.name] ?? "")),
    ]);
  }
  if (suggestions.some((s) => Object.keys(s.predictions).length > 0)) section(RESULTS);
  for (const outcome of campaign.outcomes) {
    if (!suggestions.some((s) => s.predictions[outcome.name] !== undefined)) continue;
    const predicted = suggestions.map((s) => s.predictions[outcome.name]);
    const stdDev = columnStdDev(predicted.filter((p) => p !== undefined));
    table.push([label(outcome.name, outcome.unit), ...predicted.map((p) => prediction(p, stdDev, colors))]);
  }
  addRisk(table, campaign, suggestions, label, colors);
  for (const { outcome } of campaign.desirability ?? []) {
    const values = suggestions.map((s) => s.desirabilities?.[outcome]);
    if (values.every((value) => value === undefined)) continue;
    table.push([
      label(`desirability of ${outcome}`, ""),
      ...values.map((value) => (value === undefined ? "–" : value.toFixed(2))),
    ]);
  }
  addSpecifications(table, campaign, suggestions, labelWidth);
  addSuccess(table, suggestions);
  addHoursAndCost(table, campaign, suggestions);
  return table.toString();
}

/** The objectives under the plant's tolerance, beside what is predicted at the settings as asked. */
function addRisk(
  table: Table.Table,
  campaign: Campaign,
  suggestions: readonly Suggestion[],
  label: (name: string, unit: string) => string,
  colors: Colors,
): void {
  const [first] = suggestions.flatMap(({ risk }) => (risk === undefined ? [] : [risk]));
  if (first === undefined) return;
  for (const outcome of campaign.outcomes.filter((o) => first.objectives[o.name] !== undefined)) {
    const values = suggestions.map((s) => s.risk?.objectives[outcome.name]);
    const stdDev = columnStdDev(values.filter((p) => p !== undefined));
    table.push([
      label(`${outcome.name}, ${riskWords(first)}`, outcome.unit),
      ...values.map((p) => prediction(p, stdDev, colors)),
    ]);
  }
}

const labelOf = (name: string, unit: string): string =>
  `  ${name}${unit === "" || unit === "1" ? "" : ` (${unit})`}`;

function prediction(p: OutcomePrediction | undefined, stdDev: number, colors: Colors): string {
  if (p === undefined) return "–";
  const mean = formatMeasured(p.mean, stdDev);
  if (p.source === "known" && p.stdDev === 0) return mean;
  const bounds = formatInterval(p.interval95, stdDev).replace(" to ", p.interval95[0] < 0 ? " to " : "–");
  return `${mean} ${colors.dim(`[${bounds}]`)}`;
}

function addSpecifications(
  table: Table.Table,
  campaign: Campaign,
  suggestions: readonly Suggestion[],
  labelWidth: number,
): void {
  const specified = campaign.outcomes.filter((o) =>
    suggestions.some((s) => s.specifications[o.name] !== undefined),
  );
  if (specified.length === 0) return;
  for (const outcome of specified) {
    table.push([
      wrapText(specificationLabel(outcome), labelWidth, "    "),
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

/** How likely the runs succeed, once one has failed, and are safe, where that was asked. */
function addSuccess(table: Table.Table, suggestions: readonly Suggestion[]): void {
  if (suggestions.some((s) => s.safety !== undefined))
    table.push([
      "  safe",
      ...suggestions.map((s) => (s.safety === undefined ? "–" : formatProbability(s.safety.probability))),
    ]);
  if (!suggestions.some((s) => s.success !== undefined)) return;
  table.push([
    "  run succeeds",
    ...suggestions.map((s) => (s.success === undefined ? "–" : formatProbability(s.success.probability))),
  ]);
}

const specificationLabel = (outcome: Outcome): string => `  ${outcome.name} ${limits(outcome)}`;

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
      `  cost (${suggestions.find((s) => s.currency !== undefined)?.currency ?? "USD"})`,
      ...suggestions.map((s) => (s.cost === undefined ? "–" : formatMeasured(s.cost, s.cost * 0.02))),
    ]);
  }
}

function reasonsOf(s: Suggestion, index: number): string {
  return `${index + 1} ${s.reasons[0] ?? "No reason was computed."}`;
}

function adviceOf({ advice }: AskResult, colors: Colors, wrapped: (text: string) => string): string {
  return advice.stop ? colors.yellow(wrapped(`Stop? ${advice.why}`)) : colors.dim(wrapped(advice.why));
}
