/**
 * Simulation-based calibration of the Bayesian Gaussian process: are the ranks of the truth among the draws uniform?
 *
 * usage: npm run bench -- calibration [--replications 300] [--inputs 2] [--settings 12] [--markdown]
 *
 * Verdicts per quantity: χ² in 16 bins below its 99.9 % point, and the empirical distribution of the ranks inside the
 * band of Dvoretzky, Kiefer & Wolfowitz with Massart's constant (1990) at 99.9 %, √(ln(2/0.001)/(2 N)).
 */
import { parseArgs } from "node:util";
import { calibrationRanks, rankChiSquare } from "../test/surrogates/calibration-ranks.js";
import { printTable } from "./gp/print-table.js";

const DRAWS = 63;
const BINS = 16;
/** 99.9 % point of χ² with 15 degrees of freedom. */
const CRITICAL = 37.7;

const { values } = parseArgs({
  options: {
    replications: { type: "string", default: "300" },
    inputs: { type: "string", default: "2" },
    settings: { type: "string", default: "12" },
    markdown: { type: "boolean", default: false },
  },
});
const replications = Number(values.replications);
const band = Math.sqrt(Math.log(2 / 0.001) / (2 * replications));

/** Largest distance between the distribution of the ranks and the uniform one. */
function largestDeviation(ranks: readonly number[]): number {
  let worst = 0;
  for (let rank = 0; rank <= DRAWS; rank++) {
    const share = ranks.filter((other) => other <= rank).length / ranks.length;
    worst = Math.max(worst, Math.abs(share - (rank + 1) / (DRAWS + 1)));
  }
  return worst;
}

const start = process.cpuUsage();
const ranks = calibrationRanks({
  replications,
  draws: DRAWS,
  thinning: 10,
  warmup: 150,
  settings: Number(values.settings),
  inputs: Number(values.inputs),
});
const used = process.cpuUsage(start);
const seconds = ((used.user + used.system) / 1e6).toFixed(0);
console.log(
  `${replications} data sets of ${values.settings} settings and ${values.inputs} inputs from the default priors, ${DRAWS} draws each; ${seconds} s of CPU`,
);
printTable(
  ["quantity", "χ², 15 degrees", "99.9 %", "largest ECDF deviation", "band", "verdict"],
  [...ranks].map(([name, values_]) => {
    const [chiSquare, deviation] = [rankChiSquare(values_, DRAWS, BINS), largestDeviation(values_)];
    const uniform = chiSquare < CRITICAL && deviation < band;
    return [
      name,
      chiSquare.toFixed(1),
      String(CRITICAL),
      deviation.toFixed(3),
      band.toFixed(3),
      uniform ? "uniform" : "NOT UNIFORM",
    ];
  }),
  values.markdown,
);
