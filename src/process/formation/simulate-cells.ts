import { exp, log, log1p } from "../../math/elementary.js";
import { createRng } from "../../math/rng.js";
import { createSobol } from "../../math/sobol.js";
import { CellwrightError } from "../../errors.js";
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
import { type CellChemistry, findChemistry } from "./chemistries.js";
import { CYCLE_LIFE_SCATTER, cycleLife, type FormationWorld } from "./cycle-life.js";
import { type FormationCell, findFormationCell } from "./formation-cell.js";
import { familyDefaults, formationProtocol } from "./protocol-family.js";
import { type FormationResult, simulateFormation } from "./simulate-formation.js";

export interface SimulateCellsOptions {
  /** Name of a chemistry, such as NMC622/graphite. */
  readonly chemistry: string;
  readonly rows: number;
  readonly seed: number;
  readonly world?: FormationWorld;
  readonly noise?: SimulatedNoise;
}

const SIMULATOR = "formation@1";
const CELLS_PER_PROTOCOL = 3;

/**
 * Scatter of cells within a protocol: measured. Cycle life: pooled over the 178 cells of Cui et al. (2024). First
 * charge 1.05 %, first discharge .5 %, last discharge .35 %, lithium loss 9.5 %, resistance 2.6 %: inside the ranges of
 * the groups of Weng et al. (2021); together they give first-cycle efficiency its measured .01.
 */
const NOISE = {
  life: CYCLE_LIFE_SCATTER,
  firstCharge: 0.0105,
  firstDischarge: 0.005,
  capacity: 0.0035,
  loss: 0.095,
  resistance: 0.026,
} as const;
/** Cells whose channel failed, and whose life is not known yet (assumption). */
const LOST = { channel: 0.01, stillCycling: 0.02 } as const;
/** Plated lithium that is seen in an opened cell, share of the nominal capacity (assumption). */
const VISIBLE_PLATING = 1e-4;
/** Lowest simulated rate, C, and coldest chamber, degC, of an ordinary protocol. */
const ORDINARY = { slowestC: 0.02, coldestC: 20 } as const;
/** Every so many protocols one is run beyond what may be suggested, fast and cold, to where lithium plates. */
const STRESS_EVERY = 6;
const STRESS = { ratesC: [0.5, 2], temperaturesC: [10, 25] } as const;

export const CELL_COLUMNS: readonly SimulatedColumn[] = [
  { name: "trial" },
  { name: "protocol" },
  { name: "replicate", unit: "1", decimals: 0 },
  { name: "c_rate_cc1", unit: "C", decimals: 4 },
  { name: "v_cutoff_cc1", unit: "V", decimals: 2 },
  { name: "c_rate_cc2", unit: "C", decimals: 4 },
  { name: "temperature", unit: "degC", decimals: 0 },
  { name: "formation_time", unit: "h", decimals: 2 },
  { name: "first_charge", unit: "1", decimals: 4 },
  { name: "first_cycle_efficiency", unit: "%", decimals: 2 },
  { name: "relative_capacity", unit: "1", decimals: 4 },
  { name: "lithium_loss", unit: "1", decimals: 4 },
  { name: "low_soc_resistance", unit: "1", decimals: 3 },
  { name: "cycle_life", unit: "1", decimals: 0 },
  ...ENDING,
];

/** One simulated cell: what formation truly did to it, its true mean life, and its row. */
export interface SimulatedCell {
  readonly result: FormationResult;
  readonly meanLife: number;
  readonly row: SimulatedRow;
}

/**
 * Simulated formation cells, three to a protocol: rates, cut-off and temperature spread evenly over what the chemistry
 * allows; every sixth protocol is fast and cold, beyond what may be suggested, so that some plate lithium and fail.
 *
 * @throws CellwrightError INVALID_OPTION for an unknown chemistry, or a world whose voltages the chemistry never reaches.
 */
export function simulateCells(
  options: SimulateCellsOptions,
): SimulatedTable & { readonly cells: readonly SimulatedCell[] } {
  const { rows, seed, world = "neutral", noise = "stated" } = options;
  const { chemistry, cell } = knownCell(options.chemistry, world);
  const rng = createRng(seed).fork(`${SIMULATOR} ${chemistry.name}`);
  const points = createSobol(4, rng.fork("protocols"));
  const scatter = createScatter(rng.fork("scatter"), noise);
  const lost = createScatter(rng.fork("lost"), noise);
  const cells: SimulatedCell[] = [];
  for (let i = 0; i < rows; i += CELLS_PER_PROTOCOL) {
    const stress = (i / CELLS_PER_PROTOCOL) % STRESS_EVERY === STRESS_EVERY - 1;
    const protocol = simulateProtocol(chemistry, cell, settingsAt(chemistry, points.next(), stress), world);
    for (let replicate = 1; replicate <= Math.min(CELLS_PER_PROTOCOL, rows - i); replicate++) {
      const names = [
        `SIM-${label(i + replicate, rows)}`,
        `P${label(i / CELLS_PER_PROTOCOL + 1, rows)}`,
      ] as const;
      cells.push(
        simulateCell(protocol, names, replicate, scatter, lost, `${SIMULATOR} ${world} seed ${seed}`),
      );
    }
  }
  const scatterNote =
    noise === "none"
      ? "Noise: none."
      : "Noise, as measured within protocols: life 8.5 %, first charge 1 %, capacity .4 %, lithium loss 9.5 %, resistance 2.6 %. Assumptions: 1 % of channels fail, 2 % of lives are not known yet.";
  return {
    columns: CELL_COLUMNS,
    rows: cells.map((c) => c.row),
    cells,
    notes: [
      `SYNTHETIC: ${SIMULATOR}, ${chemistry.name}, world ${world}, seed ${seed}. Model cell ${cell.calibration}. No evidence about any real cell.`,
      "Which voltage window makes the SEI is not known: --world neutral, lee or an gives each answer.",
      scatterNote,
    ],
  };
}

