import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { type Matrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng, permutation } from "../../src/math/rng.js";
import { loadSurrogate } from "../../src/surrogates/load-surrogate.js";
import type {
  InputDimension,
  MarginalPosterior,
  OutcomeScale,
  Surrogate,
  SurrogateData,
  SurrogateRecord,
} from "../../src/surrogates/surrogate.js";
import { testPosterior } from "./posterior-contract.js";
import { codeOf } from "../error-code.js";

/** Fits the surrogate under test. */
export type Fit = (
  data: SurrogateData,
  options: { readonly scale: OutcomeScale; readonly seed: number },
) => Surrogate;

const contractInputs: readonly InputDimension[] = [
  { name: "line_load", kind: "continuous" },
  { name: "roll_temperature", kind: "continuous" },
  { name: "web", kind: "categorical", levels: 3 },
];

/** A curved positive outcome with an interaction and a categorical shift. */
function contractTruth(x: ArrayLike<number>): number {
  return 30 + 8 * x[0]! - 6 * x[1]! * x[1]! + 3 * x[0]! * x[1]! + [0, 2, -1][x[2]!]!;
}

/** `n` rows of which about a third repeat an earlier setting, with noise of standard deviation `noise`. */
export function contractData(n: number, seed: number, noise = 0.4): SurrogateData {
  const rng = createRng(seed);
  const rows: number[][] = [];
  for (let i = 0; i < n; i++) {
    const repeat = i > 0 && rng.uniform() < 1 / 3;
    rows.push(repeat ? rows[rng.integer(i)]! : [rng.uniform(), rng.uniform(), rng.integer(3)]);
  }
  return {
    inputs: contractInputs,
    X: matrixFromRows(rows, 3),
    y: Float64Array.from(rows, (row) => contractTruth(row) + noise * rng.normal()),
  };
}

const TEST_POINTS = matrixFromRows([
  [0.1, 0.9, 0],
  [0.5, 0.5, 1],
  [0.95, 0.05, 2],
  [1.3, -0.2, 0], // outside the bounds of the parameters
]);

function reorder(data: SurrogateData, order: Int32Array): SurrogateData {
  return {
    ...data,
    X: matrixFromRows(
      Array.from(order, (i) => matrixRow(data.X, i)),
      data.X.cols,
    ),
    y: Float64Array.from(order, (i) => data.y[i]!),
    ...(data.noiseLevel && { noiseLevel: Int32Array.from(order, (i) => data.noiseLevel![i]!) }),
    ...(data.knownNoiseVariance && {
      knownNoiseVariance: Float64Array.from(order, (i) => data.knownNoiseVariance![i]!),
    }),
  };
}

/** Every number that a posterior gives, for comparison bit for bit. */
function bits(posterior: MarginalPosterior): number[] {
  const m = posterior.mean.length;
  return [
    ...posterior.mean,
    ...posterior.stdDev,
    ...posterior.quantile(0.025, "latent"),
    ...posterior.quantile(0.975, "observed"),
    ...posterior.probabilityBetween(29, 33),
    ...posterior.logDensity(new Float64Array(m).fill(31)),
  ];
}

const seeds = fc.integer({ min: 0, max: 10_000 });

