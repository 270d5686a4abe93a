import { createMatrix } from "../../src/math/matrix.js";
import { createRng, type Rng } from "../../src/math/rng.js";
import type { InputDimension, SurrogateData } from "../../src/surrogates/surrogate.js";

/** Inputs of the unit cube, named x1, x2, … */
export function continuousInputs(d: number): InputDimension[] {
  return Array.from({ length: d }, (_, k) => ({ name: `x${k + 1}`, kind: "continuous" as const }));
}

/** Uniform points of the unit cube, [n × d]. */
export function uniformPoints(n: number, d: number, rng: Rng): SurrogateData["X"] {
  const X = createMatrix(n, d);
  for (let i = 0; i < X.data.length; i++) X.data[i] = rng.uniform();
  return X;
}

/** Shapes of outcomes that a search over hyperparameters meets, of x ∈ [0, 1]^d; most have a spread of about one. */
const SHAPES: Readonly<Record<string, (x: ArrayLike<number>, d: number) => number>> = {
  smooth: (x, d) => Math.sin(3 * x[0]!) + x[d >> 1]! ** 2 - 0.7 * x[0]! * x[d - 1]!,
  wavy: (x, d) => Math.sin(9 * x[0]!) + Math.cos(5 * x[d - 1]!),
  linear: (x, d) => Array.from({ length: d }, (_, k) => x[k]! / (k + 1)).reduce((sum, v) => sum + v, 0),
  step: (x, d) => (x[0]! > 0.4 ? 1 : 0) + 0.3 * x[d - 1]!,
  skewed: (x, d) => Math.exp(3 * x[0]! + x[d - 1]!),
  "pure noise": () => 0,
};

export interface SyntheticData {
  readonly name: string;
  readonly data: SurrogateData;
}

/** One data set of every shape, noise-free and noisy, with n rows of d inputs. */
export function syntheticDataSets(n: number, d: number, seed: number): readonly SyntheticData[] {
  return Object.entries(SHAPES).flatMap(([shape, value]) =>
    [0, 0.2].flatMap((noise): SyntheticData[] => {
      if (noise === 0 && shape === "pure noise") return [];
      const rng = createRng(seed).fork(`${shape} ${n} ${d} ${noise}`);
      const X = uniformPoints(n, d, rng);
      const y = Float64Array.from({ length: n }, (_, i) => {
        const signal = value(X.data.subarray(i * d, (i + 1) * d), d);
        return signal + (shape === "pure noise" ? 1 : noise) * rng.normal();
      });
      const name = `${shape}${noise > 0 ? " with noise" : ""}, n = ${n}, d = ${d}`;
      return [{ name, data: { inputs: continuousInputs(d), X, y } }];
    }),
  );
}
