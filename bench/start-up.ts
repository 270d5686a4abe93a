/**
 * Whole-process times of the built command line, each as a ratio to the floor `node -e 0` measured in the same run.
 * Budgets: DESIGN section 10 (cold `suggest` at most 0.5 s; `--help` under 150 ms).
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRng } from "../src/math/rng.js";

const root = process.env["CELLWRIGHT_ROOT"]!;
const cli = join(root, "dist", "cli.js");
const runs = 15;

const folder = mkdtempSync(join(tmpdir(), "cellwright-bench-"));
const campaign = join(folder, "bench.campaign.yaml");
const data = join(folder, "bench.csv");

function writeCampaign(): void {
  writeFileSync(
    campaign,
    `campaign: bench
parameters:
  a: { unit: "1", min: 0, max: 1 }
  b: { unit: "1", min: 0, max: 1 }
  c: { unit: "1", min: 0, max: 1 }
  d: { unit: "1", min: 0, max: 1 }
outcomes:
  y: { unit: "1", goal: maximize }
`,
  );
  const rng = createRng(7);
  const rows = Array.from({ length: 30 }, (_, i) => {
    const [a, b, c, d] = [rng.uniform(), rng.uniform(), rng.uniform(), rng.uniform()] as const;
    const y = 10 - 8 * (a - 0.6) * (a - 0.6) - 5 * (b - 0.3) * (b - 0.3) + c * d + 0.1 * rng.normal();
    return [`t${i}`, a, b, c, d, y].join(",");
  });
  writeFileSync(data, `trial,a,b,c,d,y\n${rows.join("\n")}\n`);
}

function wallMilliseconds(args: readonly string[]): number {
  const start = process.hrtime.bigint();
  const result = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${args.join(" ")} failed: ${result.stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

function measure(name: string, args: readonly string[]): number {
  wallMilliseconds(args);
  const wall = median(Array.from({ length: runs }, () => wallMilliseconds(args)));
  console.log(`${name.padEnd(44)} ${wall.toFixed(0).padStart(6)} ms`);
  return wall;
}

try {
  writeCampaign();
  console.log(`median wall time of ${runs} runs, Node ${process.version}`);
  const floor = measure("floor: node -e 0", ["-e", "0"]);
  const help = measure("cellwright --help", [cli, "--help"]);
  const suggest = measure("cellwright suggest, 30 rows, 4 parameters", [
    cli,
    "suggest",
    campaign,
    "--data",
    data,
    "-n",
    "1",
  ]);
  console.log(
    `--help is ${(help / floor).toFixed(1)} times the floor (budget 150 ms: ${help < 150 ? "met" : "MISSED"})`,
  );
  console.log(
    `suggest is ${(suggest / floor).toFixed(1)} times the floor (budget 500 ms: ${suggest < 500 ? "met" : "MISSED"})`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
