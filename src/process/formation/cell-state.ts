import { exp } from "../../math/elementary.js";
import type { FormationCell } from "./formation-cell.js";
import { graphitePotentialV, graphiteStrain } from "./open-circuit-potential.js";
import {
  ADDITIVE,
  FIRST_THICKNESS_M,
  type FormationConditions,
  type Kinetics,
  MOLAR_CHARGE,
  platingRateC,
  RELAXATION_S,
  reductionCurrent,
  SOLVENT,
  SPECIFIC_SURFACE_PER_M,
  STRAIN_BOOST,
  SURFACE_M2_PER_AH,
} from "./sei-kinetics.js";

/** A cell in formation. Charges in hours at 1C, potentials in V, time in s. Advanced in place: tens of thousands of times a protocol. */
export interface CellState {
  anode: number;
  cathode: number;
  anodeSlowV: number;
  cathodeSlowV: number;
  strainBoost: number;
  solventCharge: number;
  additiveCharge: number;
  solventConcentration: number;
  additiveConcentration: number;
  thicknessM: number;
  platedCharge: number;
  rateWeightedCharge: number;
  lowestAnodeV: number;
  chargeAbove3p9V: number;
  chargeEnergyVh: number;
  resistiveLossVh: number;
  timeS: number;
  /** Time since the first step that is not wetting, as the calibration counted it. */
  wettedS: number;
}

/** Share of plated lithium that does not come back (assumption). */
const IRREVERSIBLE_PLATING = 0.5;
/** Time constant with which the cathode is wetted, s. */
const WETTING_S = 20 * 3600;
/** Size and width of the voltage drop at the end of a discharge, V and stoichiometry (assumption). */
const END_OF_DISCHARGE = { voltageV: 0.25, width: 0.012 } as const;
/** Cell voltage above which shallow cycles run (An et al. 2017). */
const SHALLOW_VOLTAGE_V = 3.9;

/** A cell as it was filled. */
export function freshCell(cell: FormationCell): CellState {
  return {
    anode: 0,
    cathode: cell.freshCathode,
    anodeSlowV: 0,
    cathodeSlowV: 0,
    strainBoost: 0,
    solventCharge: 1e-9,
    additiveCharge: 1e-9,
    solventConcentration: SOLVENT.concentration,
    additiveConcentration: ADDITIVE.concentration,
    thicknessM: FIRST_THICKNESS_M,
    platedCharge: 0,
    rateWeightedCharge: 0,
    lowestAnodeV: Infinity,
    chargeAbove3p9V: 0,
    chargeEnergyVh: 0,
    resistiveLossVh: 0,
    timeS: 0,
    wettedS: 0,
  };
}

/** Open-circuit potentials of a state, computed once a step of time. */
export interface Potentials {
  readonly anodeV: number;
  readonly cathodeV: number;
}

export function potentialsOf(cell: FormationCell, state: CellState): Potentials {
  return { anodeV: graphitePotentialV(state.anode), cathodeV: cell.cathodePotentialV(state.cathode) };
}

/** Cell voltage at a current, V. A discharge ends where the cathode's unreached range begins. */
export function cellVoltageV(
  cell: FormationCell,
  state: CellState,
  potentials: Potentials,
  kinetics: Kinetics,
  rateC: number,
): number {
  const voltage =
    potentials.cathodeV -
    potentials.anodeV +
    state.cathodeSlowV +
    state.anodeSlowV +
    (kinetics.cathode.fast + kinetics.anode.fast) * rateC;
  if (!(rateC < -1e-9)) return voltage;
  const [fresh, wetted] = cell.unreached;
  const unreached = wetted + (fresh - wetted) * exp(-state.wettedS / WETTING_S);
  const beyond = (state.cathode - (cell.freshCathode - unreached)) / END_OF_DISCHARGE.width;
  return voltage - END_OF_DISCHARGE.voltageV * exp(Math.min(beyond, 8));
}

/** Slope of the open-circuit voltage over the charge, V per hour at 1C. */
export function voltageSlope(cell: FormationCell, state: CellState, potentials: Potentials): number {
  const charge = 1e-4;
  const cathodeV = cell.cathodePotentialV(state.cathode - charge / cell.cathodeCapacity);
  const anodeV = graphitePotentialV(state.anode + charge / cell.anodeCapacity);
  return (cathodeV - anodeV - (potentials.cathodeV - potentials.anodeV)) / charge;
}

