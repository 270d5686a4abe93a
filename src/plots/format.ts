/**
 * Prints a number with the digits that its standard deviation supports: 29.913 ± 0.62 is `29.9`, 177.4 ± 42 is `177`.
 *
 * The deviation keeps two digits if its three leading digits lie in 100–354 or 950–999, otherwise one; the value
 * is rounded to the same place, but never before its third digit: `180` for 177 reads as if it had been set by hand.
 * With a deviation of 0, or none, four significant digits are kept.
 *
 * @see Particle Data Group, Review of Particle Physics (2022), Introduction, section 5.3 "Rounding"
 */
export function formatMeasured(value: number, stdDev: number): string {
  if (!Number.isFinite(value)) return "–";
  if (!(stdDev > 0) || !Number.isFinite(stdDev)) return formatSignificant(value, 4);
  const decimals = decimalsFor(stdDev);
  return formatDecimals(
    value,
    decimals < 0 ? Math.max(decimals, Math.min(0, 2 - exponentOf(value))) : decimals,
  );
}

/**
 * Prints `120 to 260`, both bounds rounded as a mean with this standard deviation would be.
 *
 * @param stdDev - By default the deviation of a normal distribution whose 95 % interval this is.
 */
export function formatInterval(
  [low, high]: readonly [number, number],
  stdDev = (high - low) / (2 * NORMAL_975),
): string {
  return `${formatMeasured(low, stdDev)} to ${formatMeasured(high, stdDev)}`;
}

/**
 * Standard deviation by which to round a column of predictions, so that all of it has the same decimals: the
 * smallest of a new run, taken from the 95 % intervals. 0 if none of them has a width.
 */
export function columnStdDev(
  predictions: readonly { readonly interval95: readonly [number, number] }[],
): number {
  const widths = predictions.map(({ interval95: [low, high] }) => high - low).filter((width) => width > 0);
  return widths.length === 0 ? 0 : Math.min(...widths) / (2 * NORMAL_975);
}

/** The 97.5 % quantile of the standard normal distribution. */
const NORMAL_975 = 1.959963984540054;

/** Prints a number that is exact (a limit, a count, a given state): at most six significant digits, no float noise. */
export function formatPlain(value: number | string): string {
  return typeof value === "string" ? value : formatSignificant(value, 6);
}

/** How finely a setting can be set. */
export interface SettingResolution {
  readonly step?: number;
  readonly scale?: "linear" | "log";
  readonly min?: number;
  readonly max?: number;
}

/** Prints a setting as a person would type it: all decimals of the step; without a step, a thousandth of the range. */
export function formatSetting(value: number | string, resolution: SettingResolution = {}): string {
  if (typeof value === "string") return value;
  const { step, scale, min, max } = resolution;
  if (step !== undefined && step > 0) return formatDecimals(value, decimalsOf(step, min));
  if (scale === "log" || min === undefined || max === undefined || !(max > min))
    return formatSignificant(value, 4);
  const decimals = Math.max(0, 3 - exponentOf(max - min));
  return trimZeros(formatDecimals(value, Math.min(decimals, 9)));
}

/** Prints a change of a predicted outcome with its sign, to a tenth of the spread of one run: steps are small beside it. */
export function formatChange(
  change: number,
  predicted: { readonly interval95: readonly [number, number] } | undefined,
): string {
  const text = formatMeasured(Math.abs(change), predicted === undefined ? 0 : columnStdDev([predicted]) / 10);
  if (!/[1-9]/u.test(text)) return text;
  return change < 0 ? `−${text}` : `+${text}`;
}

/** Prints a share as whole per cent, never rounded to certainty: `96 %`, `> 99 %`, `< 1 %`. */
export function formatProbability(probability: number): string {
  if (!Number.isFinite(probability)) return "–";
  const rounded = Math.round(probability * 100);
  if (rounded >= 100) return "> 99 %";
  return rounded <= 0 ? "< 1 %" : `${rounded} %`;
}

/** Prints a coefficient of determination with two decimals, and what lies far below zero as `below −1`. */
export function formatR2(r2: number | null): string {
  if (r2 === null || !Number.isFinite(r2)) return "–";
  if (r2 < -1) return "below −1";
  return formatDecimals(r2, 2).replace("-", "−");
}

