import { exp, log } from "../../math/elementary.js";
import { createRng, type Rng } from "../../math/rng.js";
import { createSobol } from "../../math/sobol.js";
import {
  createScatter,
  ENDING,
  onGrid,
  rounded,
  type Scatter,
  type SimulatedColumn,
  type SimulatedNoise,
  type SimulatedRow,
  type SimulatedTable,
} from "../simulated-table.js";
import {
  calender,
  type CalenderedElectrode,
  type CalenderingFlag,
  type CalenderSettings,
} from "./calender.js";
import { type ElectrodeMaterial, porosityPercent } from "./materials.js";

export interface SimulateRunsOptions {
  readonly material: ElectrodeMaterial;
  readonly rows: number;
  readonly seed: number;
  readonly noise?: SimulatedNoise;
}

/** Name and version of the simulator, for every row's comment. */
const SIMULATOR = "calendering@1";
/** Line speeds of the search space, m/min. */
const LINE_SPEEDS_M_PER_MIN = [5, 10, 20, 40, 60, 80] as const;
const RUNS_PER_COIL = 5;

/**
 * Sizes of the scatter, all assumptions: shares for densities, weights and resistance, um for the thickness gauge.
 * Unlike the formation's, none of them was measured.
 */
const NOISE = {
  coilDensity: 0.01,
  runDensity: 0.005,
  coatingWeight: 0.01,
  resistance: 0.03,
  thicknessUm: 0.7,
  springback: 0.004,
  tortuosity: 0.04,
  adhesion: 0.08,
  conductivity: 0.1,
  zeroErrorUm: 5,
  zeroErrors: 0.01,
  missingAdhesion: 0.02,
} as const;

export const RUN_COLUMNS: readonly SimulatedColumn[] = [
  { name: "trial" },
  { name: "coil" },
  { name: "line_load", unit: "N/mm", decimals: 0 },
  { name: "roll_temperature", unit: "degC", decimals: 0 },
  { name: "line_speed", unit: "m/min", decimals: 0 },
  { name: "coating_weight", unit: "g/m2", decimals: 1 },
  { name: "initial_density", unit: "g/cm3", decimals: 3 },
  { name: "initial_porosity", unit: "%", decimals: 1 },
  { name: "thickness", unit: "um", decimals: 1 },
  { name: "density", unit: "g/cm3", decimals: 3 },
  { name: "porosity", unit: "%", decimals: 1 },
  { name: "springback", unit: "%", decimals: 1 },
  { name: "tortuosity", unit: "1", decimals: 2 },
  { name: "adhesion", unit: "N/m", decimals: 1 },
  { name: "conductivity", unit: "S/m", decimals: 3 },
  ...ENDING,
];

/** What a flag of the calender says to a person. */
const FLAG_WORDS: Readonly<Record<CalenderingFlag, string>> = {
  over_compaction: "pores closed by over-compaction",
  cracking: "particles cracked",
  wrinkling: "wrinkles likely",
  embrittlement: "brittle",
  under_adhesion: "adhesion too low",
  line_load_limit: "line load beyond the machine",
  foil_elongation: "foil elongated by more than 1 %",
  springback_limit: "springback beyond 17 %",
};

/** One simulated run: what was set, what it truly became, and what a plant would have written down. */
export interface SimulatedRun {
  readonly electrode: CalenderedElectrode;
  readonly row: SimulatedRow;
}

/**
 * Simulated calendering runs of several coils: settings spread evenly over the material's ranges, measured with gauge
 * errors, outliers and missing values; runs fail by wrinkling, bending cracks or elongated foil with their probability.
 *
 * The same material, number of rows and seed give the same rows on any machine.
 */
export function simulateRuns(
  options: SimulateRunsOptions,
): SimulatedTable & { readonly runs: readonly SimulatedRun[] } {
  const { material, rows, seed, noise = "stated" } = options;
  const rng = createRng(seed).fork(`${SIMULATOR} ${material.name}`);
  const settings = createSobol(3, rng.fork("settings"));
  const scatter = createScatter(rng.fork("scatter"), noise);
  const draw = rng.fork("failures");
  const runs: SimulatedRun[] = [];
  let coilDensity = material.initialDensityGPerCm3;
  for (let i = 0; i < rows; i++) {
    if (i % RUNS_PER_COIL === 0) coilDensity = drawCoilDensity(material, scatter);
    const name = [`SIM-${label(i + 1, rows)}`, `C${label(Math.floor(i / RUNS_PER_COIL) + 1, rows)}`] as const;
    runs.push(
      simulateRun(name, settingsAt(material, settings.next()), {
        ...{ material, coilDensity, scatter, draw },
        comment: `${SIMULATOR} seed ${seed}`,
      }),
    );
  }
  const scatterNote =
    noise === "none"
      ? "Noise: none."
      : "Noise (assumption): coil density 1 %, within coil .5 %, coating weight 1 %, compaction resistance 3 %, thickness gauge .7 um, tortuosity 4 %, adhesion 8 %, conductivity 10 %, springback .4 points; 1 % of thicknesses off by 5 um, 2 % of adhesions missing.";
  return {
    columns: RUN_COLUMNS,
    rows: runs.map((run) => run.row),
    runs,
    notes: [
      `SYNTHETIC: ${SIMULATOR}, ${material.name}, seed ${seed}. Forms of the laws are published, most sizes are assumptions: no evidence about any real line.`,
      scatterNote,
    ],
  };
}

