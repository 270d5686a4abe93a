import { isFormed, isKnown, type SpecificationTerm } from "../acquisition/outcome-terms.js";
import { createSafety, type Safety } from "../acquisition/safety.js";
import { CellwrightError, type Problem } from "../errors.js";
import { exp } from "../math/elementary.js";
import { type Matrix, matrixFromRows } from "../math/matrix.js";
import type { GaussianProcessModel } from "../surrogates/gaussian-process-model.js";
import { type AskProblem, type JudgedOutcome, specificationLimits } from "./ask-problem.js";
import type { Campaign, Outcome } from "./campaign.js";
import { isInsideLimits } from "./inside-limits.js";
import { isSameContext } from "./same-context.js";
import { sortById } from "./settings-key.js";
import type { Suggestion } from "./suggestion.js";
import { isReadable } from "./trial-groups.js";

/** Suggestions that keep the safety specifications with at least a stated probability. */
export interface SafeMode {
  readonly safety: Safety;
  /** Names of the outcomes whose specifications count as safety. */
  readonly outcomes: readonly string[];
  /** Settings that were run in the asked context and kept them all, encoded, [n × d]. */
  readonly good: Matrix;
  readonly specifications: readonly SpecificationTerm[];
  /** Surrogates of those outcomes: what is to be known better for the safe region to widen. */
  readonly explore: readonly GaussianProcessModel[];
}

/**
 * The safe mode of a request: the specifications marked `safety: true`, or all where none is marked, and every way in
 * which runs have failed.
 *
 * @param floor - Least probability; above 0, below 1.
 * @throws CellwrightError INVALID_OPTION if the floor is none, there is nothing to keep, an outcome to keep has no
 *   surrogate yet, or no run in the asked context has kept them all.
 * @see Sui, Gotovos, Burdick & Krause (2015), ICML 37, for starting from known safe settings and widening
 */
export function safeMode(problem: AskProblem, floor: number): SafeMode {
  const { campaign } = problem;
  const specified = campaign.outcomes.filter(({ spec }) => spec !== undefined);
  const marked = specified.filter(({ spec }) => spec?.safety === true);
  const outcomes = marked.length > 0 ? marked : specified;
  const judged = problem.judged.filter(({ outcome }) => outcomes.includes(outcome));
  const good = goodSettings(problem, outcomes);
  const problems = safeProblems(problem, floor, outcomes, judged, good);
  if (problems.length > 0)
    throw new CellwrightError("INVALID_OPTION", "Safe mode cannot start.", { problems });
  const specifications = judged.map(({ outcome, model, form }) => {
    const term = { outcome: outcome.name, model, ...specificationLimits(outcome) };
    return problem.risk?.specification(term, form) ?? term;
  });
  return {
    safety: createSafety(
      specifications,
      problem.risks.map(({ model }) => model),
      floor,
    ),
    outcomes: outcomes.map(({ name }) => name),
    good,
    specifications,
    explore: specifications.flatMap(({ model }) => {
      if (isFormed(model)) return model.models as readonly GaussianProcessModel[];
      return isKnown(model) ? [] : [model as GaussianProcessModel];
    }),
  };
}

function safeProblems(
  { campaign, risks }: AskProblem,
  floor: number,
  outcomes: readonly Outcome[],
  judged: readonly JudgedOutcome[],
  good: Matrix,
): Problem[] {
  const problems: Problem[] = [];
  if (!(floor > 0 && floor < 1)) {
    problems.push({
      where: "safe",
      found: String(floor),
      expected: "a probability above 0 and below 1, such as 0.95",
    });
  }
  if (outcomes.length + risks.length === 0) {
    problems.push({
      where: "outcomes",
      found: "no specification and no failed run",
      expected: "something that must be kept",
      remedy: "Add spec: { min, max, safety: true } to the outcomes that must hold.",
    });
  }
  for (const { name } of outcomes.filter((o) => !judged.some(({ outcome }) => outcome === o))) {
    problems.push({
      where: name,
      found: "results at fewer than two settings",
      expected: "results at two settings or more, from which its probability follows",
      remedy: "Record known good runs first.",
    });
  }
  if (good.rows === 0 && campaign.trials.some(({ status }) => status === "completed")) {
    problems.push({
      where: "trials",
      found: "no completed run in the asked context that kept all of them",
      expected: "a known good setting to start from",
      remedy: "Record one, ask in another context, or ask without safe mode.",
    });
  } else if (good.rows === 0) {
    problems.push({
      where: "trials",
      found: "no completed run",
      expected: "known good settings to start from",
      remedy: "Record them first.",
    });
  }
  return problems;
}

/** Completed runs in the asked context and inside the limits whose measured outcomes kept the specifications. */
function goodSettings({ campaign, context }: AskProblem, outcomes: readonly Outcome[]): Matrix {
  const { space } = campaign;
  const rows = new Map<string, Float64Array>();
  for (const trial of sortById(campaign.trials)) {
    if (trial.status !== "completed") continue;
    if (!isReadable(space, trial)) continue;
    if (!isSameContext(space, { ...context, ...trial.context }, context)) continue;
    if (!isInsideLimits(space, trial.parameters, context)) continue;
    const kept = outcomes.every(({ name, spec, formula }) => {
      const value = trial.observations[name]?.value;
      if (value === undefined) return formula?.known === true;
      return value >= (spec?.min ?? -Infinity) && value <= (spec?.max ?? Infinity);
    });
    if (!kept) continue;
    const x = space.encode(trial.parameters, context);
    rows.set(x.join(" "), x);
  }
  return matrixFromRows([...rows.values()], space.inputs.length);
}

/** What a suggestion says of its safety. */
export function safetyAt({ safety }: SafeMode, x: Float64Array): NonNullable<Suggestion["safety"]> {
  return { probability: exp(safety.logAt(x)), floor: safety.floor };
}

/** What safe mode means in this request, in a sentence. */
export function safeMessage({ outcomes, good, safety }: SafeMode, campaign: Campaign): string {
  const what = outcomes.length > 0 ? `the specifications of ${outcomes.join(", ")}` : "a run without failure";
  const failures = outcomes.length > 0 && campaign.trials.some(({ status }) => status === "failed");
  return `Safe mode: only settings that keep ${what}${failures ? " and do not fail" : ""} with a probability of at least ${Number((100 * safety.floor).toPrecision(4))} %; ${good.rows} known good setting${good.rows === 1 ? "" : "s"} to start from.`;
}
