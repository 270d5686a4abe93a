import type { XAXisComponentOption, YAXisComponentOption } from "echarts";
import { formatTick, titleWithUnit } from "./format.js";
import { COLORS, FONT_SIZE } from "./theme.js";

/** A numeric axis before it is laid out. */
export interface NumericAxis {
  readonly label: string;
  readonly unit: string;
  readonly scale?: "linear" | "log";
  /** Everything that must be inside. */
  readonly values: readonly number[];
  /** Ends exactly at the outermost values instead of a round number beyond. */
  readonly tight?: boolean;
}

export interface LaidOutAxis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
  /** Decimals that all ticks share. */
  readonly decimals?: number;
}

/** Ends and ticks of an axis: round numbers (1, 2, 2.5 or 5 times a power of ten; 1, 2, 5 on a log axis). */
export function layOutAxis({ values, scale, tight }: NumericAxis): LaidOutAxis {
  const finite = values.filter((v) => Number.isFinite(v) && (scale !== "log" || v > 0));
  if (finite.length === 0)
    return scale === "log" ? { min: 1, max: 10, ticks: [1, 10] } : { min: 0, max: 1, ticks: [0, 1] };
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  if (scale === "log") return logAxis(low, high);
  return linearAxis(low, high, tight ?? false);
}

function linearAxis(lowest: number, highest: number, tight: boolean): LaidOutAxis {
  const [low, high] = spread(lowest, highest);
  const width = high - low;
  const step = niceStep(width / (tight ? 6 : 4.5));
  const pad = tight ? 0.04 * width : 0;
  const min = tight ? low - pad : Math.floor(low / step + 1e-9) * step;
  const max = tight ? high + pad : Math.ceil(high / step - 1e-9) * step;
  const ticks: number[] = [];
  for (let k = Math.ceil(min / step - 1e-9); k * step <= max + step * 1e-9; k++) ticks.push(round(k * step));
  const decimals = Math.max(0, ...ticks.map((tick) => (formatTick(tick).split(".")[1] ?? "").length));
  return { min: round(min), max: round(max), ticks, decimals };
}

/** Widens values that are equal, or differ by rounding only: a twentieth of them to each side. */
function spread(low: number, high: number): [number, number] {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > 1e-9 * size && high - low > 1e-100) return [low, high];
  const half = size > 1e-100 ? 0.05 * size : 0.5;
  return [low - half, high + half];
}

function logAxis(low: number, high: number): LaidOutAxis {
  const ticks: number[] = [];
  const first = Number(low.toExponential().split("e")[1]);
  const last = Number(high.toExponential().split("e")[1]) + 1;
  const multiples = last - first > 4 ? [1] : [1, 2, 5];
  const [min, max] = low < high ? [low / 1.12, high * 1.12] : [low / 2, high * 2];
  for (let e = first - 1; e <= last; e++) {
    for (const m of multiples) {
      const tick = Number(`${m}e${e}`);
      if (tick >= min && tick <= max) ticks.push(tick);
    }
  }
  return { min: Number(min.toPrecision(6)), max: Number(max.toPrecision(6)), ticks };
}

function niceStep(rough: number): number {
  const [mantissa, exponent] = rough.toExponential().split("e");
  const nice = [1, 2, 2.5, 5, 10].find((m) => m >= Number(mantissa) - 1e-9) ?? 10;
  return Number(`${nice}e${exponent!}`);
}

const round = (value: number): number => Number(value.toPrecision(12));

function numericOption(axis: NumericAxis) {
  const { min, max, ticks, decimals } = layOutAxis(axis);
  return {
    type: axis.scale === "log" ? ("log" as const) : ("value" as const),
    name: titleWithUnit(axis.label, axis.unit),
    min,
    max,
    axisLabel: {
      customValues: [...ticks],
      formatter: (tick: number) => formatTick(tick, decimals),
      color: COLORS.muted,
      fontSize: FONT_SIZE,
      hideOverlap: true,
    },
    axisTick: { show: true, customValues: [...ticks], lineStyle: { color: COLORS.axis } },
    axisLine: { show: true, onZero: false, lineStyle: { color: COLORS.axis } },
    splitLine: { show: true, lineStyle: { color: COLORS.gridLine } },
    minorTick: { show: false },
  };
}

/** A numeric axis along the bottom, its title with unit below it. */
export function horizontalAxis(axis: NumericAxis): XAXisComponentOption {
  return { ...numericOption(axis), ...HORIZONTAL_TITLE };
}

/** A numeric axis on the left, its title with unit written horizontally above it. */
export function verticalAxis(axis: NumericAxis): YAXisComponentOption {
  return { ...numericOption(axis), ...VERTICAL_TITLE };
}

/** A bottom axis of names, in the given order. */
export function horizontalNames(title: string, names: readonly string[]): XAXisComponentOption {
  return { type: "category", data: [...names], name: title, ...NAMES, ...HORIZONTAL_TITLE };
}

/** A left axis of names, the first one on top. */
export function verticalNames(title: string, names: readonly string[]): YAXisComponentOption {
  return {
    type: "category",
    data: [...names],
    name: title,
    inverse: true,
    ...NAMES,
    ...VERTICAL_TITLE,
    nameLocation: "start",
  };
}

const NAMES = {
  axisLabel: { color: COLORS.text, fontSize: FONT_SIZE, interval: 0 },
  axisTick: { show: false },
  axisLine: { show: true, onZero: false, lineStyle: { color: COLORS.axis } },
};

const TITLE_STYLE = { color: COLORS.text, fontSize: FONT_SIZE };
/** Room that the left axis' labels take, px; the title above starts at their left edge. */
export const LEFT_MARGIN = 62;

const HORIZONTAL_TITLE = { nameLocation: "middle" as const, nameGap: 28, nameTextStyle: TITLE_STYLE };
const VERTICAL_TITLE = {
  nameLocation: "end" as const,
  nameGap: 14,
  nameTextStyle: {
    ...TITLE_STYLE,
    align: "left" as const,
    padding: [0, 0, 0, 6 - LEFT_MARGIN] as [number, number, number, number],
  },
  nameMoveOverlap: false,
};
