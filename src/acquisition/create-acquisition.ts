import { CellwrightError } from "../errors.js";
import { createMatrix, type Matrix, matrixFromRows, matrixRow } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import type { GaussianLatent } from "../surrogates/surrogate.js";
import type { AcquisitionFunction } from "./acquisition.js";
import { believedOutcomes } from "./believed-outcomes.js";
import { type Chebyshev, chebyshevOf, simplexWeights } from "./chebyshev.js";
import { createLogScalarizedEi } from "./scalarized-ei.js";
import { distinctRows, influentialPoints } from "./base-points.js";
import { baseSamples } from "./base-samples.js";
import {
  drawnModels,
  type DrawnOutcomes,
  drawnUtilities,
  drawOutcomes,
  isDrawFeasible,
  needsResiduals,
} from "./drawn-outcomes.js";
import { expectedUtility } from "./expected-utility.js";
import { drawsWithoutFeasible, feasibilityUtility, uncertaintyUtility } from "./feasibility.js";
import { createLogHypervolumeImprovement } from "./hypervolume.js";
import { createLogEi } from "./log-ei.js";
import { createLogNoisyEi } from "./noisy-ei.js";
import { type OutcomeRole, outcomeRoles } from "./outcome-roles.js";
import type { ObjectiveTerm, SpecificationTerm } from "./outcome-terms.js";
import { referencePoint } from "./reference-point.js";

export interface AcquisitionOptions {
  readonly objectives: readonly ObjectiveTerm[];
  readonly specifications: readonly SpecificationTerm[];
  /**
   * Encoded settings of completed trials, [n × d], whose beliefs are the reference: with the context that is asked for in
   * the context columns, because what was reached in another state cannot be bettered in this one.
   */
  readonly data: Matrix;
  /** Encoded settings that are being run or already chosen, [p × d]. */
  readonly pending: Matrix;
  /** Whether repeated runs at the same settings differ. */
  readonly noisy: boolean;
  /** Joint draws where the posterior is not exact: S. */
  readonly draws: number;
  /** Forked, never advanced: the same generator gives the same base samples for every point of a batch. */
  readonly rng: Rng;
  /** Learned outcomes to explore where there is no objective. */
  readonly explore?: readonly GaussianLatent[];
  /** How an improvement is valued, where it is not left to the problem. */
  readonly improvement?: "log-ei" | "log-nei" | "parego";
  /** Where scalarisations take their weights from: another stream for every run; default forked from `rng`. */
  readonly weights?: Rng;
}

/** Beyond this the boxes of one draw run into the thousands: assumption. */
export const MOST_OBJECTIVES = 4;
/** Base points kept without asking whether they matter: assumption (about 0.1 ms a draw set). */
const UNPRUNED_POINTS = 32;
/** Draws that decide which base points matter: assumption. */
const PRUNING_DRAWS = 64;

/**
 * Chooses how the next experiment is valued.
 *
 * One objective: LogEI, or log noisy EI with noise or pending points. Two to four: log noisy expected hypervolume
 * improvement. More: log noisy EI of a random scalarisation. None: feasibility times uncertainty. While most draws have no feasible point the probability of
 * feasibility alone counts.
 *
 * @throws CellwrightError INVALID_OPTION if there is nothing to judge by, no point to judge against, or a term that cannot be met (see `outcomeRoles`).
 */
export function createAcquisition(options: AcquisitionOptions): AcquisitionFunction {
  const { objectives, specifications, explore = [] } = options;
  if (objectives.length + specifications.length + explore.length === 0) {
    throw new CellwrightError(
      "INVALID_OPTION",
      "Acquisition: expected an objective, a specification or an outcome to explore, got none.",
    );
  }
  const { points, fromData } = distinctRows(options.data, options.pending);
  if (points.rows === 0) {
    throw new CellwrightError(
      "INVALID_OPTION",
      "Acquisition: expected at least one completed or pending trial, got none.",
    );
  }
  const judgedRoles = outcomeRoles(objectives, specifications, points);
  const roles = [...judgedRoles, ...exploredRoles(explore, judgedRoles)];
  const formed = needsResiduals(roles);
  const { improvement } = options;
  const scalarized = improvement === "parego" || objectives.length > MOST_OBJECTIVES;
  const weights = scalarized ? scalarization(options, drawOutcomes(roles, points, null)) : null;
  const noiseMatters = options.noisy || options.pending.rows > 0 || improvement === "log-nei";
  const isMarginal = (!noiseMatters || improvement === "log-ei") && !formed;
  if (isMarginal || drawnModels(roles).length === 0) {
    const problem = believedOutcomes(roles, points, options.pending);
    return judge(problem, problem, modeOf(problem), { weights, dataRows: fromData });
  }
  const base = prunedBase(roles, points, fromData, options, weights);
  const width = base.rows + (formed ? 1 : 0);
  const normals = baseSamples(options.draws, width, drawnModels(roles).length, options.rng.fork("draws"));
  const problem = drawOutcomes(roles, base, normals);
  const plugIn = drawOutcomes(
    roles,
    base,
    normals.map(({ cols }) => createMatrix(1, cols)),
  );
  const mode = modeOf(problem);
  // Posterior means say nothing of what is open about a form: a few draws stand in for many.
  const standIn = formed ? drawOutcomes(roles, base, normals.map(firstDraws)) : plugIn;
  const more = { weights, dataRows: base.rows - (points.rows - fromData) };
  return { ...judge(problem, plugIn, mode, more), screen: judge(standIn, plugIn, mode, more) };
}

