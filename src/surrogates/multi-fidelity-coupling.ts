import { createMatrix, type Matrix } from "../math/matrix.js";

/**
 * How strongly runs at two fidelities s, s′ ∈ [0, 1] share the two latent functions; s = 1 is the outcome that counts.
 *
 *   f(x, s) = r(s) g(x) + δ(x, s),   r(s) = 1 − (1 − ρ)(1 − s),
 *   Cov δ = σ_δ² (1 − s)(1 − s′)(1 + s s′) k_δ(x, x′).
 *
 * ρ = 1 is the linear-truncated kernel with power 1 (Wu, Toscano-Palmerin, Frazier & Wilson 2020, UAI, section 3); a
 * free ρ is the autoregression of Kennedy & O'Hagan (2000, Biometrika 87(1), eq. 1) read from the late to the early
 * signal. ρ = 0 makes runs at s = 0 tell nothing about the outcome, so that useless signals can be told apart.
 */
export interface FidelityCoupling {
  /** σ_g², prior variance of the outcome that counts. */
  readonly signalVariance: number;
  /** ρ: what one unit of the outcome is at s = 0. */
  readonly carriedShare: number;
  /** σ_δ², prior variance of what is only early. */
  readonly discrepancyVariance: number;
}

/** Couplings of g and δ between fidelities, [s × s] each. */
export function fidelityCouplings(
  { signalVariance, carriedShare, discrepancyVariance }: FidelityCoupling,
  fidelities: readonly number[],
): { readonly shared: Matrix; readonly discrepancy: Matrix } {
  const n = fidelities.length;
  const shared = createMatrix(n, n);
  const discrepancy = createMatrix(n, n);
  fidelities.forEach((s, a) => {
    fidelities.forEach((t, b) => {
      shared.data[a * n + b] = signalVariance * carried(carriedShare, s) * carried(carriedShare, t);
      discrepancy.data[a * n + b] = discrepancyVariance * truncated(s, t);
    });
  });
  return { shared, discrepancy };
}

/** Gradient of Σ G dC for both couplings in log σ_g², ρ and log σ_δ². */
export function fidelityGradient(
  coupling: FidelityCoupling,
  fidelities: readonly number[],
  sharedGradient: Matrix,
  discrepancyGradient: Matrix,
): { readonly signalVariance: number; readonly carriedShare: number; readonly discrepancyVariance: number } {
  const n = fidelities.length;
  const { shared, discrepancy } = fidelityCouplings(coupling, fidelities);
  let signalVariance = 0;
  let carriedShare = 0;
  let discrepancyVariance = 0;
  fidelities.forEach((s, a) => {
    fidelities.forEach((t, b) => {
      const k = a * n + b;
      signalVariance += sharedGradient.data[k]! * shared.data[k]!;
      discrepancyVariance += discrepancyGradient.data[k]! * discrepancy.data[k]!;
      const slope = (1 - s) * carried(coupling.carriedShare, t) + (1 - t) * carried(coupling.carriedShare, s);
      carriedShare += sharedGradient.data[k]! * coupling.signalVariance * slope;
    });
  });
  return { signalVariance, carriedShare, discrepancyVariance };
}

/** Prior covariance of a constant shift of early signals, v (1 − s)(1 − s′), [s × s]. */
export function fidelityOffset(variance: number, fidelities: readonly number[]): Matrix {
  const n = fidelities.length;
  const offset = createMatrix(n, n);
  fidelities.forEach((s, a) => {
    fidelities.forEach((t, b) => {
      offset.data[a * n + b] = variance * (1 - s) * (1 - t);
    });
  });
  return offset;
}

function carried(share: number, s: number): number {
  return 1 - (1 - share) * (1 - s);
}

function truncated(s: number, t: number): number {
  return (1 - s) * (1 - t) * (1 + s * t);
}
