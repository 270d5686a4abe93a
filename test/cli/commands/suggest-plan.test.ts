import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { AskResult } from "../../../src/campaign/suggestion.js";
import { runCli } from "../fake-effects.js";

const CAMPAIGN = "datasets/campaigns/nmc622-pilot-density.campaign.yaml";
const DATA = "calendering-nmc622-pilot";

const suggest = (...argv: string[]) => runCli(resolve("."), ["suggest", CAMPAIGN, "--data", DATA, ...argv]);

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

  it("has columns of scrap only where a change makes scrap", async () => {
    expect((await suggest()).out).toContain("scrap so far, m");
    const folder = mkdtempSync(join(tmpdir(), "cellwright-scrap-"));
    try {
      const campaign = readFileSync(CAMPAIGN, "utf8").replace(", scrap: 30", "");
      writeFileSync(join(folder, "c.campaign.yaml"), campaign);
      const { out } = await runCli(folder, ["suggest", "c.campaign.yaml", "--data", DATA]);
      expect(out).toContain("min so far");
      expect(out).not.toContain("scrap");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("refuses amounts that are none", async () => {
    const { code, err } = await suggest("--max-move", "roll_temperature=warm", "--max-move", "speed=3");
    expect(code).not.toBe(0);
    expect(err).toContain("warm");
    expect(err).toContain("speed");
  });
});
