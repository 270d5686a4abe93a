import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { AskResult } from "../../src/campaign/suggestion.js";
import { runCli } from "../cli/fake-effects.js";

/**
 * Seals of the two shipped campaigns, as computed once: every machine and every supported Node must find the same.
 * Who changes the engine on purpose writes the new ones here (the failing test prints them).
 */
const GOLDEN = JSON.parse(readFileSync("test/golden/demo-seals.json", "utf8")) as Record<string, string>;

async function sealOf(campaign: string, data: string): Promise<string> {
  const { code, out, err } = await runCli(resolve("."), [
    "suggest",
    campaign,
    "--data",
    data,
    "--preset",
    "auto",
    "--format",
    "json",
  ]);
  expect(err).toBe("");
  expect(code).toBe(0);
  return (JSON.parse(out) as AskResult).provenance.seal;
}

describe("the sealed suggestion", () => {
  it.each(["calendering-nmc622-pilot", "formation-protocols-nmc-graphite"])(
    "of %s has the same bytes on any machine",
    async (data) => {
      const campaign = `datasets/campaigns/${data === "calendering-nmc622-pilot" ? "nmc622-pilot-density" : "nmc-graphite-formation"}.campaign.yaml`;
      expect(await sealOf(campaign, data)).toBe(GOLDEN[data]);
    },
  );

  it("does not change when the rows of the file are put in another order", async () => {
    const campaign = "datasets/campaigns/nmc622-pilot-density.campaign.yaml";
    const [header, ...rows] = readFileSync("datasets/calendering-nmc622-pilot/data.csv", "utf8")
      .trimEnd()
      .split("\n");
    const folder = mkdtempSync(join(tmpdir(), "cellwright-rows-"));
    try {
      writeFileSync(
        join(folder, "datapackage.json"),
        readFileSync("datasets/calendering-nmc622-pilot/datapackage.json"),
      );
      const seals: string[] = [];
      for (const order of [rows, rows.toReversed()]) {
        writeFileSync(join(folder, "data.csv"), `${[header, ...order].join("\n")}\n`);
        seals.push(await sealOf(campaign, join(folder, "data.csv")));
      }
      expect(seals[0]).toBe(seals[1]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
