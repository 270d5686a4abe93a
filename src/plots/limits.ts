import type { LineSeriesOption } from "echarts";
import type { LaidOutAxis } from "./axis.js";
import { formatPlain, withUnit } from "./format.js";
import type { LegendEntry } from "./frame.js";
import type { ReportOutcome } from "./report-data.js";
import { COLORS } from "./theme.js";

/** Limits, threshold and target of an outcome, drawn across the axis on which it lies. */
export interface LimitMarks {
  readonly legend: readonly LegendEntry[];
  /** Values that the axis must show. */
  readonly values: readonly number[];
  /** The marks, on an axis that has been laid out. */
  series(axis: LaidOutAxis): LineSeriesOption[];
}

export function limitMarks(outcome: ReportOutcome, along: "xAxis" | "yAxis"): LimitMarks {
  const parts = [specification(outcome, along), ...thresholdAndTarget(outcome, along)];
  return {
    legend: parts.flatMap((p) => p.legend),
    values: parts.flatMap((p) => p.values),
    series: (axis) => parts.flatMap((p) => p.series(axis)),
  };
}

const NOTHING: LimitMarks = { legend: [], values: [], series: () => [] };

function specification(outcome: ReportOutcome, along: "xAxis" | "yAxis"): LimitMarks {
  const limits = outcome.specification;
  if (limits === undefined) return NOTHING;
  const name = `specification ${specificationText(outcome)}`;
  const color = COLORS.specification;
  const values = [limits.min, limits.max].filter((v) => v !== undefined);
  return {
    legend: [{ name, color, icon: "roundRect", opacity: 0.35 }],
    values,
    series: ({ min, max }) => [
      {
        ...emptyLine(name, color),
        markArea: {
          silent: true,
          itemStyle: { color, opacity: 0.12 },
          data: [[{ [along]: limits.min ?? min }, { [along]: limits.max ?? max }]],
        },
        markLine: { ...lines(color, "solid"), data: values.map((v) => ({ [along]: v })) },
      },
    ],
  };
}

function thresholdAndTarget(outcome: ReportOutcome, along: "xAxis" | "yAxis"): LimitMarks[] {
  const marks: LimitMarks[] = [];
  if (outcome.threshold !== undefined)
    marks.push(oneLine(thresholdText(outcome), outcome.threshold, along, COLORS.threshold));
  if (outcome.target !== undefined) {
    marks.push(
      oneLine(
        `target ${withUnit(formatPlain(outcome.target), outcome.unit)}`,
        outcome.target,
        along,
        COLORS.specification,
      ),
    );
  }
  return marks;
}

/** `useful above 100 mAh/cm³`: from where an objective counts. */
function thresholdText({ threshold = Number.NaN, goal, unit }: ReportOutcome): string {
  return `useful ${goal === "minimize" ? "below" : "above"} ${withUnit(formatPlain(threshold), unit)}`;
}

function oneLine(name: string, value: number, along: "xAxis" | "yAxis", color: string): LimitMarks {
  return {
    legend: [{ name, color, icon: "dashed" }],
    values: [value],
    series: () => [
      { ...emptyLine(name, color), markLine: { ...lines(color, "dashed"), data: [{ [along]: value }] } },
    ],
  };
}

function emptyLine(name: string, color: string): LineSeriesOption {
  return { type: "line", name, silent: true, data: [], itemStyle: { color }, lineStyle: { color }, z: 1 };
}

function lines(color: string, type: "solid" | "dashed") {
  return { silent: true, symbol: "none", label: { show: false }, lineStyle: { color, type, width: 1.4 } };
}

/** The limits in words: `28 to 36 %`, `at least 600 kPa`. */
export function specificationText({
  specification: limits,
  unit,
}: Pick<ReportOutcome, "specification" | "unit">): string {
  if (limits?.min !== undefined && limits.max !== undefined) {
    return withUnit(`${formatPlain(limits.min)} to ${formatPlain(limits.max)}`, unit);
  }
  if (limits?.min !== undefined) return withUnit(`at least ${formatPlain(limits.min)}`, unit);
  return limits?.max === undefined ? "" : withUnit(`at most ${formatPlain(limits.max)}`, unit);
}

/** The goal in words: `as high as possible`, `at least 600 kPa`, `close to 30 %`. */
export function goalText(outcome: ReportOutcome): string {
  const goals = {
    maximize: "as high as possible",
    minimize: "as low as possible",
    target: `close to ${withUnit(formatPlain(outcome.target ?? Number.NaN), outcome.unit)}`,
  };
  const parts = [outcome.goal === undefined ? "" : goals[outcome.goal], specificationText(outcome)].filter(
    (t) => t !== "",
  );
  if (outcome.threshold !== undefined) parts.push(thresholdText(outcome));
  return parts.length === 0 ? "shown only" : parts.join(", ");
}
