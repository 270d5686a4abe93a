import type { AcquisitionFunction } from "../../src/acquisition/acquisition.js";
import { createRng } from "../../src/math/rng.js";
import { createFeasibleSet, type FeasibleSet } from "../../src/space/feasible-set.js";
import type { Parameter, Settings } from "../../src/space/parameter.js";
import { createSearchSpace } from "../../src/space/search-space.js";

/** A parameter from 0 to 1, so that encoded and raw values are the same. */
export function unit(name: string, step?: number): Parameter {
  return {
    kind: "continuous",
    name,
    unit: "1",
    min: 0,
    max: 1,
    scale: "linear",
    ...(step !== undefined && { step }),
  };
}

export function setOf(
  parameters: readonly Parameter[],
  options: { constraints?: readonly string[]; fixed?: Settings } = {},
): FeasibleSet {
  const constraints = (options.constraints ?? []).map((source) => ({ source }));
  const space = createSearchSpace({ parameters, context: [], constraints });
  return createFeasibleSet(space, { fixed: options.fixed ?? {}, context: {} }, createRng(1));
}

/** −Σ ((x_j − peak_j) / width)², 0 for columns whose peak is NaN; plus a bonus for a level of one column. */
export function peakAt(
  peak: readonly number[],
  options: { width?: number; bonus?: { column: number; level: number; worth: number } } = {},
): AcquisitionFunction {
  const { width = 0.3, bonus } = options;
  function valueAndGradient(x: Float64Array, gradient: Float64Array): number {
    let value = bonus !== undefined && x[bonus.column] === bonus.level ? bonus.worth : 0;
    peak.forEach((center, j) => {
      const off = Number.isNaN(center) ? 0 : (x[j]! - center) / width;
      value -= off * off;
      gradient[j] = (-2 * off) / width;
    });
    return value;
  }
  return { name: "peak", value: (x) => valueAndGradient(x, new Float64Array(x.length)), valueAndGradient };
}
