import type { CustomSeriesOption, LineSeriesOption, ScatterSeriesOption } from "echarts";
import { layOutAxis, type NumericAxis } from "./axis.js";
import { COLORS, FONT_SIZE } from "./theme.js";

/** A shaded band between two curves; `data` rows are [x, low, high]. */
export function band(
  name: string,
  rows: readonly (readonly [number, number, number])[],
  opacity: number,
): CustomSeriesOption {
  return {
    type: "custom",
    name,
    clip: true,
    silent: true,
    z: 1,
    encode: { x: 0, y: [1, 2] },
    data: rows.map((row) => [...row]),
    renderItem: (params, api) => {
      if (params.dataIndexInside !== 0) return null;
      const upper = rows.map(([x, , high]) => api.coord([x, high]));
      const lower = rows.map(([x, low]) => api.coord([x, low])).reverse();
      return {
        type: "polygon",
        shape: { points: [...upper, ...lower] },
        style: { fill: COLORS.model, opacity },
      };
    },
  };
}

/** A curve through [x, y]. */
export function curve(
  name: string,
  points: readonly (readonly [number, number])[],
  style: { readonly dashed?: boolean; readonly color?: string } = {},
): LineSeriesOption {
  const color = style.color ?? COLORS.model;
  return {
    type: "line",
    name,
    showSymbol: false,
    silent: true,
    z: 3,
    itemStyle: { color },
    lineStyle: { color, width: 2, type: style.dashed === true ? "dashed" : "solid" },
    data: points.map((p) => [...p]),
  };
}

export interface IntervalStyle {
  readonly color: string;
  readonly width: number;
  readonly direction: "horizontal" | "vertical";
  /** Half length of the closing strokes, px; 0 for none. */
  readonly cap: number;
  readonly opacity?: number;
}

/** Error bars; `data` rows are [position, low, high], the position on the other axis than the interval. */
export function intervals(
  name: string,
  rows: readonly (readonly [number, number, number])[],
  style: IntervalStyle,
): CustomSeriesOption {
  const vertical = style.direction === "vertical";
  return {
    type: "custom",
    name,
    clip: true,
    silent: true,
    z: 2,
    encode: vertical ? { x: 0, y: [1, 2] } : { y: 0, x: [1, 2] },
    data: rows.map((row) => [...row]),
    renderItem: (_, api) => {
      const at = api.value(0);
      const [from, to] = [api.value(1), api.value(2)].map((end) =>
        api.coord(vertical ? [at, end] : [end, at]),
      );
      return {
        type: "path",
        shape: { pathData: intervalPath(from!, to!, vertical, style.cap) },
        style: strokeOf(style),
      };
    },
  };
}

const strokeOf = (style: IntervalStyle) => ({
  stroke: style.color,
  fill: "none",
  lineWidth: style.width,
  opacity: style.opacity ?? 1,
});

function intervalPath(
  from: readonly number[],
  to: readonly number[],
  vertical: boolean,
  cap: number,
): string {
  const stroke = (a: readonly number[], dx: number, dy: number): string =>
    `M${px(a[0]! - dx)},${px(a[1]! - dy)} L${px(a[0]! + dx)},${px(a[1]! + dy)} `;
  const body = `M${px(from[0]!)},${px(from[1]!)} L${px(to[0]!)},${px(to[1]!)} `;
  if (cap === 0) return body;
  const [dx, dy] = vertical ? [cap, 0] : [0, cap];
  return body + stroke(from, dx, dy) + stroke(to, dx, dy);
}

/** A hundredth of a pixel is enough; more digits only make files larger. */
const px = (value: number): number => Math.round(value * 100) / 100;

export interface PointStyle {
  readonly color: string;
  readonly symbol: "circle" | "diamond" | "triangle";
  readonly size: number;
  readonly hollow?: boolean;
  readonly opacity?: number;
}

/** Points at [x, y]; positions may be numbers or names of an axis of names. */
export function points(
  name: string,
  data: readonly (readonly (number | string)[])[],
  style: PointStyle,
): ScatterSeriesOption {
  const hollow = style.hollow ?? false;
  return {
    type: "scatter",
    name,
    silent: true,
    z: 4,
    symbol: style.symbol,
    symbolSize: style.size,
    itemStyle: {
      color: hollow ? COLORS.paper : style.color,
      borderColor: hollow ? style.color : COLORS.paper,
      borderWidth: hollow ? 1.4 : 1,
      opacity: style.opacity ?? 1,
    },
    data: data.map((p) => [...p]),
  };
}

/** Where a suggestion lies on a plot; hollow where it does not belong to the curve that is drawn. */
export interface SuggestedPoint {
  readonly x: number | string;
  readonly y: number;
  readonly hollow?: boolean;
}

/** Suggested settings: diamonds that carry the number of the suggestion; numbers of neighbours are written together. */
export function suggestedPoints(
  name: string,
  data: readonly SuggestedPoint[],
  near: NearTest,
): ScatterSeriesOption {
  const labels = joinLabels(data, near);
  return {
    ...points(name, [], { color: COLORS.suggested, symbol: "diamond", size: 13 }),
    z: 6,
    data: data.map(({ x, y, hollow }, i) => ({
      value: [x, y],
      ...(hollow === true
        ? { itemStyle: { color: COLORS.paper, borderColor: COLORS.suggested, borderWidth: 1.6 } }
        : {}),
      label: { show: labels[i] !== "", formatter: () => labels[i]! },
    })),
    label: {
      position: "top",
      distance: 3,
      color: COLORS.suggestedText,
      fontWeight: "bold",
      fontSize: FONT_SIZE,
      textBorderColor: COLORS.paper,
      textBorderWidth: 3,
    },
  };
}

type NearTest = (a: SuggestedPoint, b: SuggestedPoint) => boolean;

/** A label for the first of each group of neighbours; empty for the others. */
function joinLabels(data: readonly SuggestedPoint[], near: NearTest): string[] {
  const labels: string[][] = [];
  data.forEach((point, i) => {
    const first = data.findIndex((other, j) => j < i && labels[j]!.length > 0 && near(other, point));
    labels.push([]);
    labels[first === -1 ? i : first]!.push(String(i + 1));
  });
  return labels.map((numbers) => numbers.join(", "));
}

/** Whether labels of two points would touch: closer than 7 % of both axes (null: an axis of names). */
export function closeOn(x: NumericAxis | null, y: NumericAxis): NearTest {
  return (a, b) => closeAlong(x, a.x, b.x) && closeAlong(y, a.y, b.y);
}

function closeAlong(axis: NumericAxis | null, a: number | string, b: number | string): boolean {
  if (axis === null || typeof a === "string" || typeof b === "string") return a === b;
  const { min, max } = layOutAxis(axis);
  const position = (v: number): number =>
    axis.scale === "log" ? Math.log(v / min) / Math.log(max / min) : (v - min) / (max - min);
  return Math.abs(position(a) - position(b)) < 0.07;
}
