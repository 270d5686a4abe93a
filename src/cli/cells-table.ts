import type { Campaign } from "../campaign/campaign.js";
import type { CellAdvice, CellsResult } from "../campaign/cell-advice.js";
import {
  columnStdDev,
  formatInterval,
  formatMeasured,
  formatPlain,
  formatProbability,
} from "../plots/format.js";
import type { CliEffects } from "./effects.js";
import { tableOrColumns } from "./fitted-table.js";
import { csvLine } from "./suggestions-csv.js";
import { wrapText } from "./wrap-text.js";

/** What is advised of running cells as a table, the reason of each, and how a freed cell is recorded. */
export function cellsText(campaign: Campaign, answer: CellsResult, effects: CliEffects): string {
  if (answer.cells.length === 0) return `No running cell awaits ${answer.outcome}.\n`;
  const reasons = answer.cells.map(({ trial, why }) => wrapText(`${trial}  ${why}`, effects.columns, "  "));
  return `${table(campaign, answer, effects)}\n${reasons.join("\n")}\n${howToFree(answer)}`;
}

function table(campaign: Campaign, answer: CellsResult, effects: CliEffects): string {
  const stdDev = columnStdDev(answer.cells.flatMap(({ predicted }) => predicted ?? []));
  const keeps = answer.cells.some(({ probabilityKept }) => probabilityKept !== null);
  const settings = campaign.space.parameters.map(({ name }) => name);
  const inUnit = (title: string, unit: string): string => (unit === "1" ? title : `${title} (${unit})`);
  const head = [
    ...["trial", "advice", ...settings, inUnit(answer.outcome, answer.unit), "among the best"],
    ...(keeps ? ["keeps specifications"] : []),
    ...["hours left", inUnit("its end is worth", answer.valueUnit)],
  ];
  const rows = answer.cells.map((cell) => [
    ...[cell.trial, cell.advice, ...settings.map((name) => formatPlain(cell.parameters[name]!))],
    cell.predicted === null
      ? "–"
      : `${formatMeasured(cell.predicted.mean, stdDev)} [${formatInterval(cell.predicted.interval95, stdDev)}]`,
    probability(cell.probabilityBest),
    ...(keeps ? [probability(cell.probabilityKept)] : []),
    formatPlain(cell.hoursLeft),
    worth(cell),
  ]);
  return tableOrColumns(head, rows, effects);
}

const probability = (value: number | null): string => (value === null ? "–" : formatProbability(value));

function worth({ value, money }: CellAdvice): string {
  if (value === null) return "–";
  const amount = String(Number(value.toPrecision(3)));
  return money === undefined
    ? amount
    : `${amount}, ${formatPlain(Math.round(money.worth))} ${money.currency}`;
}

function howToFree({ cells }: CellsResult): string {
  const freed = cells.find(({ advice }) => advice === "free the channel");
  if (freed === undefined) return "";
  return `Record a cell that you free with trial=${freed.trial} status=abandoned: what it has told goes on teaching.\n`;
}

/** One row a cell, with every number. */
export function cellsCsv({ space }: Campaign, { cells, outcome }: CellsResult): string {
  const header = [
    ...["trial", "advice", ...space.parameters.map(({ name }) => name)],
    ...["signals", "hours_so_far", "hours_left"],
    ...["mean", "sd", "low95", "high95"].map((part) => `${outcome}_${part}`),
    ...["probability_best", "probability_kept", "value", "value_per_hour", "worth", "cost", "why"],
  ];
  const rows = cells.map((cell) => {
    const { predicted, money } = cell;
    return [
      ...[cell.trial, cell.advice, ...space.parameters.map(({ name }) => text(cell.parameters[name]))],
      ...[cell.signals.join(" "), text(cell.hoursSoFar), text(cell.hoursLeft)],
      ...[predicted?.mean, predicted?.stdDev, ...(predicted?.interval95 ?? [null, null])].map(text),
      ...[cell.probabilityBest, cell.probabilityKept, cell.value, cell.valuePerHour].map(text),
      ...[text(money?.worth), text(money?.cost), cell.why],
    ];
  });
  return [header, ...rows].map(csvLine).join("");
}

const text = (value: number | string | null | undefined): string =>
  value === null || value === undefined ? "" : String(value);
