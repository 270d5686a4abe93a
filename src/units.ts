/**
 * Unit names and exact conversions: a closed table of atoms, from which `/`, `*` and powers build the rest.
 *
 * A scale is kept as numerator / denominator · 10^exponent, so that 0.57 m is 570 mm and not 569.9999999999999 mm.
 * One file, although long: the table, its parser and its arithmetic only make sense together, and every folder may
 * import nothing else than this file and `errors.ts`.
 */
import { CellwrightError } from "./errors.js";

/** Exponents of the base dimensions, in the order of `BASES`. */
type Dimension = readonly number[];

/** A parsed unit: value in base units = (value + zeroHundredths / 100) · numerator / denominator · 10^exponent. */
export interface Unit {
  /** Canonical spelling: `um` for `µm`, `m2` for `m²`, `degC` for `°C`. */
  readonly text: string;
  readonly dimension: Dimension;
  readonly numerator: number;
  readonly denominator: number;
  readonly exponent: number;
  /** Distance from absolute zero in hundredths of the unit: 27315 for degC, 0 for every unit without an own zero. */
  readonly zeroHundredths: number;
}

/** `cRate` is a kind of its own: it becomes 1/h or A only with a cell's capacity. Money has no exchange rate. */
const BASES = ["m", "kg", "s", "A", "K", "mol", "USD", "EUR", "cRate", "cell"] as const;
type Base = (typeof BASES)[number];

const dim = (powers: Partial<Record<Base, number>>): Dimension => BASES.map((base) => powers[base] ?? 0);

const LENGTH = dim({ m: 1 });
const VOLUME = dim({ m: 3 });
const MASS = dim({ kg: 1 });
const TIME = dim({ s: 1 });
const FORCE = dim({ m: 1, kg: 1, s: -2 });
const PRESSURE = dim({ m: -1, kg: 1, s: -2 });
const ENERGY = dim({ m: 2, kg: 1, s: -2 });
const POWER = dim({ m: 2, kg: 1, s: -3 });
const VOLTAGE = dim({ m: 2, kg: 1, s: -3, A: -1 });
const CURRENT = dim({ A: 1 });
const CHARGE = dim({ A: 1, s: 1 });
const RESISTANCE = dim({ m: 2, kg: 1, s: -3, A: -2 });
const CONDUCTANCE = dim({ m: -2, kg: -1, s: 3, A: 2 });
const TEMPERATURE = dim({ K: 1 });
const NONE = dim({});
const C_RATE = dim({ cRate: 1 });
const USD = dim({ USD: 1 });
const EUR = dim({ EUR: 1 });

/** [dimension, exponent of ten, numerator, denominator, zero in hundredths]. Factors are exact by definition (SI brochure, 9th ed.). */
type Atom = readonly [Dimension, number, number?, number?, number?];

