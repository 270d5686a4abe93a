import { expect, it } from "vitest";
import { type Matrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import type { ConditionedProcess } from "../../src/surrogates/gaussian-process-model.js";
import type { GaussianLatent, Surrogate } from "../../src/surrogates/surrogate.js";

const POINTS = matrixFromRows([
  [0.1, 0.9, 0],
  [0.12, 0.88, 0],
  [0.5, 0.5, 1],
  [0.5, 0.5, 2],
  [1.3, -0.2, 0],
]);

type Joint = Pick<GaussianLatent, "joint">;
type Moments = ReturnType<Joint["joint"]>;
/** Functions of which moments are taken. */
const PATHS = 800;

/** Sample mean [m] and covariance [m × m] of the rows. */
function momentsOf(samples: Matrix): Moments {
  const { rows: count, cols: m, data } = samples;
  const mean = new Float64Array(m);
  for (let i = 0; i < data.length; i++) mean[i % m]! += data[i]! / count;
  const covariance = { rows: m, cols: m, data: new Float64Array(m * m) };
  for (let s = 0; s < count; s++) {
    for (let i = 0; i < m * m; i++) {
      const [a, b] = [Math.floor(i / m), i % m];
      covariance.data[i]! += ((data[s * m + a]! - mean[a]!) * (data[s * m + b]! - mean[b]!)) / count;
    }
  }
  return { mean, covariance };
}

/** Largest deviations of sample moments from those of a posterior, in its standard deviations. */
function deviations(samples: Matrix, { mean, covariance }: Moments): { mean: number; covariance: number } {
  const found = momentsOf(samples);
  const m = POINTS.rows;
  const stdDev = mean.map((_, i) => Math.sqrt(covariance.data[i * m + i]!));
  const off = (value: number, i: number): number =>
    Math.abs(value - covariance.data[i]!) / (stdDev[Math.floor(i / m)]! * stdDev[i % m]!);
  return {
    mean: Math.max(...found.mean.map((value, i) => Math.abs(value - mean[i]!) / stdDev[i]!)),
    // NaN marks what is not compared.
    covariance: Math.max(...found.covariance.data.map(off).filter((value) => !Number.isNaN(value))),
  };
}

/**
 * Nearest neighbours (Vecchia): a function is drawn from the neighbours of each point, a joint sample from point to point,
 * so that functions share the moments of single points only.
 */
function isApproximate(model: Surrogate): boolean {
  return "method" in model.describe();
}

function momentsOfPaths(model: Surrogate & ConditionedProcess): Moments {
  if (!isApproximate(model)) return model.joint(POINTS);
  const m = POINTS.rows;
  const alone = Array.from({ length: m }, (_, i) => model.latentAt(matrixRow(POINTS, i)));
  const covariance = { rows: m, cols: m, data: new Float64Array(m * m).fill(Number.NaN) };
  alone.forEach(({ variance }, i) => (covariance.data[i * m + i] = variance));
  return { mean: Float64Array.from(alone, ({ mean }) => mean), covariance };
}

/** What a surrogate with a joint posterior promises of its samples, functions and further observations. */
export function testPosterior(model: Surrogate): void {
  if (model.samples !== undefined) testSamples(model as Surrogate & Joint);
  if ("samplePaths" in model) testPaths(model as Surrogate & ConditionedProcess);
  if ("withObservations" in model) testObservations(model as Surrogate & ConditionedProcess);
}

function testSamples(model: Surrogate & Joint): void {
  it("draws quasi-random samples with the moments of the joint posterior", () => {
    const samples = model.samples!(POINTS, 2048, createRng(5), "model");
    const { mean, covariance } = deviations(samples, model.joint(POINTS));
    // Independent samples would have standard errors of .022 and up to .031; these are about as good or better.
    expect(mean).toBeLessThan(0.03);
    expect(covariance).toBeLessThan(0.08);
  });

  it("gives the same samples for the same seed, and others for another; in raw units they are warped", () => {
    const draw = (seed: number, scale: "raw" | "model"): number[] => [
      ...model.samples!(POINTS, 8, createRng(seed), scale).data,
    ];
    expect(draw(1, "model")).toEqual(draw(1, "model"));
    expect(draw(1, "model")).not.toEqual(draw(2, "model"));
    if ("modelScale" in model) {
      const { modelScale } = model as Surrogate & GaussianLatent;
      expect(draw(1, "raw")).toEqual(draw(1, "model").map((z) => modelScale.toRaw(z)));
    }
    const { mean, stdDev } = model.predict(POINTS);
    const raw = momentsOf(model.samples!(POINTS, 2048, createRng(5))).mean;
    const compared = isApproximate(model) ? 1 : POINTS.rows; // points after the first know it
    for (let i = 0; i < compared; i++) expect(Math.abs(raw[i]! - mean[i]!)).toBeLessThan(0.05 * stdDev[i]!);
  });

  it("refuses counts that make no sense", () => {
    for (const count of [0, 1.5, Number.NaN, 1e9])
      expect(() => model.samples!(POINTS, count, createRng(1))).toThrow(/whole number/);
    expect(() => model.samples!(matrixFromRows([], 3), 4, createRng(1))).toThrow(/1 to/);
    expect(() => model.samples!(matrixFromRows([[0, 0, 9]]), 4, createRng(1))).toThrow(/known levels/);
  });
}

function testPaths(model: Surrogate & ConditionedProcess): void {
  it("draws functions whose values have the moments of the joint posterior", () => {
    const paths = model.samplePaths!(PATHS, createRng(3));
    const rows = paths.map((path) =>
      Array.from({ length: POINTS.rows }, (_, i) => path.value(matrixRow(POINTS, i))),
    );
    const { mean, covariance } = deviations(matrixFromRows(rows), momentsOfPaths(model));
    // Four standard errors: 1/√PATHS of a mean, up to √2/√PATHS of a (co)variance.
    expect(mean).toBeLessThan(4 / Math.sqrt(PATHS));
    expect(covariance).toBeLessThan((4 * Math.SQRT2) / Math.sqrt(PATHS));
  });

  it("gives the same functions for the same seed, in whatever order they are asked", () => {
    const x = Float64Array.of(0.3, 0.6, 1);
    const [a, b] = model.samplePaths!(2, createRng(9));
    const [first] = model.samplePaths!(1, createRng(9));
    b!.value(x);
    expect(a!.value(x)).toBe(first!.value(x));
    expect(a!.value(x)).not.toBe(b!.value(x));
    expect(model.samplePaths!(1, createRng(10))[0]!.value(x)).not.toBe(a!.value(x));
    expect(() => model.samplePaths!(0, createRng(1))).toThrow(/whole number/);
  });

  it("has functions with the gradient of central differences, and none along categories", () => {
    for (const path of model.samplePaths!(3, createRng(4))) {
      const x = Float64Array.of(0.41, 0.63, 2);
      const gradient = new Float64Array(3);
      expect(path.valueAndGradient(x, gradient)).toBe(path.value(x));
      const step = 1e-5;
      for (const k of [0, 1]) {
        const at = (delta: number): number =>
          path.value(x.map((value, i) => (i === k ? value + delta : value)));
        const difference = (at(step) - at(-step)) / (2 * step);
        expect(Math.abs(gradient[k]! - difference)).toBeLessThan(1e-5 * Math.max(1, Math.abs(difference)));
      }
      expect(gradient[2]).toBe(0);
    }
  });
}

function testObservations(model: Surrogate & ConditionedProcess): void {
  const point = Float64Array.of(1.3, -0.2, 0);
  const X = matrixFromRows([point]);
  it("believes an imagined result: the mean moves towards it and the variance shrinks, there most", () => {
    const before = model.predict(X);
    const imagined = before.mean[0]! + 2 * before.stdDev[0]!;
    const after = model.withObservations({ X, y: Float64Array.of(imagined) });
    const { mean, stdDev } = after.predict(X);
    expect(mean[0]).toBeGreaterThan(before.mean[0]!);
    expect(mean[0]).toBeLessThan(imagined + 1e-6 * Math.abs(imagined));
    expect(stdDev[0]).toBeLessThan(before.stdDev[0]!);
    expect(after.latentAt(point).variance).toBeLessThan(model.latentAt(point).variance);
    expect(after.trainingInputs.rows).toBe(model.trainingInputs.rows + 1);
    expect(after.leaveOneOut().mean).toHaveLength(model.trainingInputs.rows + 1);
    expect(after.samples(X, 4, createRng(1)).data.every(Number.isFinite)).toBe(true);
  });

  it("does not care whether rows join at once or one after another", () => {
    const rows = matrixFromRows([
      [0.2, 0.3, 1],
      [0.7, 0.9, 2],
    ]);
    const y = Float64Array.of(30, 33);
    const together = model.withObservations({ X: rows, y });
    const first = model.withObservations({ X: matrixFromRows([matrixRow(rows, 0)]), y: y.slice(0, 1) });
    const apart = first.withObservations({ X: matrixFromRows([matrixRow(rows, 1)]), y: y.slice(1) });
    const [a, b] = [together.joint(POINTS), apart.joint(POINTS)];
    a.mean.forEach((value, i) => expect(Math.abs(value - b.mean[i]!)).toBeLessThan(1e-10));
    a.covariance.data.forEach((value, i) =>
      expect(Math.abs(value - b.covariance.data[i]!)).toBeLessThan(1e-10),
    );
  });

  it("refuses rows that cannot be learned from", () => {
    expect(() => model.withObservations({ X, y: Float64Array.of(Number.NaN) })).toThrow(/cannot be learned/);
    expect(() => model.withObservations({ X, y: Float64Array.of(1, 2) })).toThrow(/do not fit/);
    expect(() => model.withObservations({ X, y: Float64Array.of(1), noiseLevel: Int32Array.of(7) })).toThrow(
      /was not trained/,
    );
  });
}
