import { createMatrix, type Matrix, matrixRow } from "../math/matrix.js";
import type { MarginalPosterior, PredictOptions, Surrogate, SurrogateData } from "../surrogates/surrogate.js";

/** What a surrogate that never saw a row said about it; raw units. */
export interface RowPrediction {
  readonly observed: number;
  /** Mean and standard deviation of the latent outcome. */
  readonly mean: number;
  readonly stdDev: number;
  /** Median and 95 % interval of one new observed run. */
  readonly median: number;
  readonly lo: number;
  readonly hi: number;
  /** 95 % interval of the latent outcome. */
  readonly latentLo: number;
  readonly latentHi: number;
  /** Log density of the observed value (natural log, per raw unit). */
  readonly logDensity: number;
  /** Continuous ranked probability score, raw unit; smaller is better. */
  readonly crps: number;
  /** Predictive distribution function at the observed value (probability integral transform), in (0, 1). */
  readonly pit: number;
}

/** Quantiles by which CRPS and the probability integral transform are computed: (k + ½) / 100. */
const QUANTILES = Float64Array.from({ length: 100 }, (_, k) => (k + 0.5) / 100);

/** Rows `rows` of the data, in that order. */
export function subsetData(data: SurrogateData, rows: Int32Array): SurrogateData {
  const { knownNoiseVariance, noiseLevel, wholePlot } = data;
  return {
    inputs: data.inputs,
    X: subsetRows(data.X, rows),
    y: Float64Array.from(rows, (row) => data.y[row]!),
    ...(knownNoiseVariance && {
      knownNoiseVariance: Float64Array.from(rows, (row) => knownNoiseVariance[row]!),
    }),
    ...(noiseLevel && { noiseLevel: Int32Array.from(rows, (row) => noiseLevel[row]!) }),
    ...(wholePlot && { wholePlot: Int32Array.from(rows, (row) => wholePlot[row]!) }),
  };
}

function subsetRows(X: Matrix, rows: Int32Array): Matrix {
  const subset = createMatrix(rows.length, X.cols);
  rows.forEach((row, i) => subset.data.set(matrixRow(X, row), i * X.cols));
  return subset;
}

/**
 * The rows with noise levels that the surrogate was trained on: a level that occurs in none of `learned` reads as the
 * first (its noise is unknown to that surrogate).
 */
export function knownLevelsOnly(rows: SurrogateData, learned: SurrogateData): SurrogateData {
  if (rows.noiseLevel === undefined) return rows;
  if (learned.noiseLevel === undefined) return { ...rows, noiseLevel: new Int32Array(rows.y.length) };
  const known = new Set(learned.noiseLevel);
  return { ...rows, noiseLevel: rows.noiseLevel.map((level) => (known.has(level) ? level : 0)) };
}

/**
 * Predicts rows that the surrogate was not trained on and scores each prediction.
 *
 * Rows are predicted in blocks of equal known measurement variance: the interval of a new run includes it.
 */
export function predictHeldOut(surrogate: Surrogate, rows: SurrogateData): readonly RowPrediction[] {
  const predictions = new Array<RowPrediction>(rows.y.length);
  for (const [variance, block] of blocksOfEqualVariance(rows)) {
    const points = subsetData(rows, block);
    const options: PredictOptions = {
      ...(points.noiseLevel && { noiseLevel: points.noiseLevel }),
      knownNoiseVariance: variance,
    };
    const scored = scorePosterior(surrogate.predict(points.X, options), points.y);
    block.forEach((row, i) => {
      predictions[row] = scored[i]!;
    });
  }
  return predictions;
}

function blocksOfEqualVariance(rows: SurrogateData): ReadonlyMap<number, Int32Array> {
  const blocks = new Map<number, number[]>();
  rows.y.forEach((_, row) => {
    const variance = rows.knownNoiseVariance?.[row] ?? 0;
    const block = blocks.get(variance);
    if (block) block.push(row);
    else blocks.set(variance, [row]);
  });
  return new Map([...blocks].map(([variance, block]) => [variance, Int32Array.from(block)]));
}

/** Scores a posterior against what was observed at its points, [m]. */
export function scorePosterior(
  posterior: MarginalPosterior,
  observed: Float64Array,
): readonly RowPrediction[] {
  const grid = Array.from(QUANTILES, (probability) => posterior.quantile(probability, "observed"));
  const median = posterior.quantile(0.5, "observed");
  const lo = posterior.quantile(0.025, "observed");
  const hi = posterior.quantile(0.975, "observed");
  const latentLo = posterior.quantile(0.025, "latent");
  const latentHi = posterior.quantile(0.975, "latent");
  const logDensity = posterior.logDensity(observed);
  return Array.from(observed, (y, i) => {
    const quantiles = grid.map((values) => values[i]!);
    return {
      observed: y,
      mean: posterior.mean[i]!,
      stdDev: posterior.stdDev[i]!,
      median: median[i]!,
      lo: lo[i]!,
      hi: hi[i]!,
      latentLo: latentLo[i]!,
      latentHi: latentHi[i]!,
      logDensity: logDensity[i]!,
      crps: crpsOfQuantiles(quantiles, y),
      pit: pitOfQuantiles(quantiles, y),
    };
  });
}

/**
 * CRPS = 2 ∫ (1{y < q(τ)} − τ)(q(τ) − y) dτ by the midpoint rule; right to about 1 % of the score for a normal.
 *
 * @see Gneiting & Ranjan (2011), Journal of Business & Economic Statistics 29(3), eq. 5
 */
function crpsOfQuantiles(quantiles: readonly number[], y: number): number {
  let sum = 0;
  quantiles.forEach((q, k) => {
    sum += ((y < q ? 1 : 0) - QUANTILES[k]!) * (q - y);
  });
  return (2 * sum) / QUANTILES.length;
}

/** Linear between the quantiles; beyond the outermost, halfway to 0 or 1. */
function pitOfQuantiles(quantiles: readonly number[], y: number): number {
  const above = quantiles.findIndex((q) => y < q);
  if (above === 0) return QUANTILES[0]! / 2;
  if (above === -1) return (1 + QUANTILES.at(-1)!) / 2;
  const [q0, q1] = [quantiles[above - 1]!, quantiles[above]!];
  const [p0, p1] = [QUANTILES[above - 1]!, QUANTILES[above]!];
  return p0 + ((p1 - p0) * (y - q0)) / (q1 - q0);
}
