import { exp, pow } from "../../math/elementary.js";

/** Transport through the pores and through the conductive network. */
export interface TransportLaw {
  /** α of τ = ε^−α; fitted per electrode, since method and material matter. */
  readonly tortuosityExponent: number;
  /** Porosity below which pores close. */
  readonly poreClosurePorosity: number;
  /** Electronic conductivity of the uncalendered coating and its limit at full compaction, S/m. */
  readonly conductivitySPerM: readonly [number, number];
}

/** Strength of the pore closure (assumption). */
const PORE_CLOSURE = 6;
/** How fast the conductive network forms with relative compaction (assumption). */
const NETWORK_GROWTH = 3;
/** Conductivity lost when every particle is cracked (assumption). */
const CRACKING_LOSS = 0.35;

/**
 * Tortuosity factor τ (κ_eff = κ ε/τ): ε^−α, times e^(6 (ε_c − ε)/ε_c) below the pore closure porosity ε_c (assumption).
 *
 * Some sources print τ² under the same name. PyBaMM's and BattMo's Bruggeman exponent is b = 1 + α.
 */
export function tortuosityFactor(law: TransportLaw, porosity: number): number {
  const open = pow(porosity, -law.tortuosityExponent);
  const critical = law.poreClosurePorosity;
  return porosity < critical ? open * exp((PORE_CLOSURE * (critical - porosity)) / critical) : open;
}

/** MacMullin number N_M = τ/ε. */
export function macMullinNumber(tortuosity: number, porosity: number): number {
  return tortuosity / porosity;
}

/** Electronic conductivity of the coating, S/m: σ_0 + (σ_max − σ_0)(1 − e^−3x)(1 − .35 f_crack), x = relative compaction (assumption). */
export function conductivitySPerM(
  law: TransportLaw,
  relativeCompaction: number,
  crackedShare: number,
): number {
  const [low, high] = law.conductivitySPerM;
  return (
    low + (high - low) * (1 - exp(-NETWORK_GROWTH * relativeCompaction)) * (1 - CRACKING_LOSS * crackedShare)
  );
}
