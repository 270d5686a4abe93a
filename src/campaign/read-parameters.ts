import { CellwrightError, type Problem } from "../errors.js";
import type { ParameterDefault } from "../space/knowledge.js";
import type { ChangeEffort, ContextVariable, Parameter } from "../space/parameter.js";
import { convert, isKnownUnit, parseUnit } from "../units.js";
import type { ContextSpec, ParameterSpec } from "./campaign-spec.js";
import { spellingRemedy } from "./spelling.js";
import { definedFields } from "./defined-fields.js";
import { describeValue } from "./spec-problems.js";

/** Where problems and warnings of one entry go. */
export interface EntryReport {
  problem(field: string, found: string, expected: string, remedy?: string): void;
  message(text: string): void;
}

/** An entry's report that writes `section.name.field` into each problem. */
export function entryReport(where: string, problems: Problem[], messages: string[]): EntryReport {
  return {
    problem: (field, found, expected, remedy) => {
      const at = field === "" ? where : `${where}.${field}`;
      problems.push({ where: at, found, expected, ...(remedy === undefined ? {} : { remedy }) });
    },
    message: (text) => void messages.push(`${where}: ${text}`),
  };
}

/** Reports a unit that is unknown; absent units are the caller's matter. */
export function checkUnit(unit: string | undefined, report: EntryReport): boolean {
  if (unit === undefined || isKnownUnit(unit)) return true;
  try {
    parseUnit(unit);
  } catch (error) {
    if (!(error instanceof CellwrightError)) throw error;
    report.problem("unit", describeValue(unit), "a known unit", error.problems[0]?.remedy);
  }
  return false;
}

/**
 * A parameter from its entry of the file; bounds that are left out come from the process's defaults.
 *
 * @returns null if the entry has problems, which are all reported.
 */
export function readParameter(
  name: string,
  spec: ParameterSpec,
  fallback: ParameterDefault | undefined,
  report: EntryReport,
): Parameter | null {
  const kind = parameterKind(spec, report);
  const change = {
    ...(spec.change === undefined ? {} : { change: definedFields(spec.change) }),
    ...(spec.max_move === undefined ? {} : { maxMove: spec.max_move }),
  };
  const unitKnown = checkUnit(spec.unit, report);
  switch (kind) {
    case "categorical":
      return readCategorical(name, spec, change, report);
    case "discrete":
      return readDiscrete(name, spec, change, report);
    case "integer":
      return readRange(name, { unit: "1", ...definedFields(spec) }, change, report, "integer");
    case "continuous":
      return readRange(
        name,
        unitKnown ? withDefaults(spec, fallback, report) : spec,
        change,
        report,
        "continuous",
      );
  }
}

type Kind = Parameter["kind"];
type Change = { readonly change?: ChangeEffort; readonly maxMove?: number };

function parameterKind(spec: ParameterSpec, report: EntryReport): Kind {
  const implied: Kind =
    spec.choices !== undefined ? "categorical" : spec.values !== undefined ? "discrete" : "continuous";
  const kind = spec.type ?? implied;
  const allowed: Record<Kind, readonly (keyof ParameterSpec)[]> = {
    categorical: ["type", "unit", "choices", "change", "was"],
    discrete: ["type", "unit", "values", "scale", "tolerance", "change", "max_move", "was"],
    integer: ["type", "unit", "min", "max", "scale", "change", "max_move", "was"],
    continuous: ["type", "unit", "min", "max", "step", "scale", "tolerance", "change", "max_move", "was"],
  };
  for (const key of Object.keys(definedFields(spec)) as (keyof ParameterSpec)[]) {
    if (allowed[kind].includes(key)) continue;
    report.problem(
      key,
      describeValue(spec[key]),
      `no ${key} for a ${kind} parameter`,
      conflictRemedy(kind, key),
    );
  }
  return kind;
}

function conflictRemedy(kind: Kind, key: string): string {
  if (kind === "integer" && key === "step") return "An integer has step 1; list other steps as values.";
  return `Remove ${key}, or choose one of min/max, values and choices.`;
}

function readCategorical(
  name: string,
  spec: ParameterSpec,
  change: Change,
  report: EntryReport,
): Parameter | null {
  const choices = spec.choices;
  if (choices === undefined) {
    report.problem("choices", "nothing", "a list of names", 'Add choices: ["…", "…"].');
    return null;
  }
  reportDuplicates("choices", choices, report);
  return { kind: "categorical", name, unit: spec.unit ?? "1", choices, ...change };
}

function readDiscrete(
  name: string,
  spec: ParameterSpec,
  change: Change,
  report: EntryReport,
): Parameter | null {
  const unit = requiredUnit(spec.unit, report);
  const { values, tolerance } = spec;
  if (values === undefined) {
    report.problem("values", "nothing", "a list of numbers", "Add values: [ … ].");
    return null;
  }
  reportDuplicates("values", values, report);
  const scale = spec.scale ?? "linear";
  if (scale === "log" && !values.every((v) => v > 0)) {
    report.problem(
      "values",
      String(Math.min(...values)),
      "values above 0 for scale: log",
      "Use scale: linear, or leave that value out.",
    );
  }
  const sorted = [...values].sort((a, b) => a - b);
  return { kind: "discrete", name, unit, values: sorted, scale, ...definedFields({ tolerance }), ...change };
}

function reportDuplicates(field: string, values: readonly (string | number)[], report: EntryReport): void {
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) report.problem(field, `${describeValue(twice)} twice`, "each once", "Remove one.");
}

