import { describe, expect, it } from "vitest";
import { createMatrix } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import { fitSurrogateKind } from "../../src/surrogates/fit-surrogate.js";
import { loadGaussianProcess } from "../../src/surrogates/load-gaussian-process.js";
import { sparseAxes } from "../../src/surrogates/presets/sparse-axes.js";
import type { SurrogateData } from "../../src/surrogates/surrogate.js";

/** Twenty inputs of which the third and the eleventh matter. */
function sparseData(rows: number): SurrogateData {
  const rng = createRng(7);
  const X = createMatrix(rows, 20);
  for (let i = 0; i < X.data.length; i++) X.data[i] = rng.uniform();
  const y = Float64Array.from({ length: rows }, (_, i) => {
    const [a, b] = [X.data[20 * i + 2]!, X.data[20 * i + 10]!];
    return 4 * (a - 0.3) * (a - 0.3) + 2 * a * b - b;
  });
  return { inputs: Array.from({ length: 20 }, (_, k) => ({ name: `x${k}`, kind: "continuous" })), X, y };
}

describe("sparse axes", () => {
  const { prior } = sparseAxes.lengthscale(20);

  it("hold the half-Cauchy density of squared inverse lengthscales, with its gradient", () => {
    for (const length of [0.05, 0.5, 3, 40]) {
      const rho = 1 / (length * length);
      const density = 2 / (Math.PI * 0.1 * (1 + (rho / 0.1) ** 2));
      expect(prior.logDensity(Math.log(length))).toBeCloseTo(Math.log(density), 10);
      const h = 1e-5;
      const difference =
        (prior.logDensity(Math.log(length) + h) - prior.logDensity(Math.log(length) - h)) / (2 * h);
      expect(prior.gradient(Math.log(length))).toBeCloseTo(difference, 7);
    }
  });

  it("find which inputs matter, and predict better for it than the default", () => {
    const data = sparseData(40);
    const sparse = fitGaussianProcess(data, { preset: "sparse-axes" });
    const byRelevance = [...sparse.hyperparameters.lengthscales.keys()].sort(
      (a, b) => sparse.hyperparameters.lengthscales[a]! - sparse.hyperparameters.lengthscales[b]!,
    );
    expect(new Set(byRelevance.slice(0, 2))).toEqual(new Set([2, 10]));
    expect(sparse.hyperparameters.lengthscales[byRelevance[2]!]!).toBeGreaterThan(5);
    const density = (model: typeof sparse): number =>
      model.leaveOneOut().logDensity.reduce((sum, value) => sum + value, 0);
    expect(density(sparse)).toBeGreaterThan(density(fitGaussianProcess(data)) + 20);
  });

  it("come back from their record, and are refused where hyperparameters are drawn", () => {
    const data = sparseData(12);
    const model = fitGaussianProcess(data, { preset: "sparse-axes" });
    expect(loadGaussianProcess(model.toJSON()).describe()["preset"]).toBe("sparse-axes");
    expect(() =>
      fitSurrogateKind("gaussian-process", data, { preset: "sparse-axes", inference: "nuts" }),
    ).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  });
});
