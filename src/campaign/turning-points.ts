import { reformed } from "../acquisition/formed-outcome.js";
import { isFormed, type OutcomeModel } from "../acquisition/outcome-terms.js";
import { type Matrix, matrixFromRows } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import type { Settings } from "../space/parameter.js";
import type { ConditionedProcess } from "../surrogates/gaussian-process-model.js";
import { type AskProblem, type JudgedOutcome, rawMeans, rowsOf, utility } from "./ask-problem.js";
import { type ChooseRunsOptions, chooseRuns } from "./choose-runs.js";
import type { CostAware } from "./cost-aware.js";
import type { ImaginedResult, TurningPoint } from "./explanation.js";
import type { FittedOutcome } from "./fit-outcomes.js";
import type { Standing } from "./improvement.js";
import type { SafeMode } from "./safe-mode.js";
import type { TriedSettings } from "./tried-settings.js";

/** One result in twenty lies below the low end, one above the high one. */
const LOW = 0.05;
const HIGH = 0.95;
/** Halvings of the plausible range: the threshold to a thousandth of it. */
const HALVINGS = 10;
/** Outcomes whose result is imagined; each costs two choices (assumption). */
const MOST_OUTCOMES = 2;

export interface TurningPointInput {
  readonly problem: AskProblem;
  readonly standing: Standing;
  readonly set: FeasibleSet;
  readonly tried: TriedSettings;
  readonly x: Float64Array;
  readonly parameters: Settings;
  /** The other runs of the batch: under way by then. */
  readonly others: readonly Float64Array[];
  readonly rng: Rng;
  readonly safe?: SafeMode;
  readonly per?: CostAware;
  readonly family?: ChooseRunsOptions["family"];
  readonly signal?: AbortSignal;
}

/**
 * Imagines a low and a high result of a suggestion, conditions its surrogate on each at fixed hyperparameters, and
 * chooses the next run again: what the result would change. Between the two it looks for the result from which the
 * setting counts as one of the best.
 *
 * @throws CellwrightError CANCELLED
 */
export async function turningPoints(input: TurningPointInput): Promise<TurningPoint[]> {
  const points: TurningPoint[] = [];
  for (const judged of decisiveOutcomes(input.problem)) {
    const { outcome } = judged;
    const [low, high] = plausibleResults(input, judged.fitted);
    const better = (result: number): number => leadOf(input, judged.fitted, result);
    const atLow = await imagined(input, judged.fitted, low);
    const atHigh = await imagined(input, judged.fitted, high);
    points.push({
      ...{ outcome: outcome.name, unit: outcome.unit, low: atLow, high: atHigh },
      threshold: atLow.isBest === atHigh.isBest ? null : crossing(better, low, high),
      from: atLow.isBest ? "below" : "above",
    });
  }
  return points;
}

type Learned = JudgedOutcome & { readonly fitted: FittedOutcome };

/**
 * Learned objectives; where there is none, the first learned specification. Outcomes that count through a formula of
 * others are left out: a result of theirs cannot be imagined alone.
 */
function decisiveOutcomes({ judged, objectives, specifications }: AskProblem): Learned[] {
  const learned = judged.filter((one): one is Learned => one.fitted !== undefined);
  const goals = learned.filter(({ fitted }) => objectives.some((o) => o.model === fitted.model));
  if (objectives.length > 0) return goals.slice(0, MOST_OUTCOMES);
  return learned.filter(({ outcome }) => specifications.some((s) => s.outcome === outcome.name)).slice(0, 1);
}

function plausibleResults(
  { x, parameters, problem }: TurningPointInput,
  fitted: FittedOutcome,
): [number, number] {
  const noiseLevel = Int32Array.of(fitted.rows.noiseLevelAt({ parameters, context: problem.context }));
  const { knownNoiseVariance } = fitted.rows;
  const posterior = fitted.model.predict(matrixFromRows([x]), { noiseLevel, knownNoiseVariance });
  return [posterior.quantile(LOW, "observed")[0]!, posterior.quantile(HIGH, "observed")[0]!];
}

function conditioned(
  { x, parameters, problem }: TurningPointInput,
  { rows, model }: FittedOutcome,
  result: number,
): ConditionedProcess {
  const { knownNoiseVariance } = rows;
  return model.withObservations({
    X: matrixFromRows([x]),
    y: Float64Array.of(result),
    noiseLevel: Int32Array.of(rows.noiseLevelAt({ parameters, context: problem.context })),
    ...(knownNoiseVariance > 0 ? { knownNoiseVariance: Float64Array.of(knownNoiseVariance) } : {}),
  });
}

