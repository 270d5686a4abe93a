import { peelAdhesionNPerM } from "./adhesion.js";
import { compactionResistanceNPerMm, loadedDensityGPerCm3 } from "./compaction.js";
import {
  crackedShare,
  embrittlementProbability,
  foilElongation,
  MAX_FOIL_ELONGATION,
  wrinklingProbability,
} from "./defects.js";
import { requireNumbers } from "../number-rules.js";
import type { ElectrodeMaterial } from "./materials.js";
import { webTemperatureC } from "./nip-heating.js";
import { SPRINGBACK_LIMIT, springback } from "./springback.js";
import { conductivitySPerM, macMullinNumber, tortuosityFactor } from "./transport.js";
import { SECOND_PASS } from "./two-pass.js";

/** One calendering run on one coated side; what is left out takes the material's or the reference machine's value. */
export interface CalenderSettings {
  /** Line load of the last pass, N/mm. */
  readonly lineLoadNPerMm: number;
  readonly rollTemperatureC?: number;
  readonly lineSpeedMPerMin?: number;
  readonly passes?: 1 | 2;
  /** Line load of the first of two passes, N/mm; default 40 % of the last. */
  readonly firstLineLoadNPerMm?: number;
  /** Share of the way from ambient to roll temperature before the nip, 0 to 1. */
  readonly preheating?: number;
  readonly coatingWeightGPerM2?: number;
  /** Density as the coating came from the dryer, g/cm3: the start of its compaction curve. */
  readonly initialDensityGPerCm3?: number;
  /** Density that earlier runs left, g/cm3; default the initial one. */
  readonly previousDensityGPerCm3?: number;
  readonly rollRadiusM?: number;
  readonly ambientTemperatureC?: number;
  /** Factor on the compaction resistance: coil to coil scatter. */
  readonly resistanceFactor?: number;
  /** Heterogeneity index before this run, 1 for a coating as it comes from the coater. */
  readonly heterogeneity?: number;
  /** Line load that the machine can give, N/mm. */
  readonly machineLineLoadNPerMm?: number;
}

/** Why an electrode is not good, or why its data cannot be right. */
export type CalenderingFlag =
  | "over_compaction"
  | "cracking"
  | "wrinkling"
  | "embrittlement"
  | "under_adhesion"
  | "line_load_limit"
  | "foil_elongation"
  | "springback_limit";

/** What comes out of the calender. Shares are fractions of 1; porosity is a fraction. */
export interface CalenderedElectrode {
  readonly webTemperatureC: number;
  readonly resistanceNPerMm: number;
  readonly loadedDensityGPerCm3: number;
  readonly springback: number;
  readonly densityGPerCm3: number;
  readonly porosity: number;
  readonly thicknessUm: number;
  readonly thicknessReduction: number;
  readonly relativeCompaction: number;
  readonly tortuosity: number;
  readonly macMullin: number;
  readonly conductivitySPerM: number;
  readonly adhesionNPerM: number;
  readonly crackedShare: number;
  readonly foilElongation: number;
  readonly wrinklingProbability: number;
  readonly embrittlementProbability: number;
  readonly heterogeneity: number;
  readonly flags: readonly CalenderingFlag[];
}

/** Roll radius 250 mm: laboratory and pilot calenders (assumption). */
const ROLL_RADIUS_M = 0.25;
/** Line load that no common calender exceeds, N/mm (assumption). */
export const MACHINE_MAX_LINE_LOAD_N_PER_MM = 2500;
/** Thirds by which the peak of the density is bracketed: (2/3)^60 of the bracket, below the rounding of a load. */
const PEAK_SEARCH_STEPS = 60;
/** From these on a run is flagged (assumption). */
const FLAGGED = { crackedShare: 0.1, defectProbability: 0.3 } as const;

/**
 * Runs one electrode through the calender: nip heating, compaction, springback, transport, adhesion, damage.
 *
 * Irreversible: the density never falls below the previous one, so a lighter run after a heavier one changes nothing.
 *
 * @throws CellwrightError INVALID_OPTION with every setting that cannot be.
 */
