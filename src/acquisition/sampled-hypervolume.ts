import { type Matrix, matrixRow } from "../math/matrix.js";
import { createUnscrambledSobol } from "../math/sobol.js";
import { nonDominated } from "./pareto.js";

/** Points that measure what is reached, and what a point adds: a few percent of the volume (assumption). */
const POINTS = { reached: 8192, added: 512 } as const;

/** Hypervolumes of many objectives, where exact ones cost too much, as shares of low-discrepancy points. */
export interface SampledHypervolume {
  readonly reached: number;
  /** Volume that a point of utilities [M] adds: of its own box, the share that no known point dominates. */
  readonly added: (utilities: Float64Array) => number;
}

/**
 * @param utilities - [n × M], larger is better.
 * @param reference - Where the volume begins, [M].
 * @see Bader & Zitzler (2011), Evol. Comput. 19(1), section 4, for hypervolumes by sampling
 */
export function sampledHypervolume(utilities: Matrix, reference: Float64Array): SampledHypervolume {
  const M = reference.length;
  const front = nonDominated(utilities)
    .map((i) => matrixRow(utilities, i))
    .filter((row) => row.every((value, m) => value > reference[m]!));
  const unitPoints = (count: number): Matrix => createUnscrambledSobol(M).points(count);
  const unit = { reached: unitPoints(POINTS.reached), added: unitPoints(POINTS.added) };
  const point = new Float64Array(M);
  /** Share of the box between reference and corner that some known point dominates. */
  const dominatedShare = (points: Matrix, corner: Float64Array): number => {
    let dominated = 0;
    for (let i = 0; i < points.rows; i++) {
      for (let m = 0; m < M; m++)
        point[m] = reference[m]! + points.data[i * M + m]! * (corner[m]! - reference[m]!);
      if (front.some((row) => row.every((value, m) => value >= point[m]!))) dominated++;
    }
    return dominated / points.rows;
  };
  const box = (corner: Float64Array): number =>
    corner.reduce((product, value, m) => product * (value - reference[m]!), 1);
  const ideal = Float64Array.from({ length: M }, (_, m) =>
    front.reduce((best, row) => Math.max(best, row[m]!), reference[m]!),
  );
  return {
    reached: front.length === 0 ? 0 : box(ideal) * dominatedShare(unit.reached, ideal),
    added(corner) {
      if (!corner.every((value, m) => value > reference[m]!)) return 0;
      return box(corner) * (1 - dominatedShare(unit.added, corner));
    },
  };
}
