import { describe, expect, it } from "vitest";
import { maturingTrials } from "../../campaign/maturing-cells.js";
import { scratchFolder } from "../scratch-folder.js";

const folder = scratchFolder();

const CAMPAIGN = `campaign: formation
parameters:
  c_rate: { unit: C, min: 0.1, max: 2 }
  temperature: { unit: degC, min: 25, max: 55 }
outcomes:
  cycle_life:
    unit: "1"
    goal: maximize
    matures: { signals: { first_cycle_efficiency: 30, low_soc_resistance: 80 }, hours: 1500, elapsed: test_hours }
  first_cycle_efficiency: { unit: "%" }
  low_soc_resistance: { unit: "1" }
  test_hours: { unit: h }
`;

const NAMES = [
  "c_rate",
  "temperature",
  "first_cycle_efficiency",
  "low_soc_resistance",
  "test_hours",
  "cycle_life",
];

/** Cells without a status: what is measured tells it. */
function cellsCsv(mature: number, running: number): string {
  const rows = maturingTrials(1, mature, running).map((trial) =>
    [
      trial.id,
      ...NAMES.map((name) => trial.parameters[name] ?? trial.observations[name]?.value ?? ""),
      "SYNTHETIC",
    ].join(","),
  );
  return `${[["trial", ...NAMES, "origin"].join(","), ...rows].join("\n")}\n`;
}

describe("cellwright cells", () => {
  it("prints what is advised of each running cell, why, and how a freed one is recorded", async () => {
    folder.write("f.campaign.yaml", CAMPAIGN);
    folder.write("cells.csv", cellsCsv(9, 5));
    const { code, out, err } = await folder.run(["cells", "f.campaign.yaml", "--data", "cells.csv"]);
    expect(code).toBe(0);
    for (const id of ["C10", "C11", "C12", "C13", "C14"]) expect(out).toContain(id);
    expect(out).toContain("among the best with probability");
    expect(out).toMatch(/trial=C1\d status=abandoned/u);
    expect(err).toContain("cycle_life of 5 running cells is estimated from low_soc_resistance");
  });

  it("gives every number as JSON and as CSV", async () => {
    folder.write("f.campaign.yaml", CAMPAIGN);
    folder.write("cells.csv", cellsCsv(9, 3));
    const argv = ["cells", "f.campaign.yaml", "--data", "cells.csv", "--format"];
    const json = JSON.parse((await folder.run([...argv, "json"])).out) as {
      readonly cells: readonly Readonly<Record<string, unknown>>[];
    };
    expect(json.cells).toHaveLength(3);
    expect(json.cells[0]).toMatchObject({ hoursSoFar: 100, hoursLeft: 1400 });
    const lines = (await folder.run([...argv, "csv"])).out.trim().split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain(
      "trial,advice,c_rate,temperature,signals,hours_so_far,hours_left,cycle_life_mean",
    );
  });

  it("takes early results one by one from record, until the outcome itself completes the cell", async () => {
    folder.write("f.campaign.yaml", CAMPAIGN);
    const tell = (...results: string[]) => folder.run(["record", "f.campaign.yaml", ...results]);
    const begun = await tell("trial=A", "c_rate=0.5", "temperature=40", "first_cycle_efficiency=85");
    expect(begun.out).toContain("A: running: first_cycle_efficiency 85");
    expect((await tell("trial=A", "low_soc_resistance=1.1", "test_hours=90")).out).toContain("A: running");
    expect((await tell("trial=A", "test_hours=300")).out).toContain("test_hours 300");
    const waiting = await folder.run(["cells", "f.campaign.yaml"]);
    expect(waiting.code).toBe(0);
    expect(waiting.out).toContain(
      "A  Keep cycling: cycle_life cannot be predicted yet. Fewer than 5 settings",
    );
    expect((await tell("trial=A", "cycle_life=880")).out).toContain("A: completed");
    folder.write("more.csv", "trial,c_rate,temperature,first_cycle_efficiency\nB,0.7,45,86\n");
    expect((await tell("--data", "more.csv")).out).toContain("B: running");
  });

  it("is refused where nothing matures", async () => {
    folder.write("p.campaign.yaml", CAMPAIGN.replace(/ {4}matures: .*\n/u, ""));
    expect(await folder.refused("cells", "p.campaign.yaml")).toContain("No advice on running cells");
  });
});
