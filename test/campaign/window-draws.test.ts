import { describe, expect, it } from "vitest";
import { drawOutcome } from "../../src/campaign/window-draws.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { fitSurrogateKind } from "../../src/surrogates/fit-surrogate.js";

const X = matrixFromRows(Array.from({ length: 8 }, (_, i) => [i / 7]));
const y = Float64Array.from(X.data, (x, i) => 3 * x + (i % 2) / 4);
const model = fitSurrogateKind("gaussian-process", { inputs: [{ name: "x", kind: "continuous" }], X, y });

describe("drawOutcome", () => {
  it("exaggerates deviations from the median of the same draws", () => {
    const at = matrixFromRows([[0.2], [0.55], [0.9]]);
    const plain = drawOutcome(model as never, at, 16, createRng(3));
    const farther = drawOutcome(model as never, at, 16, createRng(3), 2.5);
    const medians = model.predict(at).quantile(0.5, "latent");
    plain.data.forEach((value, i) => {
      const median = medians[i % 3]!;
      expect(farther.data[i]! - median).toBeCloseTo(2.5 * (value - median), 10);
    });
  });

  it("exaggerates the error of a formula too", () => {
    const formula = { kind: "known", evaluate: () => 10, error: () => 0.5 } as never;
    const at = matrixFromRows([[0.2], [0.9]]);
    const plain = drawOutcome(formula, at, 4, createRng(3));
    const farther = drawOutcome(formula, at, 4, createRng(3), 2);
    plain.data.forEach((value, i) => expect(farther.data[i]! - 10).toBeCloseTo(2 * (value - 10), 12));
  });
});
