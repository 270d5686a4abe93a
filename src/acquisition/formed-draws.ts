import { CellwrightError } from "../errors.js";
import { exp } from "../math/elementary.js";
import { createMatrix, type Matrix, matrixRow } from "../math/matrix.js";
import type { ConditionalPoint, GaussianLatent, ModelScale } from "../surrogates/surrogate.js";
import type { FormedOutcome, FormSlopes, HeldSetting } from "./formed-outcome.js";
import type { OutcomeDraws } from "./outcome-draws.js";

/** What a surrogate believes at x given its draws at the base points, and the draw of what these leave open. */
export interface DrawnModel {
  at(x: Float64Array, withGradient: boolean): ConditionalPoint;
  /** Standard normal of each draw, [S]; null: the means alone. */
  readonly residuals: Float64Array | null;
}

/** Variances below this are rounding of an exactly known point, as in `expectedUtility`. */
const SMALLEST_VARIANCE = 1e-24;
/** Points whose conditional moments are kept: roles ask for the same ones in turn. */
const KEPT_POINTS = 64;

/**
 * A formed outcome in units of `scale`: S reparametrised draws at any x, each smoothed by the standard deviation `width`.
 *
 * At x the outcomes of draw s are μ_s(x) + σ(x) ε_s, one ε_s a surrogate: settings held near x are drawn fully
 * correlated in what the base points leave open (exact for each alone; an approximation where the tolerance is not small
 * beside a lengthscale).
 *
 * @see Wilson, Hutter & Deisenroth (2018), NeurIPS 31, section 2, for the reparametrisation
 */
export function formedDraws(
  formed: FormedOutcome,
  base: Matrix,
  options: {
    readonly drawn: ReadonlyMap<GaussianLatent, DrawnModel>;
    readonly draws: number;
    readonly scale: number;
    readonly width: number;
  },
): OutcomeDraws {
  const { draws, scale, width } = options;
  const models = formed.models.map((model) => ({ model, by: options.drawn.get(model)! }));
  const at = (x: Float64Array, withGradient: boolean): ConditionalPoint => {
    const held = formed.heldAt(x);
    const points = held.map((setting) => models.map(({ by }) => by.at(setting.x, withGradient)));
    const means = new Float64Array(draws);
    const meanGradients = withGradient ? createMatrix(draws, x.length) : null;
    const work = createWork(held.length, models.length, x.length);
    for (let s = 0; s < draws; s++) {
      const row = meanGradients?.data.subarray(s * x.length, (s + 1) * x.length);
      means[s] = drawAt(formed, held, points, models, s, work, row) / scale;
      row?.forEach((slope, j) => (row[j] = slope / scale));
    }
    const point = { means, variance: width * width };
    if (meanGradients === null) return point;
    return { ...point, meanGradients, varianceGradient: new Float64Array(x.length) };
  };
  const values = createMatrix(draws, base.rows);
  for (let i = 0; i < base.rows; i++)
    at(matrixRow(base, i), false).means.forEach((z, s) => (values.data[s * base.rows + i] = z));
  return { values, at };
}

interface Work {
  readonly outcomes: Float64Array;
  readonly rawSlopes: Float64Array;
  readonly slopes: FormSlopes;
}

function createWork(P: number, K: number, d: number): Work {
  return {
    outcomes: new Float64Array(P * K),
    rawSlopes: new Float64Array(P * K),
    slopes: { byOutcome: new Float64Array(P * K), bySetting: new Float64Array(d) },
  };
}

