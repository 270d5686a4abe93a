import { expect } from "vitest";
import type { AcquisitionFunction } from "../../src/acquisition/acquisition.js";

/** Central differences of `f` at `x`, [d]; steps of 1e-6, good to about 1e-9 for values of order one. */
function numericGradient(f: (x: Float64Array) => number, x: Float64Array, step = 1e-6): Float64Array {
  return x.map((_, j) => {
    const up = Float64Array.from(x);
    const down = Float64Array.from(x);
    up[j]! += step;
    down[j]! -= step;
    return (f(up) - f(down)) / (up[j]! - down[j]!);
  });
}

/** Fails unless the gradient of `acquisition` at `x` agrees with differences and its value with `value`. */
export function expectGradient(acquisition: AcquisitionFunction, x: Float64Array, tolerance = 1e-5): void {
  const gradient = new Float64Array(x.length).fill(Number.NaN);
  const value = acquisition.valueAndGradient(x, gradient);
  expect(value).toBe(acquisition.value(x));
  const numeric = numericGradient((at) => acquisition.value(at), x);
  const scale = Math.max(1, ...numeric.map(Math.abs));
  gradient.forEach((slope, j) => {
    expect(
      Math.abs(slope - numeric[j]!),
      `slope ${j} of ${acquisition.name}: ${slope} against ${numeric[j]!}`,
    ).toBeLessThan(tolerance * scale);
  });
}
