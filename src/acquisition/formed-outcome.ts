import type { GaussianLatent } from "../surrogates/surrogate.js";

/** Derivatives of a form: by each latent outcome it reads, raw units, and by the encoded settings themselves. */
export interface FormSlopes {
  /** As many as `outcomes` has. */
  readonly byOutcome: Float64Array;
  /** [d]; 0 for categorical columns. */
  readonly bySetting: Float64Array;
}

/** A value that follows from the settings and from learned outcomes there. */
export interface PointForm {
  /** Surrogates of the outcomes that it reads, distinct, [K]. */
  readonly models: readonly GaussianLatent[];
  /**
   * @param outcomes - Outcomes at x in the order of `models`, [K], raw units.
   * @param slopes - Receives the derivatives, [K] and [d].
   */
  value(x: Float64Array, outcomes: Float64Array, slopes?: FormSlopes): number;
}

/** Settings near x as the plant may hold them; ∂x_p/∂x is diagonal. */
export interface HeldSetting {
  readonly x: Float64Array;
  /** ∂x_p,k/∂x_k, [d]. */
  readonly slope: Float64Array;
}

/**
 * An outcome that is computed from joint draws of learned ones, at settings as they turn out: composite formulas,
 * desirabilities and risk measures. Raw units, encoded inputs.
 *
 * @see Astudillo & Frazier (2019), ICML 36, section 3, for a known function of learned outcomes
 */
export interface FormedOutcome {
  readonly kind: "formed";
  readonly models: readonly GaussianLatent[];
  /** Encoded settings at which the outcomes are needed, [P]; x alone unless the plant's tolerance counts. */
  heldAt(x: Float64Array): readonly HeldSetting[];
  /**
   * @param outcomes - Outcomes at the held settings, [P × K], raw units.
   * @param slopes - Receives the derivatives: [P × K] by outcome, [d] by x where the form reads it directly.
   */
  value(held: readonly HeldSetting[], outcomes: Float64Array, slopes?: FormSlopes): number;
}

/** A form judged at the settings as they are asked. */
export function atSetting(form: PointForm): FormedOutcome {
  return {
    kind: "formed",
    models: form.models,
    heldAt: (x) => [{ x, slope: new Float64Array(x.length).fill(1) }],
    value: (held, outcomes, slopes) => form.value(held[0]!.x, outcomes, slopes),
  };
}

/** A learned outcome itself, for where it must share its draws with others that are formed from it. */
export function identityForm(model: GaussianLatent): PointForm {
  return {
    models: [model],
    value(_, outcomes, slopes) {
      slopes?.bySetting.fill(0);
      slopes?.byOutcome.fill(1);
      return outcomes[0]!;
    },
  };
}

/** The same form of another surrogate in the place of one, such as one that knows a further result. */
export function reformed(formed: FormedOutcome, from: GaussianLatent, to: GaussianLatent): FormedOutcome {
  return { ...formed, models: formed.models.map((model) => (model === from ? to : model)) };
}
