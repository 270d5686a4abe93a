import type { EChartsOption, LineSeriesOption } from "echarts";
import type { Suggestion } from "../campaign/suggestion.js";
import { horizontalAxis, layOutAxis, type NumericAxis, verticalNames } from "./axis.js";
import { frame } from "./frame.js";
import { limitMarks } from "./limits.js";
import { intervals, points } from "./marks.js";
import type { ReportOutcome } from "./report-data.js";
import { COLORS } from "./theme.js";

const EXPECTED = "expected";
const RUN_95 = "95 %: one new run";
const BEST = "best measured";

/** One outcome of all suggestions: expected value and interval of one new run, against limits and the best so far. */
export function suggestionDotPlot(options: {
  readonly outcome: ReportOutcome;
  readonly suggestions: readonly Suggestion[];
  /** Best measured value in the asked state, for objectives. */
  readonly best?: number;
}): EChartsOption {
  const { outcome, suggestions, best } = options;
  const predictions = suggestions.map((s) => s.predictions[outcome.name]);
  const names = suggestions.map((_, i) => `run ${i + 1}`);
  const limits = limitMarks(outcome, "xAxis");
  const axis: NumericAxis = {
    label: outcome.label,
    unit: outcome.unit,
    values: [
      ...predictions.flatMap((p) => (p === undefined ? [] : [p.mean, ...p.interval95])),
      ...limits.values,
      ...(best === undefined ? [] : [best]),
    ],
  };
  const rows = predictions.flatMap((p, i) => (p === undefined ? [] : [[i, ...p.interval95] as const]));
  const means = predictions.flatMap((p, i) => (p === undefined ? [] : [[p.mean, names[i]!]]));
  return {
    ...frame({
      xAxis: horizontalAxis(axis),
      yAxis: verticalNames("", names),
      legend: [
        { name: EXPECTED, color: COLORS.suggested, icon: "diamond" },
        { name: RUN_95, color: COLORS.suggested, icon: "line" },
        ...(best === undefined ? [] : [{ name: BEST, color: COLORS.measured, icon: "line" as const }]),
        ...limits.legend,
      ],
    }),
    series: [
      ...limits.series(layOutAxis(axis)),
      ...(best === undefined ? [] : [bestLine(best)]),
      intervals(RUN_95, rows, { color: COLORS.suggested, width: 2.4, direction: "horizontal", cap: 5 }),
      points(EXPECTED, means, { color: COLORS.suggested, symbol: "diamond", size: 14 }),
    ],
  };
}

function bestLine(best: number): LineSeriesOption {
  return {
    type: "line",
    name: BEST,
    data: [],
    silent: true,
    itemStyle: { color: COLORS.measured },
    markLine: {
      silent: true,
      symbol: "none",
      label: { show: false },
      lineStyle: { color: COLORS.measured, type: "solid", width: 1.4 },
      data: [{ xAxis: best }],
    },
  };
}
