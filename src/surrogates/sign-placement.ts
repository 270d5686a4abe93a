import { createMatrix, type Matrix, selectRows } from "../math/matrix.js";
import { normalCdf, normalQuantile } from "../math/normal.js";
import type { SlopeBeliefs } from "./slope-candidates.js";
import type { SlopeObservations } from "./slope-conditioning.js";
import {
  explainedBySites,
  propagateSigns,
  type SignedBeliefs,
  type SignPosterior,
  type SignSites,
  siteWeights,
} from "./sign-propagation.js";

/** Most derivatives whose sign is imposed, over all directions. */
export const MOST_SIGNS = 160;

/**
 * A sign is imposed where its probability is below this (assumption). At an imposed sign that the data do not speak to it
 * becomes 0.91 (z = 1.32 of a half-normal), so that this says how close together imposed signs come.
 */
const DOUBTFUL = 0.75;

/** Signs imposed at once, and the correlation beyond which two of them say the same (assumptions). */
const BATCH = { size: 12, correlation: 0.8 } as const;

/** ν of the probit likelihood, in prior standard deviations of the derivative (Riihimäki & Vehtari 2010, section 3). */
const SLACK = 1e-6;

/** Sites that narrow the prior by less say nothing and are left out. */
const VOID_PRECISION = 1e-10;

/**
 * Between placements the sites need only be good enough to see the next violation; of a probability the sites are
 * stationary points, so that its error is of the order of the square.
 */
const ROUGH = 1e-4;
const MOST_ROUGH_SWEEPS = 50;

export interface PlacedSigns {
  readonly observations: SlopeObservations;
  /** Signs imposed, before those that say nothing were left out. */
  readonly imposed: number;
  readonly sweeps: number;
  readonly converged: boolean;
  /** Smallest probability of a right sign at any candidate. */
  readonly leastProbability: number;
}

/**
 * Imposes signs where they are in doubt, the most doubtful first, until none is or there are 160.
 *
 * @see Riihimäki & Vehtari (2010), AISTATS, section 3.3: virtual derivative points are added where the sign is most
 *   likely violated
 */
export function placeSigns(beliefs: SlopeBeliefs): PlacedSigns {
  const chosen: number[] = [];
  const rows: Float64Array[] = [];
  let start: SignSites | undefined;
  for (;;) {
    const signed = signedBeliefs(beliefs, chosen, rows);
    const rough = propagateSigns(signed, {
      ...(start && { start }),
      tolerance: ROUGH,
      maxSweeps: MOST_ROUGH_SWEEPS,
    });
    start = rough.sites;
    const picked = doubtful(beliefs, chosen, zScores(beliefs, signed, rough, rows));
    if (picked.length === 0) {
      const final = propagateSigns(signed, { start });
      const z = zScores(beliefs, signed, final, rows);
      return {
        observations: observationsOf(beliefs, chosen, signed, final),
        imposed: chosen.length,
        sweeps: final.sweeps,
        converged: final.converged,
        leastProbability: normalCdf(
          z.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
        ),
      };
    }
    for (const i of picked) {
      chosen.push(i);
      rows.push(beliefs.covarianceWith(i));
    }
  }
}

/** log P(all signs right), by expectation propagation. */
export function logProbabilityOfSigns(beliefs: SlopeBeliefs): number {
  const all = Array.from(beliefs.mean, (_, i) => i);
  return propagateSigns(
    signedBeliefs(
      beliefs,
      all,
      all.map((i) => beliefs.covarianceWith(i)),
    ),
    { tolerance: ROUGH, maxSweeps: MOST_ROUGH_SWEEPS },
  ).logProbability;
}

/** @param rows - Covariances of the chosen with all candidates. */
function signedBeliefs(
  { mean, scale, candidates }: SlopeBeliefs,
  chosen: readonly number[],
  rows: readonly Float64Array[],
): SignedBeliefs {
  const m = chosen.length;
  const covariance = createMatrix(m, m);
  chosen.forEach((_, i) =>
    chosen.forEach((b, j) => {
      covariance.data[i * m + j] = 0.5 * (rows[i]![b]! + rows[j]![chosen[i]!]!);
    }),
  );
  const of = (values: Float64Array): Float64Array => Float64Array.from(chosen, (i) => values[i]!);
  return {
    mean: of(mean),
    covariance,
    sign: of(candidates.sign),
    slack: of(scale).map((value) => SLACK * value),
  };
}

/** Mean over standard deviation of every candidate, positive where the sign is likely right, [c]. */
function zScores(
  { mean, variance, scale, candidates }: SlopeBeliefs,
  signed: SignedBeliefs,
  signs: SignPosterior,
  rows: readonly Float64Array[],
): Float64Array {
  const m = rows.length;
  const cross: Matrix = createMatrix(mean.length, m);
  rows.forEach((row, s) => row.forEach((value, i) => (cross.data[i * m + s] = value)));
  const weights = siteWeights(signed, signs);
  const explained = explainedBySites(signed.covariance, signs.sites, cross);
  return mean.map((value, i) => {
    let moved = value;
    for (let s = 0; s < m; s++) moved += cross.data[i * m + s]! * weights[s]!;
    const slack = SLACK * scale[i]!;
    return (
      (candidates.sign[i]! * moved) / Math.sqrt(Math.max(variance[i]! - explained[i]!, 0) + slack * slack)
    );
  });
}

/** The most doubtful candidates, none of which says nearly what another says. */
function doubtful(beliefs: SlopeBeliefs, chosen: readonly number[], z: Float64Array): number[] {
  const limit = normalQuantile(DOUBTFUL);
  const taken = new Set(chosen);
  const order = Array.from(z, (_, i) => i)
    .filter((i) => !(z[i]! >= limit) && !taken.has(i))
    .sort((a, b) => z[a]! - z[b]! || a - b);
  const picked: number[] = [];
  const correlated = new Uint8Array(z.length);
  for (const i of order) {
    if (picked.length >= Math.min(BATCH.size, MOST_SIGNS - chosen.length)) break;
    if (correlated[i] === 1) continue;
    picked.push(i);
    beliefs.covarianceWith(i).forEach((covariance, j) => {
      const scale = Math.sqrt(beliefs.variance[i]! * beliefs.variance[j]!);
      if (Math.abs(covariance) > BATCH.correlation * scale) correlated[j] = 1;
    });
  }
  return picked;
}

function observationsOf(
  { candidates, scale }: SlopeBeliefs,
  chosen: readonly number[],
  { mean }: SignedBeliefs,
  { sites }: SignPosterior,
): SlopeObservations {
  const telling = chosen
    .map((_, s) => s)
    .filter((s) => {
      const unit = scale[chosen[s]!]!;
      return sites.precision[s]! * unit * unit > VOID_PRECISION;
    });
  const at = telling.map((s) => chosen[s]!);
  return {
    X: selectRows(candidates.X, at),
    input: Int32Array.from(at, (i) => candidates.input[i]!),
    value: Float64Array.from(telling, (s) => mean[s]! + sites.shift[s]! / sites.precision[s]!),
    variance: Float64Array.from(telling, (s) => 1 / sites.precision[s]!),
  };
}