/** Value of draw `s`; writes its gradient by x into `gradient`. */
function drawAt(
  formed: FormedOutcome,
  held: readonly HeldSetting[],
  points: readonly (readonly ConditionalPoint[])[],
  models: readonly { readonly model: GaussianLatent; readonly by: DrawnModel }[],
  s: number,
  { outcomes, rawSlopes, slopes }: Work,
  gradient: Float64Array | undefined,
): number {
  const K = models.length;
  for (let p = 0; p < held.length; p++) {
    models.forEach(({ model, by }, k) => {
      const { means, variance } = points[p]![k]!;
      const z = meanOf(means, s) + residual(by, s) * Math.sqrt(Math.max(variance, SMALLEST_VARIANCE));
      outcomes[p * K + k] = model.modelScale.toRaw(z);
      if (gradient !== undefined) rawSlopes[p * K + k] = rawSlope(model.modelScale, z, outcomes[p * K + k]!);
    });
  }
  const value = finite(formed.value(held, outcomes, gradient === undefined ? undefined : slopes));
  if (gradient === undefined) return value;
  gradient.set(slopes.bySetting);
  for (let p = 0; p < held.length; p++) {
    models.forEach(({ by }, k) => {
      const weight = slopes.byOutcome[p * K + k]! * rawSlopes[p * K + k]!;
      if (weight !== 0) addGradient(gradient, points[p]![k]!, held[p]!, s, weight, residual(by, s));
    });
  }
  return value;
}

/** Adds weight · ∇(μ_s + ε σ) through the held setting. */
function addGradient(
  gradient: Float64Array,
  { means, variance, meanGradients, varianceGradient }: ConditionalPoint,
  { slope }: HeldSetting,
  s: number,
  weight: number,
  epsilon: number,
): void {
  const d = gradient.length;
  const row = means.length === 1 ? 0 : s * d;
  const spread = epsilon / (2 * Math.sqrt(Math.max(variance, SMALLEST_VARIANCE)));
  for (let j = 0; j < d; j++) {
    const own = meanGradients!.data[row + j]! + spread * varianceGradient![j]!;
    gradient[j] = gradient[j]! + weight * slope[j]! * own;
  }
}

const residual = ({ residuals }: DrawnModel, s: number): number => (residuals === null ? 0 : residuals[s]!);

const meanOf = (means: Float64Array, s: number): number => means[means.length === 1 ? 0 : s]!;

/** Step for the slope of a scale that does not tell its own: cube root of rounding on a scale of order one. */
const SCALE_STEP = 6e-6;

/** d raw / d model at a value given on both scales. */
function rawSlope(scale: ModelScale, z: number, raw: number): number {
  if (scale.logSlope !== undefined) return exp(-scale.logSlope(raw));
  return (scale.toRaw(z + SCALE_STEP) - scale.toRaw(z - SCALE_STEP)) / (2 * SCALE_STEP);
}

/** @throws CellwrightError NON_FINITE where a formula has no value for outcomes that the model holds possible. */
export function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new CellwrightError(
    "NON_FINITE",
    "A composite formula has no value for outcomes that the model holds possible, such as a quotient by 0. Learn its inputs with scale: log where they are positive, or leave composite out.",
  );
}

/** Keeps the last conditional moments of a surrogate: several outcomes are formed from it at the same settings. */
export function rememberPoints(by: DrawnModel): DrawnModel {
  const kept = new Map<string, ConditionalPoint>();
  return {
    residuals: by.residuals,
    at(x, withGradient) {
      const key = x.join(" ");
      const known = kept.get(key);
      if (known !== undefined && (!withGradient || known.meanGradients !== undefined)) return known;
      if (kept.size >= KEPT_POINTS) kept.clear();
      const point = by.at(x, withGradient);
      kept.set(key, point);
      return point;
    },
  };
}

/** The form at posterior means of its surrogates (their medians on the raw scale). */
export function formAtMeans(formed: FormedOutcome, x: Float64Array): number {
  const held = formed.heldAt(x);
  const K = formed.models.length;
  const outcomes = new Float64Array(held.length * K);
  held.forEach((setting, p) =>
    formed.models.forEach((model, k) => {
      outcomes[p * K + k] = model.modelScale.toRaw(model.latentAt(setting.x).mean);
    }),
  );
  return finite(formed.value(held, outcomes));
}
