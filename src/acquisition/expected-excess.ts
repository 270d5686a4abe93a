import { exp, expm1, log, log1p } from "../math/elementary.js";
import { logH, logHDerivative, normalCdf, normalPdf } from "../math/normal.js";
import type { LogGain } from "./piecewise-gain.js";

/**
 * log ψ(c), ψ(c) = E[(g − c)₊] = σ h((μ − c)/σ) for g ~ N(mean, stdDev²), with derivatives: ∂ψ/∂μ = Φ, ∂ψ/∂σ = φ = h − zΦ.
 *
 * Differences of ψ at the ends of an interval are the expected gain inside it, and products of those over objectives the
 * expected hypervolume of a box.
 *
 * @see Emmerich, Giannakoglou & Naujoks (2006), IEEE Trans. Evol. Comput. 10(4); Ament et al. (2023), eq. 9
 */
export function logExpectedExcess(mean: number, stdDev: number, c: number, out: LogGain): void {
  const z = (mean - c) / stdDev;
  let slope: number;
  if (z > -1) {
    // Above −1 log h and its derivative share φ and Φ, which are most of the work.
    const cdf = normalCdf(z);
    const h = normalPdf(z) + z * cdf;
    out.log = log(stdDev * h);
    slope = cdf / h;
  } else {
    out.log = log(stdDev) + logH(z);
    slope = logHDerivative(z);
  }
  out.byMean = slope / stdDev;
  out.byStdDev = (1 - z * slope) / stdDev;
}

const LN_2 = 0.6931471805599453;

/** Writes log(e^a − e^b), derivatives included; null stands for −∞, and b ≥ a (by rounding) for nothing left. */
export function subtractLog(a: LogGain, b: LogGain | null, out: LogGain): void {
  const drop = b === null ? -Infinity : b.log - a.log;
  if (b === null || drop === -Infinity) {
    out.log = a.log;
    out.byMean = a.byMean;
    out.byStdDev = a.byStdDev;
  } else if (!(drop < 0)) {
    out.log = -Infinity;
    out.byMean = 0;
    out.byStdDev = 0;
  } else {
    const lost = exp(drop);
    const kept = drop > -LN_2 ? -expm1(drop) : 1 - lost;
    out.log = a.log + (drop > -LN_2 ? log(kept) : log1p(-lost));
    out.byMean = (a.byMean - lost * b.byMean) / kept;
    out.byStdDev = (a.byStdDev - lost * b.byStdDev) / kept;
  }
}
