import { beforeEach, describe, expect, it } from "vitest";
import { createMatrix, type Matrix, matrixRow, selectRows } from "../../../src/math/matrix.js";
import { createRng } from "../../../src/math/rng.js";
import {
  type ConditionedCovariance,
  conditionCovarianceWasm,
} from "../../../src/math/wasm/conditioned-covariance.js";
import type { Indefinite } from "../../../src/math/wasm/factor.js";
import { memoryBytes } from "../../../src/math/wasm/working-memory.js";
import { conditionCovariancePlain } from "../../../src/surrogates/plain-conditioned-covariance.js";
import { correlatedInputs, type Example, exampleInputs, KINDS, RADIALS } from "./example-inputs.js";
import { largest, randomMatrix } from "./matrices.js";
import { spoilMemory } from "./spoil-memory.js";

const SIGNAL = 1.3;
const NOISE = 0.02;

function conditioned(found: ConditionedCovariance | Indefinite): ConditionedCovariance {
  if (!found.ok) throw new Error(`not positive definite at pivot ${found.pivot}`);
  return found;
}

function both({ kernel, inputs, correlated }: Example): {
  plain: ConditionedCovariance;
  wasm: ConditionedCovariance;
} {
  const noise = new Float64Array(inputs.count).fill(NOISE);
  return {
    plain: conditioned(conditionCovariancePlain(kernel, inputs, SIGNAL, noise)),
    wasm: conditioned(conditionCovarianceWasm(correlated, SIGNAL, noise)),
  };
}

/** Points of the same kinds as the example's settings, scaled alike. */
function pointsFor(
  { kernel, lengthscales }: Example,
  m: number,
  seed: number,
): ReturnType<typeof correlatedInputs> {
  const kinds = kernel.categorical.map((is) => (is ? "categorical" : "continuous"));
  return correlatedInputs(
    kernel,
    kernel.scale(exampleInputs(m, kinds, kernel.radial.name, seed).X, lengthscales),
  );
}

const pointOf = (points: ReturnType<typeof correlatedInputs>, i: number): Float64Array =>
  Float64Array.from(points.categorical, (_, k) => points.columns[k * points.count + i]!);

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  const error = largest(Array.from(found, (value, i) => value - expected[i]!));
  // Condition up to n · 1.3/0.02, times n·ε.
  expect(error).toBeLessThan(1e-10 * Math.max(1, largest(expected)));
}

beforeEach(spoilMemory);

