/**
 * Reads a CSV of a million rows and eight columns, with progress, and prints seconds and peak memory beside the
 * budget of 1 GB. The floor is the same file split into lines by the plainest loop.
 *
 * usage: npm run bench -- read-million-rows [ROWS]
 */
import { createReadStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTable } from "../src/adapters/read-table.js";
import type { ColumnExpectation } from "../src/data/table.js";
import { createRng } from "../src/math/rng.js";

const rows = Number(process.argv[2] ?? 1_000_000);
const BUDGET_MEGABYTES = 1000;
const folder = mkdtempSync(join(tmpdir(), "cellwright-bench-"));
const path = join(folder, "million.csv");

const expectations: readonly ColumnExpectation[] = [
  { name: "coil", kind: "text", role: "group" },
  { name: "line_load", kind: "number", unit: "N/mm", role: "parameter" },
  { name: "roll_temperature", kind: "number", unit: "degC", role: "parameter" },
  { name: "line_speed", kind: "number", unit: "m/min", role: "parameter" },
  { name: "initial_porosity", kind: "number", unit: "%", role: "context" },
  { name: "porosity", kind: "number", unit: "%", role: "outcome", minimum: 0, maximum: 100 },
  { name: "tortuosity", kind: "number", unit: "1", role: "outcome" },
];

/** Rows in a fixed cycle of distinct texts: what is measured is reading, not making. */
async function writeRows(): Promise<void> {
  const rng = createRng(1);
  const tails = Array.from({ length: 997 }, () => {
    const values = [200 + 1400 * rng.uniform(), 25 + 95 * rng.uniform(), 5 + 75 * rng.uniform()];
    const results = [35 + 25 * rng.uniform(), 20 + 20 * rng.uniform(), 2 + 4 * rng.uniform()];
    return [...values, ...results].map((value) => value.toFixed(4)).join(",");
  });
  const file = await open(path, "w");
  await file.write(
    "trial,coil,line_load [kN/m],roll_temperature,line_speed,initial_porosity,porosity,tortuosity\n",
  );
  for (let start = 0; start < rows; start += 10_000) {
    const lines: string[] = [];
    for (let i = start; i < Math.min(rows, start + 10_000); i += 1) {
      lines.push(`run-${i},coil-${i % 5000},${tails[i % tails.length]!}\n`);
    }
    await file.write(lines.join(""));
  }
  await file.close();
}

async function countLines(): Promise<number> {
  let lines = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 262_144 }) as AsyncIterable<Uint8Array>) {
    for (const byte of chunk) if (byte === 10) lines += 1;
  }
  return lines;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

try {
  await writeRows();
  const megabytes = statSync(path).size / 1e6;
  const floor = await seconds(countLines);
  let reports = 0;
  const time = await seconds(async () => {
    const table = await readTable(path, { expectations, onProgress: () => (reports += 1) });
    if (table.rowCount !== rows) throw new Error(`read ${table.rowCount} rows of ${rows}`);
  });
  const peak = process.resourceUsage().maxRSS / 1000;
  console.log(`${rows} rows × 8 columns, ${megabytes.toFixed(0)} MB, Node ${process.version}`);
  console.log(
    `read and checked   ${time.toFixed(2)} s (${(megabytes / time).toFixed(0)} MB/s, ${reports} progress reports)`,
  );
  console.log(`floor: count lines ${floor.toFixed(2)} s, ratio ${(time / floor).toFixed(1)}`);
  console.log(
    `peak memory        ${peak.toFixed(0)} MB of ${BUDGET_MEGABYTES} MB: ${peak < BUDGET_MEGABYTES ? "inside" : "OVER"} the budget`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
