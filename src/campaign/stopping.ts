import { isFormed } from "../acquisition/outcome-terms.js";
import { type AskProblem, isComputed } from "./ask-problem.js";
import type { FittedOutcome } from "./fit-outcomes.js";
import type { Gain, Standing } from "./improvement.js";
import { formatNumber } from "./format-number.js";
import type { Advice } from "./suggestion.js";

/** An improvement below this share of what was seen or reached is not worth a run (assumption). */
const SMALL_SHARE = 0.01;
/** An improvement below this share of the scatter of single runs cannot be confirmed in a few runs (assumption). */
const SMALL_SHARE_OF_NOISE = 0.1;

const COMPUTED =
  "Every outcome is computed from the settings: no run is needed to learn one, and no run was made to compare with.";

/** What the next run is expected to bring, and whether that is worth a run. */
export interface StoppingInput {
  readonly problem: AskProblem;
  readonly standing: Standing;
  readonly stage: "initial-design" | "model";
  /** Settings missing until the models decide. */
  readonly missing: number;
  readonly exhausted: boolean;
  /** The best suggestion, where there is one: its gain, and how likely it keeps the specifications. */
  readonly best: {
    readonly gain: Gain | null;
    readonly suggestion: { readonly probabilityFeasible: number | null };
  } | null;
}

/** Advice on going on: the expected improvement of the best next run, and why to stop or not. */
export function stoppingAdvice(input: StoppingInput): Advice {
  const { problem, standing, stage, exhausted, best } = input;
  const gain = best?.gain ?? null;
  const probability = best?.suggestion.probabilityFeasible ?? null;
  if (exhausted) return { stop: true, expectedImprovement: null, why: exhaustedWhy(problem) };
  if (stage === "initial-design")
    return { stop: false, expectedImprovement: null, why: initialWhy(input.missing) };
  if (problem.objectives.length === 0) return feasibilityAdvice(probability);
  if (gain === null || standing.reached === null) {
    if (isComputed(problem) && probability === null)
      return { stop: false, expectedImprovement: null, why: COMPUTED };
    const chance =
      probability === null ? "" : ` The best suggestion keeps them with probability ${percent(probability)}.`;
    return {
      stop: false,
      expectedImprovement: null,
      why: `No tried setting is predicted to keep all specifications yet.${chance}`,
    };
  }
  return problem.objectives.length === 1
    ? singleAdvice(problem, standing, gain)
    : hypervolumeAdvice(standing, gain);
}

/** Runs without a result were not tried yet: they come before any verdict. */
function exhaustedWhy({ pending }: AskProblem): string {
  if (pending.rows === 0) return "Every feasible setting has been tried.";
  const runs = pending.rows === 1 ? "1 run is" : `${pending.rows} runs are`;
  return `Every feasible setting has been tried or suggested; ${runs} without a result.`;
}

function initialWhy(missing: number): string {
  return missing > 0
    ? `The first runs spread over the allowed settings; ${missing} more distinct setting${missing === 1 ? "" : "s"} with results until the models decide.`
    : "The runs spread over the allowed settings: no model can judge them yet.";
}

function feasibilityAdvice(probabilityFeasible: number | null): Advice {
  const chance =
    probabilityFeasible === null
      ? ""
      : ` The first one keeps them with probability ${percent(probabilityFeasible)}.`;
  return {
    stop: false,
    expectedImprovement: null,
    why: `No outcome has a goal: the runs show where the specifications hold.${chance}`,
  };
}

function singleAdvice(problem: AskProblem, standing: Standing, gain: Gain): Advice {
  const [term] = standing.objectives;
  const { outcome, fitted } = problem.judged.find((j) => j.outcome.name === term!.outcome)!;
  const noise =
    fitted === undefined || isFormed(term!.model)
      ? 0
      : runScatter(fitted, standing.values.data[standing.best]!);
  const byRange = gain.expected < SMALL_SHARE * standing.range;
  const byNoise = gain.expected < SMALL_SHARE_OF_NOISE * noise;
  const unit = outcome.unit === "1" ? "" : ` ${outcome.unit}`;
  const amount = `The best next run is expected to improve ${outcome.name} by ${formatNumber(gain.expected)}${unit}`;
  const stop = byRange || byNoise;
  const share =
    standing.range > 0
      ? `, ${percent(gain.expected / standing.range)} of the range of the tried settings`
      : "";
  const because = byRange
    ? "that is less than 1 % of the range of the tried settings"
    : `single runs scatter by ${formatNumber(noise)}${unit}`;
  return {
    stop,
    expectedImprovement: gain.expected,
    why: stop ? `${amount}: ${because}. Repeat the best setting, or stop.` : `${amount}${share}.`,
  };
}

/**
 * Raw standard deviation of a single run about the latent outcome where that is `value`, of the noisiest level, with what
 * is known of it beforehand.
 */
function runScatter({ model, rows }: FittedOutcome, value: number): number {
  const { modelScale, noiseVariance } = model;
  const stdDev = Math.sqrt(noiseVariance.reduce((a, b) => Math.max(a, b)));
  const at = modelScale.toModel(value);
  const inferred = (modelScale.toRaw(at + stdDev) - modelScale.toRaw(at - stdDev)) / 2;
  if (rows.knownNoiseVariance === 0) return inferred;
  return Math.sqrt(inferred * inferred + rows.knownNoiseVariance);
}

function hypervolumeAdvice(standing: Standing, gain: Gain): Advice {
  const names = standing.objectives.map((term) => term.outcome).join(" and ");
  if (!(standing.reached! > 0)) {
    return {
      stop: false,
      expectedImprovement: null,
      why: `No tried setting is predicted beyond the thresholds of ${names} together yet.`,
    };
  }
  const share = gain.expected / standing.reached!;
  const amount = `The best next run is expected to add ${percent(share)} to what the tried settings reach in ${names} together, counted from their thresholds (hypervolume)`;
  const stop = share < SMALL_SHARE;
  return {
    stop,
    expectedImprovement: share,
    why: stop
      ? `${amount}: little is left to find. Stop, or repeat the settings you would choose.`
      : `${amount}.`,
  };
}

/** A share as a percentage with two significant digits. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return "less than 0.1 %";
  return `${Number((100 * share).toPrecision(2))} %`;
}
