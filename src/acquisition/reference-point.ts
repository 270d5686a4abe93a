import { type Matrix, matrixRow } from "../math/matrix.js";
import { nonDominated } from "./pareto.js";

/**
 * Share of the front's range by which an inferred reference point lies below its worst values.
 *
 * @see Ishibuchi, Akedo & Nojima (2011), Proc. GECCO, p. 745: r = 1.1 on the normalised front
 */
const BELOW_NADIR = 0.1;

/**
 * The point from which the hypervolume counts: each objective's threshold, else the worst value of the non-dominated
 * rows less a tenth of their range (of all rows' range where the front is a single point).
 *
 * @param utilities - What is known so far, larger is better, [n × M], n ≥ 1.
 * @param thresholds - Utilities of the stated thresholds, [M]; undefined where none is stated.
 */
export function referencePoint(utilities: Matrix, thresholds: readonly (number | undefined)[]): Float64Array {
  const front = nonDominated(utilities);
  const everyone = Array.from({ length: utilities.rows }, (_, i) => i);
  return Float64Array.from(thresholds, (threshold, m) => {
    if (threshold !== undefined) return threshold;
    const [worst, best] = rangeOf(utilities, front, m);
    if (best > worst) return worst - BELOW_NADIR * (best - worst);
    const [lowest, highest] = rangeOf(utilities, everyone, m);
    // All rows equal: the model scale has unit order, so a unit is the only range there is (assumption).
    return worst - BELOW_NADIR * (highest > lowest ? highest - lowest : 1);
  });
}

function rangeOf(utilities: Matrix, rows: readonly number[], m: number): [number, number] {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const i of rows) {
    const value = matrixRow(utilities, i)[m]!;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return [lowest, highest];
}
