/**
 * The proof of the Gaussian-process engine: skill on real data and at few rows, the optimum, many rows, and the budgets of
 * DESIGN section 10, beside peers.
 *
 * usage: npm run bench -- gp [--only quality,small,optimum,scale,speed] [--quick] [--markdown]
 *        [--python PATH] [--record]
 *
 * --python (or CELLWRIGHT_PEERS_PYTHON): a Python with bench/peers/requirements.txt; the peers run in the same run.
 * Without it their figures of an earlier run are printed (bench/data/gp-peers.json, written with --record).
 * --quick: no sampling on real data, fits up to 200 rows, up to 20,000 rows instead of 100,000.
 */
import { parseArgs } from "node:util";
import { printBudgets } from "./gp/budgets.js";
import { answeredMeasurement, type ManyRowsCost, printManyRows } from "./gp/many-rows.js";
import { printOptimumGaps } from "./gp/maximum.js";
import { openPeers } from "./gp/peers.js";
import { printQuality } from "./gp/real-quality.js";
import { printSmallData } from "./gp/small-data.js";

const PARTS = ["quality", "small", "optimum", "scale", "speed"] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: PARTS.join(",") },
      quick: { type: "boolean", default: false },
      markdown: { type: "boolean", default: false },
      python: { type: "string" },
      record: { type: "boolean", default: false },
    },
  });
  const wanted = values.only.split(",");
  const unknown = wanted.filter((part) => !(PARTS as readonly string[]).includes(part));
  if (unknown.length > 0)
    throw new Error(`--only: found ${unknown.join(", ")}, expected ${PARTS.join(", ")}`);
  const python = values.python ?? process.env["CELLWRIGHT_PEERS_PYTHON"];
  const peers = openPeers({ record: values.record, ...(python !== undefined && { python }) });
  const { quick, markdown } = values;
  console.log(`Node ${process.version}`);
  if (wanted.includes("quality")) await printQuality(peers, { quick, markdown });
  if (wanted.includes("small")) printSmallData(peers, { quick, markdown });
  if (wanted.includes("optimum")) await printOptimumGaps({ quick, markdown });
  let manyRows: ManyRowsCost | null = null;
  if (wanted.includes("scale")) {
    const sizes = quick ? [5000, 20_000] : [5000, 20_000, 100_000];
    manyRows = printManyRows({ sizes, compared: quick ? 1 : 3, markdown });
  }
  if (wanted.includes("speed")) printBudgets(peers, { quick, markdown, manyRows });
  console.log(peers.source());
}

if (!answeredMeasurement(process.argv.slice(2))) await main();