/** What every surrogate promises. `name` is its kind; `fit` takes the data and options of the suite; `load` a record. */
export function testSurrogate(
  name: string,
  fit: Fit,
  load: (record: SurrogateRecord) => Surrogate = loadSurrogate,
): void {
  describe(`${name} keeps the surrogate contract`, () => {
    const options = { scale: "auto", seed: 1 } as const;
    const model = fit(contractData(30, 1), options);

    it("learns: predicts far better than the mean of the data", () => {
      const test = contractData(200, 2, 0);
      const { mean } = model.predict(test.X);
      const average = test.y.reduce((sum, y) => sum + y, 0) / test.y.length;
      const error = test.y.reduce((sum, y, i) => sum + (y - mean[i]!) ** 2, 0);
      const scatter = test.y.reduce((sum, y) => sum + (y - average) ** 2, 0);
      expect(error).toBeLessThan(0.6 * scatter);
    });

    it("gives finite numbers with positive standard deviations, also outside the bounds", () => {
      const posterior = model.predict(TEST_POINTS);
      expect(bits(posterior).every(Number.isFinite)).toBe(true);
      expect(posterior.stdDev.every((value) => value > 0)).toBe(true);
    });

    it("has quantiles that increase with the probability, and wider ones for an observed run", () => {
      const posterior = model.predict(TEST_POINTS);
      const probabilities = [0.001, 0.025, 0.25, 0.5, 0.75, 0.975, 0.999];
      for (const of of ["latent", "observed"] as const) {
        const quantiles = probabilities.map((p) => posterior.quantile(p, of));
        for (let k = 1; k < quantiles.length; k++) {
          quantiles[k]!.forEach((value, i) => expect(value).toBeGreaterThan(quantiles[k - 1]![i]!));
        }
      }
      const width = (of: "latent" | "observed"): Float64Array => {
        const lower = posterior.quantile(0.025, of);
        return posterior.quantile(0.975, of).map((value, i) => value - lower[i]!);
      };
      const latent = width("latent");
      width("observed").forEach((value, i) => expect(value).toBeGreaterThan(latent[i]!));
    });

    it("holds its 95 % interval for new runs about as often as it says", () => {
      let inside = 0;
      for (let seed = 0; seed < 10; seed++) {
        const trained = fit(contractData(40, 100 + seed), options);
        const test = contractData(100, 200 + seed);
        const posterior = trained.predict(test.X);
        const lower = posterior.quantile(0.025, "observed");
        const upper = posterior.quantile(0.975, "observed");
        test.y.forEach((y, i) => (inside += lower[i]! <= y && y <= upper[i]! ? 1 : 0));
      }
      // 1,000 dependent trials: a range that a calibrated 95 % interval leaves only if something is wrong.
      expect(inside / 1000).toBeGreaterThan(0.85);
    });

    it("has a density that integrates to one and agrees with the quantiles", () => {
      const point = { rows: 1, cols: 3, data: matrixRow(TEST_POINTS, 1) };
      const posterior = model.predict(point);
      const [lower] = posterior.quantile(1e-6, "observed");
      const [upper] = posterior.quantile(1 - 1e-6, "observed");
      const [quartile] = posterior.quantile(0.25, "observed");
      const steps = 4000;
      const step = (upper! - lower!) / steps;
      let total = 0;
      let belowQuartile = 0;
      for (let k = 0; k < steps; k++) {
        const y = lower! + (k + 0.5) * step;
        const mass = Math.exp(posterior.logDensity([y])[0]!) * step;
        total += mass;
        if (y < quartile!) belowQuartile += mass;
      }
      expect(total).toBeCloseTo(1, 3);
      expect(belowQuartile).toBeCloseTo(0.25, 2);
    });

    it("splits probability at any value, and agrees with latent quantiles", () => {
      const posterior = model.predict(TEST_POINTS);
      const below = posterior.probabilityBetween(Number.NEGATIVE_INFINITY, 31);
      const above = posterior.probabilityBetween(31, Number.POSITIVE_INFINITY);
      below.forEach((p, i) => expect(p + above[i]!).toBeCloseTo(1, 10));
      const [median] = posterior.quantile(0.5, "latent");
      expect(posterior.probabilityBetween(Number.NEGATIVE_INFINITY, median!)[0]).toBeCloseTo(0.5, 8);
    });

    it("widens the interval of an observed run by its known measurement variance", () => {
      const upper = model.predict(TEST_POINTS).quantile(0.975, "observed");
      const measured = model.predict(TEST_POINTS, { knownNoiseVariance: 4 });
      measured.quantile(0.975, "observed").forEach((value, i) => expect(value).toBeGreaterThan(upper[i]!));
    });

    it("does not change a bit when rows come in another order", () => {
      fc.assert(
        fc.property(seeds, fc.integer({ min: 2, max: 25 }), (seed, n) => {
          const data = {
            ...contractData(n, seed),
            noiseLevel: Int32Array.from({ length: n }, (_, i) => i % 2),
            knownNoiseVariance: Float64Array.from({ length: n }, (_, i) => (i % 3) * 0.01),
          };
          const shuffled = reorder(data, permutation(createRng(seed), n));
          expect(bits(fit(shuffled, options).predict(TEST_POINTS))).toEqual(
            bits(fit(data, options).predict(TEST_POINTS)),
          );
        }),
        { numRuns: 15 },
      );
    });

    it("comes back from its record bit for bit", () => {
      fc.assert(
        fc.property(
          seeds,
          fc.integer({ min: 1, max: 25 }),
          fc.constantFrom("auto", "log"),
          (seed, n, scale) => {
            const fitted = fit(contractData(n, seed), { scale, seed });
            const loaded = load(JSON.parse(JSON.stringify(fitted.toJSON())) as SurrogateRecord);
            expect(bits(loaded.predict(TEST_POINTS))).toEqual(bits(fitted.predict(TEST_POINTS)));
            expect(loaded.describe()).toEqual(fitted.describe());
            expect(JSON.stringify(loaded.toJSON())).toBe(JSON.stringify(fitted.toJSON()));
          },
        ),
        { numRuns: 15 },
      );
    });

    it("refuses a record from which any field was removed", () => {
      const record = model.toJSON();
      for (const field of Object.keys(record)) {
        const damaged = Object.fromEntries(Object.entries(record).filter(([key]) => key !== field));
        expect([field, codeOf(() => load(damaged as SurrogateRecord))]).toEqual([field, "MODEL_INVALID"]);
      }
    });

    it("follows the unit of the outcome: a power of two changes exponents only", () => {
      fc.assert(
        fc.property(
          seeds,
          fc.integer({ min: 2, max: 25 }),
          fc.integer({ min: -20, max: 20 }),
          (seed, n, power) => {
            const data = contractData(n, seed);
            const factor = 2 ** power;
            const scaled = fit({ ...data, y: data.y.map((y) => factor * y) }, options).predict(TEST_POINTS);
            const plain = fit(data, options).predict(TEST_POINTS);
            expect([...scaled.mean]).toEqual(Array.from(plain.mean, (value) => factor * value));
            expect([...scaled.quantile(0.9, "observed")]).toEqual(
              Array.from(plain.quantile(0.9, "observed"), (value) => factor * value),
            );
          },
        ),
        { numRuns: 6 },
      );
    });

    it("keeps a positive outcome positive on a log scale", () => {
      const data = contractData(20, 9);
      const posterior = fit(
        { ...data, y: data.y.map((y) => Math.exp(0.3 * y - 12)) },
        { scale: "log", seed: 1 },
      ).predict(TEST_POINTS);
      expect(posterior.quantile(1e-6, "observed").every((value) => value > 0)).toBe(true);
      expect(posterior.mean.every((value, i) => value > posterior.quantile(0.5, "latent")[i]! * 0.999)).toBe(
        true,
      );
      expect(posterior.probabilityBetween(Number.NEGATIVE_INFINITY, 0)[0]).toBe(0);
      expect(posterior.logDensity(new Float64Array(4).fill(-1))[0]).toBe(Number.NEGATIVE_INFINITY);
    });

    it("is steady under a thousand repeats of one row, whichever it is", () => {
      fc.assert(
        fc.property(seeds, fc.integer({ min: 0, max: 14 }), (seed, row) => {
          const data = contractData(15, seed);
          const repeated = matrixFromRows(
            [
              ...Array.from({ length: 15 }, (_, i) => matrixRow(data.X, i)),
              ...new Array<Float64Array>(1000).fill(matrixRow(data.X, row)),
            ],
            3,
          );
          const y = Float64Array.from([...data.y, ...new Array<number>(1000).fill(data.y[row]!)]);
          const posterior = fit({ ...data, X: repeated, y }, options).predict(repeated);
          expect(bits(posterior).every(Number.isFinite)).toBe(true);
          expect(Math.abs(posterior.mean[row]! - data.y[row]!)).toBeLessThan(4);
        }),
        { numRuns: 3 },
      );
    });

    testExtremes(fit);
    testLadder(fit);
    testRefusals(fit, model);
    testPosterior(model);
  });
}