const ATOMS: ReadonlyMap<string, Atom> = new Map<string, Atom>([
  ["1", [NONE, 0]],
  ["%", [NONE, -2]],
  ["ppm", [NONE, -6]],
  ["nm", [LENGTH, -9]],
  ["um", [LENGTH, -6]],
  ["mm", [LENGTH, -3]],
  ["cm", [LENGTH, -2]],
  ["m", [LENGTH, 0]],
  ["km", [LENGTH, 3]],
  ["uL", [VOLUME, -9]],
  ["mL", [VOLUME, -6]],
  ["L", [VOLUME, -3]],
  ["ug", [MASS, -9]],
  ["mg", [MASS, -6]],
  ["g", [MASS, -3]],
  ["kg", [MASS, 0]],
  ["t", [MASS, 3]],
  ["mol", [dim({ mol: 1 }), 0]],
  ["ms", [TIME, -3]],
  ["s", [TIME, 0]],
  ["min", [TIME, 0, 60]],
  ["h", [TIME, 2, 36]],
  ["d", [TIME, 2, 864]],
  ["N", [FORCE, 0]],
  ["kN", [FORCE, 3]],
  ["Pa", [PRESSURE, 0]],
  ["kPa", [PRESSURE, 3]],
  ["MPa", [PRESSURE, 6]],
  ["GPa", [PRESSURE, 9]],
  ["mbar", [PRESSURE, 2]],
  ["bar", [PRESSURE, 5]],
  ["J", [ENERGY, 0]],
  ["kJ", [ENERGY, 3]],
  ["MJ", [ENERGY, 6]],
  ["mWh", [ENERGY, -1, 36]],
  ["Wh", [ENERGY, 2, 36]],
  ["kWh", [ENERGY, 5, 36]],
  ["MWh", [ENERGY, 8, 36]],
  ["mW", [POWER, -3]],
  ["W", [POWER, 0]],
  ["kW", [POWER, 3]],
  ["mV", [VOLTAGE, -3]],
  ["V", [VOLTAGE, 0]],
  ["uA", [CURRENT, -6]],
  ["mA", [CURRENT, -3]],
  ["A", [CURRENT, 0]],
  ["mAh", [CHARGE, -1, 36]],
  ["Ah", [CHARGE, 2, 36]],
  ["uOhm", [RESISTANCE, -6]],
  ["mOhm", [RESISTANCE, -3]],
  ["Ohm", [RESISTANCE, 0]],
  ["kOhm", [RESISTANCE, 3]],
  ["mS", [CONDUCTANCE, -3]],
  ["S", [CONDUCTANCE, 0]],
  ["K", [TEMPERATURE, 0]],
  ["degC", [TEMPERATURE, 0, 1, 1, 27315]],
  ["degF", [TEMPERATURE, 0, 5, 9, 45967]],
  ["C", [C_RATE, 0]],
  ["USD", [USD, 0]],
  ["EUR", [EUR, 0]],
  ["cell", [dim({ cell: 1 }), 0]],
]);

/** Canonical spellings offered in help and suggestions: every atom and the composites of the field. */
export const knownUnits: readonly string[] = [
  ...ATOMS.keys(),
  ...[
    "cm2",
    "m2",
    "cm3",
    "m3",
    "N/mm",
    "kN/m",
    "N/m",
    "g/cm3",
    "kg/m3",
    "g/m2",
    "mg/cm2",
    "mAh/cm3",
    "mAh/g",
  ],
  ...["mAh/cm2", "Ah/kg", "Wh/kg", "Wh/L", "m/min", "m/s", "1/h", "1/m", "S/m", "mS/cm", "Ohm*m", "Ohm*cm2"],
  ...["mA/cm2", "mA/g", "W/kg", "kJ/mol", "mol/L", "degC/min", "USD/m2", "EUR/m2", "USD/cell", "EUR/cell"],
  ...["USD/kWh", "EUR/kWh", "USD/h", "EUR/h", "kWh/cell", "h/cell"],
];

/** What people write for units that the table spells otherwise; only ever suggested, never taken. */
const OTHER_SPELLINGS: Readonly<Record<string, string>> = {
  "": "1",
  "-": "1",
  fraction: "1",
  none: "1",
  percent: "%",
  pct: "%",
  micron: "um",
  microns: "um",
  sec: "s",
  second: "s",
  seconds: "s",
  minute: "min",
  minutes: "min",
  hr: "h",
  hrs: "h",
  hour: "h",
  hours: "h",
  day: "d",
  days: "d",
  celsius: "degC",
  "℃": "degC",
  deg: "degC",
  "°": "degC",
  fahrenheit: "degF",
  kelvin: "K",
  $: "USD",
  "€": "EUR",
  ton: "t",
  tonne: "t",
  l: "L",
  ml: "mL",
  crate: "C",
  cc: "cm3",
  ccm: "cm3",
  sqm: "m2",
  coulomb: "Ah",
};

const CANONICAL_LETTERS: readonly (readonly [RegExp, string])[] = [
  [/[µμ]/gu, "u"], // micro sign and Greek mu look the same
  [/°C/gu, "degC"],
  [/°F/gu, "degF"],
  [/[ΩΩ]/gu, "Ohm"], // Greek omega and ohm sign look the same
  [/[·⋅×]/gu, "*"],
  [/⁻¹/gu, "^-1"],
  [/⁻²/gu, "^-2"],
  [/⁻³/gu, "^-3"],
  [/²/gu, "2"],
  [/³/gu, "3"],
];

