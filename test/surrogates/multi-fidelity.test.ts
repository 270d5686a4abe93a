import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { createMatrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import { loadSurrogate } from "../../src/surrogates/load-surrogate.js";
import { fitMultiFidelity } from "../../src/surrogates/multi-fidelity.js";
import {
  type MultiFidelityHyperparameters,
  multiFidelityLogPosterior,
} from "../../src/surrogates/multi-fidelity-search.js";
import { stackStatistics } from "../../src/surrogates/multi-task-data.js";
import { settingStatistics } from "../../src/surrogates/setting-statistics.js";
import type { Surrogate, SurrogateData } from "../../src/surrogates/surrogate.js";
import { arrangeRows } from "../../src/surrogates/training-rows.js";
import { fitTransform } from "../../src/surrogates/transform.js";
import { testSurrogate } from "./surrogate-contract.js";

/** Adds a maturity of 1 to every row, and early signals a fifth below it to the rows of low line load. */
function maturing(data: SurrogateData): SurrogateData {
  const early = Array.from(data.y, (_, i) => i).filter((i) => data.X.data[i * data.X.cols]! < 0.5);
  const { cols, rows } = data.X;
  const X = createMatrix(rows + early.length, cols + 1);
  const source = [...Array.from({ length: rows }, (_, i) => i), ...early];
  source.forEach((from, i) => {
    X.data.set(matrixRow(data.X, from), i * (cols + 1));
    X.data[i * (cols + 1) + cols] = i < rows ? 1 : 0.4;
  });
  const follow = <T extends Float64Array | Int32Array>(values: T, make: (v: number[]) => T): T =>
    make([...values, ...early.map((i) => values[i]!)]);
  return {
    inputs: [...data.inputs, { name: "maturity", kind: "continuous" }],
    X,
    y: Float64Array.from([...data.y, ...early.map((i) => data.y[i]! * 0.8)]),
    ...(data.noiseLevel && { noiseLevel: follow(data.noiseLevel, (v) => Int32Array.from(v)) }),
    ...(data.knownNoiseVariance && {
      knownNoiseVariance: follow(data.knownNoiseVariance, (v) => Float64Array.from(v)),
    }),
  };
}

testSurrogate("a maturing outcome", (data, { scale }) => {
  // Shapes that do not fit go in as they are: adding early signals would hide them.
  if (data.y.length !== data.X.rows || (data.noiseLevel && data.noiseLevel.length !== data.y.length)) {
    return fitMultiFidelity(data, { scale, fidelity: "maturity" }).at(1);
  }
  const withEarly = data.y.every((y) => Math.abs(y) < 1e150) ? maturing(data) : onlyMature(data);
  return fitMultiFidelity(withEarly, { scale, fidelity: "maturity" }).at(1);
});

function onlyMature(data: SurrogateData): SurrogateData {
  const rows = Array.from({ length: data.X.rows }, (_, i) => [...matrixRow(data.X, i), 1]);
  return {
    ...data,
    inputs: [...data.inputs, { name: "maturity", kind: "continuous" }],
    X: matrixFromRows(rows, data.X.cols + 1),
  };
}

type Outcome = (x: ArrayLike<number>) => number;
const truth: Outcome = (x) => 80 + 3 * Math.sin(4 * x[0]!) + 4 * x[1]! * x[1]!;
/** After a tenth of the life: less spread, far higher. */
const correlated: Outcome = (x) => 97 + 0.3 * (truth(x) - 80) + 0.1 * x[0]!;
const uncorrelated: Outcome = (x) => 97 + Math.cos(11 * x[0]! + 7 * x[1]!);

/** Some mature cells, and more that only have an early signal. */
function cells(mature: number, begun: number, seed: number, early: Outcome): SurrogateData {
  const rng = createRng(seed);
  const rows: number[][] = [];
  const y: number[] = [];
  for (let i = 0; i < mature + begun; i++) {
    const x = [rng.uniform(), rng.uniform()];
    rows.push([x[0]!, 0.1, x[1]!]);
    y.push(early(x) + 0.03 * rng.normal());
    if (i >= mature) continue;
    rows.push([x[0]!, 1, x[1]!]);
    y.push(truth(x) + 0.15 * rng.normal());
  }
  return {
    inputs: [
      { name: "c_rate", kind: "continuous" },
      { name: "maturity", kind: "continuous" },
      { name: "temperature", kind: "continuous" },
    ],
    X: matrixFromRows(rows),
    y: Float64Array.from(y),
  };
}

function matureOnly(data: SurrogateData): SurrogateData {
  const rows = Array.from(data.y, (_, i) => i).filter((i) => data.X.data[i * 3 + 1] === 1);
  return {
    inputs: [data.inputs[0]!, data.inputs[2]!],
    X: matrixFromRows(rows.map((i) => [data.X.data[i * 3]!, data.X.data[i * 3 + 2]!])),
    y: Float64Array.from(rows, (i) => data.y[i]!),
  };
}

function rmse(model: Surrogate): number {
  const rng = createRng(9_999);
  const points = Array.from({ length: 150 }, () => [rng.uniform(), rng.uniform()]);
  const { mean } = model.predict(matrixFromRows(points));
  return Math.sqrt(points.reduce((sum, x, i) => sum + (truth(x) - mean[i]!) ** 2, 0) / points.length);
}

const options = { fidelity: "maturity" };

describe("early signals of maturing cells", () => {
  it("help where they are correlated with what comes later", () => {
    const data = cells(7, 30, 1, correlated);
    const joint = rmse(fitMultiFidelity(data, options).at(1));
    expect(joint).toBeLessThan(0.6 * rmse(fitGaussianProcess(matureOnly(data))));
  });

  it("do little harm where they are not", () => {
    let joint = 0;
    let alone = 0;
    for (let seed = 0; seed < 6; seed++) {
      const data = cells(10, 15, 50 + seed, uncorrelated);
      joint += rmse(fitMultiFidelity(data, options).at(1));
      alone += rmse(fitGaussianProcess(matureOnly(data)));
    }
    expect(joint).toBeLessThan(1.3 * alone);
  });

  it("narrow the prediction of a cell that has begun, before it is mature", () => {
    const data = cells(7, 30, 1, correlated);
    const model = fitMultiFidelity(data, options).at(1);
    const alone = fitGaussianProcess(matureOnly(data));
    const begun = matrixFromRows([[data.X.data[3 * 20]!, data.X.data[3 * 20 + 2]!]]);
    expect(model.predict(begun).stdDev[0]).toBeLessThan(0.6 * alone.predict(begun).stdDev[0]!);
  });

  it("predict alone while nothing is mature", () => {
    const model = fitMultiFidelity(cells(0, 12, 3, correlated), options).at(1);
    expect(model.predict(matrixFromRows([[0.5, 0.5]])).stdDev[0]).toBeGreaterThan(0);
  });

  it("is asked at any fidelity, and comes back from its record bit for bit", () => {
    const model = fitMultiFidelity(cells(7, 20, 4, correlated), options);
    expect(model.fidelities).toEqual([0.1, 1]);
    const points = matrixFromRows([
      [0.2, 0.3],
      [0.7, 0.6],
    ]);
    for (const at of [0, 0.1, 0.55, 1]) {
      const view = model.at(at);
      const loaded = loadSurrogate(
        JSON.parse(JSON.stringify(view.toJSON())) as ReturnType<Surrogate["toJSON"]>,
      );
      expect([...loaded.predict(points).mean]).toEqual([...view.predict(points).mean]);
      expect([...loaded.predict(points).stdDev]).toEqual([...view.predict(points).stdDev]);
      expect(loaded.describe()).toEqual(view.describe());
    }
    expect(model.at(0.1).predict(points).mean[0]).toBeGreaterThan(93);
    expect(model.at(1).predict(points).mean[0]).toBeLessThan(90);
  });

  it("refuses fidelities outside 0 … 1 and inputs that are not there", () => {
    const data = cells(3, 3, 5, correlated);
    const code = (action: () => unknown): string => {
      try {
        action();
      } catch (error) {
        if (error instanceof CellwrightError) return error.code;
        throw error;
      }
      return "none";
    };
    const beyond = { ...data, X: { ...data.X, data: data.X.data.with(1, 1.5) } };
    expect(code(() => fitMultiFidelity(beyond, options))).toBe("DATA_INVALID");
    expect(code(() => fitMultiFidelity(data, { fidelity: "age" }))).toBe("INVALID_OPTION");
    expect(code(() => fitMultiFidelity(data, options).at(1.2))).toBe("INVALID_OPTION");
  });
});

describe("the log posterior of a multi-fidelity model", () => {
  it("has the gradient that differences show", () => {
    const data = matureOnly(cells(8, 0, 6, correlated));
    const early = { ...data, y: data.y.map((y) => 0.3 * y) };
    const parts = [early, data].map((part) => arrangeRows(part));
    const transform = fitTransform(parts[1]!.y, parts[1]!.groupStart, "identity");
    const statistics = stackStatistics(parts.map((rows) => settingStatistics(rows, transform)));
    const problem = {
      statistics,
      fidelities: [0.3, 1],
      kernel: createProductKernel(radialKernels["matern-5/2"], ["continuous", "continuous"]),
    };
    const at = (v: Float64Array): MultiFidelityHyperparameters => ({
      lengthscales: v.slice(0, 2).map(Math.exp),
      discrepancyLengthscales: v.slice(2, 4).map(Math.exp),
      coupling: {
        signalVariance: Math.exp(v[4]!),
        carriedShare: v[5]!,
        discrepancyVariance: Math.exp(v[6]!),
      },
      noiseVariance: v.slice(7).map(Math.exp),
    });
    const rng = createRng(8);
    const x = Float64Array.from({ length: 9 }, () => 0.4 * rng.normal() - 0.4);
    const gradient = new Float64Array(9);
    const ignored = new Float64Array(9);
    multiFidelityLogPosterior(problem, at(x), gradient);
    x.forEach((value, k) => {
      const [up, down] = [1e-5, -1e-5].map((h) =>
        multiFidelityLogPosterior(problem, at(x.with(k, value + h)), ignored),
      );
      expect(gradient[k]! / ((up! - down!) / 2e-5)).toBeCloseTo(1, 5);
    });
  });
});
