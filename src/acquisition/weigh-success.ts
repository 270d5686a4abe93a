import type { AcquisitionFunction } from "./acquisition.js";

/** A log probability over encoded settings. */
export interface LogProbability {
  /** @param gradient - Receives ∂/∂x, [d]. */
  logAt(x: Float64Array, gradient?: Float64Array): number;
}

/**
 * What a run is worth times the probability that it succeeds: failures are taken as independent of the outcomes and of
 * one another.
 *
 * @see Gelbart, Snoek & Adams (2014), UAI, eq. 5, for the product
 */
export function weighSuccess(
  acquisition: AcquisitionFunction,
  chances: readonly LogProbability[],
): AcquisitionFunction {
  if (chances.length === 0) return acquisition;
  const { screen } = acquisition;
  return {
    ...weighed(acquisition, chances),
    name: `${acquisition.name} × probability-of-success`,
    ...(screen === undefined ? {} : { screen: weighed(screen, chances) }),
  };
}

function weighed(
  acquisition: Omit<AcquisitionFunction, "screen">,
  chances: readonly LogProbability[],
): Omit<AcquisitionFunction, "screen"> {
  return {
    name: acquisition.name,
    value: (x) => chances.reduce((sum, chance) => sum + chance.logAt(x), acquisition.value(x)),
    valueAndGradient(x, gradient) {
      let value = acquisition.valueAndGradient(x, gradient);
      const slope = new Float64Array(x.length);
      for (const chance of chances) {
        value += chance.logAt(x, slope);
        for (let k = 0; k < x.length; k++) gradient[k] = gradient[k]! + slope[k]!;
      }
      return value;
    },
  };
}
