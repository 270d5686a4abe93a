import { describe, expect, it } from "vitest";
import { kumaraswamy } from "../../src/kernels/kumaraswamy.js";
import type { KernelStructure } from "../../src/kernels/kernel-terms.js";
import type { RadialKernelName } from "../../src/kernels/kernel.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { linearCoefficients } from "../../src/surrogates/linear-coefficients.js";
import { settingStatistics } from "../../src/surrogates/setting-statistics.js";
import { conditionShapedProcess } from "../../src/surrogates/shaped-gaussian-process.js";
import { shapedLikelihood } from "../../src/surrogates/shaped-likelihood.js";
import { createShapedModel, shapedHyperparameters } from "../../src/surrogates/shaped-prior.js";
import { arrangeRows } from "../../src/surrogates/training-rows.js";
import { createTransform } from "../../src/surrogates/transform.js";
import { readGolden } from "./read-golden.js";

/** Double precision keeps about 12 digits through an 18 × 18 factorisation; the peer's distances keep about 9. */
const TOLERANCE = 1e-8;

interface Term {
  readonly lengthscales: readonly number[];
  readonly signalVariance: number;
}

interface GoldenCase {
  readonly name: string;
  readonly kernel: RadialKernelName;
  readonly structure: KernelStructure;
  readonly mean?: "linear";
  readonly X: readonly number[][];
  readonly y: readonly number[];
  readonly terms: readonly Term[];
  readonly warp?: { readonly a: readonly number[]; readonly b: readonly number[] };
  readonly noiseVariance: readonly number[];
  readonly logMarginalLikelihood: number;
  readonly termGradients: readonly Term[];
  readonly noiseGradient: readonly number[];
  /** Of continuous inputs. */
  readonly warpGradients?: { readonly a: readonly number[]; readonly b: readonly number[] };
  readonly warped?: readonly number[][];
  readonly test: readonly number[][];
  readonly posteriorMean: readonly number[];
  readonly posteriorCovariance: readonly number[][];
  readonly coefficients?: { readonly mean: readonly number[]; readonly stdDev: readonly number[] };
}

function modelOf(golden: GoldenCase) {
  const rows = arrangeRows({
    inputs: golden.X[0]!.map((_, k) =>
      k < 2 ? { name: `x${k}`, kind: "continuous" } : { name: `x${k}`, kind: "categorical", levels: 3 },
    ),
    X: matrixFromRows(golden.X),
    y: Float64Array.from(golden.y),
  });
  const statistics = settingStatistics(rows, createTransform({ kind: "identity", center: 0, spread: 1 }));
  const model = createShapedModel(
    golden.X[0]!.map((_, k) =>
      k < 2 ? { name: `x${k}`, kind: "continuous" } : { name: `x${k}`, kind: "categorical", levels: 3 },
    ),
    {
      kernel: golden.kernel,
      structure: golden.structure,
      inputWarp: golden.warp !== undefined,
      mean: golden.mean ?? "zero",
    },
  );
  const { warp } = golden;
  const hyperparameters = shapedHyperparameters(model, {
    terms: golden.terms.map((term) => ({ ...term, lengthscales: Float64Array.from(term.lengthscales) })),
    noiseVariance: Float64Array.from(golden.noiseVariance),
    warp: warp === undefined ? null : { a: Float64Array.from(warp.a), b: Float64Array.from(warp.b) },
  });
  return { model, hyperparameters, statistics };
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  Array.from(expected).forEach((value, i) =>
    expect(Math.abs(found[i]! - value)).toBeLessThan(TOLERANCE * Math.max(1, Math.abs(value))),
  );
}

const { cases } = readGolden("gp-shapes.botorch-0.18.1.json") as { cases: GoldenCase[] };
const named = cases.map((golden) => [golden.name, golden] as const);

describe("shaped Gaussian processes at fixed hyperparameters, against BoTorch 0.18.1", () => {
  it.each(named)("%s: likelihood and gradient", (_, golden) => {
    const { model, hyperparameters, statistics } = modelOf(golden);
    const { value, gradient } = shapedLikelihood(model, statistics, hyperparameters);
    expectClose([value], [golden.logMarginalLikelihood]);
    golden.termGradients.forEach((term, t) => {
      expectClose(gradient.terms[t]!.lengthscales, term.lengthscales);
      expectClose([gradient.terms[t]!.signalVariance], [term.signalVariance]);
    });
    expectClose(gradient.noiseVariance, golden.noiseGradient);
    if (golden.warpGradients === undefined) return;
    expectClose(gradient.warp.a.subarray(0, 2), golden.warpGradients.a);
    expectClose(gradient.warp.b.subarray(0, 2), golden.warpGradients.b);
  });

  it.each(named)("%s: posterior", (_, golden) => {
    const { model, hyperparameters, statistics } = modelOf(golden);
    const posterior = conditionShapedProcess(model, hyperparameters, statistics);
    const { mean, covariance } = posterior.joint(matrixFromRows(golden.test));
    expectClose(mean, golden.posteriorMean);
    expectClose(covariance.data, golden.posteriorCovariance.flat());
    if (golden.coefficients === undefined) return;
    const coefficients = linearCoefficients(model, posterior);
    expectClose(
      coefficients.map((coefficient) => coefficient.mean),
      golden.coefficients.mean,
    );
    expectClose(
      coefficients.map((coefficient) => coefficient.stdDev),
      golden.coefficients.stdDev,
    );
  });

  it("warps inputs as Warp does", () => {
    const compared = cases.filter(({ warped }) => warped !== undefined);
    expect(compared.length).toBeGreaterThan(0);
    for (const { X, warp, warped } of compared) {
      X.forEach((row, i) =>
        expectClose(
          row.map((x, k) => kumaraswamy(x, warp!.a[k]!, warp!.b[k]!).value),
          warped![i]!,
        ),
      );
    }
  });
});
