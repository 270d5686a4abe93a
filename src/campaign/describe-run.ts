import { sampleOutcomes } from "../acquisition/form-samples.js";
import { isFormed, isKnown } from "../acquisition/outcome-terms.js";
import type { Rng } from "../math/rng.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import type { Settings } from "../space/parameter.js";
import { compatible, convert } from "../units.js";
import { CellwrightError } from "../errors.js";
import type { AskProblem, JudgedOutcome } from "./ask-problem.js";
import type { ChosenRun } from "./choose-runs.js";
import { riskAt } from "./failure-risks.js";
import { desirabilityOf } from "./desirability.js";
import { FORM_DRAWS, formedPrediction, hasForms, shareKept } from "./formed-gain.js";
import { predictOutcome } from "./fit-outcomes.js";
import { type Gain, gainAt, probabilityKept, type Standing } from "./improvement.js";
import { reasonsFor } from "./reasons.js";
import { type SafeMode, safetyAt } from "./safe-mode.js";
import type { OutcomePrediction, SpecificationOutlook, Suggestion } from "./suggestion.js";

/** A suggestion without its id, and what it is expected to bring. */
export interface DescribedRun {
  readonly suggestion: Omit<Suggestion, "trial">;
  readonly gain: Gain | null;
}

type Success = NonNullable<Suggestion["success"]>;

/** Two-sided 95 % of a normal distribution. */
const NORMAL_95 = 1.959963984540054;

/**
 * Says what is predicted of a chosen run, how likely it keeps the specifications, and why it was chosen.
 *
 * @throws CellwrightError INTERNAL if the run breaks a bound or constraint: no such suggestion leaves the engine.
 */
export function describeRun(
  problem: AskProblem,
  standing: Standing,
  set: FeasibleSet,
  run: ChosenRun,
  options: { readonly rng: Rng; readonly stage: Suggestion["origin"]; readonly safe?: SafeMode },
): DescribedRun {
  const { context } = problem;
  const { origin, acquisition, repeats, replication, designed } = run;
  const parameters = allowedSettings(problem, set, run);
  const x = set.space.encode(parameters, context);
  const judged = judgeSettings(problem, parameters, x);
  const { predictions, probabilityFeasible } = judged;
  const success = judged.success ?? null;
  const safety = options.safe === undefined ? null : safetyAt(options.safe, x);
  const gain = origin === "model" ? weighedGain(problem, standing, x, options.rng, success) : null;
  const worth = { ...predictions, ...judged.risk?.objectives };
  const reasons = reasonsFor({
    ...{ problem, standing, set, x, parameters, predictions: worth, probabilityFeasible, gain, origin },
    ...{ stage: options.stage, ...(repeats === undefined ? {} : { repeats }) },
    ...(replication === undefined ? {} : { replication }),
    ...(designed === undefined ? {} : { designed }),
    ...(success === null ? {} : { success }),
    ...(safety === null ? {} : { safety }),
  });
  const amounts = { ...knownAmount("hours", "h", predictions), ...knownCost(predictions) };
  const safe = safety === null ? {} : { safety };
  const repeated = replication === undefined ? {} : { replication };
  return {
    gain,
    suggestion: {
      parameters,
      context,
      ...judged,
      ...safe,
      acquisition,
      ...repeated,
      origin,
      reasons,
      ...amounts,
    },
  };
}

/** What the models say of settings, whoever chose them. */
export function judgeSettings(
  problem: AskProblem,
  parameters: Settings,
  x: Float64Array,
): Pick<Suggestion, "predictions" | "probabilityFeasible" | "specifications" | "risk" | "success"> {
  const predictions = Object.fromEntries(
    problem.judged.map((one) => [one.outcome.name, predict(one, problem, parameters, x)]),
  );
  const specifications = outlooks(problem, x);
  const probabilityFeasible = hasForms(problem.specifications)
    ? shareKept(problem.specifications, x)
    : jointProbability(specifications);
  const success = successAt(problem, x);
  const atRisk = riskPredictions(problem, x);
  return {
    ...{ predictions, probabilityFeasible, specifications },
    ...(atRisk === null ? {} : { risk: atRisk }),
    ...singleDesirabilities(problem, x),
    ...(success === null ? {} : { success }),
  };
}

/** Expected gain of a run over what is reached, weighed by its chance to succeed; null where nothing is reached yet. */
export function weighedGain(
  problem: AskProblem,
  standing: Standing,
  x: Float64Array,
  rng: Rng,
  success: Success | null,
): Gain | null {
  return weighed(gainAt(standing, problem.specifications, x, rng.fork("gain")), success);
}

/** The objectives as the campaign's risk measure judges them; null where it states none. */
function riskPredictions(
  { risk, objectives, campaign }: AskProblem,
  x: Float64Array,
): NonNullable<Suggestion["risk"]> | null {
  if (risk === null) return null;
  const entries = objectives.flatMap(({ outcome, model }) => {
    const { unit } = campaign.outcomes.find(({ name }) => name === outcome)!;
    return isFormed(model) ? [[outcome, formedPrediction(model, x, unit)] as const] : [];
  });
  return { ...risk.measure, objectives: Object.fromEntries(entries) };
}

