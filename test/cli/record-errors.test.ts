import { beforeEach, describe, expect, it } from "vitest";
import type { AskResult } from "../../src/campaign/suggestion.js";
import { campaignYaml, HEADER, scratchFolder } from "./scratch-folder.js";

const folder = scratchFolder();
const SETTINGS = ["line_load=500", "roll_temperature=80", "passes=2", "preheating=on", "initial_porosity=43"];

let open: AskResult["suggestions"];
beforeEach(async () => {
  folder.write("c.yaml", campaignYaml());
  const { out } = await folder.run(["suggest", "c.yaml", "-n", "2", "--format", "json"]);
  open = (JSON.parse(out) as AskResult).suggestions;
});

const record = (...results: readonly string[]): ReturnType<typeof folder.run> =>
  folder.run(["record", "c.yaml", ...results]);
const refusal = (...results: readonly string[]): Promise<string> =>
  folder.refused("record", "c.yaml", ...results);
async function recorded(...results: readonly string[]): Promise<string> {
  const { code, out, err } = await record(...results);
  expect([code, err]).toEqual([0, "Next: cellwright suggest c.yaml\n"]);
  return out;
}

describe("cellwright record with names and values", () => {
  it.each([
    [["porosty=30"], 'found the unknown name "porosty"', "Did you mean porosity?"],
    [["porosity=abc"], 'record porosity: found "abc"', "expected a number in %"],
    [["porosity=NaN"], 'record porosity: found "NaN"', "expected a number in %"],
    [["porosity=1e300"], 'record porosity: found "1e300"', "expected a number in %"],
    [["porosity=30,5"], 'record porosity: found "30,5"', "Write a decimal point"],
    [["porosity=0.5 MPa"], 'record porosity: found the unit "MPa"', "expected a number in %"],
    [["porosity=30", "porosity_sem=-1"], "a standard error of -1", "at least 0"],
    [["porosity_sem=1"], "a standard error without porosity", "Tell both"],
    [["porosity=30", "porosity=31"], "found porosity twice", "each name once"],
    [["status=done"], 'found "done"', "suggested, running, completed, failed, abandoned"],
    [["measured_at=yesterday"], 'found "yesterday"', "a date such as 2025-04-21"],
    [["porosity=30", "line_load=5"], "found 5, expected", "as told before"],
  ])("refuses %j", async (results, found, help) => {
    const err = await refusal(`trial=${open[0]!.trial}`, ...results);
    expect(err).toContain(found);
    expect(err).toContain(help);
  });

  it("refuses nothing, a run that nobody knows, and one that is not named", async () => {
    expect(await refusal()).toContain("Nothing to record");
    const unknown = await refusal("trial=s9-zzzz", "porosity=30");
    for (const { trial } of open) expect(unknown).toContain(trial);
    expect(await refusal("line_load=500", "porosity=30")).toContain(
      "missing: roll_temperature, passes, preheating",
    );
  });

  it.each([
    ["x".repeat(3000), "at most 100 characters"],
    ["a\u001b[31mb", "without line breaks and control characters"],
  ])("refuses an id that nobody types", async (id, expected) => {
    expect(await refusal(`trial=${id}`, ...SETTINGS, "porosity=30")).toContain(expected);
  });

  it.each(["🔋", "__proto__", "a b"])("takes %s as an id", async (id) => {
    expect(await recorded(`trial=${id}`, ...SETTINGS, "porosity=30")).toContain(
      `${id}: completed: porosity 30`,
    );
  });

  it("takes the state that was measured in place of the one that was asked for", async () => {
    const { trial } = open[0]!;
    expect(await recorded(`trial=${trial}`, "initial_porosity=43.2", "porosity=30")).toContain("completed");
    expect(await refusal(`trial=${trial}`, "initial_porosity=41")).toContain("found 41, expected 43.2");
  });

  it("says what of a run cannot be learned from, and what lies outside the bounds", async () => {
    expect(await recorded(...SETTINGS.slice(0, 4), "porosity=30")).toContain(
      "1 row without initial_porosity cannot be learned from",
    );
    const far = SETTINGS.map((one) => one.replace("500", "5000"));
    expect(await recorded(...far, "porosity=30")).toContain("1 row outside the bounds");
  });

  it("corrects only on purpose, with a reason", async () => {
    const { trial } = open[0]!;
    await recorded(`trial=${trial}`, "porosity=30");
    expect(await refusal(`trial=${trial}`, "porosity=31")).toContain("found 31, expected 30, as told before");
    expect(await refusal(`trial=${trial}`, "status=failed")).toContain("found failed, expected completed");
    for (const reason of [[], ["--reason", " "]]) {
      expect(await refusal(`trial=${trial}`, "porosity=31", "--correct", ...reason)).toContain(
        "needs --reason",
      );
    }
    const corrected = await recorded(
      `trial=${trial}`,
      "porosity=31",
      "--correct",
      "--reason",
      "typing error",
    );
    expect(corrected).toContain("porosity 31");
  });
});

