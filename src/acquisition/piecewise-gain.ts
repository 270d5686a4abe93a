import { exp, log, logAddExp } from "../math/elementary.js";
import { logNormalInterval, normalLogPdf } from "../math/normal.js";
import { logRamp } from "./truncated-ramp.js";

/** A logarithm with its derivatives with respect to the mean and the standard deviation of the Gaussian. */
export interface LogGain {
  log: number;
  byMean: number;
  byStdDev: number;
}

/** A stretch [from, to] of a piecewise linear gain: `start` at `from` (finite where it rises), then ±1 or 0 per unit. */
export interface GainPiece {
  readonly from: number;
  readonly to: number;
  /** Gain at `from`; for a falling piece the gain at `to`. */
  readonly end: number;
  readonly slope: 1 | 0 | -1;
}

/**
 * log E[gain(g)] for g ~ N(mean, stdDev²) and a gain that is non-negative and linear on each piece, 0 elsewhere.
 *
 * Every part is positive and added in log space, so that no digits are lost far in a tail.
 */
export function logExpectedPieces(
  pieces: readonly GainPiece[],
  mean: number,
  stdDev: number,
  out: LogGain,
): void {
  out.log = -Infinity;
  out.byMean = 0;
  out.byStdDev = 0;
  for (const piece of pieces) {
    if (!(piece.to > piece.from)) continue;
    const a = (piece.from - mean) / stdDev;
    const b = (piece.to - mean) / stdDev;
    if (piece.end > 0) addPart(out, massPart(a, b, stdDev, log(piece.end)));
    if (piece.slope === 1) addPart(out, rampPart(a, b, stdDev));
    if (piece.slope === -1) {
      const mirrored = rampPart(-b, -a, stdDev);
      mirrored.byMean = -mirrored.byMean;
      addPart(out, mirrored);
    }
  }
}

/** φ(z) / e^logScale, finite where the density alone underflows. */
function normalPdfOver(z: number, logScale: number): number {
  return exp(normalLogPdf(z) - logScale);
}

/** Adds e^part to e^out, derivatives included. */
function addPart(out: LogGain, part: LogGain): void {
  if (part.log === -Infinity) return;
  const total = logAddExp(out.log, part.log);
  const kept = exp(out.log - total);
  const added = exp(part.log - total);
  out.byMean = kept * out.byMean + added * part.byMean;
  out.byStdDev = kept * out.byStdDev + added * part.byStdDev;
  out.log = total;
}

/** log (c P(a < Z < b)), log c given. */
function massPart(a: number, b: number, stdDev: number, logScale: number): LogGain {
  const mass = b > a ? logNormalInterval(a, b) : -Infinity;
  if (mass === -Infinity) return { log: -Infinity, byMean: 0, byStdDev: 0 };
  const atA = normalPdfOver(a, mass);
  const atB = normalPdfOver(b, mass);
  const spread = (atA === 0 ? 0 : a * atA) - (atB === 0 ? 0 : b * atB);
  return { log: mass + logScale, byMean: (atA - atB) / stdDev, byStdDev: spread / stdDev };
}

/** log (σ ∫_a^b (t − a) φ(t) dt): ∂/∂a = −(Φ(b) − Φ(a)), ∂/∂b = (b − a) φ(b). */
function rampPart(a: number, b: number, stdDev: number): LogGain {
  const ramp = logRamp(a, b);
  if (ramp === -Infinity) return { log: -Infinity, byMean: 0, byStdDev: 0 };
  const mass = exp(logNormalInterval(a, b) - ramp);
  const atB = b === Infinity ? 0 : (b - a) * normalPdfOver(b, ramp);
  const spread = 1 + a * mass - (atB === 0 ? 0 : b * atB);
  return { log: ramp + log(stdDev), byMean: (mass - atB) / stdDev, byStdDev: spread / stdDev };
}

/** log P(lower ≤ g ≤ upper) for g ~ N(mean, stdDev²). */
export function logIntervalProbability(
  mean: number,
  stdDev: number,
  lower: number,
  upper: number,
  out: LogGain,
): void {
  const part = massPart((lower - mean) / stdDev, (upper - mean) / stdDev, stdDev, 0);
  out.log = part.log;
  out.byMean = part.byMean;
  out.byStdDev = part.byStdDev;
}
