import { CellwrightError } from "../errors.js";
import type { Rng } from "../math/rng.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import type { GaussianLatent } from "../surrogates/surrogate.js";
import type { AcquisitionFunction } from "./acquisition.js";
import { distinctRows } from "./base-points.js";
import { believedOutcomes } from "./believed-outcomes.js";
import { type AcquisitionOptions, createAcquisition } from "./create-acquisition.js";
import type { DrawnOutcomes } from "./drawn-outcomes.js";
import { expectedUtility } from "./expected-utility.js";
import type { AcquisitionFamily } from "./family-names.js";
import { uncertaintyUtility } from "./feasibility.js";
import { createLogKnowledgeGradient } from "./knowledge-gradient.js";
import { knowledgePoints } from "./knowledge-points.js";
import { createSafety } from "./safety.js";
import { type LogProbability, weighSuccess } from "./weigh-success.js";
import { type OutcomeRole, outcomeRoles } from "./outcome-roles.js";
import { isFormed, isKnown } from "./outcome-terms.js";
import { createStraddle } from "./straddle.js";
import { createThompsonSample } from "./thompson.js";
import { createUpperConfidenceBound } from "./upper-confidence-bound.js";

/**
 * Confidence of the bound: two standard deviations (assumption; the growing β of Srinivas et al. 2010 is wider than pays
 * in practice, as their own section 6 says).
 */
const BETA = 4;

/**
 * The acquisition function of a family; `auto` leaves the choice to the problem (`createAcquisition`).
 *
 * @param set - Where runs may lie: what a knowledge gradient looks for maxima in.
 * @param run - Another stream for every run of a batch: for what is drawn anew, functions and weights.
 * @throws CellwrightError INVALID_OPTION as `createAcquisition` and `createThompsonSample`
 */
export function createFamily(
  family: AcquisitionFamily | "auto",
  options: AcquisitionOptions,
  run: Rng,
  set?: FeasibleSet,
): AcquisitionFunction {
  const weights = run.fork("weights");
  switch (family) {
    case "auto":
    case "log-nehvi":
      return createAcquisition({ ...options, weights });
    case "log-ei":
    case "log-nei":
    case "parego":
      return createAcquisition({ ...options, weights, improvement: family });
    case "thompson":
      return createThompsonSample({ ...options, rng: run.fork("functions") });
    case "knowledge-gradient":
      return feasibleKnowledge(options, set, run);
    case "ucb":
      return createUpperConfidenceBound(believed(options), BETA);
    case "straddle":
      return createStraddle(believed({ ...options, objectives: [] }));
    case "variance": {
      const problem = believedRoles(learnedRoles(options), options);
      return expectedUtility("log-posterior-deviation", problem, uncertaintyUtility(problem));
    }
  }
}

/** The knowledge gradient of the one learned objective plus the log probability of keeping the limits. */
function feasibleKnowledge(
  options: AcquisitionOptions,
  set: FeasibleSet | undefined,
  rng: Rng,
): AcquisitionFunction {
  const { objectives, specifications, data, pending } = options;
  const [term] = objectives;
  if (term === undefined || set === undefined || isKnown(term.model) || isFormed(term.model)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      "Knowledge gradient: expected one learned objective and a set of settings.",
    );
  }
  if (term.goal === "target") {
    throw new CellwrightError(
      "INVALID_OPTION",
      "Knowledge gradient: expected an objective to maximize or minimize, got a target.",
    );
  }
  const roles = outcomeRoles(objectives, specifications, data);
  const points = knowledgePoints(roles, set, data, pending, rng.fork("points"));
  const gain = createLogKnowledgeGradient({ model: term.model, goal: term.goal, points, pending });
  return weighLimits(gain, createSafety(specifications, [], 0.5));
}

/** Adds a log probability, under the same name. */
function weighLimits(acquisition: AcquisitionFunction, limits: LogProbability): AcquisitionFunction {
  return { ...weighSuccess(acquisition, [limits]), name: acquisition.name };
}

function believed(options: AcquisitionOptions): DrawnOutcomes {
  const { objectives, specifications, data, pending } = options;
  const { points } = distinctRows(data, pending);
  return believedRoles(outcomeRoles(objectives, specifications, points), options);
}

function believedRoles(roles: readonly OutcomeRole[], { data, pending }: AcquisitionOptions): DrawnOutcomes {
  return believedOutcomes(roles, distinctRows(data, pending).points, pending);
}

/** Every learned outcome once, with nothing asked of it. */
function learnedRoles({ objectives, specifications, explore = [] }: AcquisitionOptions): OutcomeRole[] {
  const models = new Set<GaussianLatent>(explore);
  for (const { model } of [...objectives, ...specifications]) {
    if (isFormed(model)) for (const one of model.models) models.add(one);
    else if (!isKnown(model)) models.add(model);
  }
  return [...models].map((model) => ({ source: { kind: "learned", model }, objective: null, limits: null }));
}
