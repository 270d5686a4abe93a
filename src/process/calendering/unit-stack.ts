import { calender, type CalenderedElectrode, type CalenderSettings } from "./calender.js";
import type { ElectrodeMaterial } from "./materials.js";
import { rateCapability } from "./rate-capability.js";

export interface UnitStackSettings {
  readonly cathode: CalenderSettings;
  readonly anode: CalenderSettings;
  /** Discharge rate at which the energy counts, C. */
  readonly rateC: number;
  /** Reversible capacity of the cathode's active material, mAh/g (assumption: 175 for NMC622). */
  readonly cathodeCapacityMAhPerG?: number;
  readonly meanVoltageV?: number;
}

export interface UnitStack {
  readonly arealCapacityMAhPerCm2: number;
  readonly deliveredShare: number;
  /** Whether both porosities lie where the rate capability was fitted. */
  readonly withinFit: boolean;
  readonly energyWhPerL: number;
  /** Factor on the anode's resistance in formation: a dense anode plates lithium there. */
  readonly anodeResistanceFactor: number;
  readonly cathode: CalenderedElectrode;
  readonly anode: CalenderedElectrode;
}

/** Separator and half of each foil, um (assumption: 12, 6 and 4). */
const INACTIVE_UM = 12 + 6 + 4;
/** Capacity lost when every particle is cracked, cathode and anode (assumption). */
const CRACKING_LOSS = { cathode: 0.25, anode: 0.1 } as const;
/** Anode to which the formation model's resistances belong: MacMullin number and thickness, um (assumption). */
const REFERENCE_ANODE = { macMullin: 14, thicknessUm: 78 } as const;
/** Share of the anode's resistance that does not depend on its pores (assumption). */
const FIXED_RESISTANCE = 0.6;

/** Energy density of a single-sided stack of two calendered electrodes, and how it couples to formation. */
export function unitStack(
  cathode: ElectrodeMaterial,
  anode: ElectrodeMaterial,
  settings: UnitStackSettings,
): UnitStack {
  const rolledCathode = calender(cathode, settings.cathode);
  const rolledAnode = calender(anode, settings.anode);
  const { cathodeCapacityMAhPerG = 175, meanVoltageV = 3.7 } = settings;
  const weight = settings.cathode.coatingWeightGPerM2 ?? cathode.coatingWeightGPerM2;
  const areal = (weight * cathode.activeShare * cathodeCapacityMAhPerG) / 1e4;
  const layer = (material: ElectrodeMaterial, rolled: CalenderedElectrode) => ({
    thicknessUm: rolled.thicknessUm,
    porosity: rolled.porosity,
    bruggeman: 1 + material.transport.tortuosityExponent,
  });
  const { share, withinFit } = rateCapability({
    rateC: settings.rateC,
    arealCapacityMAhPerCm2: areal,
    cathode: layer(cathode, rolledCathode),
    anode: layer(anode, rolledAnode),
  });
  const uncracked =
    1 - CRACKING_LOSS.cathode * rolledCathode.crackedShare - CRACKING_LOSS.anode * rolledAnode.crackedShare;
  const thicknessUm = rolledCathode.thicknessUm + rolledAnode.thicknessUm + INACTIVE_UM;
  return {
    arealCapacityMAhPerCm2: areal,
    deliveredShare: share,
    withinFit,
    energyWhPerL: (areal * 10 * share * uncracked * meanVoltageV) / (thicknessUm * 1e-6) / 1e3,
    anodeResistanceFactor: anodeResistanceFactor(rolledAnode.macMullin, rolledAnode.thicknessUm),
    cathode: rolledCathode,
    anode: rolledAnode,
  };
}

/** Factor on the anode's resistance in the formation model: .6 + .4 N_M h/(14 · 78 um), 1 for the reference anode (assumption). */
export function anodeResistanceFactor(macMullin: number, thicknessUm: number): number {
  const { macMullin: referenceNumber, thicknessUm: referenceUm } = REFERENCE_ANODE;
  return (
    FIXED_RESISTANCE + (1 - FIXED_RESISTANCE) * ((macMullin * thicknessUm) / (referenceNumber * referenceUm))
  );
}
