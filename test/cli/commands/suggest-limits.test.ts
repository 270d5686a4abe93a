import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { AskResult } from "../../../src/campaign/suggestion.js";
import { runCli } from "../fake-effects.js";

const REQUEST = [
  "suggest",
  "datasets/campaigns/nmc622-pilot-density.campaign.yaml",
  ...["--data", "calendering-nmc622-pilot", "--format", "json", "-n", "2"],
];

function steppingNow(): () => Date {
  let milliseconds = 0;
  return () => new Date(milliseconds++);
}

async function answerTo(...more: readonly string[]): Promise<AskResult> {
  const { code, out } = await runCli(resolve("."), [...REQUEST, ...more], { now: steppingNow() });
  expect(code).toBe(0);
  return JSON.parse(out) as AskResult;
}

describe("cellwright suggest with a limit", () => {
  it("ends in the time, and the count of work units it states gives the same answer again", async () => {
    const timed = await answerTo("--time-limit", "300ms");
    const { workLimit, seal } = timed.provenance;
    expect(timed.warnings.join()).toContain(`after ${workLimit} units of work`);
    const replayed = await answerTo("--work-units", String(workLimit));
    expect(replayed.provenance.seal).toBe(seal);
  });

  it.each([
    ["--time-limit", "soon"],
    ["--time-limit", "0s"],
    ["--work-units", "0"],
  ])("refuses %s %s", async (option, value) => {
    const { code, err } = await runCli(resolve("."), [...REQUEST, option, value]);
    expect(code).toBe(2);
    expect(err).toContain(`${option}: found "${value}"`);
  });
});
