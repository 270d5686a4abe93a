import { type CholeskyResult, logDetFromCholesky, solveLowerRows } from "../math/cholesky.js";
import { cholesky } from "../math/dense.js";
import { erfcx, log1p } from "../math/elementary.js";
import { createMatrix, type Matrix, matrixRow, multiplyTransposed, multiplyVector } from "../math/matrix.js";
import { normalLogCdf } from "../math/normal.js";
import { addScaledAt, dot } from "../math/row-products.js";

/** Gaussian beliefs about m quantities whose signs are told. */
export interface SignedBeliefs {
  /** [m] */
  readonly mean: Float64Array;
  /** [m × m] */
  readonly covariance: Matrix;
  /** +1 or −1 each, [m]. */
  readonly sign: Float64Array;
  /** ν of the likelihood Φ(sign · g/ν), in units of g, [m]. */
  readonly slack: Float64Array;
}

/** Gaussian stand-ins of the likelihoods: exp(shift (g − mean) − ½ precision (g − mean)²), [m] each. */
export interface SignSites {
  readonly precision: Float64Array;
  readonly shift: Float64Array;
}

export interface SignPosterior {
  readonly sites: SignSites;
  /** Mean and covariance given all signs. */
  readonly mean: Float64Array;
  readonly covariance: Matrix;
  /** log P(all signs as told), the approximation's normaliser. */
  readonly logProbability: number;
  readonly sweeps: number;
  readonly converged: boolean;
}

export interface PropagationOptions {
  /** Sites to start from, [≤ m]; the rest start flat. */
  readonly start?: SignSites;
  /** Largest change of any mean or standard deviation in a sweep, in prior standard deviations; default 1e-9. */
  readonly tolerance?: number;
  /** Default 200. */
  readonly maxSweeps?: number;
}

/**
 * Share of each step that is taken. Half-truncations are log-concave, for which undamped sequential steps are the rule;
 * the rest holds back cycles between nearly equal quantities (assumption).
 */
const DAMPING = 0.9;

/** Below it 1 − z-moments lose digits and their expansion has them. */
const FAR_TAIL = -50;

/**
 * Beliefs about Gaussian quantities given their signs, by expectation propagation: sites in a fixed order, damped, and
 * the covariance computed anew after every sweep so that rounding does not build up.
 *
 * @throws never: a covariance that cannot be factorised returns the sites so far, not converged
 * @see Rasmussen & Williams (2006), algorithm 3.5 and eq. 3.65, here around a mean; Riihimäki & Vehtari (2010),
 *   AISTATS, eqs. 6–9; Cunningham, Hennig & Lacoste-Julien (2011), arXiv:1111.6832, on its accuracy for such regions
 */
export function propagateSigns(beliefs: SignedBeliefs, options: PropagationOptions = {}): SignPosterior {
  const { tolerance = 1e-9, maxSweeps = 200, start } = options;
  const m = beliefs.mean.length;
  const sites = { precision: new Float64Array(m), shift: new Float64Array(m) };
  if (start !== undefined) {
    sites.precision.set(start.precision);
    sites.shift.set(start.shift);
  }
  const scale = Float64Array.from({ length: m }, (_, i) => Math.sqrt(beliefs.covariance.data[i * m + i]!));
  let current = withSites(beliefs, sites);
  let sweeps = 0;
  let converged = m === 0;
  while (!converged && sweeps < maxSweeps) {
    const before = current;
    sweep(beliefs, sites, copyOf(before));
    current = withSites(beliefs, sites);
    sweeps++;
    converged = largestChange(before, current, scale) <= tolerance;
  }
  return {
    sites,
    mean: current.offset.map((value, i) => beliefs.mean[i]! + value),
    covariance: current.covariance,
    logProbability: logNormalizer(beliefs, sites, current),
    sweeps,
    converged,
  };
}

/** The Gaussian given the sites, around the prior mean. */
interface Given {
  readonly offset: Float64Array;
  readonly covariance: Matrix;
  /** log det(I + S^½ C S^½). */
  readonly logDeterminant: number;
}

/** Σ = C − C S^½ B⁻¹ S^½ C with B = I + S^½ C S^½, and Σ b (Rasmussen & Williams 2006, algorithm 3.5, lines 11–13). */
function withSites({ covariance: C }: SignedBeliefs, { precision, shift }: SignSites): Given {
  const m = C.rows;
  const root = precision.map((value) => Math.sqrt(value));
  const scaled = { rows: m, cols: m, data: C.data.map((value, i) => value * root[i % m]!) };
  const factor = siteFactor(C, root);
  if (!factor.ok) return { offset: multiplyVector(C, shift), covariance: C, logDeterminant: Number.NaN };
  const V = solveLowerRows(factor.L, scaled);
  const overlap = multiplyTransposed(V, V);
  const covariance = createMatrix(m, m);
  for (let i = 0; i < m * m; i++) covariance.data[i] = C.data[i]! - overlap.data[i]!;
  return {
    offset: multiplyVector(covariance, shift),
    covariance,
    logDeterminant: logDetFromCholesky(factor.L),
  };
}

function copyOf({ offset, covariance, logDeterminant }: Given): Given {
  return {
    offset: offset.slice(),
    covariance: { ...covariance, data: covariance.data.slice() },
    logDeterminant,
  };
}

