/**
 * Errors that runs between two changes of a hard setting share: do 95 % intervals hold, with and without carrying them?
 *
 * usage: npm run bench -- whole-plot [--seeds 200] [--markdown]
 *
 * SYNTHETIC split-plot campaigns with known truth: roll temperature at four levels, each set up again and again in random
 * order; a line load of its own for every run; a random smooth surface; an error per set-up and one per run. Intervals of
 * new runs (each in a set-up of its own), of the outcome itself, and of what the temperature does from end to end.
 */
import { parseArgs } from "node:util";
import { type Campaign, createCampaign, withTrials } from "../src/campaign/campaign.js";
import { type FittedOutcome, fitOutcomes } from "../src/campaign/fit-outcomes.js";
import { matrixFromRows } from "../src/math/matrix.js";
import { createRng, type Rng } from "../src/math/rng.js";
import { printTable } from "./gp/print-table.js";

const { values } = parseArgs({
  options: { seeds: { type: "string", default: "200" }, markdown: { type: "boolean", default: false } },
});
const SEEDS = Number(values.seeds);
/** Set-ups, runs in each, standard deviation per set-up and per run; the surface has one of about 1. */
const CASES = [
  [8, 3, 0, 0.1],
  [8, 3, 0.1, 0.1],
  [8, 3, 0.3, 0.1],
  [16, 3, 0, 0.1],
  [16, 3, 0.1, 0.1],
  [16, 3, 0.3, 0.1],
] as const;
const CHOICES = { plain: false, auto: "auto", "whole plots": true } as const;
const TESTS = 20;

interface Plant {
  latent(temperature: number, load: number): number;
}

function createPlant(rng: Rng): Plant {
  const [a, b, c, d, e] = Array.from({ length: 5 }, () => rng.normal());
  return {
    latent: (t, l) =>
      10 + a! * t + 2 * b! * l + 2 * c! * (l - 0.5) * (l - 0.5) + d! * t * l + e! * (t - 0.5) * (t - 0.5),
  };
}

function campaignOf(
  choice: boolean | "auto",
  [plots, runs, shared, own]: (typeof CASES)[number],
  seed: number,
): Campaign {
  const rng = createRng(seed);
  const plant = createPlant(rng.fork("plant"));
  const campaign = createCampaign({
    campaign: "split-plot",
    whole_plot: "set_up", // two set-ups of one temperature may follow one another
    parameters: {
      roll_temperature: { unit: "degC", min: 80, max: 140, change: { effort: "hard" } },
      line_load: { unit: "N/mm", min: 200, max: 1200 },
    },
    outcomes: { y: { unit: "1", goal: "maximize", scale: "identity", surrogate: { whole_plot: choice } } },
  });
  const levels = Array.from({ length: plots }, (_, p) => p % 4);
  for (let i = plots - 1; i > 0; i--) {
    const j = rng.integer(i + 1);
    [levels[i], levels[j]] = [levels[j]!, levels[i]!];
  }
  const trials = levels.flatMap((level, p) => {
    const error = shared * rng.normal();
    return Array.from({ length: runs }, (_, r) => {
      const [t, l] = [level / 3, rng.uniform()];
      return {
        id: `T${runs * p + r}`,
        status: "completed" as const,
        parameters: { roll_temperature: 80 + 60 * t, line_load: 200 + 1000 * l },
        context: {},
        observations: { y: { value: plant.latent(t, l) + error + own * rng.normal() } },
        origin: "SYNTHETIC" as const,
        wholePlot: String(p),
      };
    });
  });
  return withTrials(campaign, trials);
}

/** Counts of intervals that hold, and errors. */
interface Tally {
  runs: number;
  latent: number;
  effects: number;
  squares: number;
  taken: number;
  stdDevs: number;
}

function judge(
  one: FittedOutcome,
  [, , shared, own]: (typeof CASES)[number],
  seed: number,
  tally: Tally,
): void {
  const plant = createPlant(createRng(seed).fork("plant"));
  const rng = createRng(seed).fork("tests");
  const points = Array.from({ length: TESTS }, () => [rng.integer(4) / 3, rng.uniform()] as const);
  const posterior = one.model.predict(matrixFromRows(points.map((point) => [...point])));
  const [low, high] = [0.025, 0.975].map((p) => posterior.quantile(p, "observed"));
  const [low2, high2] = [0.025, 0.975].map((p) => posterior.quantile(p, "latent"));
  points.forEach(([t, l], i) => {
    const latent = plant.latent(t, l);
    const run = latent + shared * rng.normal() + own * rng.normal();
    tally.runs += low![i]! <= run && run <= high![i]! ? 1 : 0;
    tally.latent += low2![i]! <= latent && latent <= high2![i]! ? 1 : 0;
  });
  const ends = one.model.joint(
    matrixFromRows([
      [0, 0.5],
      [1, 0.5],
    ]),
  ); // prettier-ignore
  const unit = one.model.modelScale.toRaw(1) - one.model.modelScale.toRaw(0);
  const C = ends.covariance.data;
  const found = unit * (ends.mean[1]! - ends.mean[0]!);
  const stdDev = unit * Math.sqrt(C[0]! + C[3]! - 2 * C[1]!);
  const error = found - (plant.latent(1, 0.5) - plant.latent(0, 0.5));
  tally.effects += Math.abs(error) <= 1.959964 * stdDev ? 1 : 0;
  tally.squares += error * error;
  tally.taken += one.sharedError === undefined ? 0 : 1;
  tally.stdDevs += one.sharedError?.stdDev ?? 0;
}

const rows: string[][] = [];
for (const one of CASES) {
  for (const [name, choice] of Object.entries(CHOICES)) {
    const tally: Tally = { runs: 0, latent: 0, effects: 0, squares: 0, taken: 0, stdDevs: 0 };
    for (let seed = 0; seed < SEEDS; seed++) {
      const { fitted } = await fitOutcomes(campaignOf(choice, one, seed));
      judge(fitted.get("y")!, one, seed, tally);
    }
    const share = (count: number, of: number): string => `${((100 * count) / of).toFixed(1)} %`;
    const [plots, runs, shared, own] = one;
    rows.push([
      `${plots} × ${runs}`,
      `${shared} / ${own}`,
      name,
      share(tally.taken, SEEDS),
      tally.taken === 0 ? "–" : (tally.stdDevs / tally.taken).toFixed(3),
      share(tally.runs, SEEDS * TESTS),
      share(tally.latent, SEEDS * TESTS),
      share(tally.effects, SEEDS),
      Math.sqrt(tally.squares / SEEDS).toFixed(3),
    ]);
  }
}
console.log(`SYNTHETIC, ${SEEDS} campaigns a row; nominal 95 %.`);
printTable(
  [
    "set-ups × runs",
    "error of set-up / run",
    "model",
    "carried",
    "its mean",
    "new runs inside",
    "outcome inside",
    "effect of temperature inside",
    "its RMSE",
  ],
  rows,
  values.markdown,
);
