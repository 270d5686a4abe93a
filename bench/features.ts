/**
 * Reads a SYNTHETIC cycler file of a million rows and finds its formation features, in each kind of file; prints seconds
 * and peak memory beside the budget of 10 s and 500 MB.
 *
 * usage: npm run bench -- features [ROWS]
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCyclerFile } from "../src/adapters/read-cycler-file.js";
import { formationFeatures } from "../src/process/formation/features/formation-features.js";

const rows = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), "cellwright-bench-"));

const clock = (seconds: number): string =>
  [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, "0"))
    .join(":");

/** A charge and a discharge at one row a second, with the columns that such files have. */
const FILES = {
  bdf: {
    header: "Test Time / s,Current / A,Voltage / V,Cycle Count / 1,Step Count / 1",
    row: (i: number, amps: string, volts: string) => `${i}.00,${amps},${volts},1,2`,
  },
  neware: {
    header:
      "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(A),Voltage(V),Capacity(Ah),Energy(Wh),Date,Power(W)",
    row: (i: number, amps: string, volts: string) =>
      `${i},1,2,CC ${amps.startsWith("-") ? "D" : ""}Chg,${clock(i)},${clock(i)},${amps},${volts},0.1234,0.4567,2026-01-02 03:04:05,1.8765`,
  },
  biologic: {
    header: "EC-Lab ASCII FILE\nNb header lines : 3\nmode\ttime/s\tEwe/V\tI/mA\tdQ/mA.h",
    row: (i: number, amps: string, volts: string) =>
      `1\t${i},000000000E+000\t${volts.replace(".", ",")}\t${(Number(amps) * 1000).toFixed(6).replace(".", ",")}\t0,1`,
  },
} as const;

try {
  for (const [name, { header, row }] of Object.entries(FILES)) {
    const path = join(folder, `${name}.csv`);
    const file = await open(path, "w");
    await file.write(`${header}\n`);
    for (let start = 0; start < rows; start += 10_000) {
      const lines: string[] = [];
      for (let i = start; i < Math.min(rows, start + 10_000); i += 1) {
        const share = (2 * i) / rows;
        const volts = share < 1 ? 3 + 1.2 * share : 4.2 - 1.2 * (share - 1);
        lines.push(`${row(i, share < 1 ? "0.500000" : "-0.500000", volts.toFixed(6))}\n`);
      }
      await file.write(lines.join(""));
    }
    await file.close();
    const start = process.hrtime.bigint();
    const record = await readCyclerFile(path, { cwd: folder });
    const features = formationFeatures(record);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const efficiency =
      features.find((feature) => feature.name === "first_cycle_efficiency")?.value ?? Number.NaN;
    const peak = process.resourceUsage().maxRSS / 1024;
    process.stdout.write(
      `${name}: ${record.rows} rows, ${(statSync(path).size / 1e6).toFixed(0)} MB in ${seconds.toFixed(2)} s (budget 10), peak ${peak.toFixed(0)} MB (budget 500), efficiency ${efficiency.toFixed(2)} %\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
