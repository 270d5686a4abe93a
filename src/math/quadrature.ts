import { CellwrightError } from "../errors.js";

/** Nodes and weights of a quadrature rule, [n] each, nodes ascending. */
export interface QuadratureRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const rules = new Map<number, QuadratureRule>();

/**
 * Gauss–Hermite rule for a standard normal variable: E f(Z) ≈ Σ weight·f(node), exact for polynomials to degree 2n − 1.
 *
 * Eigenvalues of the Jacobi matrix (off-diagonal √k) by bisection on Sturm sequences, polished by Newton.
 *
 * @param n - Nodes, 1 … 128.
 * @throws CellwrightError INVALID_OPTION
 * @see Golub & Welsch (1969), Math. Comp. 23, 221–230
 */
export function gaussHermite(n: number): QuadratureRule {
  if (!(n >= 1 && n <= 128 && Math.floor(n) === n)) {
    throw new CellwrightError("INVALID_OPTION", `A Gauss–Hermite rule has from 1 to 128 nodes, found ${n}.`);
  }
  let rule = rules.get(n);
  if (rule === undefined) {
    rule = computeRule(n);
    rules.set(n, rule);
  }
  return rule;
}

function computeRule(n: number): QuadratureRule {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let k = 0; k < Math.floor(n / 2); k++) {
    const node = polish(n, bisect(n, k));
    nodes[k] = node;
    nodes[n - 1 - k] = -node;
  }
  for (let k = 0; k < n; k++) {
    let sum = 0;
    forEachOrthonormal(n, nodes[k]!, (value) => (sum += value * value));
    weights[k] = 1 / sum;
  }
  return { nodes, weights };
}

/** Calls back with the orthonormal Hermite polynomials of degree 0 … n − 1 at x, and returns that of degree n. */
function forEachOrthonormal(n: number, x: number, visit: (value: number) => void): number {
  let previous = 0;
  let value = 1;
  for (let k = 0; k < n; k++) {
    visit(value);
    const next = (x * value - Math.sqrt(k) * previous) / Math.sqrt(k + 1);
    previous = value;
    value = next;
  }
  return value;
}

/** How many eigenvalues of the Jacobi matrix lie below x: negative pivots of its LDLᵀ factorisation. */
function countBelow(n: number, x: number): number {
  let count = 0;
  let pivot = -x;
  for (let k = 0; k < n; k++) {
    if (k > 0) pivot = -x - k / pivot;
    if (pivot === 0) pivot = 1e-300;
    if (pivot < 0) count++;
  }
  return count;
}

/** The k-th smallest eigenvalue, to about 1e-12. */
function bisect(n: number, k: number): number {
  let low = -2 * Math.sqrt(n) - 1; // Gershgorin
  let high = 0.5;
  while (high - low > 1e-12 * -low) {
    const middle = 0.5 * (low + high);
    if (countBelow(n, middle) > k) high = middle;
    else low = middle;
  }
  return 0.5 * (low + high);
}

/** Newton's steps on the orthonormal polynomial, whose derivative is √n times the one of degree n − 1. */
function polish(n: number, x: number): number {
  for (let i = 0; i < 2; i++) {
    let last = 0;
    const value = forEachOrthonormal(n, x, (lower) => (last = lower));
    x -= value / (Math.sqrt(n) * last);
  }
  return x;
}
