import { exp, log, logSumExp } from "../math/elementary.js";
import { logH, normalLogCdf, normalLogPdf } from "../math/normal.js";

/** log (E max_i (a_i + b_i Z) − max_i a_i), Z standard normal, with its derivatives. */
export interface ExpectedMaximum {
  log: number;
  /** ∂/∂a_i and ∂/∂b_i of the logarithm, [n] each. */
  readonly byIntercept: Float64Array;
  readonly bySlope: Float64Array;
}

/** Scratch for n lines. */
export function createExpectedMaximum(n: number): ExpectedMaximum {
  return { log: -Infinity, byIntercept: new Float64Array(n), bySlope: new Float64Array(n) };
}

/**
 * How much the largest of n lines gains on average where it is known which one it is: a sum over the corners of their
 * upper envelope, every term positive and added in log space.
 *
 * @see Frazier, Powell & Dayanik (2009), INFORMS J. Comput. 21(4), eq. 14 and algorithm 1
 */
export function logExpectedMaximum(a: Float64Array, b: Float64Array, out: ExpectedMaximum): void {
  out.byIntercept.fill(0);
  out.bySlope.fill(0);
  const hull = upperEnvelope(a, b);
  const terms = new Float64Array(Math.max(hull.length - 1, 0));
  const corners = new Float64Array(terms.length);
  for (let k = 0; k < terms.length; k++) {
    const [i, j] = [hull[k]!, hull[k + 1]!];
    corners[k] = (a[i]! - a[j]!) / (b[j]! - b[i]!);
    terms[k] = log(b[j]! - b[i]!) + logH(-Math.abs(corners[k]!));
  }
  out.log = terms.length === 0 ? -Infinity : logSumExp(terms);
  if (out.log === -Infinity) return;
  for (let k = 0; k < terms.length; k++) {
    const [i, j] = [hull[k]!, hull[k + 1]!];
    const c = corners[k]!;
    const bySlope = exp(normalLogPdf(c) - out.log);
    const byIntercept = (c > 0 ? -1 : 1) * exp(normalLogCdf(-Math.abs(c)) - out.log);
    out.bySlope[j] = out.bySlope[j]! + bySlope;
    out.bySlope[i] = out.bySlope[i]! - bySlope;
    out.byIntercept[i] = out.byIntercept[i]! + byIntercept;
    out.byIntercept[j] = out.byIntercept[j]! - byIntercept;
  }
}

/** Indices of the lines that are the largest somewhere, by rising slope. */
function upperEnvelope(a: Float64Array, b: Float64Array): number[] {
  const order = Array.from(a, (_, i) => i).sort((i, j) => b[i]! - b[j]! || a[i]! - a[j]! || i - j);
  const hull: number[] = [];
  for (const j of order) {
    // Of parallel lines the highest, which comes last, stands for all.
    while (hull.length > 0) {
      const top = hull[hull.length - 1]!;
      if (b[top]! < b[j]! && !isBelow(a, b, hull[hull.length - 2], top, j)) break;
      hull.pop();
    }
    hull.push(j);
  }
  return hull;
}

/** Whether line `middle` is nowhere above both the ones before and after it by slope. */
function isBelow(
  a: Float64Array,
  b: Float64Array,
  before: number | undefined,
  middle: number,
  after: number,
): boolean {
  if (before === undefined) return false;
  const left = (a[before]! - a[middle]!) * (b[after]! - b[middle]!);
  return left >= (a[middle]! - a[after]!) * (b[middle]! - b[before]!);
}
