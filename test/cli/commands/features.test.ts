import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../adapters/temporary-folder.js";
import { runCli } from "../fake-effects.js";

const CELL = `Test Time / s,Current / A,Voltage / V
0,0.5,3
3600,0.5,4.1
3600,-0.5,4.0
6480,-0.5,3
`;
const CAMPAIGN = `campaign: cells
process: formation
chemistry: NMC622/graphite
cell: { upper_voltage: 4.2, lower_voltage: 2.8, capacity: 0.5 }
parameters:
  c_rate_cc1: { unit: C, min: 0.02, max: 1, scale: log }
outcomes:
  first_cycle_efficiency: { unit: "1", goal: maximize }
  sold: { unit: mAh }
`;

function folder(): string {
  const path = temporaryFolder();
  writeFileSync(join(path, "cell.csv"), CELL);
  writeFileSync(join(path, "c.yaml"), CAMPAIGN);
  return path;
}

describe("cellwright features", () => {
  it("prints a table with definitions, JSON and CSV", async () => {
    const cwd = folder();
    const table = await runCli(cwd, ["features", "cell.csv"]);
    expect(table.out).toContain("first_cycle_efficiency");
    expect(table.out).toContain("80");
    expect(table.err).toContain("Battery Data Format, 4 rows");
    const json = await runCli(cwd, ["features", "cell.csv", "--format", "json"]);
    const { features } = JSON.parse(json.out) as { features: { name: string; value: number | null }[] };
    expect(features.find(({ name }) => name === "first_cycle_efficiency")!.value).toBeCloseTo(80, 9);
    const csv = await runCli(cwd, ["features", "cell.csv", "--format", "csv"]);
    expect(csv.out.split("\n")[0]).toContain("first_cycle_efficiency [%]");
  });

  it("records them as the result of a trial, in the campaign's units, once", async () => {
    const cwd = folder();
    const suggested = await runCli(cwd, ["suggest", "c.yaml", "-n", "1", "--format", "json"]);
    const [{ trial }] = (JSON.parse(suggested.out) as { suggestions: [{ trial: string }] }).suggestions;
    const argv = ["features", "cell.csv", "--record", "--campaign", "c.yaml", "--trial", trial];
    const recorded = await runCli(cwd, [...argv, "--map", "sold=last_discharge_capacity"]);
    expect(recorded.code).toBe(0);
    expect(recorded.err).toContain(`${trial}: completed: first_cycle_efficiency 0.8, sold 400`);
    const again = await runCli(cwd, [...argv, "--map", "sold=last_discharge_capacity"]);
    expect(again.err).toContain("already recorded");
  });

  it("refuses what it cannot record, and records nothing", async () => {
    const cwd = folder();
    const base = ["features", "cell.csv", "--record", "--campaign", "c.yaml"];
    const cases: readonly (readonly [readonly string[], string])[] = [
      [["features", "cell.csv", "--trial", "S001"], "are for --record"],
      [base, "--record needs"],
      [[...base, "--trial", "nobody"], 'There is no trial "nobody"'],
      [
        [...base, "--trial", "nobody", "--map", "sold=last_discharge_capacty"],
        "Did you mean last_discharge_capacity?",
      ],
      [[...base, "--trial", "nobody", "--map", "sold=low_soc_resistance"], "without a value"],
      [["features", "none.csv"], "no such file"],
    ];
    for (const [argv, message] of cases) {
      const ran = await runCli(cwd, argv);
      expect([ran.code, ran.err]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});
