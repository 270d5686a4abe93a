import { CellwrightError, type Problem } from "../errors.js";
import { isKnownUnit, nearestUnit } from "../units.js";
import { compileConstraints, type Constraint, constraintProblem, type ConstraintSpec } from "./constraint.js";
import {
  type Column,
  contextColumn,
  isAdmissible,
  parameterColumn,
  readSetting,
  writeSetting,
} from "./encode.js";
import type { ContextVariable, Parameter, Settings, SettingValue } from "./parameter.js";
import { spaceProblems } from "./space-problems.js";

/** One column of the encoded inputs as a surrogate sees it (`InputDimension` of surrogates). */
export type SpaceInput =
  | { readonly name: string; readonly kind: "continuous" }
  | { readonly name: string; readonly kind: "categorical"; readonly levels: number };

/** Settings and states, the map between them and the unit cube, and the relations that every suggestion keeps. */
export interface SearchSpace {
  readonly parameters: readonly Parameter[];
  readonly context: readonly ContextVariable[];
  /** Parameters first, then context; one column each. */
  readonly inputs: readonly SpaceInput[];
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  /**
   * Encoded settings, [inputs]; values outside the bounds encode outside 0 … 1.
   *
   * @throws CellwrightError DATA_INVALID for a missing value, a value ≤ 0 on a log scale, or an unknown choice.
   */
  encode(settings: Settings, context: Settings): Float64Array;
  /** Settings at an encoded point, snapped to steps, sets and decimals without float noise. Not clamped to bounds. */
  decode(x: Float64Array): { readonly parameters: Settings; readonly context: Settings };
  /** Whether bounds, steps, sets and all constraints hold. */
  isFeasible(parameters: Settings, context: Settings): boolean;
  /** What does not hold, by name; empty where the settings are feasible. */
  violations(parameters: Settings, context: Settings): readonly Problem[];
}

export interface SearchSpaceSpec {
  readonly parameters: readonly Parameter[];
  readonly context: readonly ContextVariable[];
  readonly constraints: readonly ConstraintSpec[];
  /** Range of the data of context variables, used where they state no bounds. */
  readonly contextRanges?: Readonly<Record<string, readonly [number, number]>>;
}

function settingOf(column: Column, settings: Settings, context: Settings): SettingValue | undefined {
  const of = column.role === "parameter" ? settings : context;
  return Object.hasOwn(of, column.name) ? of[column.name] : undefined;
}

function expectedSetting(column: Column): string {
  if (column.choices !== null) return `one of ${column.choices.join(", ")}`;
  return column.scale === "log" ? "a number above 0 (log scale)" : "a finite number";
}

function placeOf(column: Column): string {
  return `${column.role === "parameter" ? "parameters" : "context"}.${column.name}`;
}

/** Why a setting cannot be read as a value of its column. */
export function settingProblem(column: Column, setting: SettingValue | undefined): Problem {
  const found = setting === undefined ? "nothing" : JSON.stringify(setting);
  return { where: placeOf(column), found, expected: expectedSetting(column) };
}

/** Digits of a setting in a message: a converted one may have sixteen. */
const SHOWN_DIGITS = 7;

/** Why a value is not one that the parameter can take. */
export function admissibleProblem(column: Column, raw: number): Problem {
  const unit = column.unit === "" || column.unit === "1" ? "" : ` ${column.unit}`;
  const found = `${Number(raw.toPrecision(SHOWN_DIGITS))}${unit}`;
  if (!(raw >= column.min && raw <= column.max)) {
    return { where: placeOf(column), found, expected: `${column.min} to ${column.max}${unit}` };
  }
  const near = column.snap(raw);
  return { where: placeOf(column), found, expected: `a value of its steps, such as ${near}${unit}` };
}

/** Raw values of all columns; problems are added for those that cannot be read (NaN). */
function readAll(
  columns: readonly Column[],
  settings: Settings,
  context: Settings,
  problems: Problem[],
): Float64Array {
  const values = new Float64Array(columns.length);
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i]!;
    const setting = settingOf(column, settings, context);
    const raw = readSetting(column, setting);
    if (raw === null) problems.push(settingProblem(column, setting));
    values[i] = raw ?? Number.NaN;
  }
  return values;
}

