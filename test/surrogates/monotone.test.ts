import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { createMatrix, matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { fitGaussianProcessOfAnySize } from "../../src/surrogates/fit-gaussian-process.js";
import { fitSurrogateKind } from "../../src/surrogates/fit-surrogate.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import { fitMonotoneGaussianProcess } from "../../src/surrogates/monotone-gaussian-process.js";
import type { SurrogateData } from "../../src/surrogates/surrogate.js";

type Row = readonly number[];

/** Density-like: rises with load and levels off, and bends with temperature. */
function truth(row: Row): number {
  return 2 + 1.4 * (1 - Math.exp(-3 * row[0]!)) + (row[1] === undefined ? 0 : 0.3 * Math.sin(4 * row[1]));
}

function noisyData(n: number, d: number, noise: number, seed: number, of = truth): SurrogateData {
  const rng = createRng(seed);
  const rows = Array.from({ length: n }, () => Array.from({ length: d }, () => rng.uniform()));
  return {
    inputs: Array.from({ length: d }, (_, k) => ({
      name: ["line_load", "temperature"][k]!,
      kind: "continuous" as const,
    })),
    X: matrixFromRows(rows, d),
    y: Float64Array.from(rows, (row) => of(row) + noise * rng.normal()),
  };
}

const rising = [{ input: "line_load", direction: "increasing" }] as const;
const falling = [{ input: "line_load", direction: "decreasing" }] as const;

function errorOf(action: () => unknown): CellwrightError {
  try {
    action();
  } catch (error) {
    if (error instanceof CellwrightError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("a process told a direction", () => {
  it("has medians that never fall along it anywhere inside the bounds", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 5, max: 20 }),
        fc.constantFrom(0.03, 0.2),
        fc.constantFrom("auto", "log", "identity"),
        (seed, n, noise, scale) => {
          const d = 1 + (seed % 2); // with and without another input
          const model = fitMonotoneGaussianProcess(noisyData(n, d, noise, seed), { scale, monotone: rising });
          for (const temperature of d === 1 ? [0] : [0, 0.3, 0.55, 1]) {
            const line = matrixFromRows(
              Array.from({ length: 101 }, (_, i) => [i / 100, temperature].slice(0, d)),
              d,
            );
            const median = model.predict(line).quantile(0.5, "latent");
            // Between imposed signs a median may dip by less than a thousandth of the truth's range.
            for (let i = 1; i < 101; i++) expect(median[i]! - median[i - 1]!).toBeGreaterThan(-1e-3);
          }
        },
      ),
      { numRuns: 20, seed: 1 },
    );
  });

  it("is closer to a noisy truth than the process that was not told", () => {
    let told = 0;
    let plain = 0;
    for (let seed = 0; seed < 12; seed++) {
      const data = noisyData(8, 1, 0.3, 500 + seed);
      const line = Array.from({ length: 101 }, (_, i) => [i / 100]);
      const error = (mean: Float64Array): number =>
        line.reduce((sum, row, i) => sum + (mean[i]! - truth(row)) ** 2, 0);
      told += error(
        fitMonotoneGaussianProcess(data, { scale: "identity", monotone: rising }).predict(
          matrixFromRows(line),
        ).mean,
      );
      plain += error(fitGaussianProcess(data, { scale: "identity" }).predict(matrixFromRows(line)).mean);
    }
    expect(Math.sqrt(told)).toBeLessThan(0.85 * Math.sqrt(plain));
  });

  it("stays near the process that was not told where that rises anyway", () => {
    const data = noisyData(25, 1, 0.01, 3);
    const line = matrixFromRows(Array.from({ length: 21 }, (_, i) => [i / 20]));
    const told = fitMonotoneGaussianProcess(data, { scale: "identity", monotone: rising }).predict(line).mean;
    const plain = fitGaussianProcess(data, { scale: "identity" }).predict(line).mean;
    const squares = told.reduce((sum, value, i) => sum + (value - plain[i]!) ** 2, 0);
    expect(Math.sqrt(squares / 21)).toBeLessThan(0.02);
  });

  it("says that the data contradict the wrong direction, and not the right one", () => {
    for (const seed of [1, 2, 3]) {
      const data = noisyData(20, 2, 0.05, seed);
      const right = fitMonotoneGaussianProcess(data, { scale: "identity", monotone: rising });
      expect(right.contradictions).toEqual([]);
      expect(right.directions[0]!.logBayesFactor).toBeGreaterThan(3);
      const wrong = fitMonotoneGaussianProcess(data, { scale: "identity", monotone: falling });
      expect(wrong.directions[0]!.logBayesFactor).toBeLessThan(-3);
      expect(wrong.describe()["contradiction"]).toMatch(/^the data contradict decreasing in line_load/);
    }
  });

  it("mirrors: an outcome turned over and a direction turned over are the same fit", () => {
    const data = noisyData(10, 1, 0.2, 9);
    const over = { ...data, y: data.y.map((y) => -y) };
    const line = matrixFromRows([[0.1], [0.5], [0.9]]);
    const up = fitMonotoneGaussianProcess(data, { scale: "identity", monotone: rising }).predict(line);
    const down = fitMonotoneGaussianProcess(over, { scale: "identity", monotone: falling }).predict(line);
    up.mean.forEach((value, i) => expect(down.mean[i]).toBeCloseTo(-value, 8));
    up.stdDev.forEach((value, i) => expect(down.stdDev[i]).toBeCloseTo(value, 8));
  });
});

