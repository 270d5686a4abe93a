import type { BarSeriesOption, EChartsOption } from "echarts";
import { horizontalAxis, verticalNames } from "./axis.js";
import { formatPlain } from "./format.js";
import { figureSize, frame } from "./frame.js";
import { intervals } from "./marks.js";
import { COLORS, type FigureSize } from "./theme.js";

/** Parts of a cost, baseline beside setting, same unit. */
export interface CostPlotData {
  readonly unit: string;
  readonly parts: readonly { readonly label: string; readonly baseline: number; readonly setting: number }[];
  /** Sums, with their range where an assumption leaves one. */
  readonly total: {
    readonly baseline: { readonly value: number; readonly range?: readonly [number, number] };
    readonly setting: { readonly value: number; readonly range?: readonly [number, number] };
  };
}

/** Height of the two bars with the space between them, px. */
const PLOT_HEIGHT = 130;

/** Size of the figure for that plot. */
export function costFigureSize(option: EChartsOption): FigureSize {
  return figureSize(option, PLOT_HEIGHT);
}

const PART_COLORS = [COLORS.model, COLORS.specification, COLORS.suggested, COLORS.threshold] as const;
const RANGE = "range of the total";

/** What a setting costs beside the baseline: one bar each, made of its parts, with the range of the total. */
export function costPlot({ unit, parts, total }: CostPlotData): EChartsOption {
  const sides = [total.baseline, total.setting];
  const names = ["baseline", "setting"].map((name, i) => `${name}\n${amount(sides[i]!.value)}`);
  const ranges = sides.flatMap(({ range }, i): [number, number, number][] =>
    range === undefined || range[0] === range[1] ? [] : [[i, ...range]],
  );
  const most = Math.max(...sides.flatMap(({ value, range }) => [value, ...(range ?? [])]));
  const colorOf = (i: number): string => PART_COLORS[i % PART_COLORS.length]!;
  const bars = parts.map(
    ({ label, baseline, setting }, i): BarSeriesOption => ({
      type: "bar",
      name: label,
      stack: "cost",
      barWidth: 34,
      silent: true,
      itemStyle: { color: colorOf(i) },
      data: [baseline, setting],
    }),
  );
  return {
    ...frame({
      left: 92,
      xAxis: horizontalAxis({ label: "cost a year", unit, values: [0, most] }),
      yAxis: verticalNames("", names),
      legend: [
        ...parts.map(({ label }, i) => ({ name: label, color: colorOf(i), icon: "roundRect" as const })),
        ...(ranges.length === 0 ? [] : [{ name: RANGE, color: COLORS.text, icon: "line" as const }]),
      ],
    }),
    series: [
      ...bars,
      ...(ranges.length === 0
        ? []
        : [
            {
              ...intervals(RANGE, ranges, { color: COLORS.text, width: 2, direction: "horizontal", cap: 7 }),
              z: 5,
            },
          ]),
    ],
  };
}

const amount = (value: number): string => formatPlain(Number(value.toPrecision(4)));