/** A scalarisation with random weights, others for every run, and what the candidate's outcomes are drawn from. */
interface Scalarization {
  readonly chebyshev: Chebyshev;
  readonly rng: Rng;
}

/** Objectives are scaled over the posterior means of all known points. */
function scalarization(
  { objectives, weights, rng }: AcquisitionOptions,
  means: DrawnOutcomes,
): Scalarization {
  const own = simplexWeights(objectives.length, weights ?? rng.fork("weights"));
  return { chebyshev: chebyshevOf(own, drawnUtilities(means, 0)), rng: rng.fork("candidate") };
}

/** What counts: objectives, knowing more where there is none, or finding anything feasible first. */
type Mode = "feasibility" | "uncertainty" | "improvement" | "hypervolume"; // of the last, or of a scalarisation

function modeOf(problem: DrawnOutcomes): Mode {
  const without = drawsWithoutFeasible(problem).reduce((sum, none) => sum + none, 0);
  if (2 * without > problem.draws) return "feasibility";
  const objectives = problem.roles.filter((role) => role.objective !== null).length;
  if (objectives === 0) return "uncertainty";
  return objectives === 1 ? "improvement" : "hypervolume";
}

/**
 * @param plugIn - The same problem with posterior means as its only draw: fixes an inferred reference point.
 * @param more.dataRows - Base points that are data; those after them are pending.
 */
function judge(
  problem: DrawnOutcomes,
  plugIn: DrawnOutcomes,
  mode: Mode,
  { weights: scalarized, dataRows }: { readonly weights: Scalarization | null; readonly dataRows: number },
): AcquisitionFunction {
  switch (mode) {
    case "feasibility": {
      const counts = drawsWithoutFeasible(problem);
      // A plug-in draw stands for all of them: it counts whatever its own means say.
      if (problem === plugIn) counts.fill(1);
      return expectedUtility("log-probability-feasible", problem, feasibilityUtility(problem, counts));
    }
    case "uncertainty":
      return expectedUtility("log-feasible-uncertainty", problem, uncertaintyUtility(problem));
    case "improvement":
      if (problem === plugIn) return createLogEi(problem);
      return createLogNoisyEi("log-noisy-expected-improvement", problem);
    case "hypervolume":
      if (scalarized !== null) {
        return createLogScalarizedEi(problem, scalarized.chebyshev, scalarized.rng);
      }
      return createLogHypervolumeImprovement(problem, inferredReference(plugIn, dataRows));
  }
}

/** From the data where there are any: pending points must not move what the runs of a batch are measured from. */
function inferredReference(plugIn: DrawnOutcomes, dataRows: number): Float64Array {
  const all = drawnUtilities(plugIn, 0);
  const rowsUsed = dataRows > 0 ? dataRows : all.rows;
  const utilities = { rows: rowsUsed, cols: all.cols, data: all.data.subarray(0, rowsUsed * all.cols) };
  const feasible = Array.from({ length: rowsUsed }, (_, i) => i).filter((i) => isDrawFeasible(plugIn, 0, i));
  const rows = feasible.length > 0 ? feasible.map((i) => matrixRow(utilities, i)) : [];
  const thresholds: (number | undefined)[] = new Array<number | undefined>(utilities.cols).fill(undefined);
  for (const { objective } of plugIn.roles)
    if (objective !== null) thresholds[objective.index] = objective.threshold;
  return referencePoint(rows.length > 0 ? matrixFromRows(rows, utilities.cols) : utilities, thresholds);
}

function exploredRoles(explore: readonly GaussianLatent[], judged: readonly OutcomeRole[]): OutcomeRole[] {
  return explore
    .filter((model) => !judged.some(({ source }) => source.kind === "learned" && source.model === model))
    .map((model) => ({ source: { kind: "learned", model }, objective: null, limits: null }));
}

/** Draws of the stand-in where outcomes are formed from draws: one in so many of all (assumption). */
const SCREENED_SHARE = 4;

function firstDraws(normals: Matrix): Matrix {
  const rows = Math.ceil(normals.rows / SCREENED_SHARE);
  return { rows, cols: normals.cols, data: normals.data.slice(0, rows * normals.cols) };
}

/** Pending points and the data points that are on the front of some draw. */
function prunedBase(
  roles: readonly OutcomeRole[],
  points: Matrix,
  fromData: number,
  options: AcquisitionOptions,
  scalarized: Scalarization | null,
): Matrix {
  if (points.rows <= UNPRUNED_POINTS || options.objectives.length === 0) return points;
  const width = points.rows + (needsResiduals(roles) ? 1 : 0);
  const normals = baseSamples(PRUNING_DRAWS, width, drawnModels(roles).length, options.rng.fork("pruning"));
  const kept = influentialPoints(drawOutcomes(roles, points, normals), fromData, scalarized?.chebyshev);
  return matrixFromRows(
    kept.map((i) => matrixRow(points, i)),
    points.cols,
  );
}
