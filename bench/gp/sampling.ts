/**
 * Sampling the hyperparameters of a Gaussian process: 40 rows, 6 parameters, four chains.
 * Budget (DESIGN section 10): 2 s of CPU with R-hat < 1.01 and an effective sample size of at least 100 for every
 * hyperparameter; peers take minutes. Several data sets, because one lucky seed proves little.
 */
import { matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import type { BayesianPresetName } from "../../src/surrogates/bayesian-coordinates.js";
import { fitBayesianGaussianProcess } from "../../src/surrogates/bayesian-gaussian-process.js";
import type { SamplingReport } from "../../src/surrogates/bayesian-sampling.js";
import type { InputDimension, SurrogateData } from "../../src/surrogates/surrogate.js";

const ROWS = 40;
const PARAMETERS = 6;
const BUDGET_SECONDS = 2;
const SEEDS = [1, 2, 3, 4, 5];

/** A curved outcome of four of six parameters with noise of about a tenth of its spread. */
function dataSet(seed: number): SurrogateData {
  const rng = createRng(seed);
  const X = matrixFromRows(
    Array.from({ length: ROWS }, () => Array.from({ length: PARAMETERS }, () => rng.uniform())),
  );
  const inputs = Array.from(
    { length: PARAMETERS },
    (_, k): InputDimension => ({ name: `x${k}`, kind: "continuous" }),
  );
  const y = Float64Array.from({ length: ROWS }, (_, i) => {
    const [a, b, c, d] = X.data.subarray(i * PARAMETERS);
    return Math.sin(4 * a!) + b! * b! + 0.5 * c! * d! + 0.1 * rng.normal();
  });
  return { inputs, X, y };
}

interface SampledFit extends SamplingReport {
  readonly seconds: number;
  /** Within the budget, with R-hat and effective sample sizes as asked. */
  readonly met: boolean;
}

function sampledFit(preset: BayesianPresetName, seed: number): SampledFit {
  const data = dataSet(seed);
  const start = process.cpuUsage();
  const { sampling } = fitBayesianGaussianProcess(data, { preset });
  const used = process.cpuUsage(start);
  const seconds = (used.user + used.system) / 1e6;
  const { rHat, bulkEss, tailEss } = sampling;
  const met = seconds <= BUDGET_SECONDS && rHat < 1.01 && Math.min(bulkEss, tailEss) >= 100;
  return { ...sampling, seconds, met };
}

/** CPU seconds of the slowest of the data sets under the default priors, and whether all met their diagnostics. */
export function slowestSampling(): { readonly seconds: number; readonly met: boolean } {
  fitBayesianGaussianProcess(dataSet(0)); // compiled before it is timed
  const fits = SEEDS.map((seed) => sampledFit("default", seed));
  return { seconds: Math.max(...fits.map((fit) => fit.seconds)), met: fits.every((fit) => fit.met) };
}

/** Prints every preset on every data set. */
export function printSampling(): void {
  fitBayesianGaussianProcess(dataSet(0)); // compiled before it is timed
  console.log(
    `${ROWS} rows, ${PARAMETERS} parameters, four chains, Node ${process.version}; budget ${BUDGET_SECONDS} s`,
  );
  console.log(
    "preset            CPU s   of budget   evaluations   µs each    R-hat   ESS bulk   tail   divergences",
  );
  for (const preset of ["default", "hvarfner-2024", "saas-2021"] as const) {
    for (const seed of SEEDS) console.log(lineOf(preset, seed));
  }
}

function lineOf(preset: BayesianPresetName, seed: number): string {
  const { seconds, met, rHat, bulkEss, tailEss, divergences, evaluations } = sampledFit(preset, seed);
  return [
    preset.padEnd(15),
    seconds.toFixed(2).padStart(8),
    (seconds / BUDGET_SECONDS).toFixed(2).padStart(12),
    String(evaluations).padStart(14),
    ((1e6 * seconds) / evaluations).toFixed(1).padStart(10),
    rHat.toFixed(4).padStart(9),
    bulkEss.toFixed(0).padStart(11),
    tailEss.toFixed(0).padStart(7),
    String(divergences).padStart(14),
    met ? "" : "   MISSED",
  ].join("");
}
