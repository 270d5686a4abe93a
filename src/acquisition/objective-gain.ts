import { exp, log, log1mexp } from "../math/elementary.js";
import { logH, logHDerivative, normalCdf, normalPdf } from "../math/normal.js";
import { type GainPiece, type LogGain, logExpectedPieces } from "./piecewise-gain.js";

/** An interval on the model scale; infinite where there is no limit. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** Utility of one objective, larger is better: z, −z, or −|z − target| (closest is best) on the model scale. */
export type Utility =
  | { readonly goal: "maximize" }
  | { readonly goal: "minimize" }
  | { readonly goal: "target"; readonly target: number };

export function utilityOf(utility: Utility, z: number): number {
  if (utility.goal === "maximize") return z;
  if (utility.goal === "minimize") return -z;
  return -Math.abs(z - utility.target);
}

/**
 * Writes log E[(min(u(z), upper) − lower)₊ 1{z within limits}] for z ~ N(mean, stdDev²), with derivatives.
 *
 * `lower` is finite; `upper` may be infinite.
 */
export type ObjectiveGain = (
  mean: number,
  stdDev: number,
  lower: number,
  upper: number,
  out: LogGain,
) => void;

/** The closed form for a utility whose outcome must also keep `limits` (null: none): one expectation, not a product. */
export function objectiveGain(utility: Utility, limits: Interval | null): ObjectiveGain {
  if (utility.goal === "target") return targetGain(utility.target, limits);
  const sign = utility.goal === "maximize" ? 1 : -1;
  const cut = limits === null ? null : sign === 1 ? limits : { lower: -limits.upper, upper: -limits.lower };
  return (mean, stdDev, lower, upper, out) => {
    if (cut === null) plainGain(sign * mean, stdDev, lower, upper, out);
    else logExpectedPieces(risingPieces(lower, upper, cut), sign * mean, stdDev, out);
    out.byMean *= sign;
  };
}

/**
 * ψ(lower) − ψ(upper), ψ(c) = E[(g − c)₊] = σ h((μ − c)/σ).
 *
 * @see Emmerich, Giannakoglou & Naujoks (2006), IEEE Trans. Evol. Comput. 10(4), for the box-wise product of these
 */
function plainGain(mean: number, stdDev: number, lower: number, upper: number, out: LogGain): void {
  const zLower = (mean - lower) / stdDev;
  improvement(zLower, atLower);
  out.log = log(stdDev) + atLower.log;
  out.byMean = atLower.slope / stdDev;
  out.byStdDev = (1 - zLower * atLower.slope) / stdDev; // ∂ψ/∂σ = φ = h − zΦ
  if (upper === Infinity) return;
  const zUpper = (mean - upper) / stdDev;
  improvement(zUpper, atUpper);
  const drop = atUpper.log - atLower.log;
  if (!(drop < 0)) {
    out.log = -Infinity;
    out.byMean = 0;
    out.byStdDev = 0;
    return;
  }
  const logKept = log1mexp(drop);
  const keep = exp(-logKept);
  const lose = keep * exp(drop);
  out.log += logKept;
  out.byMean = (keep * atLower.slope - lose * atUpper.slope) / stdDev;
  const spread = keep * (1 - zLower * atLower.slope) - lose * (1 - zUpper * atUpper.slope);
  out.byStdDev = spread / stdDev;
}

const atLower = { log: 0, slope: 0 };
const atUpper = { log: 0, slope: 0 };

/** log h(z) and its derivative together: above −1 they share φ and Φ, which are most of the work. */
function improvement(z: number, out: { log: number; slope: number }): void {
  if (z > -1) {
    const cdf = normalCdf(z);
    const h = normalPdf(z) + z * cdf;
    out.log = log(h);
    out.slope = cdf / h;
  } else {
    out.log = logH(z);
    out.slope = logHDerivative(z);
  }
}

/** Rising from `lower` to `upper` and flat beyond, inside `cut`. */
function risingPieces(lower: number, upper: number, cut: Interval): GainPiece[] {
  const start = Math.max(lower, cut.lower);
  const cap = Math.max(upper, cut.lower);
  const pieces: GainPiece[] = [{ from: start, to: Math.min(upper, cut.upper), end: start - lower, slope: 1 }];
  if (upper < Infinity) pieces.push({ from: cap, to: cut.upper, end: upper - lower, slope: 0 });
  return pieces;
}

/** A tent about the target, flat within −`upper` of it, zero beyond −`lower` of it. */
function targetGain(target: number, limits: Interval | null): ObjectiveGain {
  const low = limits?.lower ?? -Infinity;
  const high = limits?.upper ?? Infinity;
  return (mean, stdDev, lower, upper, out) => {
    const cap = Math.min(upper, 0);
    const from = Math.max(target + lower, low);
    const to = Math.min(target - lower, high);
    const pieces: GainPiece[] = [
      { from, to: Math.min(target + cap, high), end: from - target - lower, slope: 1 },
      { from: Math.max(target - cap, low), to, end: target - lower - to, slope: -1 },
    ];
    if (cap < 0) {
      const flat = { from: Math.max(target + cap, low), to: Math.min(target - cap, high) };
      pieces.push({ ...flat, end: cap - lower, slope: 0 });
    }
    logExpectedPieces(pieces, mean, stdDev, out);
  };
}
