import type { Matrix } from "../math/matrix.js";

/**
 * How much one more experiment at x is worth, larger is better, on a log scale: `-Infinity` is worth nothing.
 *
 * `x` is one encoded point, [d], as `space/` encodes it.
 */
export interface AcquisitionFunction {
  readonly name: string;
  value(x: Float64Array): number;
  /** Values of many points at once, [m]: those of `value` up to rounding; absent where that is no faster. */
  values?(points: Matrix): Float64Array;
  /** As `value`; writes ∂value/∂x into `gradient`, [d], 0 for categorical columns. */
  valueAndGradient(x: Float64Array, gradient: Float64Array): number;
  /** A cheaper stand-in of the same shape, good enough to choose and improve starts; absent where `value` is cheap. */
  readonly screen?: Omit<AcquisitionFunction, "screen">;
}