describe("cellwright record with a file", () => {
  it("takes rows that name their trial in place of its settings", async () => {
    folder.write("r.csv", `trial,porosity [%]\n${open[0]!.trial},30\n${open[1]!.trial},31\n`);
    expect(await recorded("--data", "r.csv")).toMatch(/completed: porosity 30\n.*completed: porosity 31/u);
    expect(await recorded("--data", "r.csv")).toContain("2 already recorded: nothing changed");
  });

  it("matches rows without an id to open runs by their settings, once", async () => {
    const { trial, parameters, context } = open[0]!;
    const names = [...Object.keys(parameters), ...Object.keys(context)];
    const values = [...Object.values(parameters), ...Object.values(context)].join(",");
    folder.write("r.csv", `${names.join(",")},porosity\n${values},30\n${values},31\n`);
    const out = await recorded("--data", "r.csv");
    expect(out).toContain(`${trial}: completed: porosity 30`);
    expect(out).toMatch(/row-[0-9a-f]{12}: completed: porosity 31/u);
    expect(await recorded("--data", "r.csv")).toContain("2 already recorded: nothing changed");
  });

  it.each([
    [
      "a trial that nobody knows",
      "trial,porosity [%]\nzzz,30\n",
      "trial zzz: found nothing for line_load, roll_temperature",
    ],
    [
      "neither a trial nor settings",
      "line_load,porosity\n300,30\n",
      "line 2: found neither a trial nor roll_temperature",
    ],
    [
      "other settings for a trial",
      `${HEADER}\nID,c1,500,80,1,on,44,30,15\n`,
      "line_load: found 500, expected",
    ],
    [
      "a column of text",
      `${HEADER}\nID,c1,high,80,1,on,44,30,15\n`,
      'line 2, column line_load: found "high"',
    ],
  ])("refuses %s", async (_, content, message) => {
    folder.write("r.csv", content.replace("ID", open[0]!.trial));
    expect(await refusal("--data", "r.csv")).toContain(message);
  });

  it("records nothing where one row is wrong", async () => {
    folder.write("r.csv", `trial,porosity [%]\n${open[0]!.trial},30\nzzz,31\n`);
    await refusal("--data", "r.csv");
    folder.write("r.csv", `trial,porosity [%]\n${open[0]!.trial},33\n`);
    expect(await recorded("--data", "r.csv")).toContain("porosity 33");
  });

  it("leaves rows as they are that have no result yet", async () => {
    folder.write("r.csv", `trial,porosity [%]\n${open[0]!.trial},\n`);
    expect(await recorded("--data", "r.csv")).toContain("1 row has no result yet and stayed as it was");
  });

  it("is not given beside values", async () => {
    expect(await refusal("porosity=30", "--data", "r.csv")).toContain("not both");
  });
});