export function calender(material: ElectrodeMaterial, settings: CalenderSettings): CalenderedElectrode {
  const run = completeSettings(material, settings);
  const maximum = material.solidDensityGPerCm3 * (1 - material.compaction.minimumPorosity);
  requireSettings(run, maximum);
  const initialThicknessUm = run.coatingWeightGPerM2 / run.initialDensityGPerCm3;
  const webC = webTemperatureC({
    ...run,
    thicknessUm: initialThicknessUm,
    densityRatio: run.initialDensityGPerCm3 / maximum,
  });
  const nip = { ...run, webTemperatureC: webC };
  const resistance =
    compactionResistanceNPerMm(material.compaction, material.coatingWeightGPerM2, nip) * run.resistanceFactor;
  const compacted = densities(material, run, { webC, maximum, resistance });
  const porosity = 1 - compacted.density / material.solidDensityGPerCm3;
  const thicknessUm = run.coatingWeightGPerM2 / compacted.density;
  const thicknessReduction = 1 - thicknessUm / initialThicknessUm;
  const relativeCompaction =
    (compacted.density - run.initialDensityGPerCm3) / (maximum - run.initialDensityGPerCm3);
  const cracked = crackedShare(material.cracking, run.lineLoadNPerMm, webC);
  const tortuosity = tortuosityFactor(material.transport, porosity);
  const web = { ...nip, relativeCompaction };
  const electrode = {
    webTemperatureC: webC,
    resistanceNPerMm: resistance,
    loadedDensityGPerCm3: compacted.loaded,
    springback: compacted.springback,
    densityGPerCm3: compacted.density,
    porosity,
    thicknessUm,
    thicknessReduction,
    relativeCompaction,
    tortuosity,
    macMullin: macMullinNumber(tortuosity, porosity),
    conductivitySPerM: conductivitySPerM(material.transport, relativeCompaction, cracked),
    adhesionNPerM: peelAdhesionNPerM(material.adhesion, { ...nip, crackedShare: cracked }),
    crackedShare: cracked,
    foilElongation: foilElongation(material.foil, thicknessReduction),
    wrinklingProbability: wrinklingProbability(web),
    embrittlementProbability: embrittlementProbability(web),
    heterogeneity: run.heterogeneity * (run.passes === 2 ? SECOND_PASS.heterogeneity : 1),
  };
  return { ...electrode, flags: flagsOf(material, run, electrode) };
}

type CompleteSettings = Required<CalenderSettings>;

function completeSettings(material: ElectrodeMaterial, settings: CalenderSettings): CompleteSettings {
  const initialDensityGPerCm3 = settings.initialDensityGPerCm3 ?? material.initialDensityGPerCm3;
  return {
    rollTemperatureC: 25,
    lineSpeedMPerMin: 60,
    passes: 1,
    firstLineLoadNPerMm: SECOND_PASS.firstLoadShare * settings.lineLoadNPerMm,
    preheating: 0,
    coatingWeightGPerM2: material.coatingWeightGPerM2,
    initialDensityGPerCm3,
    previousDensityGPerCm3: initialDensityGPerCm3,
    rollRadiusM: ROLL_RADIUS_M,
    ambientTemperatureC: 25,
    resistanceFactor: 1,
    heterogeneity: 1,
    machineLineLoadNPerMm: MACHINE_MAX_LINE_LOAD_N_PER_MM,
    ...settings,
  };
}

