import { exp, log } from "../math/elementary.js";
import type { ContextVariable, Parameter, SettingValue } from "./parameter.js";

/** The values that a column may take, in ascending order, where they can be counted. */
export interface Levels {
  readonly count: number;
  /** Level k as an exact decimal; beyond 0 … count − 1 only where the step goes on. */
  value(k: number): number;
  /** Encoded position of level k. */
  encoded(k: number): number;
  /** The level whose encoded position is nearest; beyond the ends where the step goes on. */
  nearest(x: number): number;
}

/** One column of the encoded inputs. Its raw value is a number in the campaign's unit, or the index of a choice. */
export interface Column {
  readonly name: string;
  readonly unit: string;
  readonly role: "parameter" | "context";
  readonly kind: "continuous" | "categorical";
  /** Encoded range that settings inside the bounds take: 0 … 1, or 0 … levels − 1 of a categorical column. */
  readonly lower: number;
  readonly upper: number;
  /** Raw bounds; −Infinity and Infinity where there are none. */
  readonly min: number;
  readonly max: number;
  readonly scale: "linear" | "log";
  readonly levels: Levels | null;
  readonly choices: readonly string[] | null;
  /** Distance between two levels or two decimals that decode can give. */
  readonly resolution: number;
  toEncoded(raw: number): number;
  /** Raw value at an encoded position, not snapped. */
  toRaw(x: number): number;
  /** d raw / d encoded at a raw value; 0 for a categorical column. */
  slope(raw: number): number;
  /** Nearest value of the column's steps, set or decimals. */
  snap(raw: number): number;
}

/** Levels up to which encoded positions are kept in a table. */
const TABLE_SIZE = 4_096;
/** Continuous settings are given to one part in 10⁶ to 10⁷ of their range, or 7 digits on a log scale. Assumption: finer than any machine is set. */
const RANGE_DIGITS = 6;
const LOG_DIGITS = 7;
/** How far beyond 0 … 1 an encoded value is still the bound itself. */
const EDGE = 1e-12;

/** Digits after the decimal point of the shortest text of a number. */
function decimalPlaces(value: number): number {
  const [mantissa = "", power = "0"] = String(value).split("e");
  const point = mantissa.indexOf(".");
  return Math.max(0, (point < 0 ? 0 : mantissa.length - point - 1) - Number(power));
}

/** Powers of ten that are exact. */
const TENS = Array.from({ length: 23 }, (_, places) => Number(`1e${places}`));
/** Below this a product with a power of ten is wrong by less than 0.001. */
const SHORT = 8_796_093_022_208; // 2^43

/** Rounds to decimal places, so that the text of the number carries no float noise; −0 becomes 0. */
function toDecimal(value: number, places: number): number {
  const ten = TENS[places];
  if (ten !== undefined) {
    // Clearly nearest to one whole number of decimals: a quotient of exact numbers rounds as their text does.
    const scaled = value * ten;
    const whole = Math.round(scaled);
    if (Math.abs(scaled) < SHORT && Math.abs(scaled - whole) < 0.49) return whole / ten + 0;
  }
  if (places >= 0) return places > 100 ? value : Number(value.toFixed(places)) + 0;
  const unit = Number(`1e${-places}`);
  return Math.round(value / unit) * unit + 0;
}

/** floor(log10(v)) of a positive number, from its text. */
function magnitude(value: number): number {
  return Number(value.toExponential(0).split("e")[1]);
}

interface Axis {
  readonly scale: "linear" | "log";
  readonly toEncoded: (raw: number) => number;
  readonly toRaw: (x: number) => number;
  readonly slope: (raw: number) => number;
}

