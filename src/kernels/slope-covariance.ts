import type { RadialKernelName } from "./kernel.js";
import type { ProductKernel, ScaledInputs } from "./product-kernel.js";

/** Kernels whose processes have a derivative that is itself smooth, so that its sign at a point holds around it. */
export type SmoothKernelName = "matern-5/2" | "rbf";

/**
 * Whether signs of derivatives can be imposed under a kernel.
 *
 * Matérn 1/2 has no derivative. Matérn 3/2 has one, but as rough as Brownian motion: it changes sign without end beside
 * any point at which a sign is imposed.
 */
export function isSmooth(name: RadialKernelName): name is SmoothKernelName {
  return name === "matern-5/2" || name === "rbf";
}

/**
 * Writes h_j = −g′(r)/r to `curvature` [count], from the slopes g that `ProductKernel.correlations` left there:
 * h = g for the squared exponential, and (25/3) e^(−√5 r) = 5 g/(1 + √5 r) for Matérn 5/2. Categorical factors of g stay.
 *
 * With scaled steps δ the derivatives of a correlation ρ(x, x′) are ∂ρ/∂x_a = −g δ_a/ℓ_a and
 * ∂²ρ/∂x_a∂x′_b = (g [a = b] − h δ_a δ_b)/(ℓ_a ℓ_b).
 *
 * @see Rasmussen & Williams (2006), eq. 9.1; Solak, Murray-Smith, Leithead, Leith & Rasmussen (2003), NeurIPS 15
 */
function slopeCurvatures(
  kernel: ProductKernel,
  inputs: ScaledInputs,
  point: Float64Array,
  slope: Float64Array,
  curvature: Float64Array,
): void {
  const { columns, count: n } = inputs;
  if (kernel.radial.name === "rbf") {
    curvature.set(slope.subarray(0, n));
    return;
  }
  for (let j = 0; j < n; j++) {
    let squared = 0;
    for (let k = 0; k < kernel.dimension; k++) {
      if (kernel.categorical[k] === true) continue;
      const step = columns[k * n + j]! - point[k]!;
      squared += step * step;
    }
    curvature[j] = (5 * slope[j]!) / (1 + Math.sqrt(5 * squared));
  }
}

/** Correlations between one point and partial derivatives of the process at prepared inputs. */
export interface SlopeCorrelations {
  /** Correlation of f(point) with ∂f/∂x_{input[j]} at input j, [m]. */
  withValue(point: Float64Array, out: Float64Array): void;
  /** The same of ∂f/∂x_b(point), [m], b a continuous input; also ∂/∂point_b of `withValue`. */
  withSlope(point: Float64Array, b: number, out: Float64Array): void;
}

/**
 * Correlations (covariances under a signal variance of 1) with partial derivatives ∂f/∂x_{input[j]}, unscaled x.
 *
 * @param inputs - Where, prepared, m of them; points below are scaled likewise.
 * @param input - Which partial derivative, [m]; continuous inputs.
 */
export function slopeCorrelations(
  kernel: ProductKernel,
  inputs: ScaledInputs,
  input: Int32Array,
): SlopeCorrelations {
  const { columns, factors, count: m } = inputs;
  const correlation = new Float64Array(m);
  const slope = new Float64Array(m);
  const curvature = new Float64Array(m);
  const step = (point: Float64Array, k: number, j: number): number => point[k]! - columns[k * m + j]!;
  return {
    withValue(point, out) {
      kernel.correlations(inputs, point, m, correlation, slope, 0);
      for (let j = 0; j < m; j++) {
        const a = input[j]!;
        out[j] = factors[a]! * slope[j]! * step(point, a, j);
      }
    },
    withSlope(point, b, out) {
      if (kernel.categorical[b] === true) {
        out.fill(0, 0, m);
        return;
      }
      kernel.correlations(inputs, point, m, correlation, slope, 0);
      slopeCurvatures(kernel, inputs, point, slope, curvature);
      for (let j = 0; j < m; j++) {
        const a = input[j]!;
        const bend = curvature[j]! * step(point, a, j) * step(point, b, j);
        out[j] = factors[a]! * factors[b]! * ((a === b ? slope[j]! : 0) - bend);
      }
    },
  };
}
