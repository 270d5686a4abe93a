import { isKnown } from "../acquisition/outcome-terms.js";
import { CellwrightError } from "../errors.js";
import { matrixFromRows } from "../math/matrix.js";
import type { Column } from "../space/encode.js";
import type { SearchSpace } from "../space/search-space.js";
import { type AskProblem, rawMeans } from "./ask-problem.js";
import type { StepEffect } from "./explanation.js";
import { probabilityKept } from "./improvement.js";
import { numbersOf } from "./formula-outcomes.js";
import type { Settings } from "../space/parameter.js";

/** A setting beside a suggestion, with one parameter moved by one step. */
export interface Neighbour {
  readonly column: Column;
  readonly direction: StepEffect["direction"];
  readonly x: Float64Array;
  readonly parameters: Settings;
  readonly broken: readonly BrokenLimit[];
}

/** A bound or a constraint that settings break. */
export interface BrokenLimit {
  readonly kind: "bound" | "constraint";
  readonly limit: string;
  /** Whether the process holds it for safety: nobody is told to move it. */
  readonly safety: boolean;
}

/** Share of the range that counts as one step where the machine has none (assumption). */
const STEP_SHARE = 0.05;

/** Every setting one step beside x along the free columns, allowed or not, in the columns' order, down before up. */
export function neighboursOf(problem: AskProblem, free: readonly number[], x: Float64Array): Neighbour[] {
  const { space } = problem.campaign;
  const all = free.flatMap((k) =>
    movesAlong(space.columns[k]!, x[k]!).flatMap(({ to, direction }) => {
      const moved = Float64Array.from(x);
      moved[k] = to;
      const { parameters } = space.decode(moved);
      const column = space.columns[k]!;
      const encoded = space.encode(parameters, problem.context);
      if (Math.abs(encoded[k]! - x[k]!) < 1e-12) return [];
      return [{ column, direction, x: encoded, parameters, broken: brokenLimits(problem, parameters) }];
    }),
  );
  return all.filter((one) => one.broken.length === 0 || hasValues(problem, one.x));
}

/** Whether every formula has a value there: beyond the bounds one may divide by 0. */
function hasValues({ judged }: AskProblem, x: Float64Array): boolean {
  try {
    for (const { model } of judged) if (isKnown(model)) model.evaluate(x);
    return true;
  } catch (error) {
    if (error instanceof CellwrightError && error.code === "NON_FINITE") return false;
    throw error;
  }
}

/** Encoded positions one step away: the next level where there are levels, else STEP_SHARE of the encoded range. */
function movesAlong(
  column: Column,
  at: number,
): { readonly to: number; readonly direction: StepEffect["direction"] }[] {
  const { kind, levels, scale } = column;
  if (kind === "categorical")
    return Array.from({ length: levels?.count ?? 0 }, (_, to) => ({
      to,
      direction: "other" as const,
    })).filter(({ to }) => to !== at);
  const both = [
    { sign: -1, direction: "down" as const },
    { sign: 1, direction: "up" as const },
  ];
  return both.flatMap(({ sign, direction }) => {
    const to = levels === null ? at + sign * STEP_SHARE : besideLevel(levels, at, sign);
    if (to === null || (scale === "log" && !(column.toRaw(to) > 0))) return [];
    return [{ to, direction }];
  });
}

/** The next level; beyond the ends where the step goes on, else null. */
function besideLevel(levels: NonNullable<Column["levels"]>, at: number, sign: number): number | null {
  const k = levels.nearest(at) + sign;
  if (k >= 0 && k < levels.count) return levels.encoded(k);
  const to = levels.encoded(k);
  return Number.isFinite(to) ? to : null;
}

/** Bounds and constraints that settings break in the asked context. */
function brokenLimits({ campaign, context }: AskProblem, parameters: Settings): BrokenLimit[] {
  const { space, constraints } = campaign;
  const values = { ...context, ...parameters };
  const raw = rawValues(space, values);
  const bounds = space.columns.flatMap<BrokenLimit>(({ name, role, min, max }, k) => {
    if (role !== "parameter" || (raw[k]! >= min && raw[k]! <= max)) return [];
    return [{ kind: "bound", limit: name, safety: false }];
  });
  const relations = space.constraints.flatMap<BrokenLimit>((constraint, i) => {
    if (constraint.columns.some((k) => Number.isNaN(raw[k]!)) || constraint.slack(raw) >= 0) return [];
    return [{ kind: "constraint", limit: constraint.source, safety: constraints[i]?.origin !== "campaign" }];
  });
  const all = [...bounds, ...relations];
  // A limit may stand in the file and among the safety limits: it is one, and there for safety.
  return all
    .filter((one, i) => all.findIndex(({ limit }) => limit === one.limit) === i)
    .map((one) => ({ ...one, safety: all.some(({ limit, safety }) => safety && limit === one.limit) }));
}

function rawValues(space: SearchSpace, values: Settings): Float64Array {
  const numbers = numbersOf(values);
  return Float64Array.from(space.columns, ({ name, choices }) =>
    choices === null ? (numbers[name] ?? Number.NaN) : choices.indexOf(String(values[name])),
  );
}

/** What the models say one step beside a suggestion, for each free parameter and direction. */
export function stepEffects(
  problem: AskProblem,
  neighbours: readonly Neighbour[],
  x: Float64Array,
  parameters: Settings,
): StepEffect[] {
  const rows = matrixFromRows([x, ...neighbours.map((n) => n.x)]);
  const means = problem.judged.map(({ outcome, model }) => ({
    name: outcome.name,
    values: rawMeans(model, rows),
  }));
  const here = feasibilityAt(problem, x);
  return neighbours.map(({ column, direction, broken, ...moved }, i) => {
    const there = feasibilityAt(problem, moved.x);
    return {
      parameter: column.name,
      from: parameters[column.name]!,
      to: moved.parameters[column.name]!,
      direction,
      changes: Object.fromEntries(means.map(({ name, values }) => [name, values[i + 1]! - values[0]!])),
      probabilityFeasible: there,
      feasibilityChange: here === null || there === null ? null : there - here,
      breaks: broken.map(({ kind, limit }) => (kind === "bound" ? `bound of ${limit}` : limit)),
    };
  });
}

/** Joint probability of keeping the specifications that are judged; null where there is none. */
export function feasibilityAt({ specifications }: AskProblem, x: Float64Array): number | null {
  if (specifications.length === 0) return null;
  return specifications.reduce((product, term) => product * probabilityKept(term, x), 1);
}
