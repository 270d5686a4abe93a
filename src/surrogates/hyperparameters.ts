/** Hyperparameters of a Gaussian process in natural units, on the model scale and encoded inputs. */
export interface Hyperparameters {
  /** One per input, [d]: unit-cube lengths of continuous inputs, the ℓ of e^(−1/ℓ) of categorical ones. */
  readonly lengthscales: Float64Array;
  /** Prior variance of the latent function. */
  readonly signalVariance: number;
  /** Inferred variance of one observation's noise, per noise level, [L]. */
  readonly noiseVariance: Float64Array;
  /** Variance of the error that the rows of one whole plot share; present where there are plots. */
  readonly plotVariance?: number;
}