const label = (i: number, rows: number): string => String(i).padStart(String(rows).length, "0");

/** What is chosen of a run. */
export type RunSettings = Required<
  Pick<CalenderSettings, "lineLoadNPerMm" | "rollTemperatureC" | "lineSpeedMPerMin">
>;

/** Settings at a point of the unit cube: loads by ratio, all as a machine takes them. */
function settingsAt(material: ElectrodeMaterial, point: Float64Array): RunSettings {
  const [low, high] = material.lineLoadNPerMm;
  const [cold, hot] = material.rollTemperatureC;
  return {
    lineLoadNPerMm: onGrid(low * exp(point[0]! * log(high / low)), 10),
    rollTemperatureC: onGrid(cold + point[1]! * (hot - cold), 5),
    lineSpeedMPerMin: LINE_SPEEDS_M_PER_MIN[Math.floor(point[2]! * LINE_SPEEDS_M_PER_MIN.length)]!,
  };
}

/** Mean density of the coating of a coil, g/cm3: what its runs have in common. */
export function drawCoilDensity(material: ElectrodeMaterial, scatter: Scatter): number {
  return scatter.relative(material.initialDensityGPerCm3, NOISE.coilDensity);
}

/** One SYNTHETIC run of a coil at given settings, as a row of `RUN_COLUMNS`. */
export function simulateRun(
  [trial, coil]: readonly [string, string],
  { lineLoadNPerMm, rollTemperatureC, lineSpeedMPerMin }: RunSettings,
  plant: {
    readonly material: ElectrodeMaterial;
    readonly coilDensity: number;
    readonly scatter: Scatter;
    /** Draws the failures. */
    readonly draw: Rng;
    readonly comment: string;
  },
): SimulatedRun {
  const { material, coilDensity, scatter, draw } = plant;
  const coatingWeightGPerM2 = scatter.relative(material.coatingWeightGPerM2, NOISE.coatingWeight);
  const initialDensityGPerCm3 = scatter.relative(coilDensity, NOISE.runDensity);
  const electrode = calender(material, {
    lineLoadNPerMm,
    rollTemperatureC,
    lineSpeedMPerMin,
    coatingWeightGPerM2,
    initialDensityGPerCm3,
    resistanceFactor: scatter.relative(1, NOISE.resistance),
  });
  const before = gauge(coatingWeightGPerM2, coatingWeightGPerM2 / initialDensityGPerCm3, material, scatter);
  const measured = measure(electrode, coatingWeightGPerM2, material, scatter);
  const reason = failure(electrode, draw);
  const flags = electrode.flags.map((flag) => FLAG_WORDS[flag]);
  const values: (number | string | null)[] = [
    ...[
      lineLoadNPerMm,
      rollTemperatureC,
      lineSpeedMPerMin,
      coatingWeightGPerM2,
      before.density,
      before.porosity,
    ],
    ...(reason === null ? measured : measured.map(() => null)),
  ];
  const numbers = values.map((value, i) =>
    typeof value === "number" ? rounded(value, RUN_COLUMNS[i + 2]!.decimals ?? 0) : value,
  );
  const comment = [plant.comment, ...flags].join("; ");
  const status = reason === null ? "completed" : "failed";
  return { electrode, row: [trial, coil, ...numbers, status, reason, "SYNTHETIC", comment] };
}

/** Density and porosity as they follow from a weighed sample and a thickness gauge, um. */
function gauge(weight: number, thicknessUm: number, material: ElectrodeMaterial, scatter: Scatter) {
  const thickness = scatter.absolute(thicknessUm, NOISE.thicknessUm);
  const density = weight / thickness;
  return { thickness, density, porosity: porosityPercent(density, material.solidDensityGPerCm3) };
}

/** Outcomes in the order of the columns. */
function measure(
  electrode: CalenderedElectrode,
  weight: number,
  material: ElectrodeMaterial,
  scatter: Scatter,
): (number | null)[] {
  const offZero = scatter.happens(NOISE.zeroErrors)
    ? scatter.happens(0.5)
      ? NOISE.zeroErrorUm
      : -NOISE.zeroErrorUm
    : 0;
  const after = gauge(weight, electrode.thicknessUm + offZero, material, scatter);
  const adhesion = scatter.relative(electrode.adhesionNPerM, NOISE.adhesion);
  return [
    after.thickness,
    after.density,
    after.porosity,
    100 * scatter.absolute(electrode.springback, NOISE.springback),
    scatter.relative(electrode.tortuosity, NOISE.tortuosity),
    scatter.happens(NOISE.missingAdhesion) ? null : adhesion,
    scatter.relative(electrode.conductivitySPerM, NOISE.conductivity),
  ];
}

/** Why a run gave no usable electrode, or null: each way to fail happens with its own probability. */
function failure(electrode: CalenderedElectrode, draw: Rng): string | null {
  const [wrinkles, cracks] = [draw.uniform(), draw.uniform()];
  if (electrode.flags.includes("foil_elongation")) return "foil elongation";
  if (wrinkles < electrode.wrinklingProbability) return "wrinkles";
  return cracks < electrode.embrittlementProbability ? "bending cracks" : null;
}
