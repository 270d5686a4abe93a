import { createMatrix, type Matrix } from "../math/matrix.js";

/**
 * Covariance between tasks of the intrinsic coregionalisation model, B = W Wᵀ + diag(κ).
 *
 * The latent functions of all tasks are mixtures of `r` shared functions (loadings W) and one of their own (variance κ),
 * all with the same kernel: K((x, t), (x′, t′)) = B[t, t′] k(x, x′).
 *
 * @see Bonilla, Chai & Williams (2008), NeurIPS 20, section 2; Álvarez, Rosasco & Lawrence (2012), Found. Trends Mach.
 *   Learn. 4(3), section 4.2
 */
export interface Coregionalization {
  /** W, [T × r]; r = 0 makes the tasks independent. */
  readonly loadings: Matrix;
  /** κ, [T], positive. */
  readonly specific: Float64Array;
}

/** B = W Wᵀ + diag(κ), [T × T]. */
export function taskCovariance({ loadings, specific }: Coregionalization): Matrix {
  const tasks = specific.length;
  const { cols: rank, data: w } = loadings;
  const B = createMatrix(tasks, tasks);
  for (let s = 0; s < tasks; s++) {
    for (let t = 0; t <= s; t++) {
      let sum = s === t ? specific[s]! : 0;
      for (let q = 0; q < rank; q++) sum += w[s * rank + q]! * w[t * rank + q]!;
      B.data[s * tasks + t] = sum;
      B.data[t * tasks + s] = sum;
    }
  }
  return B;
}

/**
 * Carries a gradient from B to its parts: ∂/∂W = 2 G W and ∂/∂κ_t = G_tt for a function whose differential is
 * Σ G_st dB_st with a symmetric G.
 */
export function taskCovarianceGradient(
  { loadings, specific }: Coregionalization,
  G: Matrix,
): Coregionalization {
  const tasks = specific.length;
  const { cols: rank, data: w } = loadings;
  const gradient = createMatrix(tasks, rank);
  for (let s = 0; s < tasks; s++) {
    for (let q = 0; q < rank; q++) {
      let sum = 0;
      for (let t = 0; t < tasks; t++) sum += G.data[s * tasks + t]! * w[t * rank + q]!;
      gradient.data[s * rank + q] = 2 * sum;
    }
  }
  return { loadings: gradient, specific: specific.map((_, t) => G.data[t * tasks + t]!) };
}

/** Correlations of a covariance matrix with a positive diagonal, [T × T]; the diagonal is exactly 1. */
export function correlationOf(B: Matrix): Matrix {
  const n = B.rows;
  const C = createMatrix(n, n);
  for (let s = 0; s < n; s++) {
    for (let t = 0; t < n; t++) {
      const scale = Math.sqrt(B.data[s * n + s]!) * Math.sqrt(B.data[t * n + t]!);
      C.data[s * n + t] = s === t ? 1 : B.data[s * n + t]! / scale;
    }
  }
  return C;
}
