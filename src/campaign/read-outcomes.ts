import type { Outcome } from "./campaign.js";
import { CellwrightError } from "../errors.js";
import { convert, isKnownUnit } from "../units.js";
import type { OutcomeSpec } from "./campaign-spec.js";
import { definedFields } from "./defined-fields.js";
import { numberWithUnit } from "./number-with-unit.js";
import { checkUnit, type EntryReport } from "./read-parameters.js";
import { readPrice } from "./read-price.js";
import { readSurrogate, type SurrogateScope } from "./read-surrogate.js";
import { describeValue } from "./spec-problems.js";

/** Specification limits, raw units; at least one is there. */
export interface OutcomeLimits {
  readonly min?: number;
  readonly max?: number;
  /** Kept by safe mode. */
  readonly safety?: boolean;
}

/** Stated standard deviation of a formula: a share of the value, or in the outcome's unit. */
export interface FormulaError {
  readonly relative?: number;
  readonly absolute?: number;
}

/** What an outcome's entry says, without its formula's expression. */
export interface ReadOutcome extends Omit<Outcome, "formula"> {
  readonly formulaSource?: string;
  readonly formulaError?: FormulaError;
}

/** An outcome from its entry of the file; what is wrong with it is reported, and the rest still read. */
export function readOutcome(
  name: string,
  spec: OutcomeSpec,
  group: string | undefined,
  report: EntryReport,
  about: SurrogateScope = { inputs: [] },
): ReadOutcome {
  checkUnit(spec.unit, report);
  if (spec.unit === undefined)
    report.problem("unit", "nothing", "a unit", 'Add unit; for a plain number: unit: "1".');
  const goal = readGoal(spec, report);
  const limits = readLimits(spec, report);
  if (spec.per === "group" && group === undefined) {
    report.problem(
      "per",
      "per: group without a group",
      "a group column",
      "Add group: <column> to the campaign, or remove per.",
    );
  }
  checkAtLeast(spec, goal, report);
  checkAtMost(spec, goal, report);
  checkLogScale(spec, report);
  const error = readFormulaError(spec, report);
  if (spec.composite === true && spec.formula === undefined)
    report.problem("composite", "true without a formula", "a formula of other outcomes", "Add formula.");
  return {
    name,
    unit: spec.unit ?? "1",
    ...definedFields({
      goal,
      target: spec.target,
      threshold: spec.threshold,
      sem: spec.sem,
      price: spec.price,
      minutes: spec.minutes,
      atLeast: spec.atLeast,
      atMost: spec.atMost,
      composite: spec.composite,
      value: readPrice(spec, goal, report),
      matures: spec.matures === undefined ? undefined : definedFields(spec.matures),
    }),
    ...(limits === undefined ? {} : { spec: limits }),
    ...readSurrogate(name, spec, about, report),
    scale: spec.scale ?? "auto",
    per: spec.per ?? "trial",
    ...definedFields({ formulaSource: spec.formula, formulaError: error }),
  };
}

function readGoal(spec: OutcomeSpec, report: EntryReport): ReadOutcome["goal"] {
  const { goal, target, threshold } = spec;
  if (goal === "target" && target === undefined) {
    report.problem(
      "target",
      "goal: target without a value",
      "the value that is best",
      "Add target: <number>.",
    );
  }
  if (goal !== undefined && goal !== "target" && target !== undefined) {
    report.problem(
      "target",
      `${target} beside goal: ${goal}`,
      "one of the two",
      "Use goal: target, or remove target.",
    );
  }
  if (threshold !== undefined && goal === undefined && target === undefined) {
    report.problem(
      "goal",
      "a threshold without a goal",
      "maximize, minimize or target",
      "Add goal; for a limit use spec.",
    );
  }
  if (threshold !== undefined && (goal === "target" || (goal === undefined && target !== undefined))) {
    report.problem(
      "threshold",
      describeValue(threshold),
      "no threshold for a target",
      "Use spec for a tolerance.",
    );
  }
  return goal ?? (target === undefined ? undefined : "target");
}

function readLimits(spec: OutcomeSpec, report: EntryReport): OutcomeLimits | undefined {
  if (spec.spec === undefined) return undefined;
  const { min, max, safety } = spec.spec;
  if (min === undefined && max === undefined) {
    report.problem(
      "spec",
      "a specification without bounds",
      "min, max or both",
      "Add spec: { min: … } or { max: … }.",
    );
  }
  if (min !== undefined && max !== undefined && !(min < max)) {
    report.problem("spec.min", `min ${min} not below max ${max}`, "min below max", "Exchange min and max.");
  }
  return definedFields({ min, max, safety });
}

function checkAtLeast(spec: OutcomeSpec, goal: ReadOutcome["goal"], report: EntryReport): void {
  if (spec.atLeast === undefined || goal === undefined || goal === "maximize") return;
  report.problem(
    "atLeast",
    `atLeast beside goal: ${goal}`,
    "an outcome where more is better",
    "Use atMost or spec: { max: … } instead.",
  );
}

function checkAtMost(spec: OutcomeSpec, goal: ReadOutcome["goal"], report: EntryReport): void {
  if (spec.atMost === undefined || goal === undefined || goal === "minimize") return;
  report.problem(
    "atMost",
    `atMost beside goal: ${goal}`,
    "an outcome where less is better",
    "Use atLeast or spec: { min: … } instead.",
  );
}

function checkLogScale(spec: OutcomeSpec, report: EntryReport): void {
  if (spec.scale !== "log") return;
  const positive = [
    ["target", spec.target],
    ["threshold", spec.threshold],
    ["spec.max", spec.spec?.max],
  ] as const;
  for (const [field, value] of positive) {
    if (value !== undefined && !(value > 0)) {
      report.problem(
        field,
        String(value),
        "a value above 0 for scale: log",
        "Use scale: identity, or correct the value.",
      );
    }
  }
}

/** `2 %` is relative, a number absolute in the outcome's unit, `30 min` absolute and converted. */
function readFormulaError(spec: OutcomeSpec, report: EntryReport): FormulaError | undefined {
  const { error, unit = "1" } = spec;
  if (error === undefined) return undefined;
  if (spec.formula === undefined) {
    report.problem(
      "error",
      describeValue(error),
      "no error without a formula",
      "Use sem for the standard error of a measurement.",
    );
    return undefined;
  }
  const parts = numberWithUnit(String(error));
  const value = parts?.value ?? Number.NaN;
  const errorUnit = parts?.unit;
  if (parts === null || !(value >= 0)) {
    report.problem(
      "error",
      describeValue(error),
      "a share such as 2 %, or a number of at least 0 with or without unit",
    );
    return undefined;
  }
  if (errorUnit === "%") {
    if (unit === "%")
      report.message(
        `error: ${value} % is taken as a share of the value; write ${value} for percentage points`,
      );
    return { relative: value / 100 };
  }
  if (errorUnit === undefined) return { absolute: value };
  return convertError(value, errorUnit, unit, report);
}

function convertError(
  value: number,
  from: string,
  to: string,
  report: EntryReport,
): FormulaError | undefined {
  if (!isKnownUnit(to)) return undefined; // reported with the outcome's unit
  try {
    return { absolute: convert(value, from, to) - convert(0, from, to) };
  } catch (cause) {
    if (!(cause instanceof CellwrightError)) throw cause;
    report.problem("error", `${value} ${from}`, `a share such as 2 %, or a value in ${to}`, cause.message);
    return undefined;
  }
}
