import { createMatrix, type Matrix } from "../math/matrix.js";
import type { ConditionalDraws, GaussianLatent } from "../surrogates/surrogate.js";
import { type DrawnModel, formedDraws, rememberPoints } from "./formed-draws.js";
import type { Interval } from "./objective-gain.js";
import { utilityOf } from "./objective-gain.js";
import { knownDraws, marginalDraws, type OutcomeDraws } from "./outcome-draws.js";
import type { OutcomeRole } from "./outcome-roles.js";

/** All outcomes of one problem given the same S draws at the same base points. */
export interface DrawnOutcomes {
  readonly roles: readonly OutcomeRole[];
  /** One per role. */
  readonly outcomes: readonly OutcomeDraws[];
  readonly draws: number;
  readonly base: Matrix;
}

/**
 * Draws every learned outcome at `base`.
 *
 * @param normals - Standard normals of each of `drawnModels(roles)`, [S × b] each, with a column more where roles are
 *   formed from draws (see `needsResiduals`); null for the marginal posterior as one draw (exact when nothing is pending
 *   and data are free of noise; forms at posterior means).
 */
export function drawOutcomes(
  roles: readonly OutcomeRole[],
  base: Matrix,
  normals: readonly Matrix[] | null,
): DrawnOutcomes {
  const drawn = drawnOnce(roles, base, normals);
  const draws = normals === null ? 1 : (normals[0]?.rows ?? 1);
  const outcomes = roles.map(({ source, objective }): OutcomeDraws => {
    if (source.kind === "formed") {
      const { scale, width } = source;
      return formedDraws(source.formed, base, { drawn: drawn.forms, draws, scale, width });
    }
    if (source.kind === "known") {
      const options = { scale: source.scale, width: source.width, withError: objective === null };
      return knownDraws(source.known, base, options);
    }
    return drawn.plain.get(source.model)!;
  });
  return { roles, outcomes, draws, base };
}

/** Surrogates that the roles draw from, each once, in order of first use. */
export function drawnModels(roles: readonly OutcomeRole[]): readonly GaussianLatent[] {
  return [
    ...new Set(
      roles.flatMap(({ source }) => {
        if (source.kind === "learned") return [source.model];
        return source.kind === "formed" ? source.formed.models : [];
      }),
    ),
  ];
}

/** Whether draws go on beyond the base points: what these leave open at x is drawn too. */
export function needsResiduals(roles: readonly OutcomeRole[]): boolean {
  return roles.some(({ source }) => source.kind === "formed");
}

/** Every surrogate drawn once, for itself and for the forms that read it. */
function drawnOnce(
  roles: readonly OutcomeRole[],
  base: Matrix,
  normals: readonly Matrix[] | null,
): {
  readonly plain: ReadonlyMap<GaussianLatent, ConditionalDraws>;
  readonly forms: ReadonlyMap<GaussianLatent, DrawnModel>;
} {
  const plain = new Map<GaussianLatent, ConditionalDraws>();
  const forms = new Map<GaussianLatent, DrawnModel>();
  drawnModels(roles).forEach((model, k) => {
    const own = normals?.[k] ?? null;
    const draws = own === null ? marginalDraws(model, base) : model.draw(base, firstColumns(own, base.rows));
    const residuals =
      own === null || own.cols === base.rows
        ? null
        : Float64Array.from({ length: own.rows }, (_, s) => own.data[(s + 1) * own.cols - 1]!);
    plain.set(model, draws);
    forms.set(model, rememberPoints({ at: (x, withGradient) => draws.at(x, withGradient), residuals }));
  });
  return { plain, forms };
}

function firstColumns(matrix: Matrix, cols: number): Matrix {
  if (matrix.cols === cols) return matrix;
  const first = createMatrix(matrix.rows, cols);
  for (let i = 0; i < matrix.rows; i++)
    first.data.set(matrix.data.subarray(i * matrix.cols, i * matrix.cols + cols), i * cols);
  return first;
}

/** Value of an outcome at base point `i` in draw `s`. */
export function drawnValue(outcome: OutcomeDraws, s: number, i: number): number {
  const row = outcome.values.rows === 1 ? 0 : s;
  return outcome.values.data[row * outcome.values.cols + i]!;
}

/** Utilities of the base points in draw `s`, [b × M]; larger is better. */
export function drawnUtilities(problem: DrawnOutcomes, s: number): Matrix {
  const objectives = problem.roles.filter((role) => role.objective !== null).length;
  const utilities = createMatrix(problem.base.rows, objectives);
  problem.roles.forEach(({ objective }, r) => {
    if (objective === null) return;
    for (let i = 0; i < problem.base.rows; i++) {
      const z = drawnValue(problem.outcomes[r]!, s, i);
      utilities.data[i * objectives + objective.index] = utilityOf(objective.utility, z);
    }
  });
  return utilities;
}

/** Whether base point `i` keeps every limit in draw `s`. */
export function isDrawFeasible(problem: DrawnOutcomes, s: number, i: number): boolean {
  return problem.roles.every(({ limits }, r) => {
    if (limits === null) return true;
    return within(drawnValue(problem.outcomes[r]!, s, i), limits);
  });
}

function within(value: number, limits: Interval): boolean {
  return value >= limits.lower && value <= limits.upper;
}