/** The current that a constant voltage drives, C. */
export function currentAtVoltage(
  state: CellState,
  potentials: Potentials,
  kinetics: Kinetics,
  voltageV: number,
): number {
  const driving =
    voltageV - (potentials.cathodeV - potentials.anodeV) - state.cathodeSlowV - state.anodeSlowV;
  return driving / (kinetics.cathode.fast + kinetics.anode.fast);
}

/** One explicit Euler step of `dt` seconds at a current. */
export function advance(
  cell: FormationCell,
  state: CellState,
  kinetics: Kinetics,
  conditions: FormationConditions,
  step: {
    readonly rateC: number;
    readonly voltageV: number;
    readonly anodeV: number;
    readonly dt: number;
    readonly wetting: boolean;
  },
): void {
  const { rateC, voltageV, dt } = step;
  const hours = dt / 3600;
  const anodeV = step.anodeV - state.anodeSlowV - kinetics.anode.fast * rateC;
  if (rateC > 0) state.lowestAnodeV = Math.min(state.lowestAnodeV, anodeV);
  const [solvent, additive] = reductions(state, kinetics, conditions, anodeV);
  const [solventC, additiveC] = [solvent * SURFACE_M2_PER_AH, additive * SURFACE_M2_PER_AH];
  const plating = anodeV < 0 && rateC > 0 ? platingRateC(kinetics, anodeV) : 0;
  const next = state.anode + ((rateC - solventC - additiveC - plating) * hours) / cell.anodeCapacity;
  const { gain, chargingS, relaxingS } = STRAIN_BOOST;
  const strainRate = (graphiteStrain(Math.max(next, 0)) - graphiteStrain(Math.max(state.anode, 0))) / dt;
  state.strainBoost +=
    rateC > 1e-9
      ? (dt / chargingS) * (strainRate * gain - state.strainBoost)
      : (-dt * state.strainBoost) / relaxingS;
  state.anode = next;
  state.cathode -= (rateC * hours) / cell.cathodeCapacity;
  const keep = exp(-dt / RELAXATION_S);
  state.anodeSlowV = keep * state.anodeSlowV + (1 - keep) * kinetics.anode.slow * rateC;
  state.cathodeSlowV = keep * state.cathodeSlowV + (1 - keep) * kinetics.cathode.slow * rateC;
  state.solventCharge += solventC * hours;
  state.additiveCharge += additiveC * hours;
  const charging = Math.max(rateC, 0);
  state.rateWeightedCharge += (solventC + additiveC) * charging * hours;
  state.platedCharge += IRREVERSIBLE_PLATING * plating * hours;
  state.solventConcentration -= (dt * SPECIFIC_SURFACE_PER_M * solvent) / MOLAR_CHARGE;
  const spent = (dt * SPECIFIC_SURFACE_PER_M * additive) / MOLAR_CHARGE;
  state.additiveConcentration = Math.max(state.additiveConcentration - spent, 0);
  state.thicknessM += (dt * (SOLVENT.molarVolume * solvent + ADDITIVE.molarVolume * additive)) / MOLAR_CHARGE;
  if (voltageV > SHALLOW_VOLTAGE_V) state.chargeAbove3p9V += charging * hours;
  state.chargeEnergyVh += charging * voltageV * hours;
  const { anode, cathode } = kinetics;
  state.resistiveLossVh += rateC * rateC * (anode.fast + cathode.fast + anode.slow + cathode.slow) * hours;
  state.timeS += dt;
  if (!step.wetting) state.wettedS += dt;
}

/** Current densities of the solvent's and the additive's reduction through the layer as it is, A/m2. */
function reductions(
  state: CellState,
  kinetics: Kinetics,
  conditions: FormationConditions,
  potentialV: number,
): readonly [number, number] {
  const total = state.solventCharge + state.additiveCharge;
  const resistance =
    state.solventCharge / total / SOLVENT.diffusivity + state.additiveCharge / total / ADDITIVE.diffusivity;
  const atRate = conditions.ratePermeability ?? 0;
  // Normalised at C/10, so that the calibration at that rate stays.
  const grown = (1 + (atRate * state.rateWeightedCharge) / total) / (1 + 0.1 * atRate);
  const permeability =
    ((kinetics.diffusion / resistance) * grown * (1 + Math.max(state.strainBoost, 0))) / state.thicknessM;
  return [
    reductionCurrent(SOLVENT, kinetics, {
      potentialV,
      permeability,
      concentration: state.solventConcentration,
    }),
    reductionCurrent(ADDITIVE, kinetics, {
      potentialV,
      permeability,
      concentration: state.additiveConcentration,
    }),
  ];
}