function requiredUnit(unit: string | undefined, report: EntryReport): string {
  if (unit === undefined)
    report.problem("unit", "nothing", "a unit", 'Add unit; for a plain number: unit: "1".');
  return unit ?? "1";
}

function withDefaults(
  spec: ParameterSpec,
  fallback: ParameterDefault | undefined,
  report: EntryReport,
): ParameterSpec {
  if (fallback === undefined || (spec.min !== undefined && spec.max !== undefined)) return spec;
  const unit = spec.unit ?? fallback.unit;
  try {
    const min = spec.min ?? convert(fallback.min, fallback.unit, unit);
    const max = spec.max ?? convert(fallback.max, fallback.unit, unit);
    report.message(`bounds left out are the process's: ${min} to ${max} ${unit}`);
    return { ...spec, unit, min, max, scale: spec.scale ?? fallback.scale };
  } catch {
    report.problem("unit", unit, `a unit like ${fallback.unit}`, "State min and max, or correct the unit.");
    return spec;
  }
}

function readRange(
  name: string,
  spec: ParameterSpec,
  change: Change,
  report: EntryReport,
  kind: "integer" | "continuous",
): Parameter | null {
  const unit = requiredUnit(spec.unit, report);
  const { min, max } = spec;
  for (const [field, value] of [
    ["min", min],
    ["max", max],
  ] as const) {
    if (value === undefined) report.problem(field, "nothing", "a number", `Add ${field}.`);
    else if (kind === "integer" && !Number.isSafeInteger(value))
      report.problem(field, String(value), "a whole number");
  }
  if (min === undefined || max === undefined) return null;
  const scale = spec.scale ?? "linear";
  if (!reportBounds(min, max, scale, report)) return null;
  if (kind === "integer") return { kind, name, unit, min, max, scale, ...change };
  const { step, tolerance } = spec;
  if (step !== undefined && !reportStep(min, max, step, report)) return null;
  return { kind, name, unit, min, max, scale, ...definedFields({ step, tolerance }), ...change };
}

function reportBounds(min: number, max: number, scale: "linear" | "log", report: EntryReport): boolean {
  if (min > max) {
    report.problem("min", `min ${min} above max ${max}`, "min below max", "Exchange min and max.");
  } else if (min === max) {
    report.problem(
      "max",
      `min and max both ${min}`,
      "a range",
      "Widen it, or leave the parameter out: it cannot be chosen.",
    );
  }
  if (scale === "log" && !(min > 0)) {
    report.problem("min", String(min), "a number above 0 for scale: log", "Raise min, or use scale: linear.");
  }
  return min < max && (scale === "linear" || min > 0);
}

/** Tolerance within which a range counts as a whole number of steps: rounding of decimal fractions only. */
const STEP_TOLERANCE = 1e-9;

function reportStep(min: number, max: number, step: number, report: EntryReport): boolean {
  const steps = (max - min) / step;
  if (steps < 1 - STEP_TOLERANCE) {
    report.problem(
      "step",
      String(step),
      `at most the range ${Number((max - min).toPrecision(12))}`,
      "Lower the step, or leave it out.",
    );
    return false;
  }
  const whole = Math.floor(steps + STEP_TOLERANCE);
  if (steps - whole > STEP_TOLERANCE * steps) {
    const largest = Number((min + whole * step).toPrecision(12));
    report.message(`max ${max} is not min + k·step: the largest setting that can be suggested is ${largest}`);
  }
  return true;
}

/** A context variable from its entry of the file; null if it has problems, which are all reported. */
export function readContext(name: string, spec: ContextSpec, report: EntryReport): ContextVariable | null {
  const unitKnown = checkUnit(spec.unit, report);
  const { choices, value } = spec;
  if (choices !== undefined) {
    reportDuplicates("choices", choices, report);
    for (const key of ["min", "max", "scale"] as const) {
      if (spec[key] !== undefined)
        report.problem(key, describeValue(spec[key]), `no ${key} beside choices`, `Remove ${key}.`);
    }
    if (value !== undefined && !choices.includes(String(value))) {
      report.problem(
        "value",
        describeValue(value),
        `one of ${choices.join(", ")}`,
        spellingRemedy(String(value), choices),
      );
      return null;
    }
    return {
      kind: "categorical",
      name,
      unit: spec.unit ?? "1",
      choices,
      ...(value === undefined ? {} : { value: String(value) }),
    };
  }
  return readNumberContext(name, spec, unitKnown, report);
}

function readNumberContext(
  name: string,
  spec: ContextSpec,
  unitKnown: boolean,
  report: EntryReport,
): ContextVariable | null {
  const unit = requiredUnit(spec.unit, report);
  const { min, max, value } = spec;
  const scale = spec.scale ?? "linear";
  if (min !== undefined && max !== undefined && !reportBounds(min, max, scale, report)) return null;
  if (value !== undefined && typeof value !== "number") {
    report.problem("value", describeValue(value), "a number", "State choices where the context is a name.");
    return null;
  }
  if (value !== undefined && ((min !== undefined && value < min) || (max !== undefined && value > max))) {
    report.problem(
      "value",
      String(value),
      `a value between min and max (${min ?? "…"} to ${max ?? "…"})`,
      "Correct value, or widen the range.",
    );
    return null;
  }
  if (value !== undefined && scale === "log" && !(value > 0)) {
    report.problem("value", String(value), "a value above 0 for scale: log");
    return null;
  }
  if (!unitKnown) return null;
  return { kind: "number", name, unit, scale, ...definedFields({ min, max, value }) };
}
