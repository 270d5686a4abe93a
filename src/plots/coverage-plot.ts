import type { EChartsOption, LineSeriesOption } from "echarts";
import { horizontalAxis, verticalNames } from "./axis.js";
import { frame } from "./frame.js";
import { intervals, points } from "./marks.js";
import type { QualityFigures } from "./report-data.js";
import { COLORS, textWidth } from "./theme.js";

const PROMISED = "promised: 95 %";
const HELD = "held";
const HELD_95 = "what so few runs can tell";

export interface CoverageRow {
  readonly label: string;
  readonly figures: Pick<QualityFigures, "inside95" | "of">;
}

/** How often held-out measurements fell inside their 95 % interval, per outcome, with the interval of that share. */
export function coveragePlot(rows: readonly CoverageRow[]): EChartsOption {
  const names = rows.map((row) => `${row.label}\n${row.figures.inside95} of ${row.figures.of}`);
  const left = Math.min(190, 18 + Math.max(...rows.map((row) => textWidth(row.label)), 60));
  const promised: LineSeriesOption = {
    type: "line",
    name: PROMISED,
    data: [],
    silent: true,
    itemStyle: { color: COLORS.specification },
    markLine: {
      silent: true,
      symbol: "none",
      label: { show: false },
      lineStyle: { color: COLORS.specification, type: "dashed", width: 1.6 },
      data: [{ xAxis: 95 }],
    },
  };
  const shares = rows.map((row) => wilsonInterval(row.figures.inside95, row.figures.of));
  return {
    ...frame({
      left,
      xAxis: horizontalAxis({ label: "held-out runs inside", unit: "%", values: [0, 100] }),
      yAxis: {
        ...verticalNames("", names),
        axisLabel: {
          color: COLORS.text,
          fontSize: 13,
          interval: 0,
          width: left - 12,
          overflow: "break",
          lineHeight: 16,
        },
      },
      legend: [
        { name: HELD, color: COLORS.model, icon: "circle" },
        { name: HELD_95, color: COLORS.model, icon: "line" },
        { name: PROMISED, color: COLORS.specification, icon: "dashed" },
      ],
    }),
    series: [
      promised,
      intervals(
        HELD_95,
        shares.map(([low, high], i) => [i, 100 * low, 100 * high]),
        { color: COLORS.model, width: 2, direction: "horizontal", cap: 5 },
      ),
      points(
        HELD,
        rows.map((row, i) => [(100 * row.figures.inside95) / row.figures.of, names[i]!]),
        { color: COLORS.model, symbol: "circle", size: 11 },
      ),
    ],
  };
}

/**
 * 95 % interval of a share.
 *
 * @see Wilson (1927), Journal of the American Statistical Association 22(158), 209–212
 */
export function wilsonInterval(successes: number, n: number): [number, number] {
  if (!(n > 0)) return [0, 1];
  const z = 1.959963984540054;
  const share = successes / n;
  const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
