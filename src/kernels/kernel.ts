/** Covariance functions that a surrogate can be asked for by name. */
export type RadialKernelName = "matern-1/2" | "matern-3/2" | "matern-5/2" | "rbf";

/**
 * A stationary correlation of the scaled distance r = √Σ (x_d − x′_d)²/ℓ_d².
 *
 * Besides the correlation ρ(r) it yields the slope g(r) = −ρ′(r)/r, from which both gradients follow without a
 * division by r: ∂ρ/∂log ℓ_d = g Δ_d²/ℓ_d² and ∂ρ/∂x_d = −g Δ_d/ℓ_d².
 */
export interface RadialKernel {
  readonly name: RadialKernelName;
  /**
   * Replaces r² by ρ(r) in `correlation[start … start + count)` and writes g(r) to `slope`, same places.
   *
   * Works on a whole row at once so that the inner loop has neither a call through a pointer nor an allocation.
   */
  evaluate(start: number, count: number, correlation: Float64Array, slope: Float64Array): void;
}
