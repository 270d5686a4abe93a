import type { CustomSeriesOption, EChartsOption } from "echarts";
import type { Suggestion } from "../campaign/suggestion.js";
import { horizontalAxis, layOutAxis, type NumericAxis, verticalAxis } from "./axis.js";
import { formatTick, titleWithUnit } from "./format.js";
import { frame } from "./frame.js";
import { closeOn, points, suggestedPoints } from "./marks.js";
import type { ReportInput, ReportOutcome, ResponseMap } from "./report-data.js";
import { COLORS, FONT_SIZE, SEQUENTIAL } from "./theme.js";

const TRIED = "tried, larger: more often";
const SUGGESTED = "suggested";

/** Where runs were done and where they are suggested, over the predicted mean of an outcome. */
export function responseMapPlot(options: {
  readonly map: ResponseMap;
  readonly outcome: ReportOutcome;
  readonly x: ReportInput;
  readonly y: ReportInput;
  readonly suggestions: readonly Suggestion[];
}): EChartsOption {
  const { map, outcome } = options;
  const suggested = options.suggestions.map((s) => ({
    x: Number(s.parameters[map.x]),
    y: Number(s.parameters[map.y]),
  }));
  const axis = (input: ReportInput, of: "x" | "y"): NumericAxis => ({
    label: input.label,
    unit: input.unit,
    scale: input.scale,
    tight: true,
    values: [...map[`${of}s`], ...map.measured.map((m) => m[of]), ...suggested.map((s) => s[of])],
  });
  const [xAxis, yAxis] = [axis(options.x, "x"), axis(options.y, "y")];
  const colour = `colour: ${titleWithUnit(outcome.label, outcome.unit)}`;
  const base = frame({
    right: 76,
    xAxis: horizontalAxis(xAxis),
    yAxis: verticalAxis(yAxis),
    legend: [
      { name: TRIED, color: COLORS.measured, icon: "emptyCircle" },
      { name: SUGGESTED, color: COLORS.suggested, icon: "diamond" },
      { name: colour, color: SEQUENTIAL[3]!, icon: "roundRect" },
    ],
  });
  return {
    ...base,
    visualMap: colourScale(map),
    series: [
      tiles(colour, map),
      ...map.measured.map((m) =>
        points(TRIED, [[m.x, m.y]], {
          color: COLORS.measured,
          symbol: "circle",
          size: Math.min(16, 7 + 1.5 * (m.count - 1)),
          hollow: true,
        }),
      ),
      suggestedPoints(SUGGESTED, suggested, closeOn(xAxis, yAxis)),
    ],
  };
}

/** A bar on the right, from the lowest to the highest predicted mean. */
function colourScale(map: ResponseMap): NonNullable<EChartsOption["visualMap"]> {
  const { min, max, decimals } = layOutAxis({ label: "", unit: "", values: map.mean.flat() });
  return {
    type: "continuous",
    seriesIndex: 0,
    dimension: 2,
    min,
    max,
    calculable: false,
    orient: "vertical",
    right: 8,
    top: 34,
    padding: 0,
    itemWidth: 14,
    itemHeight: 180,
    text: [formatTick(max, decimals), formatTick(min, decimals)],
    textStyle: { color: COLORS.muted, fontSize: FONT_SIZE },
    inRange: { color: [...SEQUENTIAL] },
  };
}

/** Rectangles around the grid points; rows are [x, y, mean]. */
function tiles(name: string, map: ResponseMap): CustomSeriesOption {
  const xEdges = edges(map.xs);
  const yEdges = edges(map.ys);
  return {
    type: "custom",
    name,
    clip: true,
    silent: true,
    z: 1,
    encode: { x: 0, y: 1 },
    data: map.ys.flatMap((y, j) => map.xs.map((x, i) => [x, y, map.mean[j]![i]!])),
    renderItem: (params, api) => {
      const i = params.dataIndex % map.xs.length;
      const j = Math.floor(params.dataIndex / map.xs.length);
      const [left, top] = api.coord([xEdges[i]!, yEdges[j + 1]!]);
      const [right, bottom] = api.coord([xEdges[i + 1]!, yEdges[j]!]);
      // Half a pixel of overlap hides seams between neighbours.
      const shape = { x: left!, y: top!, width: right! - left! + 0.5, height: bottom! - top! + 0.5 };
      return { type: "rect", shape, style: { fill: fillOf(api.visual("color")) } };
    },
  };
}

const fillOf = (color: unknown): string => (typeof color === "string" ? color : COLORS.paper);

/** Borders half-way between neighbours; the outermost points are borders themselves. */
function edges(at: readonly number[]): number[] {
  return [at[0]!, ...at.slice(1).map((v, i) => (v + at[i]!) / 2), at.at(-1)!];
}