/** Expected desirability of each outcome that the campaign weighs, at the settings as asked. */
function singleDesirabilities(
  { campaign, judged }: AskProblem,
  x: Float64Array,
): Pick<Suggestion, "desirabilities"> {
  if (campaign.desirability === undefined) return {};
  const entries = campaign.desirability.flatMap((goal) => {
    const model = judged.find(({ outcome }) => outcome.name === goal.outcome)?.model;
    if (model === undefined) return [];
    const values = sampleOutcomes([model], x, FORM_DRAWS)[0]!;
    const sum = values.reduce((total, y) => total + desirabilityOf(goal, y).value, 0);
    return [[goal.outcome, sum / FORM_DRAWS] as const];
  });
  return { desirabilities: Object.fromEntries(entries) };
}

/** How likely the run succeeds; null while none has failed. */
function successAt({ risks }: AskProblem, x: Float64Array): Success | null {
  if (risks.length === 0) return null;
  const { success, byReason } = riskAt(risks, x);
  return { probability: success, risks: byReason };
}

/** A failed run gains nothing. */
function weighed(gain: Gain | null, success: Success | null): Gain | null {
  if (gain === null || success === null) return gain;
  return { ...gain, expected: gain.expected * success.probability };
}

/** The settings of a run, checked once more. */
function allowedSettings(problem: AskProblem, set: FeasibleSet, run: ChosenRun): Settings {
  const parameters = { ...set.space.decode(run.x).parameters, ...fixedAsSaid(set) };
  const problems = set.space.violations(parameters, problem.context);
  if (problems.length === 0) return parameters;
  throw new CellwrightError("INTERNAL", "A suggestion broke its own limits and was withheld.", { problems });
}

/** Fixed numbers without steps: decoding gives fewer digits than somebody may have asked for. */
function fixedAsSaid({ space, request: { fixed } }: FeasibleSet): Settings {
  const stepless = space.columns.filter(({ name, levels }) => levels === null && Object.hasOwn(fixed, name));
  return Object.fromEntries(stepless.map(({ name }) => [name, fixed[name]!]));
}

/** Product over the specifications that are judged: outcomes are learned independently. */
function jointProbability(specifications: Readonly<Record<string, SpecificationOutlook>>): number | null {
  const judged = Object.values(specifications).filter((outlook) => outlook.kind === "model");
  return judged.length === 0 ? null : judged.reduce((product, { probability }) => product * probability, 1);
}

function predict(
  { outcome, model, fitted }: JudgedOutcome,
  problem: AskProblem,
  parameters: Settings,
  x: Float64Array,
): OutcomePrediction {
  const { unit } = outcome;
  if (fitted !== undefined) {
    const level = fitted.rows.noiseLevelAt({ parameters, context: problem.context });
    return { ...predictOutcome(fitted, [x], [level])[0]!, unit, source: "learned" };
  }
  if (isFormed(model)) return formedPrediction(model, x, unit);
  if (!isKnown(model))
    throw new CellwrightError("INTERNAL", `${outcome.name} has neither a surrogate nor a formula.`);
  const mean = model.evaluate(x);
  const stdDev = model.error?.(mean) ?? 0;
  return {
    mean,
    stdDev,
    interval95: [mean - NORMAL_95 * stdDev, mean + NORMAL_95 * stdDev],
    unit,
    source: "known",
  };
}

function outlooks(problem: AskProblem, x: Float64Array): Record<string, SpecificationOutlook> {
  const entries = problem.campaign.outcomes.flatMap<[string, SpecificationOutlook]>(({ name }) => {
    const rate = problem.baseRates.get(name);
    if (rate !== undefined) return [[name, rate]];
    const term = problem.specifications.find((s) => s.outcome === name);
    return term === undefined ? [] : [[name, { kind: "model", probability: probabilityKept(term, x) }]];
  });
  return Object.fromEntries(entries);
}

/** What a run costs, in USD where any outcome says so, else in EUR. */
function knownCost(
  predictions: Readonly<Record<string, OutcomePrediction>>,
): Pick<Suggestion, "cost" | "currency"> {
  const { cost } = knownAmount("cost", "USD", predictions);
  if (cost !== undefined) return { cost };
  const euros = knownAmount("cost", "EUR", predictions).cost;
  return euros === undefined ? {} : { cost: euros, currency: "EUR" };
}

/** The first known outcome that is an amount of this unit (time, money), converted to it. */
function knownAmount(
  field: "hours" | "cost",
  unit: string,
  predictions: Readonly<Record<string, OutcomePrediction>>,
): { readonly hours?: number; readonly cost?: number } {
  const found = Object.values(predictions).find((p) => p.source === "known" && compatible(p.unit, unit));
  return found === undefined ? {} : { [field]: convert(found.mean, found.unit, unit) };
}
