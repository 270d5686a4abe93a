import { createCampaign } from "../create-campaign.js";
import { createRng } from "../math/rng.js";
import { calenderingCostUsdPerM2 } from "../process/economics/calendering-cost.js";
import { calender } from "../process/calendering/calender.js";
import { type ElectrodeMaterial, findMaterial, porosityPercent } from "../process/calendering/materials.js";
import {
  drawCoilDensity,
  RUN_COLUMNS,
  type RunSettings,
  simulateRun,
} from "../process/calendering/simulate-runs.js";
import { createScatter } from "../process/simulated-table.js";
import type { Settings } from "../space/parameter.js";
import type { BenchmarkProblem } from "./closed-loop.js";
import { cellsByName } from "./simulated-results.js";

const LINE_SPEEDS = [5, 10, 20, 40, 60, 80] as const;
const LINE_LOAD = { min: 200, max: 1600, step: 10 } as const;
const ROLL_TEMPERATURE = { min: 25, max: 120, step: 5 } as const;
const POROSITY = { min: 28, max: 30 } as const;
const ADHESION = { min: 33 } as const;
/** Runs that a coil is long enough for, as in the simulated files. */
const RUNS_PER_COIL = 5;
/** No usable recipe yet counts as one that is this much dearer, % (assumption). */
const MOST_DEARER = 200;
/** Settings that fail more often are no recipe (assumption). */
const MOST_FAILURES = 0.1;
/** Minutes of a run, and of waiting for rolls of another temperature (assumption, as in the template campaign). */
const MINUTES = { run: 15, changeover: 45 } as const;

/**
 * A SYNTHETIC calendering line: the cheapest recipe with a porosity of 28 to 30 % and enough adhesion, from runs of coils
 * that differ, with gauge errors, outliers, missing values and failures.
 *
 * The gap is in percent of the best recipe's cost, by the simulator's laws for a mean coil without scatter.
 */
export function calenderingPlant(seed: number): BenchmarkProblem {
  const material = findMaterial("NMC622")!;
  const plant = createRng(seed).fork("calendering plant");
  const campaign = campaignFile(material);
  const best = leastCost(material);
  return {
    name: "calendering",
    title: "SYNTHETIC calendering line",
    measure: "cost above the best recipe's",
    unit: "%",
    range: MOST_DEARER,
    firstRuns: 8,
    budget: 30,
    costUnit: "h on the line",
    campaign: () => createCampaign(campaign),
    run(settings, index, scatter) {
      const coil = Math.floor(index / RUNS_PER_COIL);
      const coilDensity = drawCoilDensity(material, createScatter(plant.fork(`coil ${coil}`), "stated"));
      const { row } = simulateRun([`r${index}`, `c${coil}`], settingsOf(settings), {
        ...{ material, coilDensity, draw: scatter.fork("failures"), comment: "plant" },
        scatter: createScatter(scatter.fork("gauges"), "stated"),
      });
      const { status, reason, values } = cellsByName(RUN_COLUMNS, row);
      return {
        status,
        ...(reason !== null && { reason }),
        group: `c${coil}`,
        context: { initial_porosity: values.get("initial_porosity")! },
        observations: Object.fromEntries(
          ["porosity", "adhesion"].flatMap((name) => {
            const value = values.get(name);
            return value === undefined ? [] : [[name, { value }]];
          }),
        ),
      };
    },
    gap(settings) {
      const costs = settings.map((one) => usableCost(material, settingsOf(one)));
      return 100 * (Math.min(...costs) / best - 1);
    },
    cost: (settings) => lineHours(settings),
  };
}

function settingsOf(settings: Settings): RunSettings {
  return {
    lineLoadNPerMm: Number(settings["line_load"]),
    rollTemperatureC: Number(settings["roll_temperature"]),
    lineSpeedMPerMin: Number(settings["line_speed"]),
  };
}

/** Cost of a recipe, USD/m2; Infinity where a mean coil breaks a specification or too many runs fail. */
function usableCost(material: ElectrodeMaterial, settings: RunSettings): number {
  const electrode = calender(material, settings);
  const percent = 100 * electrode.porosity;
  const failures = 1 - (1 - electrode.wrinklingProbability) * (1 - electrode.embrittlementProbability);
  const holds =
    percent >= POROSITY.min &&
    percent <= POROSITY.max &&
    electrode.adhesionNPerM >= ADHESION.min &&
    !electrode.flags.includes("foil_elongation") &&
    failures <= MOST_FAILURES;
  return holds ? calenderingCostUsdPerM2({ ...settings, passes: 1 }) : Number.POSITIVE_INFINITY;
}

/** The least of every allowed setting: loads on their steps. */
function leastCost(material: ElectrodeMaterial): number {
  let best = Number.POSITIVE_INFINITY;
  for (let load = LINE_LOAD.min; load <= LINE_LOAD.max; load += LINE_LOAD.step) {
    for (let t = ROLL_TEMPERATURE.min; t <= ROLL_TEMPERATURE.max; t += ROLL_TEMPERATURE.step) {
      for (const speed of LINE_SPEEDS) {
        const settings = { lineLoadNPerMm: load, rollTemperatureC: t, lineSpeedMPerMin: speed };
        if (load <= 1800 - 6 * t) best = Math.min(best, usableCost(material, settings));
      }
    }
  }
  return best;
}

function lineHours(settings: readonly Settings[]): number {
  const changes = settings.filter(
    (one, k) => k > 0 && one["roll_temperature"] !== settings[k - 1]!["roll_temperature"],
  ).length;
  return (MINUTES.run * settings.length + MINUTES.changeover * changes) / 60;
}

function campaignFile(material: ElectrodeMaterial): object {
  const initial = porosityPercent(material.initialDensityGPerCm3, material.solidDensityGPerCm3);
  return {
    campaign: "synthetic-calendering-line",
    process: "calendering",
    material: { preset: material.name },
    group: "coil",
    parameters: {
      line_load: { unit: "N/mm", ...LINE_LOAD, scale: "log" },
      roll_temperature: { unit: "degC", ...ROLL_TEMPERATURE },
      line_speed: { unit: "m/min", values: [...LINE_SPEEDS] },
    },
    context: { initial_porosity: { unit: "%", min: 35, max: 60, value: Number(initial.toFixed(1)) } },
    outcomes: {
      porosity: { unit: "%", spec: POROSITY, sem: 0.4 },
      adhesion: { unit: "N/m", spec: ADHESION },
      calendering_cost: { unit: "USD/m2", goal: "minimize", formula: "calendering.cost" },
    },
    constraints: ["line_load <= 1800 - 6 * roll_temperature"],
    batch: 1,
  };
}
