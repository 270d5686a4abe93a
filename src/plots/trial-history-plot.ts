import type { EChartsOption } from "echarts";
import type { Suggestion } from "../campaign/suggestion.js";
import { horizontalAxis, layOutAxis, type NumericAxis, verticalAxis } from "./axis.js";
import { frame, type LegendEntry } from "./frame.js";
import { limitMarks } from "./limits.js";
import { closeOn, intervals, points, suggestedPoints } from "./marks.js";
import type { OutcomeHistory, ReportOutcome } from "./report-data.js";
import { COLORS } from "./theme.js";

const HERE = "measured";
const ELSEWHERE = "measured, other states";
const FAILED = "failed";
const SUGGESTED = "suggested";
const RUN_95 = "95 %: one new run";

/** Suggestions stand so many times in the length of the past: their numbers do not touch then, up to MOST_APART of them. */
const SUGGESTION_GAPS = 18;
const MOST_APART = 8;

/** An outcome over the trials in the order of the data, with the suggestions where they would follow. */
export function trialHistoryPlot(
  history: OutcomeHistory,
  outcome: ReportOutcome,
  suggestions: readonly Suggestion[],
): EChartsOption {
  const last = Math.max(0, ...history.points.map((p) => p.order));
  // Among many trials neighbours would cover each other: the suggestions stand as far apart as can be told.
  const gap = Math.max(1, Math.round(last / SUGGESTION_GAPS));
  const next = suggestions.flatMap((s, i) => {
    const p = s.predictions[outcome.name];
    return p === undefined ? [] : [{ at: last + (1 + i) * gap, mean: p.mean, interval95: p.interval95 }];
  });
  const limits = limitMarks(outcome, "yAxis");
  const values = history.points.flatMap((p) => (p.value === null ? [] : [p.value]));
  const yAxis: NumericAxis = {
    label: outcome.label,
    unit: outcome.unit,
    values: [...values, ...next.flatMap((n) => n.interval95), ...limits.values],
  };
  const xAxis: NumericAxis = {
    label: "trial, in the order of the data",
    unit: "1",
    values: [1, last + next.length * gap],
    tight: true,
  };
  const bottom = Math.min(...yAxis.values);
  const failed = history.points.filter((p) => p.status === "failed").map((p) => [p.order, p.value ?? bottom]);
  const measured = (inContext: boolean) =>
    history.points
      .filter((p) => p.status !== "failed" && p.inContext === inContext && p.value !== null)
      .map((p) => [p.order, p.value!]);
  const legend: LegendEntry[] = [{ name: HERE, color: COLORS.measured, icon: "circle" }];
  if (measured(false).length > 0)
    legend.push({ name: ELSEWHERE, color: COLORS.elsewhere, icon: "emptyCircle" });
  if (failed.length > 0) legend.push({ name: FAILED, color: COLORS.threshold, icon: "triangle" });
  if (next.length > 0)
    legend.push(
      { name: SUGGESTED, color: COLORS.suggested, icon: "diamond" },
      { name: RUN_95, color: COLORS.suggested, icon: "line" },
    );
  return {
    ...frame({
      xAxis: { ...horizontalAxis(xAxis), name: xAxis.label },
      yAxis: verticalAxis(yAxis),
      legend: [...legend, ...limits.legend],
    }),
    series: [
      ...limits.series(layOutAxis(yAxis)),
      points(ELSEWHERE, measured(false), {
        color: COLORS.elsewhere,
        symbol: "circle",
        size: 7,
        hollow: true,
      }),
      points(HERE, measured(true), { color: COLORS.measured, symbol: "circle", size: 7 }),
      points(FAILED, failed, { color: COLORS.threshold, symbol: "triangle", size: 9 }),
      intervals(
        RUN_95,
        next.map((n) => [n.at, ...n.interval95]),
        { color: COLORS.suggested, width: 1.5, direction: "vertical", cap: 3 },
      ),
      suggestedPoints(
        SUGGESTED,
        next.map((n) => ({ x: n.at, y: n.mean })),
        next.length <= MOST_APART ? () => false : closeOn(xAxis, yAxis),
      ),
    ],
  };
}
