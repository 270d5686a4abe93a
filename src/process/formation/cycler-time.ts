import { exp } from "../../math/elementary.js";

export interface CyclerTimeInput {
  readonly firstRateC: number;
  /** Voltage at which the charger changes from step 1 to step 2, V. */
  readonly firstCutoffV: number;
  readonly secondRateC: number;
  readonly verificationCycles: number;
}

/** Charge of the whole first charge to 4.4 V, hours at 1C (more than 1: the nominal capacity is low). Fitted to 178 cells. */
const FULL_CHARGE_H = 1.27;
/** Slope 1/V, polarisation V per C and midpoint V of the charge that passes before the first cut-off. Fitted. */
const CUTOFF = { slopePerV: 8.2, polarisationVPerC: 0.165, midpointV: 3.66 } as const;
/** 1 h constant voltage, 5.25 h discharge at C/5, 1 h of fixed remainder. */
const FIXED_H = 7.25;
const VERIFICATION_CYCLE_H = 10.6;

/** Relative standard error of the estimate: 2.0 % mean absolute error over the 178 cells it was fitted to. */
export const CYCLER_TIME_RELATIVE_ERROR = 0.02;

/**
 * Hours on the cycler of a two-step first charge to 4.4 V with a C/5 discharge and verification cycles.
 * Not included: wetting hold, open-circuit rest, degassing, ageing.
 *
 * Fitted to the cells of the shipped set `formation-protocols-nmc-graphite` (Cui et al. 2024); no claim for other cells.
 */
export function cyclerTimeH(input: CyclerTimeInput): number {
  const polarised = input.firstCutoffV - CUTOFF.polarisationVPerC * input.firstRateC - CUTOFF.midpointV;
  const first = Math.min(1 / (1 + exp(-CUTOFF.slopePerV * polarised)), FULL_CHARGE_H);
  const second = FULL_CHARGE_H - first;
  return (
    first / input.firstRateC +
    second / input.secondRateC +
    FIXED_H +
    VERIFICATION_CYCLE_H * input.verificationCycles
  );
}
