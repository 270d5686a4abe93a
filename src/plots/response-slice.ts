import type { EChartsOption, SeriesOption } from "echarts";
import type { Suggestion } from "../campaign/suggestion.js";
import { horizontalAxis, horizontalNames, layOutAxis, type NumericAxis, verticalAxis } from "./axis.js";
import { frame, type LegendEntry } from "./frame.js";
import { limitMarks } from "./limits.js";
import { band, closeOn, curve, intervals, points, type SuggestedPoint, suggestedPoints } from "./marks.js";
import type { ReportInput, ReportOutcome, ResponseSlice } from "./report-data.js";
import { COLORS } from "./theme.js";

const MEAN = "model mean";
const LATENT = "95 %: true mean";
const OBSERVED = "95 %: one new run";
const MEASURED = "measured";
const SUGGESTED = "suggested";

/** A predicted outcome along one parameter: mean, both 95 % bands, what was measured, what is suggested (hollow: other settings differ). */
export function responseSlicePlot(options: {
  readonly slice: ResponseSlice;
  readonly outcome: ReportOutcome;
  readonly parameter: ReportInput;
  readonly suggestions: readonly Suggestion[];
}): EChartsOption {
  const { slice, outcome, parameter } = options;
  const suggested = suggestedValues(options);
  const limits = limitMarks(outcome, "yAxis");
  const yAxis: NumericAxis = {
    label: outcome.label,
    unit: outcome.unit,
    values: [
      ...slice.observed95.flat(),
      ...slice.measured.map((p) => p.y),
      ...suggested.map((s) => s.y),
      ...limits.values,
    ],
  };
  const names = slice.at.every((x) => typeof x === "string");
  const xAxis: NumericAxis = {
    label: parameter.label,
    unit: parameter.unit,
    scale: parameter.scale,
    tight: true,
    values: [...slice.at, ...slice.measured.map((p) => p.x), ...suggested.map((s) => s.x)].map(Number),
  };
  const model = names ? modelAtNames(slice) : modelCurve(slice);
  return {
    ...frame({
      xAxis: names ? horizontalNames(parameter.label, slice.at.map(String)) : horizontalAxis(xAxis),
      yAxis: verticalAxis(yAxis),
      legend: [...legendOf(slice, suggested.length > 0), ...limits.legend],
    }),
    series: [
      ...limits.series(layOutAxis(yAxis)),
      ...model,
      ...measuredPoints(slice),
      ...(suggested.length === 0
        ? []
        : [suggestedPoints(SUGGESTED, suggested, closeOn(names ? null : xAxis, yAxis))]),
    ],
  };
}

function suggestedValues({
  slice,
  parameter,
  suggestions,
}: Parameters<typeof responseSlicePlot>[0]): SuggestedPoint[] {
  return suggestions.flatMap((s) => {
    const x = s.parameters[parameter.name];
    const y = s.predictions[slice.outcome]?.mean;
    if (x === undefined || y === undefined) return [];
    const onSlice = Object.entries(s.parameters).every(
      ([name, value]) => name === parameter.name || slice.held[name] === value,
    );
    return [{ x, y, hollow: !onSlice }];
  });
}

/** Whether the true mean is not known exactly, as it is for a formula. */
const isUncertain = ({ latent95 }: ResponseSlice): boolean => latent95.some(([low, high]) => high > low);

function modelCurve(slice: ResponseSlice): SeriesOption[] {
  const rows = (bounds: ResponseSlice["latent95"]) =>
    slice.at.map((x, i) => [Number(x), ...bounds[i]!] as const);
  return [
    band(OBSERVED, rows(slice.observed95), 0.14),
    ...(isUncertain(slice) ? [band(LATENT, rows(slice.latent95), 0.26)] : []),
    curve(
      MEAN,
      slice.at.map((x, i) => [Number(x), slice.mean[i]!]),
    ),
  ];
}

function modelAtNames(slice: ResponseSlice): SeriesOption[] {
  const rows = (bounds: ResponseSlice["latent95"]) => slice.at.map((_, i) => [i, ...bounds[i]!] as const);
  const style = { color: COLORS.model, direction: "vertical" as const, cap: 0 };
  return [
    intervals(OBSERVED, rows(slice.observed95), { ...style, width: 12, opacity: 0.14 }),
    ...(isUncertain(slice)
      ? [intervals(LATENT, rows(slice.latent95), { ...style, width: 12, opacity: 0.3 })]
      : []),
    points(
      MEAN,
      slice.at.map((x, i) => [x, slice.mean[i]!]),
      { color: COLORS.model, symbol: "circle", size: 9 },
    ),
  ];
}

function measuredPoints(slice: ResponseSlice): SeriesOption[] {
  const at = (onSlice: boolean) => slice.measured.filter((p) => p.onSlice === onSlice).map((p) => [p.x, p.y]);
  return [
    points(MEASURED, at(false), { color: COLORS.muted, symbol: "circle", size: 7, hollow: true }),
    points(MEASURED, at(true), { color: COLORS.measured, symbol: "circle", size: 8 }),
  ];
}

function legendOf(slice: ResponseSlice, suggested: boolean): LegendEntry[] {
  const entries: LegendEntry[] = [{ name: MEAN, color: COLORS.model, icon: "line" }];
  if (slice.measured.length > 0) entries.push({ name: MEASURED, color: COLORS.measured, icon: "circle" });
  if (isUncertain(slice))
    entries.push({ name: LATENT, color: COLORS.model, icon: "roundRect", opacity: 0.4 });
  if (suggested) entries.push({ name: SUGGESTED, color: COLORS.suggested, icon: "diamond" });
  entries.push({ name: OBSERVED, color: COLORS.model, icon: "roundRect", opacity: 0.14 });
  return entries;
}