/** Numbers that no line measures, but a typing error, a wrong unit or a broken gauge writes. */
const EXTREMES: Readonly<Record<string, (data: SurrogateData) => SurrogateData>> = {
  "an outlier of a million million": (data) => ({ ...data, y: data.y.with(3, 1e12) }),
  "an outlier of 1e140": (data) => ({ ...data, y: data.y.with(3, -1e140) }),
  "outcomes of 1e-300": (data) => ({ ...data, y: data.y.map((y) => y * 1e-300) }),
  "outcomes of 1e148 of both signs": (data) => ({
    ...data,
    y: data.y.map((y, i) => (i % 2 === 0 ? y : -y) * 1e146),
  }),
  "outcomes over sixty powers of ten": (data) => ({ ...data, y: data.y.map((_, i) => 10 ** (5 * i - 30)) }),
  "outcomes over two hundred powers of ten": (data) => ({
    ...data,
    y: data.y.map((_, i) => 10 ** (16 * i - 100)),
  }),
  "all outcomes of 1e149": (data) => ({ ...data, y: data.y.map(() => 1e149) }),
  "differences of the last bit": (data) => ({
    ...data,
    y: data.y.map((_, i) => 1 + (i % 2) * Number.EPSILON),
  }),
  "errors far larger than the outcomes": (data) => ({ ...data, knownNoiseVariance: data.y.map(() => 1e12) }),
  "errors far smaller than any": (data) => ({ ...data, knownNoiseVariance: data.y.map(() => 1e-250) }),
  "inputs far outside the bounds": (data) => ({
    ...data,
    X: { ...data.X, data: data.X.data.map((x, k) => (k % 3 === 0 && k < 9 ? 1e9 * (x - 0.5) : x)) },
  }),
  "one setting throughout": (data) => ({
    ...data,
    X: { ...data.X, data: data.X.data.map((_, k) => (k % 3) / 4) },
  }),
};
const FAR_POINTS = matrixFromRows([
  [0.5, 0.5, 1],
  [1e6, -1e6, 0],
  [1e140, 0, 2],
]);

