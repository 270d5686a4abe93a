import type { AdhesionLaw } from "./adhesion.js";
import type { CompactionLaw } from "./compaction.js";
import { type CoatingRecipe, solidDensityGPerCm3 } from "./component-densities.js";
import type { CrackingLaw } from "./defects.js";
import type { SpringbackLaw } from "./springback.js";
import type { TransportLaw } from "./transport.js";

/** An electrode recipe: what its presets are, every one of which a campaign may override. */
export interface ElectrodeMaterial {
  readonly name: string;
  readonly electrode: "cathode" | "anode";
  readonly binder: "PVDF" | "CMC/SBR";
  readonly foil: "aluminium" | "copper";
  /** Mass fraction of active material. */
  readonly activeShare: number;
  /** Pore-free density of the coating, g/cm3, from the component densities by 1/Σ(w/ρ). */
  readonly solidDensityGPerCm3: number;
  /** Coating density before calendering, g/cm3. */
  readonly initialDensityGPerCm3: number;
  /** Coating weight of one side to which the compaction resistance belongs, g/m2. */
  readonly coatingWeightGPerM2: number;
  readonly compaction: CompactionLaw;
  readonly springback: SpringbackLaw;
  readonly transport: TransportLaw;
  readonly adhesion: AdhesionLaw;
  readonly cracking: CrackingLaw;
  /** Search ranges: line load N/mm, roll temperature degC (assumption, adjustable). */
  readonly lineLoadNPerMm: readonly [number, number];
  readonly rollTemperatureC: readonly [number, number];
}

/** What the presets differ in, in the order of their table. */
interface Preset {
  readonly name: string;
  readonly recipe: CoatingRecipe;
  readonly active: keyof CoatingRecipe;
  readonly initialDensity: number;
  readonly minimumPorosity: number;
  readonly poreClosure: number;
  /** γ_ref N/mm. */
  readonly resistance: number;
  readonly tortuosityExponent: number;
  /** s_max, q_s N/mm. */
  readonly springback: readonly [number, number];
  /** q_crack, w, N/mm. */
  readonly cracking: readonly [number, number];
  readonly coatingWeight: number;
  /** a_0, a_1 N/m, q_a N/mm. */
  readonly adhesion: readonly [number, number, number];
  readonly conductivity: readonly [number, number];
  readonly lineLoad: readonly [number, number];
}

/**
 * Generic recipes, no supplier's. Every parameter is an assumption within published ranges unless its comment says
 * otherwise; the form of every law is published. Uncertain by a factor where line loads were never measured: fit them
 * to your own runs and override them in the campaign file.
 */
const PRESETS: readonly Preset[] = [
  {
    name: "NMC622",
    recipe: { NMC622: 0.955, carbonBlack: 0.0225, PVDF: 0.0225 },
    active: "NMC622",
    initialDensity: 2.45,
    minimumPorosity: 0.16,
    poreClosure: 0.2,
    resistance: 550,
    tortuosityExponent: 0.8,
    springback: [0.045, 400],
    cracking: [1400, 160],
    coatingWeight: 190,
    adhesion: [10, 35, 500],
    conductivity: [0.05, 1.2],
    lineLoad: [200, 1600],
  },
  {
    name: "NMC811",
    recipe: { NMC811: 0.96, carbonBlack: 0.02, PVDF: 0.02 },
    active: "NMC811",
    initialDensity: 2.45,
    minimumPorosity: 0.16,
    poreClosure: 0.2,
    resistance: 520,
    tortuosityExponent: 0.8,
    springback: [0.045, 400],
    cracking: [1100, 150],
    coatingWeight: 185,
    adhesion: [10, 35, 500],
    conductivity: [0.05, 1.2],
    lineLoad: [200, 1200],
  },
  {
    name: "LFP",
    recipe: { LFP: 0.925, carbonBlack: 0.035, PVDF: 0.04 },
    active: "LFP",
    initialDensity: 1.75,
    minimumPorosity: 0.22,
    poreClosure: 0.25,
    resistance: 420,
    tortuosityExponent: 1.0,
    springback: [0.06, 350],
    cracking: [2200, 250],
    coatingWeight: 180,
    adhesion: [8, 25, 450],
    conductivity: [0.02, 0.6],
    lineLoad: [200, 2000],
  },
  {
    name: "LCO",
    recipe: { LCO: 0.96, carbonBlack: 0.02, PVDF: 0.02 },
    active: "LCO",
    initialDensity: 2.7,
    minimumPorosity: 0.11,
    poreClosure: 0.15,
    resistance: 480,
    tortuosityExponent: 0.83, // b = 1.83 in Ai et al. (2020)
    springback: [0.04, 400],
    cracking: [1800, 200],
    coatingWeight: 210,
    adhesion: [12, 38, 500],
    conductivity: [0.05, 1.5],
    lineLoad: [200, 1600],
  },
  {
    name: "graphite",
    recipe: { graphite: 0.957, carbonBlack: 0.01, CMC: 0.013, SBR: 0.02 },
    active: "graphite",
    initialDensity: 0.95,
    minimumPorosity: 0.13,
    poreClosure: 0.2,
    resistance: 190,
    tortuosityExponent: 1.3, // .5 to 1.91 published
    springback: [0.1, 150],
    cracking: [700, 120],
    coatingWeight: 105,
    adhesion: [4, 16, 180],
    conductivity: [20, 180],
    lineLoad: [40, 600],
  },
];

