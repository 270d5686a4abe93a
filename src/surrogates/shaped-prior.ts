import type { RadialKernelName } from "../kernels/kernel.js";
import { createKernelTerms, type KernelStructure, type KernelTerm } from "../kernels/kernel-terms.js";
import { radialKernels } from "../kernels/radial-kernels.js";
import type { Hyperparameters } from "./hyperparameters.js";
import type { MeanFunction } from "./presets/preset.js";
import type { InputDimension } from "./surrogate.js";

/** What a Gaussian process is asked for beyond a product kernel under the preset's mean. */
export interface ShapeOptions {
  /** Whether continuous inputs are bent by a fitted Kumaraswamy warp; default false. */
  readonly inputWarp?: boolean;
  /** An estimated constant, or a trend linear in the continuous inputs; default: the preset's mean. */
  readonly mean?: "constant" | "linear";
  /** How continuous and categorical inputs act together; default `product`. */
  readonly structure?: KernelStructure;
}

/** Everything that fixes a shaped prior but for its hyperparameters. */
export interface Shape {
  readonly kernel: RadialKernelName;
  readonly structure: KernelStructure;
  readonly inputWarp: boolean;
  /** A linear mean is part of the covariance, see `LINEAR_VARIANCE`. */
  readonly mean: MeanFunction | "linear";
}

/** Lengthscales [columns of the term] and variance of one term. */
export interface TermHyperparameters {
  readonly lengthscales: Float64Array;
  readonly signalVariance: number;
}

/**
 * Hyperparameters of a shaped process. As plain `Hyperparameters`: per input the shortest lengthscale of any term, and
 * the variance of all terms together, without that of a linear mean.
 */
export interface ShapedHyperparameters extends Hyperparameters {
  /** In the order of the terms. */
  readonly terms: readonly TermHyperparameters[];
  /** Concentrations of the warp, [d] each, 1 for categorical inputs; null without a warp. */
  readonly warp: { readonly a: Float64Array; readonly b: Float64Array } | null;
}

/** A shape over given inputs. */
export interface ShapedModel {
  readonly shape: Shape;
  readonly dimension: number;
  /** Indices of continuous inputs. */
  readonly continuous: readonly number[];
  readonly terms: readonly KernelTerm[];
}

/**
 * Prior variance of each coefficient of a linear mean h(x)ᵀβ, β ~ N(0, 25 I), with h = (1, x_1 − ½, …) on the model
 * scale, where the outcome has variance 1: an outcome that is a line of one input has a slope of √12 ≈ 3.5 across the
 * range, so that 5 is weak. The process then has covariance k(x, x′) + 25 h(x)ᵀh(x′): what is not known of β is part of
 * every variance.
 *
 * @see Rasmussen & Williams (2006), eq. 2.40; the mean of β is eq. 2.41's generalised least squares, b = 0
 */
export const LINEAR_VARIANCE = 25;

export function createShapedModel(inputs: readonly InputDimension[], shape: Shape): ShapedModel {
  const kinds = inputs.map(({ kind }) => kind);
  return {
    shape,
    dimension: inputs.length,
    continuous: kinds.flatMap((kind, k) => (kind === "continuous" ? [k] : [])),
    terms: createKernelTerms(radialKernels[shape.kernel], kinds, shape.structure),
  };
}

/** The profile over a constant is for `estimated` alone: a linear mean's constant is in the covariance. */
export function profiledMean({ mean }: Shape): MeanFunction {
  return mean === "linear" ? "zero" : mean;
}

/** Completes hyperparameters by what they amount to as plain ones. */
export function shapedHyperparameters(
  model: ShapedModel,
  parts: Pick<ShapedHyperparameters, "terms" | "warp" | "noiseVariance">,
): ShapedHyperparameters {
  const lengthscales = new Float64Array(model.dimension).fill(Number.POSITIVE_INFINITY);
  let signalVariance = 0;
  parts.terms.forEach((term, t) => {
    signalVariance += term.signalVariance;
    model.terms[t]!.columns.forEach((column, c) => {
      lengthscales[column] = Math.min(lengthscales[column]!, term.lengthscales[c]!);
    });
  });
  return { ...parts, lengthscales, signalVariance };
}