/** Prints hours as people say them: `45 min`, `7.5 h`, `60 h`. */
export function formatHours(hours: number): string {
  if (!Number.isFinite(hours)) return "–";
  if (hours < 1) return `${formatDecimals(hours * 60, 0)} min`;
  return `${hours < 20 ? trimZeros(formatDecimals(hours, 1)) : formatDecimals(hours, 0)} h`;
}

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  "2": "²",
  "3": "³",
  "-1": "⁻¹",
  "-2": "⁻²",
  "-3": "⁻³",
};

/** A unit as it is printed: `degC` is °C, `g/cm3` is g/cm³; empty for the unit `1`. */
export function formatUnit(unit: string): string {
  if (unit === "1" || unit === "") return "";
  return unit
    .replace(/\bdeg([CF])\b/g, "°$1")
    .replace(/\bu([mgAVLs])/g, "µ$1")
    .replace(/\bohm\b/gi, "Ω")
    .replace(
      /([A-Za-zµΩ])\^?(-?[23]|-1)(?![0-9A-Za-z])/g,
      (_, name: string, power: string) => name + (SUPERSCRIPTS[power] ?? power),
    )
    .replace(/\*/g, "·");
}

/** A value with its unit, no unit for the unit `1`. */
export function withUnit(text: string, unit: string): string {
  const shown = formatUnit(unit);
  return shown === "" ? text : `${text} ${shown}`;
}

/** The title of an axis or a column: `porosity (%)`; `(–)` says that there is no unit. */
export function titleWithUnit(label: string, unit: string): string {
  const shown = formatUnit(unit);
  return `${label} (${shown === "" ? "–" : shown})`;
}

/** A column name as people read it: `capacity_0p2c_volumetric` is `capacity 0.2C volumetric`. */
export function readableName(name: string): string {
  return name
    .replace(/_/g, " ")
    .replace(/\b(\d+)p(\d+)c\b/g, "$1.$2C")
    .replace(/\b(\d+)c\b/g, "$1C")
    .replace(/\bc rate\b/g, "C-rate")
    .replace(/\bv cutoff\b/g, "cut-off voltage")
    .replace(/\bcc(\d)\b/g, "CC$1")
    .replace(/\bocv\b/g, "OCV")
    .replace(/\bsei\b/g, "SEI");
}

/** Prints a tick of an axis without float noise; `decimals` are those that all its ticks share. */
export function formatTick(value: number, decimals?: number): string {
  return decimals === undefined ? formatSignificant(value, 6) : formatDecimals(value, decimals);
}

function formatSignificant(value: number, digits: number): string {
  if (!Number.isFinite(value)) return "–";
  const exponent = exponentOf(value);
  if (exponent >= 9 || exponent < -5)
    return trimZeros(value.toExponential(digits - 1)).replace(/\.?0+e/, "e");
  return trimZeros(formatDecimals(value, Math.max(0, digits - 1 - exponent)));
}

/** Decimal place at which a value with this standard deviation is rounded; negative for tens and hundreds. */
function decimalsFor(stdDev: number): number {
  const [mantissa, exponent] = stdDev.toExponential(2).split("e");
  const leading = Math.round(Number(mantissa) * 100);
  if (leading >= 950) return -Number(exponent);
  return (leading <= 354 ? 1 : 0) - Number(exponent);
}

function formatDecimals(value: number, decimals: number): string {
  if (decimals > 9 || Math.abs(value) >= 1e15) return value.toExponential(3);
  const shown = decimals >= 0 ? value.toFixed(decimals) : roundToPlace(value, -decimals).toFixed(0);
  return /^-0(\.0*)?$/.test(shown) ? shown.slice(1) : shown;
}

function roundToPlace(value: number, place: number): number {
  const unit = Number(`1e${place}`);
  return Math.round(value / unit) * unit;
}

function trimZeros(text: string): string {
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}

/** Decimals that all multiples of a step (from an origin) need, at most 9. */
function decimalsOf(step: number, origin = 0): number {
  const needed = (n: number): number => (trimZeros(n.toFixed(9)).split(".")[1] ?? "").length;
  return Math.max(needed(step), needed(origin));
}

function exponentOf(value: number): number {
  return value === 0 ? 0 : Number(value.toExponential().split("e")[1]);
}
