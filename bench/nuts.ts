/**
 * Sampling the hyperparameters of a Gaussian process: 40 rows, 6 parameters, four chains.
 * Budget (DESIGN section 10): 2 s of CPU with R-hat < 1.01 and an effective sample size of at least 100 for every
 * hyperparameter; peers take minutes. Several data sets, because one lucky seed proves little.
 */
import { matrixFromRows } from "../src/math/matrix.js";
import { createRng } from "../src/math/rng.js";
import type { BayesianPresetName } from "../src/surrogates/bayesian-coordinates.js";
import { fitBayesianGaussianProcess } from "../src/surrogates/bayesian-gaussian-process.js";
import type { InputDimension, SurrogateData } from "../src/surrogates/surrogate.js";

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

function cpuSeconds(action: () => void): number {
  const start = process.cpuUsage();
  action();
  const used = process.cpuUsage(start);
  return (used.user + used.system) / 1e6;
}

fitBayesianGaussianProcess(dataSet(0)); // compiled before it is timed
console.log(
  `${ROWS} rows, ${PARAMETERS} parameters, four chains, Node ${process.version}; budget ${BUDGET_SECONDS} s`,
);
console.log(
  "preset           CPU s   of budget   evaluations   µs each   R-hat    ESS bulk / tail   divergences",
);
for (const preset of [
  "default",
  "hvarfner-2024",
  "saas-2021",
] as const satisfies readonly BayesianPresetName[]) {
  for (const seed of SEEDS) {
    const data = dataSet(seed);
    let line = "";
    const seconds = cpuSeconds(() => {
      const { rHat, bulkEss, tailEss, divergences, evaluations } = fitBayesianGaussianProcess(data, {
        preset,
      }).sampling;
      line = `${String(evaluations).padStart(11)}   %7   ${rHat.toFixed(4)}   ${bulkEss.toFixed(0).padStart(5)} / ${tailEss.toFixed(0).padEnd(5)}   ${String(divergences).padStart(11)}`;
      line =
        line.replace("%7", "@".padStart(7)) +
        (rHat < 1.01 && Math.min(bulkEss, tailEss) >= 100 ? "" : "   MISSED");
    });
    const evaluations = Number(line.trim().split(/\s+/)[0]);
    line = line.replace(/ {6}@/, ((1e6 * seconds) / evaluations).toFixed(1).padStart(7));
    console.log(
      `${preset.padEnd(15)} ${seconds.toFixed(2).padStart(6)}   ${(seconds / BUDGET_SECONDS).toFixed(2).padStart(9)}   ${line}`,
    );
  }
}
