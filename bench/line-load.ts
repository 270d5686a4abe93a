/**
 * What the compaction law is worth in a line-load campaign, and whether `auto` finds out: `npm run bench -- line-load
 * [seeds]`. SYNTHETIC rows of the simulator (NMC622, stated noise); n rows to learn from, the next 60 held out. Density
 * by the outcome's choice: the law named, no law, and nothing said (the law is tried and taken where leave-one-out says so).
 */
import process from "node:process";
import { fitOutcomes } from "../src/campaign/fit-outcomes.js";
import { withTrials } from "../src/campaign/campaign.js";
import type { Trial } from "../src/campaign/trial.js";
import { createCampaign } from "../src/create-campaign.js";
import { matrixFromRows } from "../src/math/matrix.js";
import { median, quantileOf } from "../src/math/metrics.js";
import { findMaterial } from "../src/process/calendering/materials.js";
import { simulateRuns } from "../src/process/calendering/simulate-runs.js";

const HELD_OUT = 60;
const COLD = { parameters: ["line_load", "roll_temperature", "line_speed"], context: ["initial_density"] };
const material = findMaterial("NMC622")!;

function trialsOf(rows: number, seed: number): readonly Trial[] {
  const table = simulateRuns({ material, rows, seed });
  const at = (name: string): number => table.columns.findIndex((column) => column.name === name);
  return table.rows.flatMap((row): Trial[] => {
    const number = (name: string): number => Number(row[at(name)]);
    const pick = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, number(name)]));
    if (row[at("density")] === null) return [];
    return [
      {
        id: String(row[0]),
        status: "completed",
        parameters: pick(COLD.parameters),
        context: pick(COLD.context),
        observations: { density: { value: number("density") } },
        origin: "SYNTHETIC",
      },
    ];
  });
}

const campaignOf = (surrogate: object) =>
  createCampaign({
    campaign: "line-load",
    process: "calendering",
    material: "NMC622",
    parameters: {
      line_load: { unit: "N/mm", min: 200, max: 1600, scale: "log" },
      roll_temperature: { unit: "degC", min: 25, max: 120 },
      line_speed: { unit: "m/min", values: [5, 10, 20, 40, 60, 80], scale: "log" },
    },
    context: { initial_density: { unit: "g/cm3", min: 2.3, max: 2.6 } },
    outcomes: { density: { unit: "g/cm3", ...surrogate } },
  });
const CHOICES = {
  "law named": campaignOf({ surrogate: { prior_mean: "calendering.compaction" } }),
  "no law": campaignOf({ surrogate: { prior_mean: "none" } }),
  "nothing said": campaignOf({}),
};

const seeds = Number(process.argv[2] ?? 20);
console.log(
  `SYNTHETIC line loads, ${seeds} seeds, ${HELD_OUT} rows held out: median RMSE (g/cm3), median log density a row, and how often the law was taken.`,
);
for (const n of [6, 12, 20, 40]) {
  const resistances: number[] = [];
  let identified = 0;
  for (const [name, campaign] of Object.entries(CHOICES)) {
    const errors: number[] = [];
    const densities: number[] = [];
    let taken = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const trials = trialsOf(n + HELD_OUT + 20, seed);
      const held = trials.slice(n, n + HELD_OUT);
      const { fitted: models } = await fitOutcomes(withTrials(campaign, trials.slice(0, n)));
      const fitted = models.get("density")!;
      const points = matrixFromRows(
        held.map((trial) => campaign.space.encode(trial.parameters, trial.context)),
      );
      const truth = held.map((trial) => trial.observations["density"]!.value);
      const posterior = fitted.model.predict(points);
      const squares = truth.reduce((sum, y, i) => sum + (y - posterior.mean[i]!) ** 2, 0);
      errors.push(Math.sqrt(squares / truth.length));
      densities.push(posterior.logDensity(truth).reduce((a, b) => a + b, 0) / truth.length);
      if (fitted.priorMean !== undefined) taken += 1;
      const stated = /resistance (\d+) N/u.exec(fitted.law ?? "");
      if (name === "law named" && stated !== null) {
        identified += 1;
        resistances.push(Number(stated[1]));
      }
    }
    console.log(
      `  ${String(n).padStart(2)} rows, ${name.padEnd(13)} ${median(errors).toFixed(3)}  ${median(densities).toFixed(2).padStart(6)}  ${taken} of ${seeds}`,
    );
  }
  const sorted = [...resistances].sort((a, b) => a - b);
  const range = sorted.length === 0 ? "" : `, ${quantileOf(sorted, 0)} to ${quantileOf(sorted, 1)} N/mm`;
  console.log(
    `     compaction resistance identified ${identified} of ${seeds}${range} (simulated: 550 at 25 degC)`,
  );
}
