import type { CustomSeriesOption } from "echarts";
import { COLORS } from "./theme.js";

/**
 * Rectangles around grid points, coloured by a visual map of dimension 2; rows are [x, y, value].
 *
 * @param values - `values[j][i]` at `xs[i]`, `ys[j]`; null leaves the paper white.
 */
export function tiles(
  name: string,
  xs: readonly number[],
  ys: readonly number[],
  values: readonly (readonly (number | null)[])[],
): CustomSeriesOption {
  const xEdges = edges(xs);
  const yEdges = edges(ys);
  return {
    type: "custom",
    name,
    clip: true,
    silent: true,
    z: 1,
    encode: { x: 0, y: 1 },
    data: ys.flatMap((y, j) => xs.map((x, i) => [x, y, values[j]![i] ?? Number.NaN])),
    renderItem: (params, api) => {
      const i = params.dataIndex % xs.length;
      const j = Math.floor(params.dataIndex / xs.length);
      if (values[j]![i] === null) return null;
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
