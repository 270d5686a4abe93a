import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { createRng } from "../../src/math/rng.js";
import { randomStarts } from "../../src/surrogates/gaussian-process.js";
import { maximizePosterior } from "../../src/surrogates/maximum-a-posteriori.js";
import type { GaussianProcessPresetName } from "../../src/surrogates/presets/preset.js";
import { presets } from "../../src/surrogates/presets/presets.js";
import { settingStatistics } from "../../src/surrogates/setting-statistics.js";
import type { OutcomeScale, SurrogateData } from "../../src/surrogates/surrogate.js";
import { arrangeRows } from "../../src/surrogates/training-rows.js";
import { fitTransform } from "../../src/surrogates/transform.js";
import { printTable, short } from "./print-table.js";
import { foldData, realOutcomes } from "./real-data.js";
import { syntheticDataSets } from "./synthetic-data.js";

/** How far the cold fit's optimum lies below the best that 20 starts find, nats of log posterior. */
export interface OptimumGap {
  readonly name: string;
  readonly settings: number;
  readonly preset: GaussianProcessPresetName;
  readonly nats: number;
}

/** What a cold fit may miss (DESIGN section 10). */
export const TOLERATED_NATS = 1e-3;

/** Searches as a cold fit does, and again from 20 starts with limits a thousand times tighter. */
export function optimumGap(
  name: string,
  data: SurrogateData,
  preset: GaussianProcessPresetName,
  scale: OutcomeScale = "auto",
): OptimumGap {
  const rows = arrangeRows(data);
  const statistics = settingStatistics(rows, fitTransform(rows.y, rows.groupStart, scale));
  const kernel = createProductKernel(
    radialKernels["matern-5/2"],
    data.inputs.map(({ kind }) => kind),
  );
  const settings = rows.X.rows;
  const search = (starts: number, seed: number, limits: object): number =>
    maximizePosterior(statistics, kernel, presets[preset], {
      randomStarts: starts,
      rng: createRng(seed),
      ...limits,
    }).logPosterior;
  const cold = search(randomStarts(settings), 0, {});
  const best = search(19, 1, { maxIterations: 1000, functionTolerance: 1e-10 });
  return { name, settings, preset, nats: Math.max(0, best - cold) };
}

/** Rows, inputs and repetitions of the synthetic data sets; `quick` leaves out those of many rows. */
const SIZES: readonly (readonly [n: number, inputs: readonly number[], repetitions: number])[] = [
  [4, [1, 3, 10], 2],
  [8, [1, 3, 10], 2],
  [16, [1, 2, 5, 10], 2],
  [32, [1, 2, 5, 10], 2],
  [64, [2, 5, 10], 2],
  [100, [3, 6, 10], 1],
  [150, [3, 6], 1],
  [250, [6], 1],
  [500, [6], 1],
];

/** Synthetic data sets of up to `mostRows` rows, and every real outcome whole and with single folds left out. */
async function gapsOf(preset: GaussianProcessPresetName, mostRows: number): Promise<readonly OptimumGap[]> {
  const gaps: OptimumGap[] = [];
  for (const [n, inputs, repetitions] of SIZES) {
    if (n > mostRows) continue;
    for (const d of inputs) {
      for (let seed = 1; seed <= repetitions; seed++) {
        for (const { name, data } of syntheticDataSets(n, d, seed)) gaps.push(optimumGap(name, data, preset));
      }
    }
  }
  for (const outcome of await realOutcomes()) {
    const name = `${outcome.campaign}, ${outcome.outcome}`;
    gaps.push(optimumGap(name, outcome.data, preset, outcome.scale));
    for (let fold = 0; fold < Math.min(4, outcome.folds); fold++) {
      const { train } = foldData(outcome, fold);
      gaps.push(optimumGap(`${name}, without fold ${fold}`, train, preset, outcome.scale));
    }
  }
  return gaps;
}

/** Prints how many cold fits come within 1e-3 nats of the best of 20 starts, and the largest misses. */
export async function printOptimumGaps(options: { quick: boolean; markdown: boolean }): Promise<void> {
  console.log(`Cold fits within ${TOLERATED_NATS} nats of the best of 20 starts`);
  const lines: string[][] = [];
  for (const preset of ["default", "hvarfner-2024"] as const) {
    const gaps = [...(await gapsOf(preset, options.quick ? 64 : 500))].sort((a, b) => b.nats - a.nats);
    const missed = gaps.filter(({ nats }) => !(nats <= TOLERATED_NATS));
    const worst = missed.slice(0, 3).map(({ name, nats }) => `${short(nats)} (${name})`);
    lines.push([
      preset,
      String(gaps.length),
      `${((100 * (gaps.length - missed.length)) / gaps.length).toFixed(1)} %`,
      worst.join("; ") || "–",
    ]);
  }
  printTable(["preset", "data sets", "within", "largest misses, nats"], lines, options.markdown);
}
