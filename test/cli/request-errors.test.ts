import { describe, expect, it } from "vitest";
import type { AskResult } from "../../src/campaign/suggestion.js";
import { campaignYaml, csvText, HEADER, scratchFolder } from "./scratch-folder.js";

const folder = scratchFolder();

/** Four settings in all. */
const SMALL = `campaign: small
parameters:
  gap: { unit: um, values: [90, 100] }
  preheating: { choices: ["off", "on"] }
outcomes:
  y: { unit: "1", goal: maximize }
`;

async function refusal(...argv: readonly string[]): Promise<string> {
  folder.write("c.yaml", campaignYaml("constraints:\n  - line_load + 5 * roll_temperature <= 1800\n"));
  return folder.refused("suggest", "c.yaml", ...argv);
}

describe("--fix", () => {
  it.each([
    ["roll_temp=80", "Did you mean roll_temperature?"],
    ["initial_porosity=40", "expected one of line_load, roll_temperature, passes, preheating"],
    ["line_load=5000", "--fix line_load: found 5000 N/mm, expected 200 to 1600 N/mm"],
    [
      "roll_temperature=61",
      "--fix roll_temperature: found 61 degC, expected a value of its steps, such as 60 degC",
    ],
    ["roll_temperature=100degF", "--fix roll_temperature: found 37.77778 degC"],
    ["roll_temperature=80 C", "C is the C-rate: write degC for a temperature"],
    ["roll_temperature=80 celsius", "Did you mean degC?"],
    ["line_load=5 MPa", "a pressure becomes one only with the contact length"],
    ["line_load=1,5", "Write a decimal point"],
    ["line_load=1e309", 'found "1e309", expected a number in N/mm'],
    ["line_load=NaN", 'found "NaN", expected a number in N/mm'],
    ["line_load=high", 'found "high", expected a number in N/mm'],
    ["passes=1.5", "--fix passes: found 1.5, expected a value of its steps"],
    ["preheating=On", "Did you mean on?"],
    ["line_load", "expected name=value"],
    ["line_load=", "expected name=value"],
    ["=5", "expected name=value"],
    ["__proto__=5", 'found the unknown name "__proto__"'],
  ])("%s is refused", async (assignment, message) => {
    expect(await refusal("--fix", assignment)).toContain(message);
  });

  it("of one name twice is refused", async () => {
    expect(await refusal("--fix", "passes=1", "--fix", "passes=2")).toContain("found passes twice");
  });

  it("is named where it leaves no room for a constraint", async () => {
    const err = await refusal("--fix", "roll_temperature=120", "--fix", "line_load=1400");
    expect(err).toContain("--fix line_load: found 1400 N/mm");
    expect(err).toMatch(/line 14, constraints\[0\]/u);
  });

  it("of every parameter leaves one run, once", async () => {
    folder.write("c.yaml", campaignYaml());
    const all = ["line_load=500", "roll_temperature=80", "passes=2", "preheating=on"];
    const argv = ["suggest", "c.yaml", "-n", "3", ...all.flatMap((one) => ["--fix", one])];
    const { out, err } = await folder.run(argv);
    expect(out).toContain("1 of 3 runs could be suggested");
    expect(err).toContain("Next: run them");
    const again = await folder.run(argv);
    expect(again.out).toContain("0 of 3 runs could be suggested");
    expect(again.err).toContain("Nothing new to suggest. Without a result so far: s1-");
  });
});

describe("--context", () => {
  it.each([
    ["initial_porosty=40", "Did you mean initial_porosity?"],
    ["line_load=500", "expected one of initial_porosity"],
    ["initial_porosity=high", 'found "high", expected a number in %'],
  ])("%s is refused", async (assignment, message) => {
    expect(await refusal("--context", assignment)).toContain(message);
  });

  it("is asked for where nothing tells it", async () => {
    folder.write("c.yaml", campaignYaml().replace(", value: 44", ""));
    const err = await folder.refused("suggest", "c.yaml");
    expect(err).toContain("--context initial_porosity: found nothing, expected a value in %");
    expect(err).toContain("State it (--context initial_porosity=…)");
  });

  it("outside the campaign's range is taken with a warning", async () => {
    folder.write("c.yaml", campaignYaml());
    const { code, out } = await folder.run([
      "suggest",
      "c.yaml",
      "-n",
      "1",
      "--context",
      "initial_porosity=90",
    ]);
    expect(code).toBe(0);
    expect(out).toContain("initial_porosity = 90 % is outside the campaign's range");
  });
});

