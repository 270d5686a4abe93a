import type { KnownOutcome } from "../../src/acquisition/outcome-terms.js";
import { createMatrix, type Matrix, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { type GaussianProcess, fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import type { GaussianLatent } from "../../src/surrogates/surrogate.js";

/** `n` points of the unit square. */
export function squarePoints(n: number, seed: number): Matrix {
  const rng = createRng(seed);
  const X = createMatrix(n, 2);
  for (let i = 0; i < X.data.length; i++) X.data[i] = rng.uniform();
  return X;
}

/** A Gaussian process on the unit square for `f` measured at `X` with noise of standard deviation `noise`. */
export function modelOf(
  X: Matrix,
  f: (a: number, b: number) => number,
  options: { noise?: number; seed?: number; scale?: "identity" | "log" } = {},
): GaussianProcess {
  const rng = createRng(options.seed ?? 3);
  const y = Float64Array.from({ length: X.rows }, (_, i) => {
    const [a, b] = matrixRow(X, i);
    return f(a!, b!) + (options.noise ?? 0) * rng.normal();
  });
  const inputs = [
    { name: "a", kind: "continuous" },
    { name: "b", kind: "continuous" },
  ] as const;
  return fitGaussianProcess({ inputs, X, y }, { scale: options.scale ?? "identity", starts: 0 });
}

/** a + 2 b², known. */
export const knownSlope: KnownOutcome = {
  kind: "known",
  evaluate: (x) => x[0]! + 2 * x[1]! * x[1]!,
  gradient: (x) => Float64Array.of(1, 4 * x[1]!),
};

/** Stands where a test needs no model at all: every call fails. */
export const unusedModel: GaussianLatent = {
  modelScale: { toModel: (y) => y, toRaw: (z) => z },
  trainingInputs: createMatrix(0, 1),
  noiseVariance: new Float64Array(1),
  latentAt: unused,
  joint: unused,
  draw: unused,
  leaveOneOut: unused,
};

function unused(): never {
  throw new Error("This model must not be asked.");
}