describe("its Gaussian posterior", () => {
  const model = fitMonotoneGaussianProcess(noisyData(10, 2, 0.3, 7), { scale: "identity", monotone: rising });

  it("has imposed signs to begin with", () => {
    expect(model.posterior.slopes!.value.length).toBeGreaterThan(0);
  });

  it("has the gradients of central differences", () => {
    const x = Float64Array.of(0.31, 0.72);
    const point = model.latentAt(x);
    const step = 1e-5;
    for (const k of [0, 1]) {
      const at = (delta: number) => model.latentAt(x.map((value, i) => (i === k ? value + delta : value)));
      expect(point.meanGradient[k]).toBeCloseTo((at(step).mean - at(-step).mean) / (2 * step), 5);
      expect(point.varianceGradient[k]).toBeCloseTo((at(step).variance - at(-step).variance) / (2 * step), 5);
    }
  });

  it("agrees between one point, joint, predict and a draw at other places", () => {
    const points = matrixFromRows([
      [0.2, 0.4],
      [0.9, 0.1],
    ]);
    const joint = model.joint(points);
    const draws = model.draw(matrixFromRows([[0.5, 0.5]]), createMatrix(1, 1));
    expect(draws.values.data[0]).toBeCloseTo(model.latentAt(Float64Array.of(0.5, 0.5)).mean, 10);
    for (let i = 0; i < 2; i++) {
      const x = points.data.slice(2 * i, 2 * i + 2);
      const { mean, variance } = model.latentAt(x);
      expect(joint.mean[i]).toBeCloseTo(mean, 10);
      expect(joint.covariance.data[3 * i]).toBeCloseTo(variance, 10);
      expect(model.predict(points).quantile(0.5, "latent")[i]).toBeCloseTo(model.modelScale.toRaw(mean), 10);
      // A draw at its own mean moves nothing; signs and settings still count.
      expect(draws.at(x, false).means[0]).toBeCloseTo(mean, 5);
    }
  });

  it("leaves out one setting as it leaves out a group of one", () => {
    const all = model.leaveOneOut();
    for (const i of [0, 4]) {
      expect(model.leaveSettingsOut([i])[0]).toBeCloseTo(all.mean[i]!, 8);
      expect(all.stdDev[i]).toBeGreaterThan(0);
    }
  });
});

describe("directions that cannot be imposed", () => {
  const data = noisyData(6, 1, 0.1, 1);

  it("are refused with every problem listed", () => {
    const error = errorOf(() =>
      fitGaussianProcessOfAnySize(data, {
        kernel: "matern-3/2",
        monotone: [...rising, ...falling, { input: "web", direction: "increasing" }],
      }),
    );
    expect(error.code).toBe("INVALID_OPTION");
    expect(error.problems.map(({ where }) => where)).toEqual([
      "monotone[1].input",
      "monotone[2].input",
      "kernel",
    ]);
  });

  it("are refused with posterior draws and with other kinds", () => {
    for (const kind of ["response-surface", "random-forest", "bayesian-gaussian-process"] as const)
      expect(errorOf(() => fitSurrogateKind(kind, data, { monotone: rising })).code).toBe("INVALID_OPTION");
    for (const inference of ["nuts", "auto"] as const) {
      const error = errorOf(() =>
        fitSurrogateKind("gaussian-process", data, { inference, monotone: rising }),
      );
      expect(error.code).toBe("INVALID_OPTION");
    }
  });

  it("are refused beyond 500 distinct settings", () => {
    const error = errorOf(() => fitGaussianProcessOfAnySize(noisyData(501, 1, 0.1, 1), { monotone: rising }));
    expect(error.code).toBe("TOO_MANY_ROWS");
  });

  it("leave the fit alone, bit for bit, when there are none", () => {
    const plain = JSON.stringify(fitGaussianProcess(data).toJSON());
    expect(JSON.stringify(fitGaussianProcessOfAnySize(data, { monotone: [] }).toJSON())).toBe(plain);
  });
});
