import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "../fake-effects.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cellwright-design-"));
  writeFileSync(join(folder, "line.campaign.yaml"), CAMPAIGN);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const CAMPAIGN = `campaign: line
parameters:
  load: { unit: N/mm, min: 200, max: 1600, step: 50 }
  temperature: { unit: degC, min: 20, max: 120, step: 5 }
outcomes:
  density: { unit: g/cm3, goal: maximize }
constraints:
  - load + 10 * temperature <= 2500
`;

describe("cellwright design", () => {
  it("prints the runs, what they can tell, and what was moved", async () => {
    const { code, out, err } = await runCli(folder, [
      "design",
      "line.campaign.yaml",
      "--kind",
      "ccd",
      "--axial",
      "face",
    ]);
    expect(code).toBe(0);
    expect(out).toContain("D-efficiency");
    expect(out).toContain("load·temperature");
    expect(err).toContain("Moved to the nearest allowed setting");
    expect(err).toContain("Nothing was kept");
  });

  it("keeps runs that record can fill in, and writes the file for it", async () => {
    const argv = [
      "design",
      "line.campaign.yaml",
      "--kind",
      "factorial",
      "--center",
      "2",
      "--record",
      "--out",
      "d.csv",
    ];
    const { code, err } = await runCli(folder, argv);
    expect(code).toBe(0);
    expect(err).toContain("Kept as suggested trials");
    const lines = readFileSync(join(folder, "d.csv"), "utf8").trim().split("\n");
    expect(lines).toHaveLength(7);
    const filled = lines.map((line, i) => (i === 0 ? line : fillIn(line, 3 + i / 10)));
    writeFileSync(join(folder, "d.csv"), filled.join("\n"));
    const recorded = await runCli(folder, ["record", "line.campaign.yaml", "--data", "d.csv"]);
    expect(recorded.err + recorded.out).toContain("6");
    expect(recorded.code).toBe(0);
    const next = await runCli(folder, ["suggest", "line.campaign.yaml", "-n", "1", "--format", "json"]);
    expect((JSON.parse(next.out) as { suggestions: { origin: string }[] }).suggestions[0]?.origin).toBe(
      "model",
    );
  });

  it("refuses to record beside --data, and a kind that it does not know", async () => {
    const both = ["design", "line.campaign.yaml", "--kind", "lhs", "--record", "--data", "x.csv"];
    expect((await runCli(folder, both)).code).toBe(2);
    expect((await runCli(folder, ["design", "line.campaign.yaml", "--kind", "taguchi"])).code).toBe(2);
    expect((await runCli(folder, ["design", "line.campaign.yaml"])).code).toBe(2);
  });
});

/** Puts a density into the empty column behind the two settings. */
function fillIn(line: string, density: number): string {
  const cells = line.split(",");
  cells[4] = String(density);
  return cells.join(",");
}