describe("--pending", () => {
  it("is checked as data are", async () => {
    folder.write("pending.csv", csvText("p1,c1,high,80,1,on,44,,"));
    expect(await refusal("--pending", "pending.csv")).toContain(
      "pending.csv: 1 problem, nothing was imported.",
    );
  });

  it("keeps its runs from being suggested again", async () => {
    folder.write("c.yaml", SMALL);
    folder.write("none.csv", "gap,preheating,y\n");
    folder.write("pending.csv", "gap,preheating,y\n90,off,\n90,on,\n100,off,\n");
    const { out } = await folder.run([
      ...["suggest", "c.yaml", "--data", "none.csv", "--pending", "pending.csv", "--format", "json"],
    ]);
    const { suggestions } = JSON.parse(out) as AskResult;
    expect(suggestions.map(({ parameters }) => parameters)).toEqual([{ gap: 100, preheating: "on" }]);
  });
});

describe("a space of few settings", () => {
  it("is suggested whole, and then nothing but what is open", async () => {
    folder.write("c.yaml", SMALL);
    const { code, out } = await folder.run(["suggest", "c.yaml", "-n", "10"]);
    expect(code).toBe(0);
    expect(out).toContain("4 of 10 runs could be suggested: the allowed settings are 4 in all");
    const second = await folder.run(["suggest", "c.yaml"]);
    expect(second.code).toBe(0);
    expect(second.err).toMatch(/Without a result so far: s1-\w+, s2-\w+, s3-\w+, s4-\w+\./u);
    expect(second.err).toContain("cellwright record c.yaml trial=s1-");
  });
});

describe("few or strange data", () => {
  async function suggested(yaml: string, data: string): Promise<{ out: string; err: string }> {
    folder.write("c.yaml", yaml);
    folder.write("runs.csv", data);
    const { code, out, err } = await folder.run(["suggest", "c.yaml", "--data", "runs.csv", "-n", "2"]);
    expect(code).toBe(0);
    expect(err).toContain("These runs were not remembered (--data)");
    expect(`${out}${err}`).not.toMatch(/undefined|\[object|NaN|Infinity|\d\.\d{10}/u);
    return { out, err };
  }

  it("of a header alone spread the first runs", async () => {
    const { out, err } = await suggested(campaignYaml(), `${HEADER}\n`);
    expect(out).toContain("First runs: spread evenly");
    expect(err).toContain("runs.csv has a header but no rows");
  });

  it("of one row say that one setting teaches nothing yet", async () => {
    const { out } = await suggested(campaignYaml(), csvText("a1,c1,500,80,1,on,44,30.5,16"));
    expect(out).toContain("adhesion was measured at one setting only");
  });

  it("of failed rows alone are no results", async () => {
    const failed = `${HEADER},status,reason\na1,c1,500,80,1,on,44,,,failed,wrinkles\na2,c1,600,80,1,on,44,,,failed,\n`;
    const { out, err } = await suggested(campaignYaml(), failed);
    expect(out).toContain("adhesion was never measured");
    expect(err).toContain("1 failed row states no reason");
  });

  it("without an outcome say so", async () => {
    const { out } = await suggested(
      campaignYaml(),
      csvText("a1,c1,500,80,1,on,44,30.5,", "a2,c2,700,80,1,on,44,31.5,", "a3,c3,900,85,1,on,44,29.5,"),
    );
    expect(out).toContain("adhesion was never measured");
  });

  it.each([
    ["a target", "{ unit: '1', goal: target, target: 30 }"],
    ["a specification alone", "{ unit: '1', spec: { min: 3 } }"],
    ["a share of the incumbent", "{ unit: '1', goal: maximize, atLeast: { share: 0.95, of: incumbent } }"],
  ])("are enough for an outcome with %s", async (_, outcome) => {
    const yaml = `campaign: few\nparameters:\n  gap: { unit: um, min: 60, max: 120 }\noutcomes:\n  y: ${outcome}\n`;
    await suggested(yaml, "trial,gap,y\na,70,20\nb,80,31\nc,90,40\n");
  });
});
