import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "../fake-effects.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cellwright-simulate-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("cellwright simulate", () => {
  it.each(["calendering", "formation"])(
    "writes %s rows that the campaign of `init` reads and checks",
    async (process) => {
      await runCli(folder, ["init", process]);
      const written = await runCli(folder, [
        "simulate",
        process,
        "--rows",
        "30",
        "--seed",
        "1",
        "--out",
        "simulated.csv",
      ]);
      expect([written.code, written.out]).toEqual([0, ""]);
      expect(written.err).toContain("Wrote 30 SYNTHETIC rows to simulated.csv");
      const check = await runCli(folder, [
        "data",
        "check",
        `${process}.campaign.yaml`,
        "--data",
        "simulated.csv",
      ]);
      expect(check.err).toBe("");
      expect(check.code).toBe(0);
      expect(check.out).toContain("30 rows");
      expect(check.out).toMatch(
        process === "calendering" ? /adhesion: [12]\d measured/ : /cycle_life: [23]\d measured/,
      );
    },
  );

  it("prints CSV alone on standard output: headers with units, SYNTHETIC in every row", async () => {
    const { code, out, err } = await runCli(folder, ["simulate", "calendering", "--rows", "5"]);
    const [header, ...rows] = out.trimEnd().split("\n");
    expect(code).toBe(0);
    expect(header).toMatch(/^trial,coil,line_load \[N\/mm\],roll_temperature \[degC\]/);
    expect(header).toMatch(/status,reason,origin,comment$/);
    expect(rows).toHaveLength(5);
    for (const row of rows) expect(row).toContain(",SYNTHETIC,");
    expect(err).toContain("note: Noise (assumption)");
  });

  it("gives the same bytes for the same seed", async () => {
    const ran = () => runCli(folder, ["simulate", "formation", "--rows", "9", "--seed", "3"]);
    expect((await ran()).out).toBe((await ran()).out);
  });

  it("takes a material, a chemistry and a world", async () => {
    expect(
      (await runCli(folder, ["simulate", "calendering", "--rows", "3", "--material", "graphite"])).err,
    ).toContain("graphite");
    const formation = await runCli(folder, [
      "simulate",
      "formation",
      "--rows",
      "3",
      "--chemistry",
      "LCO/graphite",
      "--world",
      "lee",
    ]);
    expect(formation.err).toContain("LCO/graphite, world lee");
  });

  it("never writes over a file", async () => {
    await runCli(folder, ["init", "calendering"]);
    const before = readFileSync(join(folder, "runs.csv"), "utf8");
    const { code, err } = await runCli(folder, ["simulate", "calendering", "--out", "runs.csv"]);
    expect(code).toBe(2);
    expect(err).toContain("nothing was written");
    expect(readFileSync(join(folder, "runs.csv"), "utf8")).toBe(before);
  });

  it.each([
    [["baking"], "calendering or formation"],
    [["calendering", "--rows", "0"], "--rows"],
    [["calendering", "--material", "LTO"], "NMC622"],
    [["calendering", "--chemistry", "LFP/graphite"], "no meaning here"],
    [["formation", "--material", "LFP"], "no meaning here"],
    [["formation", "--chemistry", "LTO"], "LFP/graphite"],
    [["formation", "--world", "flat"], "neutral, lee, an"],
    [["formation", "--chemistry", "LFP/graphite", "--world", "an"], "take neutral"],
  ])("refuses %j with what it expected, on standard error alone", async (argv, expected) => {
    const { code, out, err } = await runCli(folder, ["simulate", ...argv]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(expected);
  });
});
