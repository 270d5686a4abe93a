import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../adapters/temporary-folder.js";
import { runCli } from "../fake-effects.js";

const FORMATION = `campaign: cells
process: formation
chemistry: NMC622/graphite
cell: { upper_voltage: 4.2, lower_voltage: 2.8, capacity: 5 }
parameters:
  c_rate_cc1: { unit: C, min: 0.02, max: 1.5, scale: log }
  v_cutoff_cc1: { unit: V, min: 3.5, max: 4.0 }
  c_rate_cc2: { unit: C, min: 0.02, max: 0.6, scale: log }
outcomes:
  cycle_life: { unit: "1", goal: maximize }
`;
const SETTINGS = ["--set", "c_rate_cc1=0.3", "--set", "v_cutoff_cc1=3.8", "--set", "c_rate_cc2=0.2"];

function folderWith(campaign: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "c.yaml"), campaign);
  return folder;
}

describe("cellwright recipe", () => {
  it("writes every format into a folder, and nothing over what is there without --force", async () => {
    const folder = folderWith(FORMATION);
    mkdirSync(join(folder, "out"));
    const first = await runCli(folder, ["recipe", "c.yaml", ...SETTINGS, "--out", "out"]);
    expect(first.code).toBe(0);
    expect(readdirSync(join(folder, "out")).sort()).toEqual([
      "cells.arbin.1-precharge.sdu",
      "cells.arbin.2-formation.sdu",
      "cells.battinfo.json",
      "cells.biologic.1-precharge.mps",
      "cells.biologic.2-formation.mps",
      "cells.maccor.xml",
      "cells.neware.1-precharge.xml",
      "cells.neware.2-formation.xml",
      "cells.pybamm.json",
      "cells.sheet.html",
      "cells.unicycler.1-precharge.json",
      "cells.unicycler.2-formation.json",
    ]);
    expect(first.err).toContain("A proposal: have a person check every value");
    const again = await runCli(folder, ["recipe", "c.yaml", ...SETTINGS, "--out", "out"]);
    expect(again.code).toBe(2);
    expect(again.err).toContain("add --force to overwrite");
    expect((await runCli(folder, ["recipe", "c.yaml", ...SETTINGS, "--out", "out", "--force"])).code).toBe(0);
  });

  it("exports a suggested trial, in two files where the format has one window", async () => {
    const folder = folderWith(FORMATION);
    const suggested = await runCli(folder, ["suggest", "c.yaml", "-n", "1", "--format", "json"]);
    const [{ trial }] = (JSON.parse(suggested.out) as { suggestions: [{ trial: string }] }).suggestions;
    const ran = await runCli(folder, [
      "recipe",
      "c.yaml",
      "--trial",
      trial,
      "--format",
      "neware",
      "--out",
      "r.xml",
    ]);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain("Wrote r.1-precharge.xml\nWrote r.2-formation.xml\n");
    expect(readFileSync(join(folder, "r.1-precharge.xml"), "utf8")).toContain(`trial ${trial}`);
    const unknown = await runCli(folder, ["recipe", "c.yaml", "--trial", "S009", "--format", "sheet"]);
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining(`Open trials: ${trial}`)]);
  });

  it("prints one file, and refuses what it cannot print or does not know", async () => {
    const folder = folderWith(FORMATION);
    const printed = await runCli(folder, ["recipe", "c.yaml", ...SETTINGS, "--format", "battinfo"]);
    expect(JSON.parse(printed.out)).toMatchObject({ test_spec: { kind: "formation" } });
    const cases: readonly (readonly [readonly string[], string])[] = [
      [[...SETTINGS, "--format", "neware"], "2 files"],
      [[...SETTINGS, "--format", "newaer"], "Did you mean neware?"],
      [SETTINGS, "Say which --format"],
      [[...SETTINGS, "--out", "nowhere"], "no folder"],
      [["--format", "sheet"], "either --trial ID, or every setting"],
      [["--set", "c_rate_cc1=0.3", "--format", "sheet"], "missing: v_cutoff_cc1, c_rate_cc2"],
    ];
    for (const [argv, message] of cases) {
      const ran = await runCli(folder, ["recipe", "c.yaml", ...argv]);
      expect([ran.code, ran.out, ran.err]).toEqual([2, "", expect.stringContaining(message)]);
    }
  });

  it("refuses settings beyond the limits; prints the ones that the campaign loosened", async () => {
    const fast = ["--set", "c_rate_cc1=1.2", "--set", "v_cutoff_cc1=3.8", "--set", "c_rate_cc2=0.2"];
    const refused = await runCli(folderWith(FORMATION), ["recipe", "c.yaml", ...fast, "--format", "sheet"]);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("c_rate_cc1 plating guard")]);
    const loosened = `${FORMATION}limits:\n  c_rate_cc1 plating guard: { expression: c_rate_cc1 <= 1.3 C, reason: opened cells were clean, name: A. Person }\n`;
    const allowed = await runCli(folderWith(loosened), ["recipe", "c.yaml", ...fast, "--format", "sheet"]);
    expect(allowed.code).toBe(0);
    expect(allowed.out).toContain("opened cells were clean (A. Person)");
  });

  it("makes no formation recipe without the cell's rating", async () => {
    const folder = folderWith(FORMATION.replace(/^cell: .*\n/mu, ""));
    const ran = await runCli(folder, ["recipe", "c.yaml", ...SETTINGS, "--format", "sheet"]);
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining("Add cell:")]);
  });

  it("writes calendering settings as a sheet and as a formula", async () => {
    const folder = folderWith(
      "campaign: line\nprocess: calendering\nparameters:\n  line_load: { unit: N/mm, min: 200, max: 1600 }\noutcomes:\n  porosity: { unit: '%', goal: minimize }\n",
    );
    const ran = await runCli(folder, ["recipe", "c.yaml", "--set", "line_load=812", "--format", "isa88"]);
    expect(JSON.parse(ran.out)).toMatchObject({
      formula: { processParameters: [{ id: "line_load", value: 812, unit: "N/mm", allowed: "200 to 1600" }] },
    });
    const sheet = await runCli(folder, ["recipe", "c.yaml", "--set", "line_load=812", "--format", "sheet"]);
    expect(sheet.out).toContain("<td>line_load</td><td>N/mm</td><td>812</td>");
  });
});