/** Softening per K (assumption): PVDF softens more than CMC/SBR. */
const SOFTENING_PER_K = { PVDF: 0.006, "CMC/SBR": 0.0035 } as const;
/** Peel adhesion below which coatings come off, N/m (assumption). */
const LEAST_ADHESION_N_PER_M = { cathode: 15, anode: 5 } as const;
/** Roll temperatures to search, degC (assumption): CMC/SBR stays well below its limit. */
const ROLL_TEMPERATURE_C = { PVDF: [25, 120], "CMC/SBR": [25, 80] } as const;

/** The presets of generic recipes; component densities from BatteryCost and BattMo where known. */
export const ELECTRODE_MATERIALS: readonly ElectrodeMaterial[] = PRESETS.map(materialOf);

function materialOf(preset: Preset): ElectrodeMaterial {
  const anode = preset.active === "graphite";
  const electrode = anode ? "anode" : "cathode";
  const binder = anode ? "CMC/SBR" : "PVDF";
  const [initialNPerM, gainNPerM, adhesionLoad] = preset.adhesion;
  return {
    name: preset.name,
    electrode,
    binder,
    foil: anode ? "copper" : "aluminium",
    activeShare: preset.recipe[preset.active]!,
    solidDensityGPerCm3: solidDensityGPerCm3(preset.recipe),
    initialDensityGPerCm3: preset.initialDensity,
    coatingWeightGPerM2: preset.coatingWeight,
    compaction: {
      resistanceNPerMm: preset.resistance,
      softeningPerK: SOFTENING_PER_K[binder],
      minimumPorosity: preset.minimumPorosity,
    },
    springback: { maximum: preset.springback[0], lineLoadNPerMm: preset.springback[1] },
    transport: {
      tortuosityExponent: preset.tortuosityExponent,
      poreClosurePorosity: preset.poreClosure,
      conductivitySPerM: preset.conductivity,
    },
    adhesion: {
      initialNPerM,
      gainNPerM,
      lineLoadNPerMm: adhesionLoad,
      leastNPerM: LEAST_ADHESION_N_PER_M[electrode],
    },
    cracking: { lineLoadNPerMm: preset.cracking[0], widthNPerMm: preset.cracking[1] },
    lineLoadNPerMm: preset.lineLoad,
    rollTemperatureC: ROLL_TEMPERATURE_C[binder],
  };
}

/** The preset of that name (case does not matter), or undefined. */
export function findMaterial(name: string): ElectrodeMaterial | undefined {
  return ELECTRODE_MATERIALS.find((material) => material.name.toLowerCase() === name.toLowerCase());
}

/**
 * Porosity of a coating in percent: 100 (1 − ρ_coating/ρ_solid).
 *
 * @param coatingDensityGPerCm3 - Coating density, g/cm3.
 * @param solidDensity - Pore-free density of the same recipe, g/cm3.
 */
export function porosityPercent(coatingDensityGPerCm3: number, solidDensity: number): number {
  return 100 * (1 - coatingDensityGPerCm3 / solidDensity);
}