/** Maps lower … upper to 0 … 1; a range without width is scaled by its own size, so that values beside it stay apart. */
function createAxis(lower: number, upper: number, scale: "linear" | "log"): Axis {
  if (scale === "linear") {
    const width = upper > lower ? upper - lower : Math.abs(lower) || 1;
    return {
      scale,
      toEncoded: (raw) => (raw - lower) / width,
      toRaw: (x) => lower + x * width,
      slope: () => width,
    };
  }
  const origin = log(lower);
  const width = upper > lower ? log(upper) - origin : 1;
  return {
    scale,
    toEncoded: (raw) => (log(raw) - origin) / width,
    toRaw: (x) => exp(origin + x * width),
    slope: (raw) => raw * width,
  };
}

/** min + k · step as exact decimals, going on beyond the bounds. */
function stepLevels(min: number, max: number, step: number, axis: Axis): Levels {
  const places = Math.max(decimalPlaces(min), decimalPlaces(step));
  const count = Math.floor((max - min) / step + 1e-9) + 1;
  const value = (k: number) => toDecimal(min + k * step, places);
  const position = (k: number) => axis.toEncoded(value(k));
  const table = count <= TABLE_SIZE ? Float64Array.from({ length: count }, (_, k) => position(k)) : null;
  const encoded = (k: number) => table?.[k] ?? position(k);
  const nearest = (x: number) => {
    const k = Math.round((axis.toRaw(x) - min) / step);
    const last = x <= 1 + EDGE ? count - 1 : Number.POSITIVE_INFINITY; // max itself need not be a level
    if (axis.scale === "linear") return Math.min(k, last);
    // On a log scale the nearest position can be a level further; levels at or below zero have none.
    const near = [k - 1, k, k + 1].filter((level) => level <= last && value(level) > 0);
    return near.reduce(
      (a, b) => (Math.abs(encoded(b) - x) < Math.abs(encoded(a) - x) ? b : a),
      near.at(-1) ?? last,
    );
  };
  return { count, value, encoded, nearest };
}

function setLevels(values: readonly number[], axis: Axis): Levels {
  const table = Float64Array.from(values, (v) => axis.toEncoded(v));
  const nearest = (x: number) => {
    let best = 0;
    for (let k = 1; k < table.length; k++) if (Math.abs(table[k]! - x) < Math.abs(table[best]! - x)) best = k;
    return best;
  };
  return { count: values.length, value: (k) => values[k]!, encoded: (k) => table[k]!, nearest };
}

function numberColumn(
  of: { readonly name: string; readonly unit: string; readonly role: "parameter" | "context" },
  bounds: { readonly min: number; readonly max: number },
  axis: Axis,
  levels: Levels | null,
  decimals: { readonly resolution: number; round(raw: number): number },
): Column {
  const { min, max } = bounds;
  const snap =
    levels === null
      ? (raw: number) => {
          const x = axis.toEncoded(raw);
          if (Math.abs(x) <= EDGE) return min > Number.NEGATIVE_INFINITY ? min : decimals.round(raw);
          if (Math.abs(x - 1) <= EDGE && max < Number.POSITIVE_INFINITY) return max;
          const rounded = decimals.round(raw);
          // Rounding must not carry a value over a bound that it kept.
          return raw <= max && rounded > max ? max : raw >= min && rounded < min ? min : rounded;
        }
      : (raw: number) => levels.value(levels.nearest(axis.toEncoded(raw)));
  const { scale, toEncoded, toRaw, slope } = axis;
  const { resolution } = decimals;
  const base = { ...of, kind: "continuous" as const, lower: 0, upper: max > min ? 1 : 0, choices: null };
  return { ...base, min, max, scale, levels, resolution, toEncoded, toRaw, slope, snap };
}

function continuousDecimals(lower: number, upper: number, scale: "linear" | "log") {
  const width = upper > lower ? upper - lower : Math.abs(lower) || 1;
  const places = RANGE_DIGITS - magnitude(width);
  if (scale === "linear") {
    return { resolution: Number(`1e${-places}`), round: (raw: number) => toDecimal(raw, places) };
  }
  return {
    resolution: lower * Number(`1e${1 - LOG_DIGITS}`),
    round: (raw: number) => Number(raw.toPrecision(LOG_DIGITS)),
  };
}

