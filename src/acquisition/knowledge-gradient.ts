import { createMatrix, type Matrix, concatRows, matrixRow } from "../math/matrix.js";
import type { ConditionalPoint, GaussianLatent } from "../surrogates/surrogate.js";
import type { AcquisitionFunction } from "./acquisition.js";
import { createExpectedMaximum, logExpectedMaximum } from "./expected-maximum.js";

/** Variances below this are rounding on a scale of order one. */
const SMALLEST_VARIANCE = 1e-24;

/**
 * Log knowledge gradient: how much the largest posterior mean over a set of points, and over x itself, is expected to
 * rise by one run at x, whose result may tell of the others; model scale.
 *
 * @param options.points - Where the best mean may be afterwards, [a × d], a ≥ 1: among them the best one now.
 * @param options.pending - Settings of runs under way, [p × d], taken to come out at their means.
 * @see Frazier, Powell & Dayanik (2009), INFORMS J. Comput. 21(4), eq. 9–14; Scott, Frazier & Powell (2011), SIAM J. Optim.
 *   21(3), for x among the points; Pearce, Klaise & Groves (2022), arXiv 2202.08078, for points that are themselves maxima
 */
export function createLogKnowledgeGradient(options: {
  readonly model: GaussianLatent;
  readonly goal: "maximize" | "minimize";
  readonly points: Matrix;
  readonly pending: Matrix;
}): AcquisitionFunction {
  const { model, points, pending } = options;
  const sign = options.goal === "maximize" ? 1 : -1;
  const noise = model.noiseVariance.reduce((most, variance) => Math.max(most, variance), 0);
  const [p, a] = [pending.rows, points.rows];
  const draws = model.draw(concatRows(pending, points), unitNormals(p, a));
  const known = createKnown(draws.values, p, a);
  const intercepts = new Float64Array(a + 1);
  const slopes = new Float64Array(a + 1);
  const gain = createExpectedMaximum(a + 1);

  function evaluate(point: ConditionalPoint): { readonly c: Float64Array; readonly variance: number } {
    const { means } = point;
    const c = Float64Array.from({ length: a }, (_, s) => means[s + 1]! - means[0]!);
    const variance = c.reduce((sum, part) => sum + part * part, Math.max(point.variance, SMALLEST_VARIANCE));
    const scale = Math.sqrt(variance + noise);
    for (let i = 0; i < a; i++) {
      intercepts[i] = sign * known.means[i]!;
      slopes[i] = (sign * known.covariance(i, c)) / scale;
    }
    intercepts[a] = sign * means[0]!;
    slopes[a] = (sign * variance) / scale;
    logExpectedMaximum(intercepts, slopes, gain);
    return { c, variance };
  }

  return {
    name: "log-knowledge-gradient",
    value(x) {
      evaluate(draws.at(x, false));
      return gain.log;
    },
    valueAndGradient(x, gradient) {
      const point = draws.at(x, true);
      const { c, variance } = evaluate(point);
      gradient.fill(0);
      if (gain.log === -Infinity) return gain.log;
      const total = variance + noise;
      const scale = Math.sqrt(total);
      // ∂/∂variance through the common divisor and, for x itself, through its own covariance.
      let byVariance = (sign * gain.bySlope[a]!) / scale;
      for (let i = 0; i <= a; i++) byVariance -= (gain.bySlope[i]! * slopes[i]!) / (2 * total);
      const byPart = known
        .weighted(gain.bySlope)
        .map((sum, s) => (sign * sum) / scale + 2 * byVariance * c[s]!);
      const byMean = sign * gain.byIntercept[a]! - byPart.reduce((sum, part) => sum + part, 0);
      const means = point.meanGradients!.data;
      for (let j = 0; j < x.length; j++) {
        let slope = byMean * means[j]! + byVariance * point.varianceGradient![j]!;
        for (let s = 0; s < a; s++) slope += byPart[s]! * means[(s + 1) * x.length + j]!;
        gradient[j] = slope;
      }
      return gain.log;
    },
  };
}

/** A row of zeros, then unit vectors of the points; pending runs, which come first, stay at their means: [a + 1 × p + a]. */
function unitNormals(p: number, a: number): Matrix {
  const normals = createMatrix(a + 1, p + a);
  for (let s = 0; s < a; s++) normals.data[(s + 1) * (p + a) + p + s] = 1;
  return normals;
}

/** Means of the points, and the factor of their covariance given pending runs: L_is is drawn value s of point i less its mean. */
function createKnown(values: Matrix, p: number, a: number) {
  const means = matrixRow(values, 0).slice(p);
  const factor = createMatrix(a, a);
  for (let i = 0; i < a; i++) {
    for (let s = 0; s < a; s++) factor.data[i * a + s] = values.data[(s + 1) * (p + a) + p + i]! - means[i]!;
  }
  return {
    means,
    /** cov(f(x), f(point i)) from the parts c of f(x). */
    covariance(i: number, c: Float64Array): number {
      let sum = 0;
      for (let s = 0; s < a; s++) sum += factor.data[i * a + s]! * c[s]!;
      return sum;
    },
    /** Lᵀ w over the points, [a]. */
    weighted(w: Float64Array): Float64Array {
      return Float64Array.from({ length: a }, (_, s) => {
        let sum = 0;
        for (let i = 0; i < a; i++) sum += factor.data[i * a + s]! * w[i]!;
        return sum;
      });
    },
  };
}