function collectViolations(
  columns: readonly Column[],
  constraints: readonly Constraint[],
  settings: Settings,
  context: Settings,
): readonly Problem[] {
  const problems: Problem[] = [];
  // A context that no constraint asks for may be missing.
  const asked = new Set(constraints.flatMap((constraint) => constraint.columns));
  const needed = columns.map((column, i) => column.role === "parameter" || asked.has(i));
  const raw = Float64Array.from(columns, (column, i) => {
    const setting = settingOf(column, settings, context);
    const value = readSetting(column, setting);
    if (value === null && needed[i]!) problems.push(settingProblem(column, setting));
    if (value !== null && column.role === "parameter" && !isAdmissible(column, value)) {
      problems.push(admissibleProblem(column, value));
    }
    return value ?? Number.NaN;
  });
  for (const constraint of constraints) {
    if (constraint.columns.some((i) => Number.isNaN(raw[i]))) continue; // reported above
    if (constraint.slack(raw) >= 0) continue;
    const values = Object.fromEntries(constraint.columns.map((i) => [columns[i]!.name, raw[i]!]));
    problems.push(constraintProblem(constraint, values));
  }
  return problems;
}

/** Units of numeric columns must be known, because constraints convert with them. */
function unitProblems(spec: SearchSpaceSpec): readonly Problem[] {
  const numeric = [...spec.parameters, ...spec.context].filter((p) => p.kind !== "categorical");
  return numeric
    .filter((p) => !isKnownUnit(p.unit))
    .map((p) => {
      const suggestion = nearestUnit(p.unit);
      const problem = { where: `${p.name}.unit`, found: JSON.stringify(p.unit), expected: "a known unit" };
      return suggestion === null ? problem : { ...problem, remedy: `Did you mean ${suggestion}?` };
    });
}

/**
 * Builds a search space.
 *
 * @throws CellwrightError CAMPAIGN_INVALID that lists every bound, step, set or constraint that makes no sense.
 */
export function createSearchSpace(spec: SearchSpaceSpec): SearchSpace {
  const problems = [...spaceProblems(spec.parameters, spec.context), ...unitProblems(spec)];
  if (problems.length > 0) {
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    throw new CellwrightError("CAMPAIGN_INVALID", `The search space has ${count}.`, {
      problems,
    });
  }
  const { parameters, context } = spec;
  const columns = [
    ...parameters.map(parameterColumn),
    ...context.map((variable) => contextColumn(variable, spec.contextRanges?.[variable.name])),
  ];
  const constraints = compileConstraints(spec.constraints, columns);
  const inputs = columns.map(
    ({ name, kind, levels }): SpaceInput =>
      kind === "categorical" ? { name, kind, levels: levels?.count ?? 0 } : { name, kind },
  );
  const violations = (settings: Settings, state: Settings) =>
    collectViolations(columns, constraints, settings, state);
  return {
    parameters,
    context,
    inputs,
    columns,
    constraints,
    encode(settings, state) {
      const unread: Problem[] = [];
      const raw = readAll(columns, settings, state, unread);
      if (unread.length > 0) {
        const names = unread.map((problem) => problem.where).join(", ");
        throw new CellwrightError("DATA_INVALID", `Settings cannot be encoded: ${names}.`, {
          problems: unread,
        });
      }
      for (let i = 0; i < raw.length; i++) raw[i] = columns[i]!.toEncoded(raw[i]!);
      return raw;
    },
    decode: (x) => decodePoint(columns, parameters.length, x),
    isFeasible: (settings, state) => violations(settings, state).length === 0,
    violations,
  };
}

function decodePoint(columns: readonly Column[], parameters: number, x: Float64Array) {
  if (x.length !== columns.length || x.some((value) => !Number.isFinite(value))) {
    throw new CellwrightError(
      "SHAPE_MISMATCH",
      `An encoded point has ${columns.length} finite values, got ${x.join(", ")}.`,
    );
  }
  const settings = columns.map((column, i): [string, SettingValue] => [
    column.name,
    writeSetting(column, column.snap(column.toRaw(x[i]!))),
  ]);
  return {
    parameters: Object.fromEntries(settings.slice(0, parameters)),
    context: Object.fromEntries(settings.slice(parameters)),
  };
}
