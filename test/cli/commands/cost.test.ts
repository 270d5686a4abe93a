import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "../fake-effects.js";

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "cellwright-cost-"));
  await runCli(folder, ["init", "calendering"]);
  await runCli(folder, ["init", "formation"]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cost = (...argv: string[]) => runCli(folder, ["cost", ...argv]);
const calendering = "calendering.campaign.yaml";
const formation = "formation.campaign.yaml";

interface Answer {
  readonly rows: readonly {
    section: string;
    label: string;
    baseline: { value: number };
    setting: { value: number; range?: [number, number] };
  }[];
}
const rowOf = (out: string, section: string, label: string): Answer["rows"][number] =>
  (JSON.parse(out) as Answer).rows.find((r) => r.section === section && r.label === label)!;

describe("cellwright cost of calendering", () => {
  it("prints a setting against the baseline, per cell and per year", async () => {
    const { code, out, err } = await cost(calendering, "--set", "line_speed=60");
    expect(code).toBe(0);
    for (const text of [
      "baseline",
      "setting",
      "per cell",
      "per year",
      "calendering (MUSD)",
      "4.849",
      "5.77 ",
      "+19 %",
    ])
      expect(out).toContain(text);
    expect(err).toContain("note: Cost: Liu et al. (2021)");
  });

  it("takes settings in any unit and settings that the campaign does not have", async () => {
    const { out } = await cost(
      calendering,
      "--format",
      "json",
      "--set",
      "line_speed=1 m/s",
      "--set",
      "passes=2",
    );
    expect(rowOf(out, "setting", "line speed").setting.value).toBe(60);
    expect(rowOf(out, "setting", "passes").setting.value).toBe(2);
  });

  it("takes a plant's own constants", async () => {
    const { out } = await cost(calendering, "--format", "json", "--set", "calendering_cost_per_year=1e6");
    expect(rowOf(out, "per year", "calendering").baseline.value).toBeCloseTo(1, 12);
  });
});

describe("cellwright cost of formation", () => {
  const protocol = ["--set", "c_rate_cc1=0.5", "--set", "v_cutoff_cc1=3.9", "--set", "c_rate_cc2=0.2"];

  it("computes the hours of a protocol, shows a range and asks for the cycling share", async () => {
    const { code, out, err } = await cost(formation, ...protocol);
    expect(code).toBe(0);
    expect(out).toMatch(/formation and ageing \(USD\/cell\).*\[.*–.*\]/);
    expect(err).toContain("Answer with --set cycling_share");
    expect(err).toContain("note: On the cycler: hours on the cycler");
  });

  it("shows one number once the cycling share is stated", async () => {
    const { out, err } = await cost(
      formation,
      "--set",
      "cycler_time=14",
      "--set",
      "cycling_share=0.6",
      "--format",
      "json",
    );
    const total = rowOf(out, "per year", "formation and ageing");
    expect(total.setting.value).toBeCloseTo(15.53, 2);
    expect(total.setting.range).toBeUndefined();
    expect(err).toBe("");
  });

  it("shows the baseline where nothing is set", async () => {
    const { out } = await cost(formation, "--format", "json");
    expect(rowOf(out, "setting", "on the cycler").setting.value).toBe(120);
  });

  it("knows the names that the campaign gives to the steps of the protocol", async () => {
    const text = readFileSync(join(folder, formation), "utf8")
      .replaceAll("c_rate_cc1", "fast")
      .concat("\nprotocol: { fast: c_rate_cc1 }\n");
    writeFileSync(join(folder, "renamed.yaml"), text);
    const own = await cost(formation, ...protocol, "--format", "json");
    const renamed = await cost(
      "renamed.yaml",
      "--set",
      "fast=0.5",
      "--set",
      "v_cutoff_cc1=3.9",
      "--set",
      "c_rate_cc2=0.2",
      "--format",
      "json",
    );
    expect(renamed.err).toBe("");
    expect(rowOf(renamed.out, "setting", "on the cycler")).toEqual(
      rowOf(own.out, "setting", "on the cycler"),
    );
  });
});

describe("cellwright cost, what it refuses", () => {
  it.each([
    [[formation, "--set", "c_rate_cc1=0.5"], "v_cutoff_cc1, c_rate_cc2"],
    [[formation, "--set", "channel_utilisation=5"], "channel_utilisation"],
    [[formation, "--set", "speed=5"], "cycling_share"],
    [[calendering, "--set", "line_speed=fast"], "a number in m/min"],
    [["nowhere.yaml"], "nowhere.yaml"],
  ])("refuses %j with what it expected, on standard error alone", async (argv, expected) => {
    const { code, out, err } = await cost(...argv);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(expected);
  });

  it("needs a process", async () => {
    writeFileSync(
      join(folder, "free.yaml"),
      "campaign: free\nparameters: { a: { unit: '1', min: 0, max: 1 } }\noutcomes: { y: { unit: '1', goal: maximize } }\n",
    );
    expect((await cost("free.yaml")).err).toContain("states no process");
  });

  it("takes constants from the campaign's economics, and lists the known ones when one is not", async () => {
    const file = readFileSync(join(folder, calendering), "utf8");
    const before = rowOf((await cost(calendering, "--format", "json")).out, "per m2", "calendering").setting
      .value;
    writeFileSync(join(folder, calendering), `${file}\neconomics: { calendering_cost_per_year: 9698000 }\n`);
    const after = rowOf((await cost(calendering, "--format", "json")).out, "per m2", "calendering").setting
      .value;
    expect(after / before).toBeCloseTo(2, 3);
    writeFileSync(join(folder, calendering), `${file}\neconomics: { labor: 1 }\n`);
    const { code, err } = await cost(calendering);
    expect(code).toBe(2);
    expect(err).toContain("calendering_labour_share");
  });
});

describe("cellwright cost --plot", () => {
  it("draws parts and totals of both processes, with the range where one is assumed", async () => {
    const formed = await cost(formation, "--set", "cycler_time=14", "--plot", "formation.svg");
    expect(formed.err).toContain("Wrote formation.svg");
    const svg = readFileSync(join(folder, "formation.svg"), "utf8");
    for (const words of ["baseline", "setting", "cycling: labour", "ageing", "range of the total", "MUSD"])
      expect(svg).toContain(words);
    await cost(calendering, "--set", "line_speed=60", "--plot", "calendering.png");
    expect(readFileSync(join(folder, "calendering.png")).subarray(1, 4).toString()).toBe("PNG");
  });

  it("refuses another kind of file and writes nothing", async () => {
    const { code, err } = await cost(formation, "--plot", "cost.pdf");
    expect(code).toBe(2);
    expect(err).toContain("expected a file ending in .svg or .png");
  });
});
