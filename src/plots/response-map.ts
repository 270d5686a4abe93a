import type { EChartsOption } from "echarts";
import type { Suggestion } from "../campaign/suggestion.js";
import { horizontalAxis, layOutAxis, type NumericAxis, verticalAxis } from "./axis.js";
import { colourBar } from "./colour-bar.js";
import { formatTick, titleWithUnit } from "./format.js";
import { frame } from "./frame.js";
import { closeOn, points, suggestedPoints } from "./marks.js";
import type { ReportInput, ReportOutcome, ResponseMap } from "./report-data.js";
import { COLORS, SEQUENTIAL } from "./theme.js";
import { tiles } from "./tiles.js";

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
      tiles(colour, map.xs, map.ys, map.mean),
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
  return colourBar([min, max], (value) => formatTick(value, decimals));
}