const label = (i: number, rows: number): string => String(i).padStart(String(rows).length, "0");

export function knownCell(
  name: string,
  world: FormationWorld,
): { readonly chemistry: CellChemistry; readonly cell: FormationCell } {
  const [chemistry, cell] = [findChemistry(name), findFormationCell(name)];
  if (chemistry === undefined || cell === undefined) {
    throw new CellwrightError("INVALID_OPTION", `No chemistry "${name}" can be simulated.`);
  }
  if (world !== "neutral" && chemistry.nominalVoltageV[1] < 3.9) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `The world "${world}" is about voltages up to 4.2 V, which ${chemistry.name} never reaches: take neutral.`,
    );
  }
  return { chemistry, cell };
}

export interface SimulatedProtocol {
  readonly settings: readonly number[];
  readonly result: FormationResult;
  readonly meanLife: number;
}

/** What is chosen of a protocol. */
export interface ProtocolSettings {
  readonly firstRateC: number;
  readonly firstCutoffV: number;
  readonly secondRateC: number;
  readonly temperatureC: number;
}

function settingsAt(chemistry: CellChemistry, point: Float64Array, stress: boolean): ProtocolSettings {
  const [low, high] = chemistry.firstCutoffV;
  const rates = (fastest: number): readonly [number, number] =>
    stress ? STRESS.ratesC : [ORDINARY.slowestC, fastest];
  const [coldest, warmest] = stress ? STRESS.temperaturesC : [ORDINARY.coldestC, chemistry.maxTemperatureC];
  return {
    firstRateC: logarithmic(point[0]!, rates(chemistry.maxFirstRateC)),
    firstCutoffV: onGrid(low + point[1]! * (high - low), 0.01),
    secondRateC: logarithmic(point[2]!, rates(chemistry.maxSecondRateC)),
    temperatureC: onGrid(coldest + point[3]! * (warmest - coldest), 5),
  };
}

/** What a protocol truly does to a model cell, and the mean life of such cells. */
export function simulateProtocol(
  chemistry: CellChemistry,
  cell: FormationCell,
  settings: ProtocolSettings,
  world: FormationWorld,
): SimulatedProtocol {
  const [lowerVoltageV, upperVoltageV] = chemistry.nominalVoltageV;
  const { firstRateC, firstCutoffV, secondRateC, temperatureC } = settings;
  const parameters = {
    ...familyDefaults({ upperVoltageV, lowerVoltageV }),
    c_rate_cc1: firstRateC,
    v_cutoff_cc1: firstCutoffV,
    c_rate_cc2: secondRateC,
    temperature: temperatureC,
  };
  const result = simulateFormation(cell, formationProtocol(parameters));
  const meanLife = cycleLife({
    firstRateC,
    secondRateC,
    temperatureC,
    platedCharge: result.platedCharge,
    lifeFactor: cell.lifeFactor,
    world,
    upperCutoffV: upperVoltageV,
    chargeAbove3p9V: result.chargeAbove3p9V,
  });
  return { settings: [firstRateC, firstCutoffV, secondRateC, temperatureC], result, meanLife };
}

/** low · (high/low)^share with three digits, as a cycler takes it. */
function logarithmic(share: number, [low, high]: readonly [number, number]): number {
  return Number((low * exp(share * log(high / low))).toPrecision(3));
}

/** One SYNTHETIC cell of a protocol with its scatter, as a row of `CELL_COLUMNS`. */
export function simulateCell(
  protocol: SimulatedProtocol,
  [trial, group]: readonly [string, string],
  replicate: number,
  scatter: Scatter,
  lost: Scatter,
  comment: string,
): SimulatedCell {
  const { result, meanLife } = protocol;
  const firstCharge = scatter.relative(result.firstCharge ?? 0, NOISE.firstCharge);
  const firstDischarge = scatter.relative(result.firstDischarge ?? 0, NOISE.firstDischarge);
  const resistance = scatter.relative(result.lowSocResistance ?? 1, NOISE.resistance);
  const life = scatter.relative(meanLife, Math.sqrt(log1p(NOISE.life * NOISE.life)));
  const measured = [
    cyclerHours(result),
    firstCharge,
    (100 * firstDischarge) / firstCharge,
    scatter.relative(result.lastDischarge ?? 0, NOISE.capacity),
    scatter.relative(result.lithiumLoss, NOISE.loss),
    result.lowSocResistance === null ? null : resistance,
  ];
  const [failedChannel, stillCycling] = [lost.happens(LOST.channel), lost.happens(LOST.stillCycling)];
  const plated = result.platedCharge > VISIBLE_PLATING;
  const reason = failedChannel ? "cycler channel failed" : plated ? "lithium plating" : null;
  const values = [
    replicate,
    ...protocol.settings,
    ...(failedChannel ? measured.map(() => null) : measured),
    reason !== null || stillCycling ? null : Math.round(life),
  ];
  const numbers = values.map((value, i) =>
    value === null ? null : rounded(value, CELL_COLUMNS[i + 2]!.decimals ?? 0),
  );
  const status = reason === null ? "completed" : "failed";
  return { result, meanLife, row: [trial, group, ...numbers, status, reason, "SYNTHETIC", comment] };
}

/** Hours on the cycler: without wetting and rests. */
export function cyclerHours({ steps }: FormationResult): number {
  return steps.reduce(
    (sum, { step, hours }) => sum + (step.purpose === "wetting" || step.purpose === "rest" ? 0 : hours),
    0,
  );
}
