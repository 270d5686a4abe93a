import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../fake-effects.js";

const OUTCOMES = ["porosity_after", "density_after"];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cellwright-joint-"));
  const shipped = readFileSync("datasets/campaigns/nmc622-pilot-density.campaign.yaml");
  writeFileSync(join(folder, "nmc.campaign.yaml"), shipped);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("cellwright train --joint", () => {
  const command = ["train", "nmc.campaign.yaml", "--surrogates", "gp", "--folds", "2"];

  it("sets the joint model beside one model per outcome, in a table and in words", async () => {
    const { out, code } = await runCli(folder, [...command, "--joint"]);
    expect(code).toBe(0);
    const table = out.slice(out.indexOf("All outcomes jointly"));
    for (const outcome of OUTCOMES) expect(table).toContain(outcome);
    expect(table.match(/by itself +│/g)).toHaveLength(5);
    expect(table.match(/jointly +│/g)).toHaveLength(5);
    expect(table).toContain("strongest correlation: porosity_after with density_after, -");
    expect(table).toContain("The models that are saved predict each outcome by itself.");
  });

  it("gives the same figures as JSON, and nothing of it without the option", async () => {
    const joint = await runCli(folder, [...command, "--joint", "--format", "json"]);
    const figures = (JSON.parse(joint.out) as { joint: { correlations: number[][]; outcomes: unknown[] } })
      .joint;
    expect(figures.outcomes).toHaveLength(5);
    figures.correlations.forEach((row, t) => expect(row[t]).toBe(1));
    const plain = await runCli(folder, [...command, "--format", "json"]);
    expect(JSON.parse(plain.out)).not.toHaveProperty("joint");
  });
});
