import {
  lcoPotentialV,
  lfpPotentialV,
  nmc622PotentialV,
  nmc811PotentialV,
} from "./open-circuit-potential.js";

/** A cell of the formation model; capacities are multiples of the nominal one, so that 1C is a current of 1/h. */
export interface FormationCell {
  readonly chemistry: string;
  readonly cathodePotentialV: (stoichiometry: number) => number;
  readonly anodeCapacity: number;
  readonly cathodeCapacity: number;
  /** Stoichiometry of the cathode as it was made. */
  readonly freshCathode: number;
  /**
   * Part of the cathode's range that a discharge does not reach, in a fresh cell and after wetting. It exists because
   * measured discharge capacity rises during formation, which a model of the SEI alone cannot do.
   */
  readonly unreached: readonly [number, number];
  /** Cycle life relative to the cells behind the life formula (assumption, but for those cells themselves). */
  readonly lifeFactor: number;
  /** What was fitted to what, and what was not. */
  readonly calibration: string;
}

const UNCALIBRATED =
  "not calibrated: published potentials with the kinetics of the NMC622 cell; sizes are assumptions";

const NMC622: FormationCell = {
  chemistry: "NMC622/graphite",
  cathodePotentialV: nmc622PotentialV,
  anodeCapacity: 1.249,
  cathodeCapacity: 1.2025,
  freshCathode: 1,
  unreached: [0.2786, 0.08],
  lifeFactor: 1,
  calibration:
    "calibrated on two numbers (first-cycle efficiency and lithium loss) of 19 baseline cells of Weng et al. (2021); the fast group of that work was predicted",
};

/** Generic cells: anode and cathode capacities and wetting limits are assumptions but for NMC622. */
export const FORMATION_CELLS: readonly FormationCell[] = [
  NMC622,
  {
    chemistry: "NMC811/graphite",
    cathodePotentialV: nmc811PotentialV,
    anodeCapacity: 1.25,
    cathodeCapacity: 1.55,
    freshCathode: 0.93,
    unreached: [0.1, 0.05],
    lifeFactor: 600 / 700,
    calibration: UNCALIBRATED,
  },
  {
    chemistry: "LFP/graphite",
    cathodePotentialV: lfpPotentialV,
    anodeCapacity: 1.22,
    cathodeCapacity: 1.13,
    freshCathode: 1,
    unreached: [0.015, 0.01],
    lifeFactor: 2500 / 700,
    calibration: UNCALIBRATED,
  },
  {
    chemistry: "LCO/graphite",
    cathodePotentialV: lcoPotentialV,
    anodeCapacity: 1.22,
    cathodeCapacity: 2.2,
    freshCathode: 0.92,
    unreached: [0.03, 0.02],
    lifeFactor: 600 / 700,
    calibration: UNCALIBRATED,
  },
  {
    ...NMC622,
    chemistry: "NMC-4.4V/graphite",
    calibration:
      "no preset of its own: the NMC622 cell, not calibrated above 4.2 V; the life formula was fitted to cells of this kind (Cui et al. 2024)",
  },
];

/** The cell of a chemistry (case does not matter), or undefined. */
export function findFormationCell(chemistry: string): FormationCell | undefined {
  return FORMATION_CELLS.find((cell) => cell.chemistry.toLowerCase() === chemistry.toLowerCase());
}
