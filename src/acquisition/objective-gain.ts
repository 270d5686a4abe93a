import { logExpectedExcess, subtractLog } from "./expected-excess.js";
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
  if (limits === null) return plainGain(sign);
  const cut = sign === 1 ? limits : { lower: -limits.upper, upper: -limits.lower };
  return (mean, stdDev, lower, upper, out) => {
    logExpectedPieces(risingPieces(lower, upper, cut), sign * mean, stdDev, out);
    out.byMean *= sign;
  };
}

/** Without limits: ψ(lower) − ψ(upper). */
function plainGain(sign: 1 | -1): ObjectiveGain {
  const below: LogGain = { log: 0, byMean: 0, byStdDev: 0 };
  const above: LogGain = { log: 0, byMean: 0, byStdDev: 0 };
  return (mean, stdDev, lower, upper, out) => {
    logExpectedExcess(sign * mean, stdDev, lower, below);
    if (upper < Infinity) logExpectedExcess(sign * mean, stdDev, upper, above);
    subtractLog(below, upper < Infinity ? above : null, out);
    out.byMean *= sign;
  };
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
