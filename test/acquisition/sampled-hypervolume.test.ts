import { describe, expect, it } from "vitest";
import { hypervolume } from "../../src/acquisition/hypervolume-value.js";
import { sampledHypervolume } from "../../src/acquisition/sampled-hypervolume.js";
import { createMatrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";

describe("hypervolumes by sampling", () => {
  it.each([3, 5, 6])("are those of exact counting within a few percent, %i objectives", (M) => {
    const rng = createRng(M);
    const points = createMatrix(9, M);
    for (let i = 0; i < points.data.length; i++) points.data[i] = 0.85 * rng.uniform();
    const reference = new Float64Array(M).fill(-0.1);
    const exact = hypervolume(points, reference);
    const sampled = sampledHypervolume(points, reference);
    expect(Math.abs(sampled.reached / exact - 1)).toBeLessThan(0.03);
    const better = new Float64Array(M).fill(0.9);
    const rows = Array.from({ length: 9 }, (_, i) => matrixRow(points, i));
    const gained = hypervolume(matrixFromRows([...rows, better]), reference) - exact;
    expect(Math.abs(sampled.added(better) / gained - 1)).toBeLessThan(0.08);
  });

  it("are 0 below the reference, and nothing is added by what is dominated", () => {
    const reference = Float64Array.of(0, 0, 0, 0, 0);
    const sampled = sampledHypervolume(matrixFromRows([[1, 1, 1, 1, 1]]), reference);
    expect(sampled.reached).toBe(1);
    expect(sampled.added(Float64Array.of(0.5, 0.5, 0.5, 0.5, 0.5))).toBe(0);
    expect(sampled.added(Float64Array.of(2, 2, 2, 2, -1))).toBe(0);
    expect(sampledHypervolume(createMatrix(0, 5), reference).reached).toBe(0);
  });
});
