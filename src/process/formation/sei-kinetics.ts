import { exp } from "../../math/elementary.js";

/** Constants of physics: C/mol, J/(mol K), K. */
const FARADAY = 96485.33;
const GAS = 8.314;
const ZERO_C_IN_K = 273.15;
const REFERENCE_K = 298.15;

/** One reactant of the SEI. */
export interface Reactant {
  /** Reduction potential against lithium, V. */
  readonly potentialV: number;
  /** Initial concentration, mol/m3. */
  readonly concentration: number;
  /** Rate constant, m/s. */
  readonly rate: number;
  /** Volume of the product per mole, m3/mol. */
  readonly molarVolume: number;
  /** Diffusivity through its layer, m2/s. */
  readonly diffusivity: number;
}

/**
 * Ethylene carbonate and vinylene carbonate on graphite: Weng et al. (2023), J. Electrochem. Soc., parameter set of
 * its published code; diffusivities times .754, which is one of the two calibrated numbers of the NMC622 cell.
 */
export const SOLVENT: Reactant = {
  potentialV: 0.8,
  concentration: 4541,
  rate: 3.0e-17,
  molarVolume: 9.585e-5,
  diffusivity: 3.166e-20,
};
export const ADDITIVE: Reactant = {
  potentialV: 1.35,
  concentration: 304.4,
  rate: 7e-19,
  molarVolume: 5.81e-5,
  diffusivity: 4.977e-18,
};

/** Weng et al. (2023): electrons per reduction, transfer coefficient, first thickness m, specific surface 1/m. */
const ELECTRONS = 2;
export const MOLAR_CHARGE = ELECTRONS * FARADAY;
const TRANSFER = 0.5;
export const FIRST_THICKNESS_M = 5e-9;
export const SPECIFIC_SURFACE_PER_M = 105000;
/** Active surface per nominal capacity, m2/Ah: a_s A_n L_n of a 2.37 Ah cell. */
export const SURFACE_M2_PER_AH = 0.3458;
/** Cracking of the SEI by strain: gain s/m, time constants on charge and otherwise, s. */
export const STRAIN_BOOST = { gain: 2.4e7, chargingS: 600, relaxingS: 6000 } as const;
/** Time constant of the slow overpotential of either electrode, s. */
export const RELAXATION_S = 3800;

/** Activation of SEI growth: O'Kane et al. (2022); of charge transfer and of plating: assumptions. J/mol. */
const ACTIVATION = { growth: 38e3, chargeTransfer: 30e3, plating: 2e4 } as const;
/** Fast and slow resistance per electrode at 25 degC, V/C: Weng et al. (2023); the slow one lowered (own change). */
const RESISTANCE_V_PER_C = { fast: 0.0237, slow: 0.071 } as const;
/** Diffusion lost under full clamp pressure, and plating rate at 25 degC, C (assumptions). */
const CLAMP_LOSS = 0.25;
const PLATING_RATE_C = 0.02;

/** What differs from cell to cell and from chamber to chamber; all optional. */
export interface FormationConditions {
  /** Factor on the anode's resistance from calendering; above 1, lithium plates earlier. */
  readonly anodeResistanceFactor?: number;
  /** Clamp pressure as a share of the largest, 0 to 1: it slows the SEI, and does not shorten the protocol. */
  readonly clampPressure?: number;
  /** Factor on the diffusivity through the SEI: electrolyte, cell to cell scatter. */
  readonly diffusivityFactor?: number;
  /** How much more permeable the SEI is that grew at a high rate, 0 to .3; 0 where it does not matter. */
  readonly ratePermeability?: number;
}

/** What the temperature, the electrodes and the clamp make of the constants. */
export interface Kinetics {
  readonly growth: number;
  /** Factor on the diffusivity of the layer. */
  readonly diffusion: number;
  /** Potential to exponent of the reductions, 1/V. */
  readonly exponentPerV: number;
  readonly platingExponentPerV: number;
  readonly platingRateC: number;
  readonly anode: { readonly fast: number; readonly slow: number };
  readonly cathode: { readonly fast: number; readonly slow: number };
}

/** Kinetics at a chamber temperature, degC. */
export function kineticsAt(temperatureC: number, conditions: FormationConditions): Kinetics {
  const kelvin = temperatureC + ZERO_C_IN_K;
  const inverse = (1 / kelvin - 1 / REFERENCE_K) / GAS;
  const growth = exp(-ACTIVATION.growth * inverse);
  const transfer = exp(ACTIVATION.chargeTransfer * inverse);
  const anode = (conditions.anodeResistanceFactor ?? 1) * transfer;
  const { fast, slow } = RESISTANCE_V_PER_C;
  return {
    growth,
    diffusion:
      growth * (conditions.diffusivityFactor ?? 1) * (1 - CLAMP_LOSS * (conditions.clampPressure ?? 0)),
    exponentPerV: (TRANSFER * MOLAR_CHARGE) / (GAS * kelvin),
    platingExponentPerV: (0.5 * FARADAY) / (GAS * kelvin),
    platingRateC: PLATING_RATE_C * exp(-ACTIVATION.plating * inverse),
    anode: { fast: fast * anode, slow: slow * anode },
    cathode: { fast: fast * transfer, slow: slow * transfer },
  };
}

/**
 * Reduction current density, A/m2: reaction and diffusion in series, 1/j = 1/j_rxn + 1/j_dif.
 *
 * j_rxn = nF c k e^(−αnF(φ − U)/RT), j_dif = D (1 + B) c nF/d.
 *
 * @see Weng et al. (2023), SEI model; re-derived
 */
export function reductionCurrent(
  reactant: Reactant,
  kinetics: Kinetics,
  state: { readonly potentialV: number; readonly concentration: number; readonly permeability: number },
): number {
  if (!(state.concentration > 0)) return 0; // used up
  const exponent = Math.min(-kinetics.exponentPerV * (state.potentialV - reactant.potentialV), 60);
  const reaction = MOLAR_CHARGE * state.concentration * reactant.rate * kinetics.growth * exp(exponent);
  const diffusion = state.permeability * state.concentration * MOLAR_CHARGE;
  return (reaction * diffusion) / (reaction + diffusion);
}

/** Plating current at a negative anode potential, C: k (e^(−.5Fφ/RT) − 1) (assumption). */
export function platingRateC(kinetics: Kinetics, anodePotentialV: number): number {
  const exponent = Math.min(-kinetics.platingExponentPerV * anodePotentialV, 12);
  return kinetics.platingRateC * (exp(exponent) - 1);
}
