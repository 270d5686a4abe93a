import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "../fake-effects.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cellwright-score-"));
  writeFileSync(
    join(folder, "line.campaign.yaml"),
    `campaign: line
parameters:
  load: { unit: N/mm, min: 200, max: 1600, step: 50 }
outcomes:
  density: { unit: g/cm3, goal: maximize }
constraints: [load <= 1500]
`,
  );
  writeFileSync(
    join(folder, "data.csv"),
    "trial,load,density\nt1,200,2.5\nt2,600,3.0\nt3,1000,3.2\nt4,1400,3.1\n",
  );
  writeFileSync(join(folder, "ideas.csv"), "trial,load\nmild,450\nwild,1600\nodd,1001\ngood,1150\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const argv = ["score", "line.campaign.yaml", "--data", "data.csv", "--candidates", "ideas.csv"];

describe("cellwright score", () => {
  it("ranks the rows that may be run and names what forbids the others", async () => {
    const { code, out } = await runCli(folder, argv);
    expect(code).toBe(0);
    expect(out).toMatch(/│ 1 +│ good/);
    expect(out).toContain("wild: ");
    expect(out).toContain("load <= 1500");
    expect(out).toContain(
      "odd: parameters.load: found 1001 N/mm, expected a value of its steps, such as 1000 N/mm.",
    );
  });

  it("judges rows without a state in the one that is asked for", async () => {
    const campaign = readFileSync(join(folder, "line.campaign.yaml"), "utf8");
    const context = 'context:\n  porosity_before: { unit: "%", min: 35, max: 60, value: 44 }\n';
    writeFileSync(join(folder, "line.campaign.yaml"), campaign.replace("outcomes:", `${context}outcomes:`));
    writeFileSync(
      join(folder, "data.csv"),
      "trial,load,porosity_before,density\nt1,200,44,2.5\nt2,600,45,3.0\nt3,1000,43,3.2\nt4,1400,44,3.1\n",
    );
    const { code, out } = await runCli(folder, [...argv, "--format", "json"]);
    expect(code).toBe(0);
    const { candidates } = JSON.parse(out) as { candidates: { context: object }[] };
    expect(candidates.map(({ context: state }) => state)).toEqual(
      candidates.map(() => ({ porosity_before: 44 })),
    );
  });

  it("answers as JSON and as CSV", async () => {
    const json = await runCli(folder, [...argv, "--format", "json"]);
    const answer = JSON.parse(json.out) as { candidates: { candidate: string; rank: number | null }[] };
    expect(answer.candidates.map(({ candidate, rank }) => [candidate, rank])).toEqual([
      ["mild", 2],
      ["wild", null],
      ["odd", null],
      ["good", 1],
    ]);
    await runCli(folder, [...argv, "--out", "scored.csv"]);
    const lines = readFileSync(join(folder, "scored.csv"), "utf8").trim().split("\n");
    expect(lines[0]).toContain("candidate,rank,load,density_mean");
    expect(lines).toHaveLength(5);
  });
});
