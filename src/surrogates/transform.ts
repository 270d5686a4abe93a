import { CellwrightError } from "../errors.js";
import { exp, expm1, log } from "../math/elementary.js";
import { momentsUnderNormal } from "./normal-moments.js";
import type { ModelScale, OutcomeScale } from "./surrogate.js";
import { profileLambda, yeoJohnson, yeoJohnsonInverse, yeoJohnsonLogSlope } from "./yeo-johnson.js";

/** The warp of one outcome as JSON. */
export type TransformRecord = LinearRecord | YeoJohnsonRecord;

/** (y − center)/spread, or (log y − center)/spread. */
interface LinearRecord {
  readonly kind: "identity" | "log";
  readonly center: number;
  readonly spread: number;
}

/** (YJ_λ((y − center)/spread) − warpedCenter)/warpedSpread. */
interface YeoJohnsonRecord {
  readonly kind: "yeo-johnson";
  readonly center: number;
  readonly spread: number;
  readonly lambda: number;
  readonly warpedCenter: number;
  readonly warpedSpread: number;
}

/** A strictly increasing map T from raw outcomes to the model scale, where the data have mean 0 and variance 1. */
export interface OutcomeTransform extends ModelScale {
  readonly record: TransformRecord;
  /** log T′(y); −∞ where y has no image. */
  readonly logSlope: (y: number) => number;
  /** Mean and standard deviation of T⁻¹(z) for z ~ N(mean, stdDev²), raw units. */
  rawMoments(mean: number, stdDev: number): { readonly mean: number; readonly stdDev: number };
}

/**
 * Known raw variance at a raw outcome on the model scale, by the squared slope there: exact for the identity, good while
 * the error is small against the curvature of the warp. An error so large that the warp bends over it (a relative error
 * of 1 on a log scale) grows with the logarithm from there on, as that of a log-normal does: first order would hold a
 * measurement of that error for possible at any number whatever.
 */
export function knownVarianceAt({ record, logSlope }: OutcomeTransform, y: number, variance: number): number {
  if (!(variance > 0)) return 0;
  const carried = variance * exp(2 * logSlope(y));
  if (record.kind === "identity") return carried;
  const unit = record.kind === "yeo-johnson" ? record.warpedSpread : record.spread;
  const bent = carried * unit * unit;
  return bent <= 1 ? carried : (1 + log(Math.min(bent, Number.MAX_VALUE))) / (unit * unit);
}

/** Fewest settings from which a warp may be learned, and the nats that it must gain (shared trust rule). */
const WARP_TRUST = { settings: 10, gain: 2 } as const;

/**
 * Learns the transform of one outcome from canonically ordered rows, of which `groupStart` marks the settings.
 *
 * Every setting counts once, however often it was repeated: the centre is the mean of the settings' means, the
 * variance that of the means plus the average scatter within. `log` takes the logarithm first. `auto` takes
 * Yeo–Johnson on the standardised outcome where its profile likelihood gains more than 2 nats over no warp and there
 * are at least 10 settings, and no warp otherwise.
 *
 * Where nothing varies the spread is a tenth of the outcome's magnitude, or 1 for zero (assumption: nothing in the data
 * says how much the outcome could vary).
 *
 * @param y - Outcomes, [n]; positive for `log`.
 * @param groupStart - First row of each setting and finally n, [g + 1].
 * @throws CellwrightError DATA_INVALID if `log` meets an outcome ≤ 0.
 */
export function fitTransform(y: Float64Array, groupStart: Int32Array, scale: OutcomeScale): OutcomeTransform {
  if (scale === "log") {
    rejectNonPositive(y);
    const { center, spread, constant } = standardize(y.map(log), groupStart);
    // A constant outcome on the log scale: a tenth of the magnitude is 0.1 there.
    return createTransform({ kind: "log", center, spread: constant ? 0.1 : spread });
  }
  const { center, spread, constant } = standardize(y, groupStart);
  if (constant) return createTransform({ kind: "identity", center, spread: 0.1 * Math.abs(center) || 1 });
  const identity = createTransform({ kind: "identity", center, spread });
  if (scale === "identity" || groupStart.length - 1 < WARP_TRUST.settings) return identity;
  const u = y.map((value) => (value - center) / spread);
  const { lambda, gain } = profileLambda(u, settingWeights(groupStart));
  if (!(gain > WARP_TRUST.gain)) return identity;
  const warped = standardize(
    u.map((value) => yeoJohnson(value, lambda)),
    groupStart,
  );
  return createTransform({
    kind: "yeo-johnson",
    center,
    spread,
    lambda,
    warpedCenter: warped.center,
    warpedSpread: warped.spread,
  });
}

