import type { AcquisitionFunction } from "../acquisition/acquisition.js";
import { createFamily } from "../acquisition/families.js";
import type { AcquisitionFamily } from "../acquisition/family-names.js";
import { bestSettings } from "../acquisition/incumbents.js";
import { gainPerCost } from "../acquisition/per-cost.js";
import { leadToSafety } from "../acquisition/safety.js";
import { weighSuccess } from "../acquisition/weigh-success.js";
import { type Matrix, matrixFromRows } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import { MOST_EXACT_SETTINGS } from "../surrogates/fit-gaussian-process.js";
import { type AskProblem, rowsOf } from "./ask-problem.js";
import type { CostAware } from "./cost-aware.js";
import type { SafeMode } from "./safe-mode.js";

/** A run of which only its settings count. */
export interface Placed {
  readonly x: Float64Array;
}

/** How one more run of a batch is valued. */
export interface ValuingOptions {
  readonly rng: Rng;
  /** Present where only safe settings may be shown. */
  readonly safe?: SafeMode;
  /** How runs are valued; default `auto`. */
  readonly family?: AcquisitionFamily | "auto";
  /** Present where gain is counted per hour or per money. */
  readonly per?: CostAware;
  /** Number of the run in its batch; default the number of those chosen. */
  readonly index?: number;
}

/**
 * Joint draws of the outcomes behind the acquisition function: for one objective, and for several, where each draw has a
 * front of its own and costs more (assumption: the optimum moves less than a machine step).
 */
const DRAWS = { one: 64, several: 32 } as const;
/** Where every draw is looked at in sixteen held settings: a quarter, because the settings average it (assumption). */
const SHARE_UNDER_RISK = 4;
/**
 * Tried settings that a new run is compared with, where there are more than an exact process takes: the best ones by
 * posterior mean (assumption: the others are on no front of any draw). Each costs at every evaluation.
 */
const MOST_COMPARED = 50;
/** The tried settings that runs are compared with, see MOST_COMPARED. */
export function comparedSettings({ base, objectives, specifications }: AskProblem): Matrix {
  if (base.rows <= MOST_EXACT_SETTINGS || objectives.length + specifications.length === 0) return base;
  return bestSettings({ objectives, specifications, data: base, count: MOST_COMPARED });
}

/** Before anything was run, one point stands for what there is to beat. */
export function comparedOr(compared: Matrix, set: FeasibleSet, rng: Rng): Matrix {
  return compared.rows > 0 ? compared : set.sample(1, rng.fork("stand-in"));
}

/** What one more run is worth given the chosen ones, see `bestRun`; `more` times the draws of a search. */
export function valueOfNext(
  problem: AskProblem,
  data: Matrix,
  chosen: readonly Placed[],
  {
    rng,
    safe,
    per,
    set,
    family = "auto",
    index = chosen.length,
  }: ValuingOptions & { readonly set?: FeasibleSet },
  more = 1,
): AcquisitionFunction {
  const judged = judgedBy(problem, index, safe);
  const { objectives, specifications, explore } = judged;
  const terms = {
    objectives,
    specifications,
    explore,
    data,
    pending: stacked(problem.pending, chosen),
    noisy: problem.noisy,
    draws:
      (more * (objectives.length > 1 ? DRAWS.several : DRAWS.one)) /
      (problem.risk === null ? 1 : SHARE_UNDER_RISK),
    rng: rng.fork("acquisition"),
  };
  // Where safe mode learns about its limits, nothing else is asked.
  const valued = createFamily(judged === problem ? family : "auto", terms, rng.fork(`family ${index}`), set);
  const successful = weighSuccess(
    valued,
    problem.risks.map(({ model }) => model),
  );
  const weighed = per === undefined ? successful : gainPerCost(successful, per.cost, per.exponent);
  return safe === undefined ? weighed : leadToSafety(weighed, safe.safety);
}

/**
 * What a run is judged by. Safe mode improves within what is safe in every other run, and in the ones between learns
 * where the safety specifications hold, so that the safe region widens.
 */
export function judgedBy(
  problem: AskProblem,
  index: number,
  safe: SafeMode | undefined,
): Pick<AskProblem, "objectives" | "specifications" | "explore"> {
  if (safe === undefined || safe.explore.length === 0) return problem;
  if (problem.objectives.length > 0 && index % 2 === 0) return problem;
  return { objectives: [], specifications: safe.specifications, explore: safe.explore };
}

function stacked(pending: Matrix, chosen: readonly Placed[]): Matrix {
  return matrixFromRows([...rowsOf(pending), ...chosen.map(({ x }) => x)], pending.cols);
}
