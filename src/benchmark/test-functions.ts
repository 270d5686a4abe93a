import { cos, exp, sin } from "../math/elementary.js";

/** Outcomes to minimise, and constraints that hold where `c >= 0`. */
export interface TestValues {
  readonly y: readonly number[];
  readonly c: readonly number[];
}

/** Dixon & Szegő (1978). */
export function branin([u, v]: readonly [number, number]): number {
  const bowl = v - (5.1 / (4 * Math.PI * Math.PI)) * u * u + (5 / Math.PI) * u - 6;
  return bowl * bowl + 10 * (1 - 1 / (8 * Math.PI)) * cos(u) + 10;
}

const HARTMANN_A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
] as const;
const HARTMANN_P = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
] as const;
const HARTMANN_ALPHA = [1, 1.2, 3, 3.2] as const;

/** Dixon & Szegő (1978). */
export function hartmann6(x: readonly number[]): number {
  let sum = 0;
  HARTMANN_ALPHA.forEach((alpha, i) => {
    let inner = 0;
    for (let j = 0; j < 6; j++) {
      const difference = x[j]! - HARTMANN_P[i]![j]!;
      inner += HARTMANN_A[i]![j]! * difference * difference;
    }
    sum -= alpha * exp(-inner);
  });
  return sum;
}

/** Ackley (1987). */
export function ackley(x: readonly number[]): number {
  const square = x.reduce((sum, value) => sum + value * value, 0) / x.length;
  const cosine = x.reduce((sum, value) => sum + cos(2 * Math.PI * value), 0) / x.length;
  return -20 * exp(-0.2 * Math.sqrt(square)) - exp(cosine) + 20 + Math.E;
}

/** Gramacy et al. (2016), Technometrics 58(1). */
export function gramacy([u, v]: readonly [number, number]): TestValues {
  const first = 0.5 * sin(2 * Math.PI * (u * u - 2 * v)) + u + 2 * v - 1.5;
  return { y: [u + v], c: [first, 1.5 - u * u - v * v] };
}

/** Currin et al. (1988). */
export function currin([u, v]: readonly [number, number]): number {
  const factor = v === 0 ? 1 : 1 - exp(-1 / (2 * v));
  return (
    (factor * (2300 * u * u * u + 1900 * u * u + 2092 * u + 60)) /
    (100 * u * u * u + 500 * u * u + 4 * u + 20)
  );
}

/** Deb, Thiele, Laumanns & Zitzler (2005), two objectives. */
export function dtlz2(x: readonly number[]): readonly [number, number] {
  const g = x.slice(1).reduce((sum, value) => sum + (value - 0.5) * (value - 0.5), 0);
  return [(1 + g) * cos((x[0]! * Math.PI) / 2), (1 + g) * sin((x[0]! * Math.PI) / 2)];
}

/** Jain & Deb (2014), C2-DTLZ2 with r = 0.2; r² is taken off once per objective in the middle, as the peers ran it. */
export function c2dtlz2(x: readonly number[]): TestValues {
  const y = dtlz2(x);
  const r = 0.2 * 0.2;
  const corners = y.map((value, i) => {
    const other = y[1 - i]!;
    return (value - 1) * (value - 1) + (other * other - r);
  });
  const middle = y.reduce((sum, value) => sum + (value - Math.SQRT1_2) * (value - Math.SQRT1_2) - r, 0);
  return { y, c: [-Math.min(...corners, middle)] };
}

/**
 * Two choices, each adding Rosenbrock's valley, the six-hump camel or Beale's function of two continuous settings on
 * [−2, 2]; three of the second's five names mean the same.
 *
 * @see Ru, Alvi, Nguyen, Osborne & Roberts (2020), ICML, "Bayesian optimisation over multiple continuous and
 *   categorical inputs", Func-2C
 */
export function mixedSum(x: readonly [number, number], choices: readonly [MixedTerm, MixedTerm]): number {
  return MIXED_TERMS[choices[0]](x) + MIXED_TERMS[choices[1]](x);
}

export type MixedTerm = "rosenbrock" | "camel" | "beale";

const MIXED_TERMS: Readonly<Record<MixedTerm, (x: readonly [number, number]) => number>> = {
  rosenbrock: ([u, v]) => (100 * (v - u * u) * (v - u * u) + (1 - u) * (1 - u)) / 300,
  camel: ([u, v]) => ((4 - 2.1 * u * u + (u * u * u * u) / 3) * u * u + u * v + (4 * v * v - 4) * v * v) / 10,
  beale: ([u, v]) => {
    const terms = [1.5 - u + u * v, 2.25 - u + u * v * v, 2.625 - u + u * v * v * v];
    return terms.reduce((sum, term) => sum + term * term, 0) / 50;
  },
};