/** How far the setting would lead the tried ones: its lead in one objective, or over every rival in some objective. */
function leadOf(input: TurningPointInput, fitted: FittedOutcome, result: number): number {
  const { problem, standing, x } = input;
  const model = conditioned(input, fitted, result);
  const points = matrixFromRows([x, ...rowsOf(standing.feasible)], x.length);
  const utilities = problem.objectives.map((term) =>
    rawMeans(givenResult(term.model, fitted, model), points).map((value) => utility(term, value)),
  );
  const rivals = Array.from({ length: standing.feasible.rows }, (_, i) =>
    utilities.reduce((most, column) => Math.max(most, column[0]! - column[i + 1]!), -Infinity),
  );
  return rivals.reduce((a, b) => Math.min(a, b), Infinity);
}

/** The result at which the lead changes sign. */
function crossing(lead: (result: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  const aLeads = lead(low) > 0;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (a + b) / 2;
    if (lead(middle) > 0 === aLeads) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}

async function imagined(
  input: TurningPointInput,
  fitted: FittedOutcome,
  value: number,
): Promise<ImaginedResult> {
  const { problem, set, tried, x, others, rng, safe, per, family, signal } = input;
  const model = conditioned(input, fitted, value);
  const given = problemGiven(problem, fitted, model, x, others);
  const taken: TriedSettings = {
    trialAt: (at) => tried.trialAt(at) ?? repeated(problem, [x, ...others], at),
  };
  const { runs } = await chooseRuns(given, set, taken, {
    ...{ count: 1, stage: "model", rng: rng.fork("imagined") },
    ...(safe === undefined ? {} : { safe }),
    ...(per === undefined ? {} : { per }),
    ...(family === undefined ? {} : { family }),
    ...(signal === undefined ? {} : { signal }),
  });
  const next = runs[0];
  const isBest = problem.objectives.length > 0 && leadOf(input, fitted, value) > 0;
  return {
    ...{ value, isBest },
    next: next === undefined ? null : set.space.decode(next.x).parameters,
    near: next !== undefined && isNear(fitted, x, next.x),
  };
}

/** A term's model once the outcome's surrogate knows the result, where it is that or is formed from it. */
function givenResult(model: OutcomeModel, fitted: FittedOutcome, known: ConditionedProcess): OutcomeModel {
  if (isFormed(model)) return reformed(model, fitted.model, known);
  return model === fitted.model ? known : model;
}

/** The question as it would be asked then: the outcome's surrogate knows the result, the setting has been tried. */
function problemGiven(
  problem: AskProblem,
  fitted: FittedOutcome,
  model: ConditionedProcess,
  x: Float64Array,
  others: readonly Float64Array[],
): AskProblem {
  const swap = <T extends { readonly model: OutcomeModel }>(term: T): T => ({
    ...term,
    model: givenResult(term.model, fitted, model),
  });
  const stacked = (rows: Matrix, more: readonly Float64Array[]): Matrix =>
    matrixFromRows([...rowsOf(rows), ...more], rows.cols);
  return {
    ...problem,
    objectives: problem.objectives.map(swap),
    specifications: problem.specifications.map(swap),
    explore: problem.explore.map((one) => (one === fitted.model ? { ...one, ...model } : one)),
    base: stacked(problem.base, [x]),
    pending: stacked(problem.pending, others),
  };
}

/** Stands for the run itself and the rest of its batch among the tried settings. */
function repeated(
  { campaign, context }: AskProblem,
  points: readonly Float64Array[],
  at: Float64Array,
): ReturnType<TriedSettings["trialAt"]> {
  const key = at.join(" ");
  if (!points.some((x) => x.join(" ") === key)) return undefined;
  const { parameters } = campaign.space.decode(at);
  return { id: "", status: "suggested", parameters, context, observations: {}, origin: "measured" };
}

/** Matérn-5/2 correlations fall to one half at this distance in lengthscales: √5 r = 2.330, (1 + a + a²/3) e^−a = 1/2. */
const HALF_CORRELATION = 1.042;

function isNear({ model }: FittedOutcome, a: Float64Array, b: Float64Array): boolean {
  const { lengthscales } = model.hyperparameters;
  const squared = a.reduce((sum, value, k) => {
    const difference = (value - b[k]!) / (lengthscales[k] ?? 1);
    return sum + difference * difference;
  }, 0);
  return squared <= HALF_CORRELATION * HALF_CORRELATION;
}
