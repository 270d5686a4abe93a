import { describe, expect, it } from "vitest";
import { chebyshevOf, scalarize, simplexWeights } from "../../src/acquisition/chebyshev.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { parego } from "./golden-files.js";

describe("the augmented Chebyshev scalarisation", () => {
  it.each(parego.cases.map((one, i) => [i, one] as const))("is BoTorch's, case %i", (_, one) => {
    const chebyshev = chebyshevOf(Float64Array.from(one.weights), matrixFromRows(one.known));
    one.points.forEach((point, i) => expect(scalarize(chebyshev, point)).toBeCloseTo(one.scalarized[i]!, 12));
  });

  it("is 0 at the ideal point, also of objectives that never varied", () => {
    const chebyshev = chebyshevOf(
      Float64Array.of(0.3, 0.7),
      matrixFromRows([
        [1, 5],
        [2, 5],
      ]),
    );
    expect(scalarize(chebyshev, [2, 5])).toBe(0);
    expect(scalarize(chebyshev, [2, 4])).toBeCloseTo(-0.7 * 1.05, 12);
  });
});

describe("simplexWeights", () => {
  it("are positive, sum to one and favour no objective", () => {
    const mean = new Float64Array(3);
    for (let i = 0; i < 600; i++) {
      const weights = simplexWeights(3, createRng(i));
      expect(weights.every((weight) => weight > 0)).toBe(true);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      weights.forEach((weight, m) => (mean[m] = mean[m]! + weight / 600));
    }
    for (const share of mean) expect(Math.abs(share - 1 / 3)).toBeLessThan(0.04);
  });
});