function testExtremes(fit: Fit): void {
  it.each(Object.keys(EXTREMES))("never lets a number out that is not finite: %s", (name) => {
    const data = contractData(12, 5);
    const categorical = { ...data, X: { ...data.X, data: data.X.data.slice() } };
    const extreme = EXTREMES[name]!(categorical);
    for (let i = 0; i < 12; i++) extreme.X.data[3 * i + 2] = data.X.data[3 * i + 2]!;
    for (const scale of ["auto", "log"] as const) {
      let model: Surrogate | undefined;
      const outcome = finiteOrRefused(() => {
        model = fit(extreme, { scale, seed: 1 });
        return [];
      });
      expect(outcome).toBe("finite");
      if (model === undefined) continue; // refused
      const fitted = model;
      for (const points of [TEST_POINTS, FAR_POINTS, extreme.X]) {
        for (const knownNoiseVariance of [0, 1e10]) {
          const found = finiteOrRefused(() => numbersOf(fitted, points, knownNoiseVariance));
          expect([scale, knownNoiseVariance, found]).toEqual([scale, knownNoiseVariance, "finite"]);
        }
      }
    }
  });
}

function numbersOf(model: Surrogate, points: Matrix, knownNoiseVariance: number): number[] {
  const posterior = model.predict(points, { knownNoiseVariance });
  const densities = posterior.logDensity(new Float64Array(points.rows).fill(31));
  return [
    ...posterior.mean,
    ...posterior.stdDev,
    ...posterior.quantile(0.025, "observed"),
    ...posterior.quantile(0.975, "observed"),
    ...posterior.quantile(0.5, "latent"),
    ...posterior.probabilityBetween(29, 33),
    ...densities.filter((density) => density !== Number.NEGATIVE_INFINITY), // beyond the tail
  ];
}

/** "finite" where all numbers are, or a CellwrightError says why there are none. */
function finiteOrRefused(action: () => readonly number[]): string {
  try {
    const numbers = action();
    const bad = numbers.findIndex((value) => !Number.isFinite(value));
    return bad < 0 ? "finite" : `${numbers[bad]} at ${bad}`;
  } catch (error) {
    if (error instanceof CellwrightError && error.code !== "INTERNAL") return "finite";
    throw error;
  }
}

