import { log } from "../math/elementary.js";
import { normalCdf } from "../math/normal.js";
import type { GaussianLatent } from "../surrogates/surrogate.js";
import type { AcquisitionFunction } from "./acquisition.js";
import { sampleOutcomes } from "./form-samples.js";
import { isFormed, isKnown, type KnownOutcome, type SpecificationTerm } from "./outcome-terms.js";
import { type LogGain, logIntervalProbability } from "./piecewise-gain.js";
import type { LogProbability } from "./weigh-success.js";

/** The probability that a setting keeps every safety specification and does not fail. */
export interface Safety extends LogProbability {
  /** Least probability of a setting that may be shown. */
  readonly floor: number;
  holds(x: Float64Array): boolean;
}

/** Log units of worth lost per log unit below the floor: a slope that leads a search back inside (assumption). */
const PENALTY = 50;

/**
 * Joint probability of the specifications under their models, independent of one another, times that of success.
 *
 * @param floor - Above 0, below 1.
 */
export function createSafety(
  specifications: readonly SpecificationTerm[],
  chances: readonly LogProbability[],
  floor: number,
): Safety {
  const kept = specifications.map((term) =>
    isFormed(term.model)
      ? keptByDraws(term)
      : isKnown(term.model)
        ? keptByFormula(term.model, term)
        : keptByModel(term.model, term),
  );
  const parts = [...kept, ...chances];
  const slope: { at: Float64Array } = { at: new Float64Array(0) };
  const logAt = (x: Float64Array, gradient?: Float64Array): number => {
    gradient?.fill(0);
    if (slope.at.length !== x.length) slope.at = new Float64Array(x.length);
    let sum = 0;
    for (const part of parts) {
      sum += part.logAt(x, gradient === undefined ? undefined : slope.at);
      if (gradient !== undefined) slope.at.forEach((value, k) => (gradient[k] = gradient[k]! + value));
    }
    return sum;
  };
  const least = log(floor);
  return { floor, logAt, holds: (x) => logAt(x) >= least };
}

function keptByModel(model: GaussianLatent, { min, max }: SpecificationTerm): LogProbability {
  const toModel = (raw: number): number => {
    if (!Number.isFinite(raw)) return raw;
    const z = model.modelScale.toModel(raw);
    return Number.isNaN(z) ? -Infinity : z; // below the domain of a logarithmic scale
  };
  const [lower, upper] = [toModel(min), toModel(max)];
  const out: LogGain = { log: 0, byMean: 0, byStdDev: 0 };
  return {
    logAt(x, gradient) {
      const { mean, variance, meanGradient, varianceGradient } = model.latentAt(x);
      const stdDev = Math.sqrt(Math.max(variance, 1e-24));
      logIntervalProbability(mean, stdDev, lower, upper, out);
      if (gradient !== undefined) {
        for (let k = 0; k < x.length; k++)
          gradient[k] = out.byMean * meanGradient[k]! + (out.byStdDev * varianceGradient[k]!) / (2 * stdDev);
      }
      return out.log;
    },
  };
}

/** A formula keeps its limits or not, or by its stated error; it leads nowhere: the search knows it as a constraint. */
function keptByFormula(known: KnownOutcome, { min, max }: SpecificationTerm): LogProbability {
  return {
    logAt(x, gradient) {
      gradient?.fill(0);
      const value = known.evaluate(x);
      const stdDev = known.error?.(value) ?? 0;
      if (!(stdDev > 0)) return value >= min && value <= max ? 0 : -Infinity;
      return log(normalCdf((max - value) / stdDev) - normalCdf((min - value) / stdDev));
    },
  };
}

/** Joint draws that judge safety: shares to about a percent (assumption). */
const SAFETY_DRAWS = 512;

/** A formed outcome by the share of its draws, half a draw where none keeps its limits; it leads nowhere. */
function keptByDraws({ model, min, max }: SpecificationTerm): LogProbability {
  return {
    logAt(x, gradient) {
      gradient?.fill(0);
      const values = sampleOutcomes([model], x, SAFETY_DRAWS)[0]!;
      const kept = values.filter((value) => value >= min && value <= max).length;
      return log(Math.max(kept, 0.5) / SAFETY_DRAWS);
    },
  };
}

/** What a run is worth, less what it lacks to the floor of safety. */
export function leadToSafety(acquisition: AcquisitionFunction, safety: Safety): AcquisitionFunction {
  const { screen } = acquisition;
  return {
    ...led(acquisition, safety),
    ...(screen === undefined ? {} : { screen: led(screen, safety) }),
  };
}

function led(
  acquisition: Omit<AcquisitionFunction, "screen">,
  safety: Safety,
): Omit<AcquisitionFunction, "screen"> {
  const least = log(safety.floor);
  return {
    name: acquisition.name,
    value(x) {
      return acquisition.value(x) + PENALTY * Math.min(0, safety.logAt(x) - least);
    },
    valueAndGradient(x, gradient) {
      const value = acquisition.valueAndGradient(x, gradient);
      const slope = new Float64Array(x.length);
      const short = safety.logAt(x, slope) - least;
      if (short >= 0) return value;
      for (let k = 0; k < x.length; k++) gradient[k] = gradient[k]! + PENALTY * slope[k]!;
      return value + PENALTY * short;
    },
  };
}
