/**
 * Do certified process windows hold? Campaigns with known truth: outcomes drawn from Gaussian processes, and the simulated
 * calender (SYNTHETIC). A claimed box holds where the true outcomes keep every specification at all points of a dense set
 * in the box. `npm run bench -- window [campaigns] [sampled|fixed]`.
 */
import type { Campaign } from "../src/campaign/campaign.js";
import { createCampaign, withTrials } from "../src/campaign/campaign.js";
import { jeffreysInterval } from "../src/campaign/incomplete-beta.js";
import type { Trial } from "../src/campaign/trial.js";
import type { WindowBox } from "../src/campaign/window-answer.js";
import { processWindow } from "../src/campaign/window.js";
import { createRng, type Rng } from "../src/math/rng.js";
import { createSobol } from "../src/math/sobol.js";

const CAMPAIGNS = Number(process.argv[2] ?? 60);
const PROBABILITY = 0.95;
const INFERENCE = process.argv[3] === "sampled" ? "sampled" : "fixed";
const FEATURES = 400;

type Truth = (x: ArrayLike<number>) => number;

/** A function of a Gaussian process on the unit cube, mean 0 and variance 1: random Fourier features of a Matérn-5/2 or Gaussian kernel. */
function drawFunction(d: number, rng: Rng): Truth {
  const smooth = rng.uniform() < 0.5;
  const lengths = Array.from({ length: d }, () => 0.3 * Math.exp(1.2 * rng.uniform()));
  const features = Array.from({ length: FEATURES }, () => {
    const chi = Array.from({ length: 5 }, () => rng.normal()).reduce((sum, z) => sum + z * z, 0);
    const heavy = smooth ? 1 : Math.sqrt(5 / chi);
    return {
      omega: lengths.map((length) => (heavy * rng.normal()) / length),
      phase: 2 * Math.PI * rng.uniform(),
      weight: rng.normal() * Math.sqrt(2 / FEATURES),
    };
  });
  return (x) =>
    features.reduce((sum, { omega, phase, weight }) => {
      const angle = omega.reduce((a, w, k) => a + w * x[k]!, phase);
      return sum + weight * Math.cos(angle);
    }, 0);
}

interface Case {
  readonly campaign: Campaign;
  /** Specified outcomes, true values. */
  readonly truths: readonly { readonly truth: Truth; readonly min: number }[];
  readonly names: readonly string[];
  readonly tolerance: number;
}

/** `outcomes` functions of d settings, runs on a Sobol design with noise; each specification holds on about 60 % of the cube. */
function drawCase(d: number, runs: number, outcomes: number, noise: number, rng: Rng): Case {
  const names = Array.from({ length: d }, (_, k) => `x${k + 1}`);
  const tolerance = 0.02;
  const probe = createSobol(d, rng.fork("probe")).points(256);
  const row = (X: { data: Float64Array }, i: number): Float64Array => X.data.subarray(i * d, (i + 1) * d);
  const truths = Array.from({ length: outcomes }, (_, k) => {
    const truth = drawFunction(d, rng.fork(`outcome ${k}`));
    const values = Array.from({ length: 256 }, (_, i) => truth(row(probe, i))).toSorted((a, b) => a - b);
    return { truth, min: values[100]! };
  });
  const base = createCampaign({
    campaign: "truth",
    parameters: Object.fromEntries(names.map((name) => [name, { unit: "1", min: 0, max: 1, tolerance }])),
    outcomes: Object.fromEntries(truths.map(({ min }, k) => [`y${k + 1}`, { unit: "1", spec: { min } }])),
  });
  const design = createSobol(d, rng.fork("design")).points(runs);
  const errors = rng.fork("errors");
  const trials = Array.from({ length: runs }, (_, i): Trial => {
    const x = row(design, i);
    return {
      id: `t${String(i).padStart(3, "0")}`,
      status: "completed",
      parameters: Object.fromEntries(names.map((name, k) => [name, x[k]!])),
      context: {},
      observations: Object.fromEntries(
        truths.map(({ truth }, k) => [`y${k + 1}`, { value: truth(x) + noise * errors.normal() }]),
      ),
      origin: "measured",
    };
  });
  return { campaign: withTrials(base, trials), truths, names, tolerance };
}

/** Whether the true outcomes keep every specification that the window covers, at a dense set of the box and its tolerance. */
function holds(box: WindowBox, one: Case, covered: readonly string[]): boolean {
  const d = one.names.length;
  const low = box.sides.map((side) => side.from - side.tolerance);
  const width = box.sides.map((side, k) => side.to + side.tolerance - low[k]!);
  const points = createSobol(d, createRng(9)).points(4096);
  const truths = one.truths.filter((_, k) => covered.includes(`y${k + 1}`));
  const inside = (x: readonly number[]): boolean => truths.every(({ truth, min }) => truth(x) >= min);
  for (let mask = 0; mask < 2 ** d; mask++)
    if (!inside(low.map((l, k) => l + (Math.floor(mask / 2 ** k) % 2) * width[k]!))) return false;
  for (let i = 0; i < 4096; i++) {
    // Every other point on a face.
    const u = low.map((_, k) => points.data[i * d + k]!);
    if (i % 2 === 1) u[(i >> 1) % d] = (i >> 2) % 2;
    if (!inside(u.map((v, k) => low[k]! + v * width[k]!))) return false;
  }
  return true;
}

console.log(
  `Process windows at ${100 * PROBABILITY} %, ${CAMPAIGNS} campaigns a row, hyperparameters ${INFERENCE}; specifications hold on about 60 % of the range each.\n`,
);
console.log(
  "| settings | specifications | runs | noise sd | claimed | held | share held [95 %] | mean box, share of range |",
);
console.log("|---|---|---|---|---|---|---|---|");
let [allClaimed, allHeld] = [0, 0];
for (const [d, runs, outcomes, noise] of [
  [1, 10, 1, 0.1],
  [2, 16, 1, 0.1],
  [2, 16, 2, 0.1],
  [2, 40, 2, 0.2],
  [3, 40, 2, 0.1],
] as const) {
  let [claimed, held, volume] = [0, 0, 0];
  for (let c = 0; c < CAMPAIGNS; c++) {
    const one = drawCase(d, runs, outcomes, noise, createRng(1000 * d + c).fork(`${runs} ${outcomes}`));
    const { box, covers } = await processWindow(one.campaign, {
      probability: PROBABILITY,
      inference: INFERENCE,
      widen: false,
    });
    if (box === null) continue;
    claimed++;
    volume += box.volumeShare;
    const names = covers.map(({ outcome }) => outcome);
    if (holds(box, one, names)) held++;
  }
  allClaimed += claimed;
  allHeld += held;
  console.log(
    `| ${d} | ${outcomes} | ${runs} | ${noise} | ${claimed} of ${CAMPAIGNS} | ${held} | ${shareText(held, claimed)} | ${(volume / Math.max(1, claimed)).toFixed(3)} |`,
  );
}
console.log(`\nAll: ${allHeld} of ${allClaimed} claimed boxes hold: ${shareText(allHeld, allClaimed)}.`);

function shareText(passed: number, of: number): string {
  const [low, high] = jeffreysInterval(passed, of).map((p) => (100 * p).toFixed(1));
  return of === 0 ? "–" : `${((100 * passed) / of).toFixed(1)} % [${low}–${high}]`;
}
