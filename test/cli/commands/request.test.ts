import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ScoreResult } from "../../../src/campaign/score.js";
import type { AskResult } from "../../../src/campaign/suggestion.js";
import { runCli } from "../fake-effects.js";

const FILE = `campaign: cells
parameters:
  rate: { unit: "1", min: 0.1, max: 1, step: 0.05 }
outcomes:
  life: { unit: "1", goal: maximize }
  hours: { unit: h, formula: 4 / rate }
trial_cost: { fixed: 10, per_hour: 2.5 }
`;

let folder: string;
const write = (more = ""): void => writeFileSync(join(folder, "cells.campaign.yaml"), FILE + more);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cellwright-request-"));
  write();
  const rows = [0.1, 0.3, 0.55, 0.8, 1].map((rate, k) => `t${k + 1},${rate},${9 - 8 * (rate - 0.35) ** 2}`);
  writeFileSync(join(folder, "data.csv"), `trial,rate,life\n${rows.join("\n")}\n`);
  writeFileSync(join(folder, "ideas.csv"), "trial,rate\nslow,0.25\nquick,0.45\n");
  writeFileSync(join(folder, "running.csv"), "trial,rate\nr1,0.45\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const data = ["cells.campaign.yaml", "--data", "data.csv", "--format", "json"];
async function suggest(...more: string[]): Promise<AskResult> {
  const { code, out, err } = await runCli(folder, ["suggest", ...data, "-n", "1", ...more]);
  expect(code, err).toBe(0);
  return JSON.parse(out) as AskResult;
}
async function score(...more: string[]): Promise<ScoreResult> {
  const { code, out, err } = await runCli(folder, ["score", ...data, "--candidates", "ideas.csv", ...more]);
  expect(code, err).toBe(0);
  return JSON.parse(out) as ScoreResult;
}

describe("--per and --budget", () => {
  it("count gain per hour or per money, and say so", async () => {
    const [plain, hourly, paid] = [
      await suggest(),
      await suggest("--per", "hour"),
      await suggest("--per", "money"),
    ];
    expect(Number(hourly.suggestions[0]!.parameters["rate"])).toBeGreaterThanOrEqual(
      Number(plain.suggestions[0]!.parameters["rate"]),
    );
    expect(hourly.suggestions[0]!.acquisition.name).not.toBe(plain.suggestions[0]!.acquisition.name);
    expect(hourly.messages).toContain("Chosen by gain per hour: cheaper runs come first.");
    expect(paid.messages).toContain("Chosen by gain per USD: cheaper runs come first.");
  });

  it("cool as the budget is spent", async () => {
    const { messages } = await suggest("--per", "hour", "--budget", "200");
    const spent = [0.1, 0.3, 0.55, 0.8, 1].reduce((sum, rate) => sum + 4 / rate, 0);
    expect(messages.join(" ")).toContain(`${spent.toFixed(1)} of 200 h are spent`);
  });

  it("stand in the campaign file too, where the command line goes first", async () => {
    write("strategy: { per: hour, budget: 200 }\n");
    expect((await suggest()).messages.join(" ")).toContain("of 200 h are spent");
    expect((await suggest("--budget", "300")).messages.join(" ")).toContain("of 300 h are spent");
    expect((await suggest("--per", "money")).messages.join(" ")).toContain("per USD: cheaper");
    expect((await score()).messages.join(" ")).toContain("of 200 h are spent");
    write("strategy: { budget: 200 }\n");
    const { code, err } = await runCli(folder, ["suggest", ...data]);
    expect(code).not.toBe(0);
    expect(err).toContain("per: hour or per: money");
  });

  it("are refused without one another's meaning", async () => {
    const alone = await runCli(folder, ["suggest", ...data, "--budget", "5"]);
    expect(alone.code).toBe(2);
    expect(alone.err).toContain("--budget needs --per hour or --per money.");
    const none = await runCli(folder, ["suggest", ...data, "--per", "hour", "--budget", "0"]);
    expect(none.code).toBe(2);
  });
});

describe("score takes what suggest takes", () => {
  it("values by the acquisition and per cost that are asked", async () => {
    const plain = await score();
    expect((await score("--acquisition", "ucb")).candidates[0]!.acquisition!.name).toBe(
      "upper-confidence-bound",
    );
    const hourly = await score("--per", "hour");
    const less = (k: number): number =>
      plain.candidates[k]!.acquisition!.value - hourly.candidates[k]!.acquisition!.value;
    expect(less(0) - less(1)).toBeCloseTo(Math.log(0.45 / 0.25), 6);
  });

  it("marks rows against --fix and --max-move, and sees runs under way", async () => {
    const fixed = await score("--fix", "rate=0.25");
    expect(fixed.candidates.map(({ problems }) => problems.length)).toEqual([0, 1]);
    const moved = await score("--from", "rate=0.3", "--max-move", "rate=0.1");
    expect(moved.candidates.map(({ problems }) => problems.length > 0)).toEqual([false, true]);
    expect((await score("--pending", "running.csv")).candidates[1]!.tried).toBe("r1");
  });

  it("marks rows that are not safe enough in the table", async () => {
    writeFileSync(
      join(folder, "cells.campaign.yaml"),
      FILE.replace("goal: maximize }", "goal: maximize, spec: { min: 8.85, safety: true } }"),
    );
    const argv = [
      "score",
      "cells.campaign.yaml",
      "--data",
      "data.csv",
      "--candidates",
      "ideas.csv",
      "--safe",
      "0.9",
    ];
    writeFileSync(join(folder, "ideas.csv"), "trial,rate\nsure,0.35\nbold,0.95\n");
    const { out } = await runCli(folder, argv);
    expect(out).toMatch(/rank +│ +1 │ +not allowed │/);
    expect(out).toMatch(/bold: safe: found a probability of .*, expected at least 90 %/);
  });
});

describe("suggest --design", () => {
  const bare = ["suggest", "cells.campaign.yaml", "--design", "lhs", "-n", "5"];
  it("remembers the runs of a design, which are refused once there are runs", async () => {
    const { code, out } = await runCli(folder, bare);
    expect(code).toBe(0);
    expect(out).toMatch(/Run \d of 5 of a lhs design/);
    const again = await runCli(folder, bare);
    expect(again.code).not.toBe(0);
    expect(again.err).toContain("expected a campaign without runs");
  });

  it("refuses unknown kinds", async () => {
    expect((await runCli(folder, [...bare.slice(0, 3), "random"])).code).toBe(2);
  });
});
