import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Boxes, nonDominatedBoxes } from "../../src/acquisition/box-decomposition.js";
import { nonDominated } from "../../src/acquisition/pareto.js";
import { matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { botorch } from "./golden-files.js";
import { hypervolume } from "../../src/acquisition/hypervolume-value.js";

function frontOf(rows: readonly number[][], M: number) {
  const all = matrixFromRows(rows, M);
  return matrixFromRows(
    nonDominated(all).map((i) => matrixRow(all, i)),
    M,
  );
}

/** How many boxes hold `y`; boxes are open below and closed above. */
function boxesAround(boxes: Boxes, y: readonly number[]): number {
  let count = 0;
  for (let i = 0; i < boxes.lower.rows; i++) {
    const lower = matrixRow(boxes.lower, i);
    const upper = matrixRow(boxes.upper, i);
    if (y.every((value, m) => value > lower[m]! && value <= upper[m]!)) count++;
  }
  return count;
}

function cappedVolume(boxes: Boxes, cap: number): number {
  let volume = 0;
  for (let i = 0; i < boxes.lower.rows; i++) {
    const lower = matrixRow(boxes.lower, i);
    volume += matrixRow(boxes.upper, i).reduce(
      (product, high, m) => product * Math.max(0, Math.min(high, cap) - Math.min(lower[m]!, cap)),
      1,
    );
  }
  return volume;
}

describe("the box decomposition", () => {
  it("adds up with the dominated volume to the whole, for the fronts of the golden file", () => {
    for (const c of botorch.hypervolume) {
      const M = c.reference.length;
      const boxes = nonDominatedBoxes(frontOf(c.points, M), Float64Array.from(c.reference));
      const cap = 5;
      const whole = c.reference.reduce((product, low) => product * (cap - low), 1);
      expect(Math.abs(cappedVolume(boxes, cap) + c.volume - whole)).toBeLessThan(1e-10 * whole);
    }
  });

  it("covers every non-dominated point above the reference once and no dominated one, ties included", () => {
    for (const M of [2, 3, 4]) {
      const row = fc.array(fc.integer({ min: -1, max: 3 }), { minLength: M, maxLength: M });
      const probe = fc.array(fc.integer({ min: -2, max: 9 }), { minLength: M, maxLength: M });
      fc.assert(
        fc.property(
          fc.array(row, { maxLength: 8 }),
          fc.array(probe, { minLength: 20, maxLength: 20 }),
          (rows, probes) => {
            const boxes = nonDominatedBoxes(frontOf(rows, M), new Float64Array(M));
            for (const twice of probes) {
              const y = twice.map((value) => value / 2 + 0.25); // never on a face
              const above = y.every((value) => value > 0);
              const dominated = rows.some(
                (point) => point.every((value) => value > 0) && point.every((value, m) => value >= y[m]!),
              );
              expect(boxesAround(boxes, y)).toBe(above && !dominated ? 1 : 0);
            }
          },
        ),
        { numRuns: 150 },
      );
    }
  });

  it("measures the improvement of a certain point as the change of hypervolume", () => {
    const rows = [
      [1, 3, 2],
      [2, 2, 1],
      [3, 1, 1.5],
      [1.5, 1.5, 3],
    ];
    const reference = new Float64Array(3);
    const boxes = nonDominatedBoxes(frontOf(rows, 3), reference);
    const y = [2.5, 2.1, 2.2];
    let gain = 0;
    for (let i = 0; i < boxes.lower.rows; i++) {
      const lower = matrixRow(boxes.lower, i);
      const upper = matrixRow(boxes.upper, i);
      gain += y.reduce(
        (product, value, m) => product * Math.max(0, Math.min(value, upper[m]!) - lower[m]!),
        1,
      );
    }
    const before = hypervolume(matrixFromRows(rows), reference);
    expect(gain).toBeCloseTo(hypervolume(matrixFromRows([...rows, y]), reference) - before, 12);
  });

  it("is one open box above the reference for an empty front", () => {
    for (const M of [2, 3]) {
      const boxes = nonDominatedBoxes(matrixFromRows([], M), new Float64Array(M).fill(-2));
      expect(boxes.lower.rows).toBe(1);
      expect([...boxes.lower.data]).toEqual(new Array(M).fill(-2));
      expect([...boxes.upper.data]).toEqual(new Array(M).fill(Infinity));
    }
  });
});