/** Rebuilds a transform from its record. */
export function createTransform(record: TransformRecord): OutcomeTransform {
  if (record.kind === "yeo-johnson") return yeoJohnsonTransform(record);
  return record.kind === "log" ? logTransform(record) : identityTransform(record);
}

function identityTransform(record: LinearRecord): OutcomeTransform {
  const { center, spread } = record;
  const logSlope = -log(spread);
  return {
    record,
    toModel: (y) => (y - center) / spread,
    toRaw: (z) => center + spread * z,
    logSlope: () => logSlope,
    rawMoments: (mean, stdDev) => ({ mean: center + spread * mean, stdDev: spread * stdDev }),
  };
}

/** z = (log y − c)/s; an outcome ≤ 0 maps to −∞. Moments are those of the log-normal distribution. */
function logTransform(record: LinearRecord): OutcomeTransform {
  const { center, spread } = record;
  const logSpread = log(spread);
  return {
    record,
    toModel: (y) => (y > 0 ? (log(y) - center) / spread : y <= 0 ? Number.NEGATIVE_INFINITY : Number.NaN),
    toRaw: (z) => exp(center + spread * z),
    logSlope: (y) => (y > 0 ? -log(y) - logSpread : Number.NEGATIVE_INFINITY),
    rawMoments(mean, stdDev) {
      const variance = spread * stdDev * (spread * stdDev);
      const rawMean = exp(center + spread * mean + 0.5 * variance);
      return { mean: rawMean, stdDev: rawMean * Math.sqrt(expm1(variance)) };
    },
  };
}

function yeoJohnsonTransform(record: YeoJohnsonRecord): OutcomeTransform {
  const { center, spread, lambda, warpedCenter, warpedSpread } = record;
  const logScale = -log(spread) - log(warpedSpread);
  const standardizedRaw = (z: number): number => yeoJohnsonInverse(warpedCenter + warpedSpread * z, lambda);
  return {
    record,
    toModel: (y) => (yeoJohnson((y - center) / spread, lambda) - warpedCenter) / warpedSpread,
    toRaw: (z) => center + spread * standardizedRaw(z),
    logSlope: (y) => yeoJohnsonLogSlope((y - center) / spread, lambda) + logScale,
    rawMoments(mean, stdDev) {
      // Warped values are w = warpedCenter + warpedSpread z; the transform's third derivative jumps at w = 0.
      const moments = momentsUnderNormal(
        (w) => yeoJohnsonInverse(w, lambda),
        warpedCenter + warpedSpread * mean,
        warpedSpread * stdDev,
        0,
      );
      return { mean: center + spread * moments.mean, stdDev: spread * moments.stdDev };
    },
  };
}

function rejectNonPositive(y: Float64Array): void {
  const found = [...new Set(y.filter((value) => !(value > 0)))];
  if (found.length === 0) return;
  throw new CellwrightError("DATA_INVALID", "An outcome with scale log must be positive in every row.", {
    problems: found.slice(0, 20).map((value) => ({
      where: "outcome",
      found: String(value),
      expected: "a value above 0",
      remedy: "Correct the row, or use scale: identity.",
    })),
  });
}

/** 1/count for every row, so that the rows of one setting weigh 1 together. */
function settingWeights(groupStart: Int32Array): Float64Array {
  const weights = new Float64Array(groupStart.at(-1) ?? 0);
  for (let g = 0; g + 1 < groupStart.length; g++) {
    weights.fill(1 / (groupStart[g + 1]! - groupStart[g]!), groupStart[g], groupStart[g + 1]);
  }
  return weights;
}

/** Mean of the settings' means, and √(variance of the means + average variance within). */
function standardize(
  y: Float64Array,
  groupStart: Int32Array,
): { center: number; spread: number; constant: boolean } {
  const groups = groupStart.length - 1;
  const magnitude = y.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  const means = new Float64Array(groups);
  let within = 0;
  let center = 0;
  for (let g = 0; g < groups; g++) {
    const rows = y.subarray(groupStart[g], groupStart[g + 1]);
    const mean = rows.reduce((sum, value) => sum + value / magnitude, 0) / rows.length;
    let scatter = 0;
    for (const value of rows) scatter += (value / magnitude - mean) * (value / magnitude - mean);
    means[g] = mean;
    within += scatter / rows.length / groups;
    center += mean / groups;
  }
  let between = 0;
  for (const mean of means) between += ((mean - center) * (mean - center)) / Math.max(1, groups - 1);
  const relative = Math.sqrt(between + within);
  // Differences of the size of rounding carry no information: the outcome is constant.
  return { center: center * magnitude, spread: relative * magnitude, constant: !(relative > 1e-12) };
}