function testLadder(fit: Fit): void {
  const options = { scale: "auto", seed: 1 } as const;
  const one = (y: number): SurrogateData => ({ ...contractData(1, 1), y: Float64Array.of(y) });

  it("refuses no rows, and says why", () => {
    expect(codeOf(() => fit(contractData(0, 1), options))).toBe("DATA_INVALID");
  });

  it("from one row predicts that value within about a tenth of its size", () => {
    const posterior = fit(one(50), options).predict(TEST_POINTS);
    posterior.mean.forEach((mean) => expect(Math.abs(mean - 50)).toBeLessThan(1));
    posterior.stdDev.forEach((stdDev) => {
      expect(stdDev).toBeGreaterThan(1);
      expect(stdDev).toBeLessThan(25);
    });
  });

  it("from one row of zero predicts zero with a spread of about one", () => {
    const posterior = fit(one(0), options).predict(TEST_POINTS);
    posterior.mean.forEach((mean) => expect(mean).toBeCloseTo(0, 6));
    posterior.stdDev.forEach((stdDev) => expect(stdDev).toBeGreaterThan(0.2));
  });

  it("takes two rows", () => {
    const posterior = fit(contractData(2, 3), options).predict(TEST_POINTS);
    expect(bits(posterior).every(Number.isFinite)).toBe(true);
  });

  it.each(["auto", "log"] as const)("takes outcomes that are all equal (%s)", (scale) => {
    const data = contractData(12, 5);
    const posterior = fit({ ...data, y: data.y.map(() => 7.25) }, { scale, seed: 1 }).predict(TEST_POINTS);
    expect(bits(posterior).every((value) => !Number.isNaN(value))).toBe(true);
    posterior.quantile(0.5, "latent").forEach((median) => expect(median).toBeCloseTo(7.25, 2));
    posterior.stdDev.forEach((stdDev) => expect(stdDev).toBeGreaterThan(0));
  });

  it("takes tiny and huge outcomes", () => {
    for (const size of [1e-140, 1e140]) {
      const data = contractData(12, 5);
      const { mean } = fit({ ...data, y: data.y.map((y) => y * size) }, options).predict(TEST_POINTS);
      mean.forEach((value) => expect(value / size).toBeGreaterThan(10));
      mean.forEach((value) => expect(value / size).toBeLessThan(60));
    }
  });
}

function testRefusals(fit: Fit, model: Surrogate): void {
  const options = { scale: "auto", seed: 1 } as const;
  const data = contractData(6, 1);
  const withX = (row: number, column: number, value: number): Matrix => {
    const copy = { ...data.X, data: data.X.data.slice() };
    copy.data[row * 3 + column] = value;
    return copy;
  };

  it("refuses training data that are not finite or of unknown levels, and lists every problem", () => {
    const y = Float64Array.of(1, Number.NaN, 3, Number.POSITIVE_INFINITY, 1e308, 6);
    try {
      fit({ ...data, X: withX(0, 2, 3), y }, options);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(CellwrightError);
      expect((error as CellwrightError).code).toBe("DATA_INVALID");
      expect((error as CellwrightError).problems.map(({ where }) => where)).toEqual([
        "row 1, outcome",
        "row 3, outcome",
        "row 4, outcome",
        "row 0, input web",
      ]);
    }
  });

  it("refuses shapes that do not fit", () => {
    expect(codeOf(() => fit({ ...data, y: data.y.slice(1) }, options))).toBe("SHAPE_MISMATCH");
    expect(codeOf(() => fit({ ...data, noiseLevel: Int32Array.of(0) }, options))).toBe("SHAPE_MISMATCH");
    expect(codeOf(() => model.predict(matrixFromRows([[0, 1]])))).toBe("SHAPE_MISMATCH");
    expect(codeOf(() => model.predict(TEST_POINTS).logDensity([1]))).toBe("SHAPE_MISMATCH");
  });

  it("refuses a log scale for outcomes that are not positive", () => {
    expect(
      codeOf(() => fit({ ...data, y: Float64Array.of(1, 2, 3, 4, 5, 0) }, { scale: "log", seed: 1 })),
    ).toBe("DATA_INVALID");
  });

  it("refuses points, probabilities, intervals and noise levels that make no sense", () => {
    expect(codeOf(() => model.predict(matrixFromRows([[0, Number.NaN, 1]])))).toBe("NON_FINITE");
    expect(codeOf(() => model.predict(matrixFromRows([[0, 0, 7]])))).toBe("NON_FINITE");
    const posterior = model.predict(TEST_POINTS);
    for (const probability of [0, 1, Number.NaN]) {
      expect(codeOf(() => posterior.quantile(probability, "observed"))).toBe("INVALID_OPTION");
    }
    expect(codeOf(() => posterior.probabilityBetween(2, 1))).toBe("INVALID_OPTION");
    expect(codeOf(() => model.predict(TEST_POINTS, { noiseLevel: new Int32Array(4).fill(1) }))).toBe(
      "INVALID_OPTION",
    );
    expect(codeOf(() => model.predict(TEST_POINTS, { knownNoiseVariance: -1 }))).toBe("INVALID_OPTION");
  });
}
