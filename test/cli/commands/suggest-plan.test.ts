import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { AskResult } from "../../../src/campaign/suggestion.js";
import { runCli } from "../fake-effects.js";

const suggest = (...argv: string[]) =>
  runCli(resolve("."), [
    "suggest",
    "datasets/campaigns/nmc622-pilot-density.campaign.yaml",
    ...["--data", "calendering-nmc622-pilot", ...argv],
  ]);

describe("cellwright suggest with a run plan", () => {
  it("starts at the stated setting and stays within the largest move", async () => {
    const { code, out } = await suggest(
      ...["--from", "roll_temperature=120", "--max-move", "roll_temperature=10degC", "--format", "json"],
    );
    expect(code).toBe(0);
    const { plan, suggestions } = JSON.parse(out) as AskResult;
    expect(plan?.from?.settings).toEqual({ roll_temperature: 120 });
    for (const { parameters } of suggestions)
      expect(Math.abs(Number(parameters["roll_temperature"]) - 120)).toBeLessThanOrEqual(10);
  });

  it("prints the plan under the table, and the CSV in its order", async () => {
    const { out } = await suggest("--no-share");
    expect(out).toContain("change before it");
    const ordered = [...out.matchAll(/^│\s+\d+ │ (s\d-\w+)/gmu)].map((m) => m[1]);
    expect(ordered).toHaveLength(4);
    const csv = (await suggest("--no-share", "--format", "csv")).out;
    expect(
      csv
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => line.split(",")[0]),
    ).toEqual(ordered);
  });

  it("refuses amounts that are none", async () => {
    const { code, err } = await suggest("--max-move", "roll_temperature=warm", "--max-move", "speed=3");
    expect(code).not.toBe(0);
    expect(err).toContain("warm");
    expect(err).toContain("speed");
  });
});
