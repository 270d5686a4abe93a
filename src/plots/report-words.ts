import type { OutcomePrediction } from "../campaign/suggestion.js";
import type { Settings } from "../space/parameter.js";
import {
  columnStdDev,
  formatInterval,
  formatMeasured,
  formatPlain,
  formatSetting,
  formatUnit,
  readableName,
  withUnit,
} from "./format.js";
import type { ReportData, ReportInput, ReportOutcome } from "./report-data.js";

export function inputOf(data: ReportData, name: string): ReportInput {
  return (
    data.inputs.find((i) => i.name === name) ?? {
      name,
      label: readableName(name),
      unit: "1",
      role: "context",
      scale: "linear",
    }
  );
}

export function outcomeOf(data: ReportData, name: string): ReportOutcome {
  return (
    data.outcomes.find((o) => o.name === name) ?? {
      name,
      label: readableName(name),
      unit: "1",
      source: "learned",
    }
  );
}

/** Settings in words: `roll temperature 120 °C, target coating weight 182.73 g/m²`. */
export function settingsText(data: ReportData, settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => {
      const input = inputOf(data, name);
      const shown = input.role === "context" ? formatPlain(value) : formatSetting(value, input);
      return `${input.label} ${typeof value === "string" ? shown : withUnit(shown, input.unit)}`;
    })
    .join(", ");
}

/** The asked state in words; empty without context. */
export function stateText(data: ReportData): string {
  return settingsText(data, data.context);
}

/** A prediction in words: `177` and `95 to 259`; no interval for an outcome that is known exactly. */
export interface PredictionText {
  readonly mean: string;
  readonly interval: string | null;
}

/** The predictions of one outcome, all with the same decimals. */
export function predictionTexts(data: ReportData, outcome: string): (PredictionText | undefined)[] {
  const stdDev = outcomeStdDev(data, outcome);
  return data.suggestions.map((s) => {
    const prediction = s.predictions[outcome];
    return prediction === undefined ? undefined : predictionText(prediction, stdDev);
  });
}

function predictionText({ mean, interval95 }: OutcomePrediction, stdDev: number): PredictionText {
  const exact = !(interval95[1] > interval95[0]);
  return { mean: formatMeasured(mean, stdDev), interval: exact ? null : formatInterval(interval95, stdDev) };
}

/** By which the values of an outcome are rounded throughout the answer. */
export function outcomeStdDev(data: ReportData, outcome: string): number {
  return columnStdDev(data.suggestions.flatMap((s) => s.predictions[outcome] ?? []));
}

/** A sentence of the engine as people write it: labels instead of column names, `g/cm³` instead of `g/cm3`. */
export function readableText(data: ReportData, text: string): string {
  const inputs = data.inputs.map(({ name, label }) => [name, label] as const);
  const labels = new Map([...inputs, ...data.outcomes.map(({ name, label }) => [name, label] as const)]);
  const units = new Set([...data.inputs, ...data.outcomes].map(({ unit }) => unit));
  const named = anyOf([...labels.keys()], text.length);
  const measured = anyOf(
    [...units].filter((unit) => formatUnit(unit) !== unit && formatUnit(unit) !== ""),
    text.length,
  );
  return text
    .replace(new RegExp(`(?<![\\w.])(?:${named})(?![\\w(])`, "gu"), (name) => labels.get(name) ?? name)
    .replace(new RegExp(`(?<=\\d |deviation )(?:${measured})(?![\\w/])`, "gu"), formatUnit)
    .replace(/(?<=R² )-(?=\d)/g, "−");
}

/** A pattern for any of these texts, the longest first; for none of them one that nothing matches. */
function anyOf(texts: readonly string[], longest: number): string {
  const usable = texts
    .filter((text) => text !== "" && text.length <= longest)
    .sort((a, b) => b.length - a.length);
  return usable.length === 0
    ? "(?!)"
    : usable.map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|");
}

export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** `1 trial`, `18 trials`. */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** `2026-11-22 18:11 UTC` of an ISO time. */
export function timeText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