describe("a conditioned covariance in the kernels' memory", () => {
  it("answers as plain code does, for every kernel and kind of input", () => {
    for (const radial of RADIALS) {
      for (const kinds of KINDS) {
        for (const n of [1, 4, 18, 41]) {
          const example = exampleInputs(n, kinds, radial, n);
          const { plain, wasm } = both(example);
          const points = pointsFor(example, 5, 99);
          spoilMemory();
          const weights = randomMatrix(6, n, 4);
          expectClose(wasm.lower().data, plain.lower().data);
          expectClose(wasm.solve(matrixRow(weights, 0)), plain.solve(matrixRow(weights, 0)));
          expectClose(wasm.inverseDiagonal(), plain.inverseDiagonal());
          for (let i = 0; i < 5; i++) {
            const point = pointOf(points, i);
            const found = wasm.evaluator(weights)(point, true);
            const expected = plain.evaluator(weights)(point, true);
            expectClose(found.means, expected.means);
            expectClose([found.explained], [expected.explained]);
            expectClose(found.meanGradients!.data, expected.meanGradients!.data);
            expectClose(found.explainedGradient!, expected.explainedGradient!);
          }
          const alpha = matrixRow(weights, 1).slice();
          const [m, p] = [wasm.moments(points, alpha), plain.moments(points, alpha)];
          expectClose(m.means, p.means);
          expectClose(m.explained, p.explained);
          expect(wasm.means(points, alpha)).toEqual(m.means);
          expect(plain.means(points, alpha)).toEqual(p.means);
          expectClose(wasm.diagonal(), plain.diagonal());
          spoilMemory();
          const [j, q] = [wasm.joint(points, alpha), plain.joint(points, alpha)];
          expectClose(j.means, q.means);
          expectClose(j.covariance.data, q.covariance.data);
        }
      }
    }
  });

  const example = exampleInputs(70, ["continuous", "continuous", "categorical"], "matern-5/2", 1);
  const { wasm } = both(example);
  const weights = randomMatrix(3, 70, 2);
  const alpha = matrixRow(weights, 0).slice();

  it("says the same of a point with and without gradient, alone and among its draws", () => {
    const point = pointOf(pointsFor(example, 1, 5), 0);
    const { means, explained } = wasm.evaluator(weights)(point, true);
    expect(wasm.evaluator(weights)(point, false)).toEqual({ means, explained });
    const alone = wasm.evaluator(selectRows(weights, [2]))(point, false);
    expect(alone.means[0]).toBe(means[2]);
  });

  it("says the same of many points whatever their number and order, beyond one batch too", () => {
    const points = pointsFor(example, 700, 6);
    const all = wasm.moments(points, alpha);
    const chosen = [699, 3, 257, 256, 255, 4, 0];
    const columns = new Float64Array(3 * chosen.length);
    for (let k = 0; k < 3; k++) {
      chosen.forEach((i, at) => (columns[k * chosen.length + at] = points.columns[k * 700 + i]!));
    }
    const some = wasm.moments({ ...points, count: chosen.length, columns }, alpha);
    expect(Array.from(some.means)).toEqual(chosen.map((i) => all.means[i]));
    expect(Array.from(some.explained)).toEqual(chosen.map((i) => all.explained[i]));
  });

  it("agrees between one point and many, and between marginals and joint", () => {
    const points = pointsFor(example, 9, 7);
    const many = wasm.moments(points, alpha);
    const joint = wasm.joint(points, alpha);
    const evaluate = wasm.evaluator(selectRows(weights, [0]));
    for (let i = 0; i < 9; i++) {
      const { means, explained } = evaluate(pointOf(points, i), false);
      expectClose([many.means[i]!, many.explained[i]!], [means[0]!, explained]);
      expectClose([joint.means[i]!, joint.covariance.data[i * 10]!], [means[0]!, SIGNAL - explained]);
    }
  });

  it("answers with the same bits after many other models had the memory", () => {
    const point = pointOf(pointsFor(example, 1, 5), 0);
    const evaluate = wasm.evaluator(weights);
    const first = evaluate(point, true);
    for (let seed = 0; seed < 30; seed++) {
      const other = exampleInputs(300, ["continuous"], "rbf", seed);
      both(other).wasm.evaluator(randomMatrix(8, 300, seed))(Float64Array.of(0.5), true);
    }
    expect(evaluate(point, true)).toEqual(first);
  });

  it("uses no more memory after a thousand models", () => {
    const noise = new Float64Array(70).fill(NOISE);
    const point = pointOf(pointsFor(example, 1, 5), 0);
    const run = (): void => {
      const model = conditioned(conditionCovarianceWasm(example.correlated, SIGNAL, noise));
      model.evaluator(weights)(point, true);
    };
    for (let k = 0; k < 1000; k++) run();
    const before = memoryBytes();
    for (let k = 0; k < 1000; k++) run();
    expect(memoryBytes()).toBe(before);
  });

  it("of points that cannot be told apart without noise is an outcome", () => {
    const { kernel, lengthscales } = example;
    const X: Matrix = createMatrix(20, 3);
    const same = correlatedInputs(kernel, kernel.scale(X, lengthscales));
    expect(conditionCovarianceWasm(same, SIGNAL, new Float64Array(20))).toEqual({ ok: false, pivot: 1 });
  });

  it("has gradients that differences confirm", () => {
    const { kernel, lengthscales, inputs } = example;
    const rng = createRng(11);
    const x = Float64Array.from([rng.uniform(), rng.uniform(), 1]);
    const evaluate = wasm.evaluator(weights);
    const at = (y: Float64Array): ReturnType<typeof evaluate> => {
      const point = new Float64Array(3);
      kernel.scalePoint(inputs, y, point);
      return evaluate(point, true);
    };
    const h = 1e-6 * lengthscales[0]!;
    const { meanGradients, explainedGradient } = at(x);
    for (let k = 0; k < 2; k++) {
      const [up, down] = [1, -1].map((sign) => at(x.map((value, j) => value + (j === k ? sign * h : 0))));
      expect(explainedGradient![k]).toBeCloseTo((up!.explained - down!.explained) / (2 * h), 6);
      for (let s = 0; s < 3; s++) {
        expect(meanGradients!.data[s * 3 + k]).toBeCloseTo((up!.means[s]! - down!.means[s]!) / (2 * h), 5);
      }
    }
    expect(explainedGradient![2]).toBe(0);
  });
});
