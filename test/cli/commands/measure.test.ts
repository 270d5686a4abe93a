import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "../fake-effects.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cellwright-measure-"));
  writeFileSync(
    join(folder, "line.campaign.yaml"),
    `campaign: line
parameters:
  load: { unit: N/mm, min: 200, max: 1600 }
outcomes:
  density: { unit: g/cm3, goal: maximize, price: 5 }
  adhesion: { unit: N/m, spec: { min: 10 }, price: 40, minutes: 30 }
`,
  );
  writeFileSync(
    join(folder, "data.csv"),
    "trial,load,density,adhesion\nt1,200,2.5,20\nt2,600,3.0,17\nt3,1000,3.2,\nt4,1200,3.25,\nt5,1500,3.3,\n",
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("cellwright measure", () => {
  it("lists measurements with what they are worth for their price, and why", async () => {
    const { code, out } = await runCli(folder, ["measure", "line.campaign.yaml", "--data", "data.csv"]);
    expect(code).toBe(0);
    expect(out).toContain("Ordered by value per price.");
    expect(out).toMatch(/adhesion of t[345] is believed to be .* for 40 USD/);
    const json = await runCli(folder, [
      ...["measure", "line.campaign.yaml", "--data", "data.csv"],
      ...["--format", "json", "-n", "2"],
    ]);
    const { measurements } = JSON.parse(json.out) as { measurements: { outcome: string; worth: number }[] };
    expect(measurements).toHaveLength(2);
    expect(measurements[0]!.worth).toBeGreaterThanOrEqual(measurements[1]!.worth);
  });

  it("refuses a price that is none", async () => {
    writeFileSync(
      join(folder, "bad.campaign.yaml"),
      "campaign: bad\nparameters: { a: { unit: '1', min: 0, max: 1 } }\noutcomes: { y: { unit: '1', goal: maximize, price: -1 } }\n",
    );
    const { code, err } = await runCli(folder, ["measure", "bad.campaign.yaml"]);
    expect(code).not.toBe(0);
    expect(err).toContain("price");
  });
});
