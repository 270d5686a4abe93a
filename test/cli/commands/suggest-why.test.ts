import { beforeEach, describe, expect, it } from "vitest";
import type { AskResult } from "../../../src/campaign/suggestion.js";
import { lengthOf } from "../../../src/cli/wrap-text.js";
import { scratchFolder } from "../scratch-folder.js";

const CAMPAIGN = `campaign: press
data: runs.csv
parameters:
  load: { unit: N/mm, min: 100, max: 500, step: 10 }
  speed: { unit: m/min, min: 5, max: 30, step: 1 }
outcomes:
  adhesion: { unit: N/m, goal: maximize }
  density: { unit: g/cm3, spec: { max: 3.3 } }
`;

/** Seven runs of a plane: adhesion rises with load, density limits it. */
const RUNS = [
  "load,speed,adhesion,density",
  ...[
    [120, 8],
    [200, 25],
    [260, 12],
    [310, 20],
    [360, 6],
    [420, 15],
    [480, 28],
  ].map(([load, speed]) =>
    [load, speed, 5 + 0.02 * load! - 0.1 * speed!, 2.6 + 0.002 * load! - 0.004 * speed!].join(","),
  ),
].join("\n");

describe("suggest --why", () => {
  const folder = scratchFolder();
  beforeEach(() => {
    folder.write("press.campaign.yaml", CAMPAIGN);
    folder.write("runs.csv", RUNS);
  });

  it("prints every reason and the steps under the table, and the report holds them too", async () => {
    const data = ["--data", "runs.csv", "-n", "1"];
    const plain = await folder.run(["suggest", "press.campaign.yaml", ...data]);
    const why = await folder.run(["suggest", "press.campaign.yaml", "--why", ...data]);
    expect(why.code).toBe(0);
    const [first] = plain.out.split("\n").filter((line) => line.startsWith("1 "));
    const added = why.out.slice(why.out.indexOf("Why run 1"));
    // Nothing is said twice: the reason under the table stands with the others now.
    expect(why.out.split(first!.slice(2))).toHaveLength(2);
    expect(added).toContain(first!.slice(2));
    expect(why.out.startsWith(plain.out.slice(0, plain.out.indexOf(first!)))).toBe(true);
    expect(added).toMatch(/Why run 1/);
    expect(added).toMatch(/single steps: (load|speed) \d+/);
    expect(added).toMatch(/(load|speed) \d+ → \d+/);
    expect(plain.out).not.toMatch(/single steps/);
    const report = await folder.run(["report", "press.campaign.yaml", ...data]);
    expect(report.code).toBe(0);
    expect(folder.read("report.html")).toMatch(/What one step of each setting would do/);
    expect(folder.read("report.html")).toMatch(/single steps:/);
  });

  it("holds the numbers in the JSON answer", async () => {
    const answer = await folder.run([
      "suggest",
      "press.campaign.yaml",
      "--why",
      "--data",
      "runs.csv",
      "-n",
      "1",
      "--format",
      "json",
    ]);
    const { suggestions } = JSON.parse(answer.out) as AskResult;
    const { steps } = suggestions[0]!.explanation!;
    expect(steps.length).toBeGreaterThan(2);
    for (const { changes, probabilityFeasible } of steps) {
      expect(Object.keys(changes)).toEqual(["adhesion", "density"]);
      expect(probabilityFeasible).toBeGreaterThanOrEqual(0);
    }
  });

  it.each([80, 100, 140])("fits a terminal of %i columns", async (columns) => {
    const argv = ["suggest", "press.campaign.yaml", "--why", "--data", "runs.csv", "-n", "4"];
    const { out, err } = await folder.run(argv, { columns });
    const long = `${out}${err}`.split("\n").filter((line) => lengthOf(line) > columns);
    expect(long).toEqual([]);
    expect(out).toContain("adhesion (N/m)");
  });
});
