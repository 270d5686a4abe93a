import { matrixRow } from "../math/matrix.js";
import { normalCdf } from "../math/normal.js";
import type { Rng } from "../math/rng.js";
import { sobolNormals } from "../math/sobol.js";
import type { Settings } from "../space/parameter.js";
import type { FittedOutcome } from "./fit-outcomes.js";
import type { Interval, OutcomeCapability, YieldAtCentre } from "./window-answer.js";
import { drawOutcome, type WindowTerm } from "./window-draws.js";
import { inputsAt, type WindowRegion } from "./window-region.js";

/** Settings drawn within the tolerance, and draws of what the model does not know (assumptions: 1 % is enough). */
const HELD = 64;
const DRAWS = 512;
/** A tolerance holds 95 % of the time. */
const NORMAL_95 = 1.959963984540054;
/** Least degrees of freedom of a scatter (assumption where nothing is replicated). */
const LEAST_FREEDOM = 4;

export interface CentreQuestion {
  readonly region: WindowRegion;
  readonly terms: readonly WindowTerm[];
  readonly fitted: ReadonlyMap<string, FittedOutcome>;
  /** Level of the centre on each axis. */
  readonly centre: readonly number[];
  readonly state: { readonly parameters: Settings; readonly context: Settings };
}

/**
 * Share of runs in specification and process capability at a setting: the setting varies within its tolerance (normal,
 * ± is 95 %), runs scatter by the inferred noise, and draws of the latent outcome and of the scatter tell how sure that
 * is. Cp = (USL − LSL)/6σ, Cpk = min(USL − μ, μ − LSL)/3σ. A stated error of measurement is no scatter of runs.
 *
 * @see Montgomery (2019), Introduction to Statistical Quality Control, 8th ed., section 8.2
 */
export function capabilityAt(
  question: CentreQuestion,
  rng: Rng,
): { readonly yield: YieldAtCentre; readonly capability: readonly OutcomeCapability[] } {
  const { region, terms } = question;
  const X = inputsAt(region, heldSettings(question, rng.fork("held")));
  const shares = new Float64Array(DRAWS * HELD).fill(1);
  const capability = terms.map((term) => {
    const own = rng.fork(term.outcome);
    const values = drawOutcome(term.model, X, DRAWS, own);
    const scatter = scatterOf(term, question, own.fork("scatter"));
    const moments = Array.from({ length: DRAWS }, (_, s) => {
      const row = matrixRow(values, s);
      let noise = 0;
      for (let i = 0; i < HELD; i++) {
        const one = scatter(row[i]!, s);
        shares[s * HELD + i] = shares[s * HELD + i]! * one.inside;
        noise += one.variance / HELD;
      }
      const mean = meanOf(row);
      const spread = meanOf(row.map((value) => (value - mean) * (value - mean)));
      return { mean, stdDev: Math.sqrt(spread + noise) };
    });
    return summary(term, moments);
  });
  const yields = Array.from({ length: DRAWS }, (_, s) => meanOf(shares.subarray(s * HELD, (s + 1) * HELD)));
  return {
    yield: { median: medianOf(yields), interval95: interval95(yields), mean: meanOf(yields) },
    capability,
  };
}

/** Settings as the machine holds them: normal round the centre, in encoded units. */
function heldSettings({ region, centre }: CentreQuestion, rng: Rng): Float64Array[] {
  const { axes } = region;
  const normals = sobolNormals(HELD, Math.max(1, axes.length), rng);
  return Array.from({ length: HELD }, (_, i) =>
    Float64Array.from(axes, (a, j) => {
      const k = centre[j]!;
      const half = (a.high[k]! - a.low[k]!) / 2;
      return (a.high[k]! + a.low[k]!) / 2 + (half / NORMAL_95) * normals.data[i * normals.cols + j]!;
    }),
  );
}

interface RunScatter {
  /** Probability that a run with this latent value is in specification. */
  readonly inside: number;
  /** Variance of runs round it, raw units squared. */
  readonly variance: number;
}

/** Scatter of runs round a latent raw value in draw s; its standard deviation is drawn from what replicates tell. */
function scatterOf(
  { outcome, min, max }: WindowTerm,
  { fitted, state }: CentreQuestion,
  rng: Rng,
): (value: number, s: number) => RunScatter {
  const one = fitted.get(outcome);
  const variance = one?.model.noiseVariance[one.rows.noiseLevelAt(state)] ?? 0;
  if (one === undefined || !(variance > 0))
    return (value) => ({ inside: value >= min && value <= max ? 1 : 0, variance: 0 });
  const { modelScale } = one.model;
  const freedom = Math.max(LEAST_FREEDOM, one.rows.data.y.length - one.settings);
  const sigmas = Array.from({ length: DRAWS }, () =>
    Math.sqrt((variance * freedom) / chiSquared(freedom, rng)),
  );
  const [low, high] = [modelScale.toModel(min), modelScale.toModel(max)];
  return (value, s) => {
    const z = modelScale.toModel(value);
    const sigma = sigmas[s]!;
    const raw = (modelScale.toRaw(z + sigma) - modelScale.toRaw(z - sigma)) / 2;
    return { inside: normalCdf((high - z) / sigma) - normalCdf((low - z) / sigma), variance: raw * raw };
  };
}

/** Beyond so many degrees of freedom the normal approximation of Wilson & Hilferty (1931) is exact enough. */
const MANY = 64;

function chiSquared(freedom: number, rng: Rng): number {
  if (freedom > MANY) {
    const cube = 1 - 2 / (9 * freedom) + Math.sqrt(2 / (9 * freedom)) * rng.normal();
    return freedom * cube * cube * cube;
  }
  let sum = 0;
  for (let i = 0; i < freedom; i++) {
    const z = rng.normal();
    sum += z * z;
  }
  return sum;
}

function summary(
  { outcome, min, max }: WindowTerm,
  moments: readonly { readonly mean: number; readonly stdDev: number }[],
): OutcomeCapability {
  const means = moments.map(({ mean }) => mean);
  const index = (
    of: (m: (typeof moments)[number]) => number,
  ): { value: number; interval: Interval } | null => {
    if (moments.some(({ stdDev }) => !(stdDev > 0))) return null;
    const values = moments.map(of);
    return values.every(Number.isFinite) ? { value: medianOf(values), interval: interval95(values) } : null;
  };
  const cp = Number.isFinite(max - min) ? index(({ stdDev }) => (max - min) / (6 * stdDev)) : null;
  const cpk = index(({ mean, stdDev }) => Math.min(max - mean, mean - min) / (3 * stdDev));
  return {
    outcome,
    mean: meanOf(means),
    mean95: interval95(means),
    stdDev: medianOf(moments.map(({ stdDev }) => stdDev)),
    cp: cp?.value ?? null,
    cp95: cp?.interval ?? null,
    cpk: cpk?.value ?? null,
    cpk95: cpk?.interval ?? null,
  };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

const medianOf = (values: readonly number[]): number => at(values, 0.5);

function interval95(values: readonly number[]): Interval {
  return [at(values, 0.025), at(values, 0.975)];
}

function at(values: readonly number[], probability: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(probability * sorted.length))]!;
}
