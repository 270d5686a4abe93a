import { CellwrightError } from "../errors.js";
import { log10 } from "./elementary.js";
import { mean, quantileOf } from "./metrics.js";
import { normalQuantile } from "./normal.js";

/** How far several chains of one quantity can be trusted. */
export interface SamplerDiagnostics {
  /** Rank-normalised split R-hat, the larger of location and spread: 1 where the chains agree; below 1.01 is good. */
  readonly rHat: number;
  /** Effective number of independent draws for the centre of the distribution. */
  readonly bulkEss: number;
  /** The same for its 5 % and 95 % quantiles, the smaller of the two. */
  readonly tailEss: number;
}

/** Fewest draws per chain: halves of two values have a variance. */
const FEWEST_DRAWS = 4;

/**
 * Diagnoses chains of one quantity, all of the same length.
 *
 * Where every draw is equal, R-hat is 1 and both effective sizes are the number of draws; chains that are each stuck at
 * another value have a huge R-hat and an effective size of about one draw per half chain.
 *
 * @param chains - One array of draws per chain, in order.
 * @throws CellwrightError SHAPE_MISMATCH unless there is a chain and all have the same length of at least 4
 * @see Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021), Bayesian Analysis 16(2), sections 3 and 4
 */
export function diagnoseChains(chains: readonly Float64Array[]): SamplerDiagnostics {
  const draws = chains[0]?.length ?? 0;
  if (draws < FEWEST_DRAWS || chains.some((chain) => chain.length !== draws)) {
    throw new CellwrightError(
      "SHAPE_MISMATCH",
      `Chains have ${chains.map((chain) => chain.length).join(", ")} draws, expected the same number of at least ${FEWEST_DRAWS}.`,
    );
  }
  const halves = splitChains(chains);
  const sorted = pooled(halves).sort();
  const centre = quantileOf(sorted, 0.5);
  const ranked = rankNormalized(halves);
  const folded = rankNormalized(halves.map((half) => half.map((value) => Math.abs(value - centre))));
  const below = (probability: number): Float64Array[] => {
    const threshold = quantileOf(sorted, probability);
    return halves.map((half) => half.map((value) => (value <= threshold ? 1 : 0)));
  };
  return {
    rHat: Math.max(potentialScaleReduction(ranked), potentialScaleReduction(folded)),
    bulkEss: effectiveSampleSize(ranked),
    tailEss: Math.min(effectiveSampleSize(below(0.05)), effectiveSampleSize(below(0.95))),
  };
}

/** First and last half of every chain; the middle draw of an odd number is left out. */
function splitChains(chains: readonly Float64Array[]): Float64Array[] {
  return chains.flatMap((chain) => {
    const half = Math.floor(chain.length / 2);
    return [chain.slice(0, half), chain.slice(chain.length - half)];
  });
}

function pooled(chains: readonly Float64Array[]): Float64Array {
  const n = chains[0]!.length;
  const all = new Float64Array(chains.length * n);
  chains.forEach((chain, c) => all.set(chain, c * n));
  return all;
}

/** z = Φ⁻¹((r − 3/8)/(S + 1/4)) of the average rank r among all S draws (Vehtari et al. 2021, eq. 14). */
function rankNormalized(chains: readonly Float64Array[]): Float64Array[] {
  const all = pooled(chains);
  const order = Array.from(all.keys()).sort((a, b) => all[a]! - all[b]!);
  const scores = new Float64Array(all.length);
  for (let first = 0; first < order.length; ) {
    let last = first;
    while (last + 1 < order.length && all[order[last + 1]!] === all[order[first]!]) last += 1;
    const rank = 0.5 * (first + last) + 1;
    const score = normalQuantile((rank - 0.375) / (all.length + 0.25));
    for (let k = first; k <= last; k++) scores[order[k]!] = score;
    first = last + 1;
  }
  const n = chains[0]!.length;
  return chains.map((_, c) => scores.subarray(c * n, (c + 1) * n));
}

/** Mean within-chain variance W and the pooled estimate (n − 1)/n W + B/n (Vehtari et al. 2021, eqs. 1–3). */
function variances(chains: readonly Float64Array[]): { within: number; total: number } {
  const n = chains[0]!.length;
  const means = chains.map(mean);
  const within = mean(chains.map((chain, c) => sumOfSquares(chain, means[c]!) / (n - 1)));
  const between = chains.length > 1 ? sumOfSquares(means, mean(means)) / (chains.length - 1) : 0;
  return { within, total: ((n - 1) / n) * within + between };
}

/** R-hat (Vehtari et al. 2021, eq. 4). */
function potentialScaleReduction(chains: readonly Float64Array[]): number {
  const { within, total } = variances(chains);
  return total > 0 ? Math.sqrt(total / within) : 1;
}

/**
 * S / τ with τ = −1 + 2 Σ P̂_t over Geyer's initial monotone sequence of paired autocorrelations, P̂_t = ρ̂_2t + ρ̂_2t+1
 * (Vehtari et al. 2021, eqs. 10–13; Geyer 1992, Statistical Science 7(4), section 3.3); of the pair that ends the
 * sequence, at the latest the last one, the even term counts once if it is positive, as in Stan. At most S log₁₀ S: antithetic chains gain no more.
 */
function effectiveSampleSize(chains: readonly Float64Array[]): number {
  const n = chains[0]!.length;
  const S = chains.length * n;
  const { within, total } = variances(chains);
  if (!(total > 0)) return S;
  const means = chains.map(mean);
  const correlation = (lag: number): number =>
    1 - (within - mean(chains.map((chain, c) => autocovariance(chain, means[c]!, lag)))) / total;
  let tau = -1;
  let previous = Number.POSITIVE_INFINITY;
  for (let lag = 0; lag + 2 < n; lag += 2) {
    const even = lag === 0 ? 1 : correlation(lag);
    const pair = Math.min(even + correlation(lag + 1), previous);
    const last = lag > 0 && lag + 4 >= n;
    if (!(pair > 0) || last) {
      tau += Math.max(even, 0);
      break;
    }
    tau += 2 * pair;
    previous = pair;
  }
  return S / Math.max(tau, 1 / log10(S));
}

/** Σ (x_i − x̄)(x_{i−lag} − x̄)/n: divided by n at every lag, which keeps the sequence positive definite. */
function autocovariance(chain: Float64Array, center: number, lag: number): number {
  let sum = 0;
  for (let i = lag; i < chain.length; i++) sum += (chain[i]! - center) * (chain[i - lag]! - center);
  return sum / chain.length;
}

function sumOfSquares(values: ArrayLike<number>, center: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - center) * (values[i]! - center);
  return sum;
}