/** One pass over the sites; `sites` and `given` are updated in place. */
function sweep(beliefs: SignedBeliefs, sites: SignSites, given: Given): void {
  const { offset, covariance } = given;
  const m = offset.length;
  const column = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const variance = covariance.data[i * m + i]!;
    const cavity = cavityOf(sites, i, offset[i]!, variance);
    if (!(cavity.precision > 0)) continue; // rounding: a site that holds all there is to know
    const target = matchedSite(beliefs, i, cavity);
    const stepPrecision = DAMPING * (target.precision - sites.precision[i]!);
    const stepShift = DAMPING * (target.shift - sites.shift[i]!);
    sites.precision[i] = sites.precision[i]! + stepPrecision;
    sites.shift[i] = sites.shift[i]! + stepShift;
    const shrink = 1 + stepPrecision * variance;
    const move = (stepShift - stepPrecision * offset[i]!) / shrink;
    column.set(matrixRow(covariance, i));
    for (let j = 0; j < m; j++) {
      addScaledAt(covariance.data, j * m, (-stepPrecision / shrink) * column[j]!, column, 0, m);
    }
    addScaledAt(offset, 0, move, column, 0, m);
  }
}

interface Natural {
  readonly precision: number;
  readonly shift: number;
}

function cavityOf(sites: SignSites, i: number, offset: number, variance: number): Natural {
  return {
    precision: 1 / variance - sites.precision[i]!,
    shift: offset / variance - sites.shift[i]!,
  };
}

/** The site under which the cavity keeps mean and variance of cavity times Φ(sign · g/ν). */
function matchedSite({ mean, sign, slack }: SignedBeliefs, i: number, cavity: Natural): Natural {
  const variance = 1 / cavity.precision;
  const centre = cavity.shift * variance;
  const spread = Math.sqrt(variance + slack[i]! * slack[i]!);
  const z = (sign[i]! * (mean[i]! + centre)) / spread;
  const { hazard, remaining } = truncation(z);
  const share = variance / (spread * spread);
  const kept = 1 - share + share * remaining; // tilted variance/cavity variance
  const precision = (cavity.precision * (share * (1 - remaining))) / kept;
  const tilted = centre + (sign[i]! * variance * hazard) / spread;
  // Natural shifts add: tilted mean/tilted variance = cavity shift + site shift.
  return { precision, shift: (tilted / kept) * cavity.precision - cavity.shift };
}

/**
 * Of a standard normal cut off at −z: hazard φ(z)/Φ(z), which is its mean's move, and its remaining variance
 * 1 − hazard (z + hazard).
 */
function truncation(z: number): { hazard: number; remaining: number } {
  const hazard = Math.sqrt(2 / Math.PI) / erfcx(-z * Math.SQRT1_2);
  if (z > FAR_TAIL) return { hazard, remaining: 1 - hazard * (z + hazard) };
  const w = 1 / (z * z);
  return { hazard, remaining: w * (1 - w * (6 - w * (50 - w * 518))) };
}

function largestChange(before: Given, after: Given, scale: Float64Array): number {
  const m = scale.length;
  let largest = 0;
  for (let i = 0; i < m; i++) {
    const spread = (given: Given): number => Math.sqrt(Math.max(given.covariance.data[i * m + i]!, 0));
    const change = Math.abs(after.offset[i]! - before.offset[i]!) + Math.abs(spread(after) - spread(before));
    const relative = change / scale[i]!;
    if (!(relative <= largest)) largest = relative;
  }
  return largest;
}

/** log ∫ N(g; mean, C) Π c_i site_i with the c_i that give every cavity its exact normaliser. */
function logNormalizer(beliefs: SignedBeliefs, sites: SignSites, given: Given): number {
  const { mean, sign, slack } = beliefs;
  const m = mean.length;
  let sum = 0.5 * (dot(sites.shift, given.offset) - given.logDeterminant);
  for (let i = 0; i < m; i++) {
    const variance = given.covariance.data[i * m + i]!;
    const cavity = cavityOf(sites, i, given.offset[i]!, variance);
    const centre = cavity.shift / cavity.precision;
    const spread = Math.sqrt(1 / cavity.precision + slack[i]! * slack[i]!);
    const total = cavity.shift + sites.shift[i]!;
    sum += normalLogCdf((sign[i]! * (mean[i]! + centre)) / spread);
    sum += 0.5 * log1p(sites.precision[i]! / cavity.precision);
    sum += 0.5 * (cavity.shift * centre - (total * total) / (cavity.precision + sites.precision[i]!));
  }
  return sum;
}

/**
 * Weights w with which the sites move any other quantity x: mean_x + cov(x, g) w, [m]: C⁻¹ Σ b = b − S Σ b.
 */
export function siteWeights(beliefs: SignedBeliefs, { sites, mean }: SignPosterior): Float64Array {
  return sites.shift.map((value, i) => value - sites.precision[i]! * (mean[i]! - beliefs.mean[i]!));
}

/** By how much the sites lower the variance of other quantities, from their covariances with g, [c × m]; [c]. */
export function explainedBySites(C: Matrix, { precision }: SignSites, cross: Matrix): Float64Array {
  const root = precision.map((value) => Math.sqrt(value));
  const factor = siteFactor(C, root);
  if (!factor.ok) return new Float64Array(cross.rows);
  const scaled = { ...cross, data: cross.data.map((value, i) => value * root[i % cross.cols]!) };
  const V = solveLowerRows(factor.L, scaled);
  return Float64Array.from({ length: V.rows }, (_, i) => dot(matrixRow(V, i), matrixRow(V, i)));
}

/** Of B = I + S^½ C S^½, whose eigenvalues are at least 1 but for rounding of C. */
function siteFactor(C: Matrix, root: Float64Array): CholeskyResult {
  const m = C.rows;
  const B = createMatrix(m, m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++)
      B.data[i * m + j] = (i === j ? 1 : 0) + root[i]! * C.data[i * m + j]! * root[j]!;
  }
  return cholesky(B);
}
