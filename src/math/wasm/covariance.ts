import { type CorrelatedInputs, type InputLayout, layOutInputs, writeInputs } from "./correlated-inputs.js";
import {
  choleskyFactor,
  type CholeskyFactor,
  factorPlaced,
  type Indefinite,
  invertMatrix,
} from "./factor.js";
import { type Address, wasmKernels } from "./kernels.js";
import { triangleSize } from "./tiles.js";
import { numbersAt, withWorkingMemory, type WorkingMemory, writeVector } from "./working-memory.js";

/** The Cholesky factor of a covariance A = s²R + diag(noise) of n points. */
export interface CovarianceFactor extends CholeskyFactor {
  /** What the gradient of the marginal likelihood takes from all pairs of points, for α = A⁻¹(z − μ). */
  likelihoodSums(alpha: Float64Array): LikelihoodSums;
}

export interface LikelihoodSums {
  /**
   * Σ_{i>j} s² (α_i α_j − A⁻¹_ij) ∂R_ij/∂log ℓ_k, [d].
   *
   * @see Rasmussen & Williams (2006), eq. 5.9
   */
  readonly lengthscales: Float64Array;
  /** Diagonal of A⁻¹, [n]. */
  readonly inverseDiagonal: Float64Array;
}

/** A filled covariance: what the gradient needs beside the factor. */
interface FilledCovariance {
  readonly layout: InputLayout;
  readonly columns: Address;
  readonly slopes: Address;
  /** R, with categorical inputs only. */
  readonly correlations: Address;
}

/**
 * Fills and factorises s²R + diag(noise), and uses the factor.
 *
 * @param noise - [n]
 */
export function withCovarianceFactorWasm<Result>(
  inputs: CorrelatedInputs,
  signalVariance: number,
  noise: Float64Array,
  use: (factor: CovarianceFactor | Indefinite) => Result,
): Result {
  const layout = layOutInputs(inputs);
  const { n, T } = layout;
  return withWorkingMemory((memory) => {
    const columns = memory.allocate(layout.size);
    const L = memory.allocate(triangleSize(T));
    const reciprocals = memory.allocate(4 * T);
    writeInputs(inputs, layout, columns);
    const covariance = fillCovariance(layout, columns, signalVariance, noise, L, memory);
    const factor = factorPlaced(n, L, reciprocals);
    if (!factor.ok) return use(factor);
    return use({
      ...choleskyFactor(factor, memory),
      likelihoodSums(alpha) {
        const inverse = invertMatrix(factor, memory);
        const lengthscales = sumGradient(covariance, signalVariance, inverse, alpha, memory);
        for (let k = 0; k < lengthscales.length; k++) {
          if (inputs.categorical[k] === true) lengthscales[k] = lengthscales[k]! / inputs.lengthscales[k]!;
        }
        const diagonal = memory.allocate(4 * T);
        wasmKernels().copyDiagonal(inverse, T, diagonal);
        return { lengthscales, inverseDiagonal: numbersAt(diagonal, n).slice() };
      },
    });
  });
}

/** Fills the lower triangle A of s²R + diag(noise) from inputs that are placed. */
export function fillCovariance(
  layout: InputLayout,
  columns: Address,
  signalVariance: number,
  noise: Float64Array,
  A: Address,
  memory: WorkingMemory,
): FilledCovariance {
  const { n, T, stride, continuous, categorical, kind } = layout;
  const slopes = memory.allocate(triangleSize(T));
  const correlations = categorical > 0 ? memory.allocate(triangleSize(T)) : 0;
  const noiseAddress = memory.allocate(4 * T);
  const factors = columns + layout.factorOffset;
  writeVector(noise, 4 * T, noiseAddress);
  wasmKernels().fillCovariance(
    n,
    T,
    columns,
    stride,
    continuous,
    categorical,
    factors,
    kind,
    signalVariance,
    noiseAddress,
    A,
    slopes,
    correlations,
  );
  return { layout, columns, slopes, correlations };
}

/** Sums per input; those of categorical inputs before the division by their lengthscale. */
function sumGradient(
  { layout, columns, slopes, correlations }: FilledCovariance,
  signalVariance: number,
  inverse: Address,
  alpha: Float64Array,
  memory: WorkingMemory,
): Float64Array {
  const { T, stride, continuous, categorical, order } = layout;
  const alphas = memory.allocate(4 * T);
  const weights = memory.allocate(16 * T);
  const sums = memory.allocate(order.length);
  writeVector(alpha, 4 * T, alphas);
  wasmKernels().sumLengthscaleGradient(
    T,
    columns,
    stride,
    continuous,
    categorical,
    signalVariance,
    inverse,
    slopes,
    correlations,
    alphas,
    weights,
    sums,
  );
  const numbers = numbersAt(sums, order.length);
  return Float64Array.from(order, (_, k) => numbers[order.indexOf(k)]!);
}