const MAX_UNIT_LENGTH = 64;
const FACTOR = /^([A-Za-z%]+|1)(?:\^(-?[1-6])|([2-6]))?$/u;

function canonicalLetters(text: string): string {
  return CANONICAL_LETTERS.reduce((out, [pattern, letters]) => out.replace(pattern, letters), text);
}

/** Splits `N/mm*m` into signed factors; null where two operators meet or one ends the text. */
function splitFactors(text: string): { readonly factor: string; readonly divide: boolean }[] | null {
  const parts = text.split(/([*/])/u);
  const factors = parts.filter((_, i) => i % 2 === 0);
  return factors.includes("")
    ? null
    : factors.map((factor, i) => ({ factor, divide: parts[2 * i - 1] === "/" }));
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

/** Product of two units, or quotient for `sign` −1; a unit's own zero is dropped (1/degC counts degrees). */
export function combineUnits(a: Unit, b: Unit, sign: 1 | -1): Unit {
  const numerator = a.numerator * (sign === 1 ? b.numerator : b.denominator);
  const denominator = a.denominator * (sign === 1 ? b.denominator : b.numerator);
  const divisor = greatestCommonDivisor(numerator, denominator);
  return {
    text: `${a.text}${sign === 1 ? "*" : "/"}${/[*/]/u.test(b.text) ? `(${b.text})` : b.text}`,
    dimension: a.dimension.map((power, i) => power + sign * b.dimension[i]!),
    numerator: numerator / divisor,
    denominator: denominator / divisor,
    exponent: a.exponent + sign * b.exponent,
    zeroHundredths: 0,
  };
}

function readFactor(text: string): Unit | null {
  const match = FACTOR.exec(text);
  const atom = match === null ? undefined : ATOMS.get(match[1]!);
  if (match === null || atom === undefined) return null;
  const [dimension, exponent, numerator = 1, denominator = 1, zeroHundredths = 0] = atom;
  const base: Unit = { text: match[1]!, dimension, numerator, denominator, exponent, zeroHundredths };
  const power = Number(match[2] ?? match[3] ?? "1");
  if (power === 1) return base;
  if (match[1] === "1") return null; // `12` is not a unit
  let unit: Unit = { ...base, ...ONE };
  for (let i = 0; i < Math.abs(power); i++) unit = combineUnits(unit, base, power > 0 ? 1 : -1);
  return { ...unit, text: `${match[1]!}${power > 0 ? "" : "^"}${power}` };
}

const ONE: Unit = {
  text: "1",
  dimension: NONE,
  numerator: 1,
  denominator: 1,
  exponent: 0,
  zeroHundredths: 0,
};

function readUnit(text: string): Unit | null {
  if (text.length > MAX_UNIT_LENGTH) return null;
  const factors = splitFactors(canonicalLetters(text.trim()));
  if (factors === null) return null;
  let unit: Unit | null = null;
  let canonical = "";
  for (const { factor, divide } of factors) {
    const next = readFactor(factor);
    if (next === null) return null;
    canonical += `${divide ? "/" : canonical === "" ? "" : "*"}${next.text}`;
    unit = unit === null ? next : combineUnits(unit, next, divide ? -1 : 1);
    if (!Number.isSafeInteger(unit.numerator) || !Number.isSafeInteger(unit.denominator)) return null;
  }
  return unit === null ? null : { ...unit, text: canonical };
}

/** Whether `parseUnit` accepts the text. */
export function isKnownUnit(text: string): boolean {
  return readUnit(text) !== null;
}

/**
 * Reads a unit such as `N/mm`, `µm`, `g/cm³` or `1`.
 *
 * @throws CellwrightError UNIT_UNKNOWN with the nearest spelling in `details.suggestion`.
 */
export function parseUnit(text: string): Unit {
  const unit = readUnit(text);
  if (unit !== null) return unit;
  const suggestion = nearestUnit(text);
  const shown = JSON.stringify(text.length > MAX_UNIT_LENGTH ? `${text.slice(0, MAX_UNIT_LENGTH)}…` : text);
  const remedy =
    suggestion === null
      ? "Write a unit of the table, such as N/mm, um, degC, %, h, C or 1, joined by / and *."
      : `Did you mean ${suggestion}?`;
  throw new CellwrightError("UNIT_UNKNOWN", `Unit ${shown} is not known. ${remedy}`, {
    problems: [{ where: "unit", found: shown, expected: "a known unit", remedy }],
    details: { unit: text, suggestion },
  });
}

/** Optimal string alignment distance, so that a swap of two neighbours counts once. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}

/** Nearest of `names`, a slip of the shift key costing less than another letter; null beyond `limit`. */
function nearest(text: string, names: Iterable<string>, limit: number): string | null {
  let best: string | null = null;
  let bestCost = limit;
  for (const name of names) {
    const cost = editDistance(text.toLowerCase(), name.toLowerCase()) + 0.1 * editDistance(text, name);
    if (cost < bestCost) [best, bestCost] = [name, cost];
  }
  return best;
}

function otherSpelling(text: string): string | undefined {
  const key = text.toLowerCase();
  return Object.hasOwn(OTHER_SPELLINGS, key) ? OTHER_SPELLINGS[key] : undefined;
}

/** Replaces each unknown atom by `spell`; null where the result is still no unit. */
function respell(text: string, spell: (atom: string) => string | undefined): string | null {
  const parts = text.split(/([*/\s^0-9-]+)/u).map((part, i) => {
    if (i % 2 === 1) return part.trim() === "" ? "*" : part.trim();
    return part === "" || ATOMS.has(part) ? part : (spell(part) ?? part);
  });
  return readUnit(parts.join("")) === null ? null : parts.join("");
}

/** The unit that was probably meant; null where nothing is near. */
export function nearestUnit(text: string): string | null {
  if (text.length > MAX_UNIT_LENGTH) return null;
  const bare = canonicalLetters(text.trim()).replace(/^\[(.*)\]$|^\((.*)\)$/u, "$1$2");
  const sameLetters = (part: string) =>
    [...ATOMS.keys()].find((name) => name.toLowerCase() === part.toLowerCase());
  const atom = (part: string) =>
    otherSpelling(part) ?? nearest(part, ATOMS.keys(), Math.min(2.5, 0.8 * part.length)) ?? undefined;
  return (
    otherSpelling(bare) ??
    respell(bare, otherSpelling) ??
    respell(bare, sameLetters) ?? // before what is merely near: kn/mm is kN/mm, not N/mm
    nearest(bare, knownUnits, Math.min(1.5, 0.8 * bare.length)) ??
    respell(bare, atom)
  );
}

function sameDimension(a: Dimension, b: Dimension): boolean {
  return a.every((power, i) => power === b[i]);
}

/** Whether values in one unit can be converted to the other. @throws CellwrightError UNIT_UNKNOWN */
export function compatible(from: string, to: string): boolean {
  return compatibleUnits(parseUnit(from), parseUnit(to));
}

/** `compatible` for units that are already parsed. */
export function compatibleUnits(from: Unit, to: Unit): boolean {
  return sameDimension(from.dimension, to.dimension);
}

const LINE_LOAD = dim({ kg: 1, s: -2 });
const PER_TIME = dim({ s: -1 });
const AREAL_MASS = dim({ kg: 1, m: -2 });
const DENSITY = dim({ kg: 1, m: -3 });

const QUANTITIES: readonly (readonly [Dimension, string])[] = [
  [LENGTH, "a length"],
  [dim({ m: 2 }), "an area"],
  [VOLUME, "a volume"],
  [MASS, "a mass"],
  [TIME, "a time"],
  [FORCE, "a force"],
  [PRESSURE, "a pressure"],
  [LINE_LOAD, "a force per width"],
  [ENERGY, "an energy"],
  [POWER, "a power"],
  [VOLTAGE, "a voltage"],
  [CURRENT, "a current"],
  [CHARGE, "a charge"],
  [TEMPERATURE, "a temperature"],
  [NONE, "a number without dimension"],
  [C_RATE, "a C-rate"],
  [PER_TIME, "a frequency"],
  [AREAL_MASS, "a mass per area"],
  [DENSITY, "a density"],
  [USD, "an amount in USD"],
  [EUR, "an amount in EUR"],
];

/** Remedies for pairs that people confuse, in either direction. */
const CONFUSIONS: readonly (readonly [Dimension, Dimension, string])[] = [
  [
    LINE_LOAD,
    PRESSURE,
    "A line load is a force per width (N/mm = kN/m); a pressure becomes one only with the contact length in the nip.",
  ],
  [LINE_LOAD, FORCE, "A line load is a force per width: divide the force by the web width and write N/mm."],
  [LINE_LOAD, MASS, "A line load is a force per width: give it in N/mm, not in tonnes."],
  [FORCE, MASS, "Give the force in N or kN: 1 t weighs 9.80665 kN."],
  [PRESSURE, FORCE, "A pressure is a force per area: divide the force by the loaded area."],
  [C_RATE, TEMPERATURE, "C is the C-rate: write degC for a temperature."],
  [C_RATE, PER_TIME, "A C-rate becomes 1/h only with the cell's capacity: write C for a C-rate."],
  [
    C_RATE,
    CURRENT,
    "A C-rate becomes a current only with the cell's capacity: divide the current by it and write C.",
  ],
  [C_RATE, CHARGE, "C is the C-rate: write Ah for a charge."],
  [CHARGE, ENERGY, "Ah is a charge, Wh an energy: they differ by the mean voltage."],
  [ENERGY, POWER, "W is a power, Wh an energy: they differ by the time."],
  [CURRENT, CHARGE, "A is a current, Ah a charge: they differ by the time."],
  [USD, EUR, "There is no exchange rate in the program: convert the money in the data."],
  [DENSITY, NONE, "Porosity is 1 − density / solid density: convert in the data or by a formula."],
  [
    AREAL_MASS,
    LENGTH,
    "A thickness is the mass per area divided by the coating density: convert in the data.",
  ],
  [AREAL_MASS, DENSITY, "A density is the mass per area divided by the thickness: convert in the data."],
];

function describeQuantity(unit: Unit): string {
  const quantity = QUANTITIES.find(([dimension]) => sameDimension(dimension, unit.dimension));
  return quantity === undefined ? unit.text : `${unit.text} (${quantity[1]})`;
}

/** Why two units cannot be converted, and what to do. */
export function incompatibilityRemedy(from: Unit, to: Unit): string {
  const currencies =
    from.dimension[6]! * to.dimension[7]! !== 0 || from.dimension[7]! * to.dimension[6]! !== 0;
  const [a, b] = currencies ? [USD, EUR] : [from.dimension, to.dimension];
  const confusion = CONFUSIONS.find(
    ([p, q]) => (sameDimension(p, a) && sameDimension(q, b)) || (sameDimension(p, b) && sameDimension(q, a)),
  );
  return confusion?.[2] ?? `Give the values in ${to.text} or a multiple of it.`;
}

/** The error for two units of different dimension. */
function unitIncompatible(from: Unit, to: Unit): CellwrightError {
  const [found, expected, remedy] = [
    describeQuantity(from),
    describeQuantity(to),
    incompatibilityRemedy(from, to),
  ];
  return new CellwrightError("UNIT_INCOMPATIBLE", `${found} cannot be converted to ${expected}. ${remedy}`, {
    problems: [{ where: "unit", found, expected, remedy }],
    details: { from: from.text, to: to.text },
  });
}

/**
 * What a user should be told of a conversion that is right only if the unit was meant: % against a fraction.
 *
 * @throws CellwrightError UNIT_UNKNOWN
 */
export function conversionWarning(from: string, to: string): string | null {
  const [a, b] = [parseUnit(from), parseUnit(to)];
  const pair = [a.text, b.text];
  if (!(pair.includes("1") && pair.includes("%"))) return null;
  return a.text === "1"
    ? "fractions (unit 1) are converted to %: 0.3 becomes 30 %; check that the values are not already percentages"
    : "percentages are converted to fractions (unit 1): 30 % becomes 0.3; check that the values are not already fractions";
}

/** value · 10^k, correctly rounded from the shortest decimal text of the value. */
function shiftDecimal(value: number, k: number): number {
  if (k === 0) return value;
  const text = String(value);
  const e = text.indexOf("e");
  return Number(e < 0 ? `${text}e${k}` : `${text.slice(0, e)}e${Number(text.slice(e + 1)) + k}`);
}

/** (value · n + q/100) / d · 10^e in integers where the digits allow it, else in floating point. */
function linearMap(value: number, n: number, q: number, d: number, e: number): number {
  if (q === 0 && n === 1 && d === 1) return shiftDecimal(value, e);
  const [mantissa = "", power = "0"] = String(value).split("e");
  const point = mantissa.indexOf(".");
  const places = point < 0 ? 0 : mantissa.length - point - 1;
  const k = Math.max(places - Number(power), q === 0 ? places - Number(power) : 2);
  const scaled = shiftDecimal(value, k) * n + (q === 0 ? 0 : shiftDecimal(q, k - 2));
  const exact = k <= 40 && Number.isSafeInteger(shiftDecimal(value, k)) && Number.isSafeInteger(scaled);
  return exact ? shiftDecimal(scaled / d, e - k) : shiftDecimal((value * n + q / 100) / d, e);
}

/**
 * The exact conversion between two parsed units as a function; NaN (an empty cell) stays NaN.
 *
 * @throws CellwrightError UNIT_INCOMPATIBLE now; NON_FINITE when a converted value overflows.
 */
export function unitConversion(from: Unit, to: Unit): (value: number) => number {
  if (!compatibleUnits(from, to)) throw unitIncompatible(from, to);
  const divisor = greatestCommonDivisor(from.numerator * to.denominator, from.denominator * to.numerator);
  const n = (from.numerator * to.denominator) / divisor;
  const d = (from.denominator * to.numerator) / divisor;
  const e = from.exponent - to.exponent;
  // y = (x + a) · n/d − b = (x · n + (a · n − b · d)) / d; units with an own zero have e = 0.
  const q = from.zeroHundredths * n - to.zeroHundredths * d;
  if (n === 1 && d === 1 && e === 0 && q === 0) return (value) => value;
  return (value) => {
    const converted = linearMap(value, n, q, d, e);
    if (!Number.isFinite(converted) && Number.isFinite(value)) {
      throw new CellwrightError(
        "NON_FINITE",
        `${value} ${from.text} is too large to be converted to ${to.text}.`,
      );
    }
    return converted;
  };
}

/** The exact conversion between two units as a function, for columns of values. See `unitConversion`. */
export function createConversion(from: string, to: string): (value: number) => number {
  return unitConversion(parseUnit(from), parseUnit(to));
}

/**
 * Converts one value exactly: 0.5 mm is 500 um, 25 degC is 298.15 K.
 *
 * @throws CellwrightError UNIT_UNKNOWN, UNIT_INCOMPATIBLE (with a remedy), NON_FINITE if the result overflows.
 */
export function convert(value: number, from: string, to: string): number {
  return createConversion(from, to)(value);
}

/**
 * The conversion as numbers: value in `to` = value in `from` · scale + offset (rounded: prefer `createConversion`).
 *
 * @throws CellwrightError UNIT_UNKNOWN, UNIT_INCOMPATIBLE
 */
export function converter(from: string, to: string): { readonly scale: number; readonly offset: number } {
  const [a, b] = [parseUnit(from), parseUnit(to)];
  const offset = unitConversion(a, b)(0);
  const scale = unitConversion({ ...a, zeroHundredths: 0 }, { ...b, zeroHundredths: 0 })(1);
  return { scale, offset };
}

const SUPERSCRIPTS: Readonly<Record<string, string>> = { "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶" };

/** The unit as people read it: `µm`, `°C`, `g/cm³`; empty for `1`. @throws CellwrightError UNIT_UNKNOWN */
export function formatUnit(text: string): string {
  const unit = parseUnit(text);
  if (unit.text === "1") return "";
  return unit.text
    .replace(/\bu(?=[mgLA]|Ohm)/gu, "µ")
    .replace(/Ohm/gu, "Ω")
    .replace(/deg(?=[CF])/gu, "°")
    .replace(/\^-([1-6])/gu, (_, digit: string) => `⁻${SUPERSCRIPTS[digit] ?? "¹"}`)
    .replace(/(?<=[A-Za-z])[2-6]/gu, (digit) => SUPERSCRIPTS[digit] ?? digit)
    .replace(/\*/gu, "·");
}
