import type { EChartsOption } from "echarts";
import { COLORS, FONT_SIZE, SEQUENTIAL } from "./theme.js";

/** A bar on the right that reads the colours of the first series' third value, from `min` to `max`. */
export function colourBar(
  [min, max]: readonly [number, number],
  format: (value: number) => string,
): NonNullable<EChartsOption["visualMap"]> {
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
    text: [format(max), format(min)],
    textStyle: { color: COLORS.muted, fontSize: FONT_SIZE },
    inRange: { color: [...SEQUENTIAL] },
  };
}
