import { correlationOf } from "../kernels/coregionalization.js";
import { cholesky, choleskyInverse, logDetFromCholesky } from "../math/cholesky.js";
import { log } from "../math/elementary.js";
import { createMatrix, type Matrix } from "../math/matrix.js";
import { defaultPreset } from "./presets/default.js";
import { gammaPrior, type Prior } from "./prior.js";

/** Concentration of the LKJ prior on the correlations between tasks: 1 is flat; above it, small ones are favoured. */
const LKJ_CONCENTRATION = 1.5;

/** Prior of each task's signal variance B_tt: that of the default preset. */
const SIGNAL: Prior = defaultPreset.signalVariance?.prior ?? gammaPrior(2, 0.15);

/**
 * What is believed of the covariance between tasks: log p = Σ_t log Gamma(B_tt) + (η − 1) log det C + constant, with C
 * the correlations of B (the LKJ prior without its normaliser, which no comparison at fixed T needs). A density over B
 * without Jacobian to W and κ, as prior.ts has it.
 *
 * @returns the value, and G with differential Σ G_st dB_st; null where B is not positive definite.
 * @see Lewandowski, Kurowicka & Joe (2009), J. Multivar. Anal. 100(9), eq. 16; η = 1.5 as in BoTorch's multi-task models
 */
export function taskCovariancePrior(B: Matrix): { value: number; gradient: Matrix } | null {
  const tasks = B.rows;
  const factor = cholesky(correlationOf(B));
  if (!factor.ok) return null;
  let value = (LKJ_CONCENTRATION - 1) * logDetFromCholesky(factor.L);
  const inverse = choleskyInverse(factor.L);
  const gradient = createMatrix(tasks, tasks);
  const at = (s: number, t: number): number => s * tasks + t;
  for (let s = 0; s < tasks; s++) {
    for (let t = 0; t < tasks; t++) {
      // B⁻¹ = D^{-1/2} C⁻¹ D^{-1/2} with D the diagonal of B.
      const scale = Math.sqrt(B.data[at(s, s)]!) * Math.sqrt(B.data[at(t, t)]!);
      gradient.data[at(s, t)] = ((LKJ_CONCENTRATION - 1) * inverse.data[at(s, t)]!) / scale;
    }
  }
  for (let t = 0; t < tasks; t++) {
    const variance = B.data[at(t, t)]!;
    const logVariance = log(variance);
    value += SIGNAL.logDensity(logVariance);
    gradient.data[at(t, t)] =
      gradient.data[at(t, t)]! + (SIGNAL.gradient(logVariance) - (LKJ_CONCENTRATION - 1)) / variance;
  }
  return { value, gradient };
}