function categoricalColumn(
  name: string,
  unit: string,
  role: Column["role"],
  choices: readonly string[],
): Column {
  const count = choices.length;
  const nearest = (x: number) => Math.min(count - 1, Math.max(0, Math.round(x)));
  const same = (x: number) => x;
  const levels: Levels = { count, value: same, encoded: same, nearest };
  const range = {
    lower: 0,
    upper: count - 1,
    min: 0,
    max: count - 1,
    scale: "linear" as const,
    resolution: 1,
  };
  const maps = { toEncoded: same, toRaw: same, slope: () => 0, snap: nearest };
  return { name, unit, role, kind: "categorical", ...range, levels, choices, ...maps };
}

/** The column of a parameter; bounds and steps must be valid (`createSearchSpace` checks them). */
export function parameterColumn(parameter: Parameter): Column {
  const { name, unit } = parameter;
  const of = { name, unit, role: "parameter" as const };
  if (parameter.kind === "categorical") return categoricalColumn(name, unit, "parameter", parameter.choices);
  if (parameter.kind === "discrete") {
    const { values } = parameter;
    const bounds = { min: values[0]!, max: values.at(-1)! };
    const axis = createAxis(bounds.min, bounds.max, parameter.scale);
    const gaps = values.slice(1).map((v, i) => v - values[i]!);
    const resolution = gaps.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    return numberColumn(of, bounds, axis, setLevels(values, axis), { resolution, round: (raw) => raw });
  }
  const { min, max, scale } = parameter;
  const axis = createAxis(min, max, scale);
  const step = parameter.kind === "integer" ? 1 : parameter.step;
  if (step === undefined)
    return numberColumn(of, { min, max }, axis, null, continuousDecimals(min, max, scale));
  return numberColumn(of, { min, max }, axis, stepLevels(min, max, step, axis), {
    resolution: step,
    round: (raw) => raw,
  });
}

/** The column of a context variable: its bounds, else the range of the data, else its own value set the scale. */
export function contextColumn(
  context: ContextVariable,
  range: readonly [number, number] | undefined,
): Column {
  const { name, unit } = context;
  if (context.kind === "categorical") return categoricalColumn(name, unit, "context", context.choices);
  const fallback = context.value ?? context.min ?? context.max ?? (context.scale === "log" ? 1 : 0);
  const lower = context.min ?? Math.min(range?.[0] ?? fallback, context.max ?? Number.POSITIVE_INFINITY);
  const upper = context.max ?? Math.max(range?.[1] ?? fallback, lower);
  const axis = createAxis(lower, upper, context.scale);
  const unbounded = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };
  const decimals = continuousDecimals(lower, upper, context.scale);
  return numberColumn({ name, unit, role: "context" }, unbounded, axis, null, decimals);
}

/** A setting as the column's raw number; null where it is no number, not positive on a log scale, or no choice. */
export function readSetting(column: Column, setting: SettingValue | undefined): number | null {
  if (column.choices !== null) {
    const index = typeof setting === "string" ? column.choices.indexOf(setting) : -1;
    return index < 0 ? null : index;
  }
  if (typeof setting !== "number" || !Number.isFinite(setting)) return null;
  return column.scale === "log" && !(setting > 0) ? null : setting;
}

/** The setting that a raw number stands for. */
export function writeSetting(column: Column, raw: number): SettingValue {
  return column.choices === null ? raw : column.choices[raw]!;
}

/** Whether a raw value is inside the bounds and on the column's steps, up to rounding errors. */
export function isAdmissible(column: Column, raw: number): boolean {
  if (!(raw >= column.min && raw <= column.max)) return false;
  if (column.levels === null) return true;
  const level = column.levels.value(column.levels.nearest(column.toEncoded(raw)));
  return (
    Math.abs(raw - level) <= 1e-9 * Math.max(Math.abs(raw), Math.abs(level)) && level <= column.max + EDGE
  );
}
