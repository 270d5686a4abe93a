import { mkdirSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { AskResult } from "../../src/campaign/suggestion.js";
import { ELECTRODE_MATERIALS } from "../../src/process/calendering/materials.js";
import { CELL_CHEMISTRIES } from "../../src/process/formation/chemistries.js";
import { scratchFolder } from "./scratch-folder.js";

const folder = scratchFolder();
/** One formed cell of 5 Ah at C/10: 5.4 Ah in, 4.95 Ah out. */
const CYCLER = `Test Time / s,Current / A,Voltage / V
0,0.5,3
38880,0.5,4.2
38880,-0.5,4.1
74520,-0.5,2.8
`;

describe("cellwright init", () => {
  it.each(CELL_CHEMISTRIES.map(({ name }) => name))(
    "writes a formation campaign for %s that suggests inside its limits",
    async (name) => {
      expect((await folder.run(["init", "formation", "--chemistry", name.toLowerCase()])).code).toBe(0);
      expect(folder.read("formation.campaign.yaml")).toContain(`chemistry: ${name} `);
      const { code, err, out } = await folder.run([
        "suggest",
        "formation.campaign.yaml",
        "-n",
        "2",
        "--format",
        "json",
      ]);
      expect(err).toBe("");
      expect(code).toBe(0);
      const { suggestions } = JSON.parse(out) as AskResult;
      expect(suggestions).toHaveLength(2);
      for (const s of suggestions) expect(s.predictions["cycler_time"]!.mean).toBeGreaterThan(1);
    },
  );

  it.each(ELECTRODE_MATERIALS.map(({ name }) => name))(
    "writes a calendering campaign for %s that suggests",
    async (name) => {
      expect((await folder.run(["init", "calendering", "--material", name])).code).toBe(0);
      expect((await folder.run(["suggest", "calendering.campaign.yaml", "-n", "1"])).code).toBe(0);
    },
  );

  it("refuses what it does not know with the nearest spelling, and options of the other process", async () => {
    expect(await folder.refused("init", "formation", "--chemistry", "NMC611/graphite")).toContain(
      "Did you mean NMC",
    );
    expect(await folder.refused("init", "calendering", "--material", "NMC")).toContain("expected one of NMC");
    expect(await folder.refused("init", "calendering", "--chemistry", "LFP/graphite")).toContain(
      "--material",
    );
    expect(readdirSync(folder.path())).toEqual([]);
  });

  it("leads from an empty folder to a recipe for every cycler, and reads the cycler's file back as the result", async () => {
    await folder.run(["init", "formation", "--chemistry", "NMC622/graphite"]);
    const campaign = "formation.campaign.yaml";
    const simulated = await folder.run([
      "simulate",
      "formation",
      "--rows",
      "24",
      "--seed",
      "3",
      "--out",
      "simulated.csv",
    ]);
    expect(simulated.err).not.toContain("cellwright:");
    folder.write("cells.csv", folder.read("simulated.csv"));
    const { out } = await folder.run(["suggest", campaign, "-n", "2", "--format", "json"]);
    const { suggestions, notes } = JSON.parse(out) as AskResult;
    const [first] = suggestions;
    for (const outcome of ["cycle_life", "first_cycle_efficiency", "cycler_time", "formation_cost"])
      expect(first!.predictions[outcome]!.mean).toBeGreaterThan(0);
    expect(notes.join()).toContain("Read first-cycle efficiency and the capacity sold beside it");
    mkdirSync(folder.path("recipes"));
    const recipe = await folder.run(["recipe", campaign, "--trial", first!.trial, "--out", "recipes"]);
    expect(recipe.code).toBe(0);
    expect(readdirSync(folder.path("recipes")).length).toBeGreaterThanOrEqual(8);
    folder.write("cell.csv", CYCLER);
    const read = await folder.run([
      ...["features", "cell.csv", "--record", "--campaign", campaign, "--trial", first!.trial],
    ]);
    expect(read.err).toContain(`${first!.trial}: completed`);
    expect(read.err).toContain("last_discharge_capacity 4.95");
  });
});