function requireSettings(run: CompleteSettings, maximumDensity: number): void {
  const positive = (name: string, value: number, unit: string) => ({
    name,
    value,
    unit,
    min: 0,
    exclusive: true,
  });
  requireNumbers("Calendering settings", [
    { name: "line load", value: run.lineLoadNPerMm, unit: "N/mm", min: 0 },
    { name: "first line load", value: run.firstLineLoadNPerMm, unit: "N/mm", min: 0 },
    { name: "roll temperature", value: run.rollTemperatureC, unit: "degC" },
    { name: "ambient temperature", value: run.ambientTemperatureC, unit: "degC" },
    { name: "preheating", value: run.preheating, unit: "1", min: 0, max: 1 },
    { name: "passes", value: run.passes, unit: "1", min: 1, max: 2 },
    positive("line speed", run.lineSpeedMPerMin, "m/min"),
    positive("coating weight", run.coatingWeightGPerM2, "g/m2"),
    { ...positive("initial density", run.initialDensityGPerCm3, "g/cm3"), max: maximumDensity * (1 - 1e-9) },
    {
      name: "previous density",
      value: run.previousDensityGPerCm3,
      unit: "g/cm3",
      min: run.initialDensityGPerCm3,
      max: maximumDensity,
    },
    positive("roll radius", run.rollRadiusM, "m"),
    positive("resistance factor", run.resistanceFactor, "1"),
    positive("heterogeneity", run.heterogeneity, "1"),
    positive("machine's line load", run.machineLineLoadNPerMm, "N/mm"),
  ]);
}

/** Density under load, springback and the density that remains. */
function densities(
  material: ElectrodeMaterial,
  run: CompleteSettings,
  {
    webC,
    maximum,
    resistance,
  }: { readonly webC: number; readonly maximum: number; readonly resistance: number },
): { readonly loaded: number; readonly springback: number; readonly density: number } {
  const { initialDensityGPerCm3 } = run;
  const curve = { initialDensityGPerCm3, maximumDensityGPerCm3: maximum, resistanceNPerMm: resistance };
  const twice = run.passes === 2;
  const at = (lineLoadNPerMm: number) => {
    const recovery = springback(material.springback, lineLoadNPerMm, webC);
    const once = loadedDensityGPerCm3(lineLoadNPerMm, curve);
    const loaded = Math.min(twice ? once * SECOND_PASS.density : once, maximum);
    const s = twice ? recovery * SECOND_PASS.springback : recovery;
    return { loaded, springback: s, density: loaded / (1 + s) };
  };
  const heaviest = twice ? Math.max(run.lineLoadNPerMm, run.firstLineLoadNPerMm) : run.lineLoadNPerMm;
  const free = at(heaviest);
  const far = 10 * (resistance + material.springback.lineLoadNPerMm);
  const densest = densestUpTo(heaviest, far, (load) => at(load).density);
  return { ...free, density: Math.max(densest, run.previousDensityGPerCm3) };
}

/**
 * The greatest density at any load up to this one. Where a soft, thin coating is fully compacted, the springback law
 * still grows and would make it less dense under more load; a coating never loosens, so the density stays at its peak.
 */
function densestUpTo(
  lineLoadNPerMm: number,
  farNPerMm: number,
  density: (lineLoad: number) => number,
): number {
  const step = Math.max(lineLoadNPerMm, 1) * 1e-4;
  if (!(density(lineLoadNPerMm) < density(lineLoadNPerMm - step))) return density(lineLoadNPerMm);
  let [low, high] = [0, farNPerMm]; // the same bracket for every load, so that the peak is the same number
  for (let i = 0; i < PEAK_SEARCH_STEPS; i++) {
    const [left, right] = [low + (high - low) / 3, high - (high - low) / 3];
    if (density(left) < density(right)) low = left;
    else high = right;
  }
  return density((low + high) / 2);
}

function flagsOf(
  material: ElectrodeMaterial,
  run: CompleteSettings,
  electrode: Omit<CalenderedElectrode, "flags">,
): CalenderingFlag[] {
  const raised: Record<CalenderingFlag, boolean> = {
    over_compaction: electrode.porosity < material.transport.poreClosurePorosity,
    cracking: electrode.crackedShare > FLAGGED.crackedShare,
    wrinkling: electrode.wrinklingProbability > FLAGGED.defectProbability,
    embrittlement: electrode.embrittlementProbability > FLAGGED.defectProbability,
    under_adhesion: electrode.adhesionNPerM < material.adhesion.leastNPerM,
    line_load_limit: run.lineLoadNPerMm > run.machineLineLoadNPerMm,
    foil_elongation: electrode.foilElongation > MAX_FOIL_ELONGATION,
    springback_limit: electrode.springback >= SPRINGBACK_LIMIT,
  };
  return (Object.keys(raised) as CalenderingFlag[]).filter((flag) => raised[flag]);
}
