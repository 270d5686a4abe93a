import type { EChartsOption, SeriesOption } from "echarts";
import type { Suggestion } from "../campaign/suggestion.js";
import { horizontalAxis, layOutAxis, type NumericAxis, verticalAxis } from "./axis.js";
import { frame, type LegendEntry } from "./frame.js";
import { limitMarks } from "./limits.js";
import { closeOn, curve, intervals, points, suggestedPoints } from "./marks.js";
import type { FrontPoint, ReportOutcome, TradeOff } from "./report-data.js";
import { COLORS } from "./theme.js";

const FRONT = "best compromises";
const FRONT_95 = "95 %: their true means";
const SUGGESTED_95 = "95 %: one new run";
const HERE = "measured";
const ELSEWHERE = "measured, other states";
const SUGGESTED = "suggested";
/** More crosses than this along the front would hide each other. */
const MOST_CROSSES = 7;

/** Two objectives against each other: runs, the predicted front with its uncertainty, suggestions, thresholds. */
export function tradeOffPlot(options: {
  readonly tradeOff: TradeOff;
  readonly x: ReportOutcome;
  readonly y: ReportOutcome;
  readonly suggestions: readonly Suggestion[];
}): EChartsOption {
  const { tradeOff, x, y } = options;
  const suggested = suggestedPredictions(options);
  const axis = (outcome: ReportOutcome, of: "x" | "y", limits: readonly number[]): NumericAxis => ({
    label: outcome.label,
    unit: outcome.unit,
    values: [
      ...tradeOff.measured.map((p) => p[of]),
      ...tradeOff.front.flatMap((p) => [p[of], ...p[`${of}95`]]),
      ...suggested.flatMap((s) => s[`${of}95`]),
      ...limits,
    ],
  });
  const [limitsX, limitsY] = [limitMarks(x, "xAxis"), limitMarks(y, "yAxis")];
  const [xAxis, yAxis] = [axis(x, "x", limitsX.values), axis(y, "y", limitsY.values)];
  return {
    ...frame({
      xAxis: horizontalAxis(xAxis),
      yAxis: verticalAxis(yAxis),
      legend: [...legendOf(tradeOff, suggested.length > 0), ...limitsX.legend, ...limitsY.legend],
    }),
    series: [
      ...limitsX.series(layOutAxis(xAxis)),
      ...limitsY.series(layOutAxis(yAxis)),
      ...measured(tradeOff),
      ...front(tradeOff.front),
      ...(suggested.length === 0
        ? []
        : [
            ...crosses(SUGGESTED_95, suggested, COLORS.suggested, 1.3, 0.65),
            suggestedPoints(SUGGESTED, suggested, closeOn(xAxis, yAxis)),
          ]),
    ],
  };
}

function suggestedPredictions({ tradeOff, suggestions }: Parameters<typeof tradeOffPlot>[0]): FrontPoint[] {
  return suggestions.flatMap((s) => {
    const [x, y] = [s.predictions[tradeOff.x], s.predictions[tradeOff.y]];
    return x === undefined || y === undefined
      ? []
      : [{ x: x.mean, y: y.mean, x95: x.interval95, y95: y.interval95 }];
  });
}

function measured(tradeOff: TradeOff): SeriesOption[] {
  const of = (inContext: boolean) =>
    tradeOff.measured.filter((p) => p.inContext === inContext).map((p) => [p.x, p.y]);
  return [
    points(ELSEWHERE, of(false), { color: COLORS.elsewhere, symbol: "circle", size: 7, hollow: true }),
    points(HERE, of(true), { color: COLORS.measured, symbol: "circle", size: 8 }),
  ];
}

function front(along: readonly FrontPoint[]): SeriesOption[] {
  if (along.length === 0) return [];
  const every = Math.max(1, Math.ceil(along.length / MOST_CROSSES));
  const shown = along.filter((_, i) => i % every === 0 || i === along.length - 1);
  return [
    ...crosses(FRONT_95, shown, COLORS.model, 1.2, 0.45),
    curve(
      FRONT,
      along.map((p) => [p.x, p.y]),
    ),
  ];
}

function crosses(
  name: string,
  at: readonly FrontPoint[],
  color: string,
  width: number,
  opacity: number,
): SeriesOption[] {
  return [
    intervals(
      name,
      at.map((p) => [p.y, ...p.x95]),
      { color, width, direction: "horizontal", cap: 0, opacity },
    ),
    intervals(
      name,
      at.map((p) => [p.x, ...p.y95]),
      { color, width, direction: "vertical", cap: 0, opacity },
    ),
  ];
}

function legendOf(tradeOff: TradeOff, suggested: boolean): LegendEntry[] {
  const legend: LegendEntry[] = [];
  const some = (inContext: boolean): boolean => tradeOff.measured.some((p) => p.inContext === inContext);
  if (some(true)) legend.push({ name: HERE, color: COLORS.measured, icon: "circle" });
  if (some(false)) legend.push({ name: ELSEWHERE, color: COLORS.elsewhere, icon: "emptyCircle" });
  if (tradeOff.front.length > 0) {
    legend.push(
      { name: FRONT, color: COLORS.model, icon: "line" },
      { name: FRONT_95, color: COLORS.model, icon: "line", opacity: 0.45 },
    );
  }
  if (suggested) {
    legend.push(
      { name: SUGGESTED, color: COLORS.suggested, icon: "diamond" },
      { name: SUGGESTED_95, color: COLORS.suggested, icon: "line", opacity: 0.65 },
    );
  }
  return legend;
}
