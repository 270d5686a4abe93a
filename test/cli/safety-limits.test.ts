import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openTrialStore } from "../../src/adapters/trial-store.js";
import { scratchFolder } from "./scratch-folder.js";

const folder = scratchFolder();

/** A formation campaign whose own bounds leave every limit to the process. */
function formation(
  limits: string,
  cell = "cell: { upper_voltage: 4.2, lower_voltage: 2.8, capacity: 5 }",
): string {
  return `campaign: cells
process: formation
chemistry: NMC622/graphite
${cell}
parameters:
  c_rate_cc1: { unit: C, min: 0.02, max: 3, scale: log }
  temperature: { unit: degC, min: -20, max: 90 }
outcomes:
  first_cycle_efficiency: { unit: "%", goal: maximize }
${limits}`;
}

interface Suggested {
  suggestions: { parameters: { temperature: number; c_rate_cc1: number } }[];
}

async function suggested(limits: string): Promise<Suggested["suggestions"]> {
  folder.write("c.yaml", formation(limits));
  const { code, out, err } = await folder.run(["suggest", "c.yaml", "-n", "24", "--format", "json"]);
  expect([code, err]).toEqual([0, ""]);
  return (JSON.parse(out) as Suggested).suggestions;
}

describe("the safety limits of formation", () => {
  it("hold although the campaign's bounds are wider", async () => {
    for (const { parameters } of await suggested("")) {
      expect(parameters.temperature).toBeGreaterThanOrEqual(0);
      expect(parameters.temperature).toBeLessThanOrEqual(55);
      expect(parameters.c_rate_cc1).toBeLessThanOrEqual(0.05 * (parameters.temperature - 5) + 1e-9);
    }
  });

  it("may be tightened without a reason", async () => {
    const runs = await suggested("limits:\n  ours: { expression: temperature <= 30 }\n");
    expect(runs.every(({ parameters }) => parameters.temperature <= 30)).toBe(true);
  });

  it("may be loosened with a reason and a name, which stand under every table", async () => {
    folder.write(
      "c.yaml",
      formation(
        "limits:\n  temperature upper limit: { expression: temperature <= 58, reason: new salt, name: J. Doe }\n",
      ),
    );
    const { code, out } = await folder.run(["suggest", "c.yaml"]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /Safety limit temperature upper limit was changed from .*55 degC.* to .*58.*new salt \(J\. Doe\)/u,
    );
    const store = await openTrialStore(join(folder.path(), ".cellwright", "cells.db"), { create: false });
    const entries = (await store!.audit()).filter(({ action }) => action === "limits-changed");
    await store!.close();
    expect(entries.at(-1)?.reason).toContain("new salt (J. Doe)");
  });

  it.each(["reason: new salt", "name: J. Doe"])("are not loosened by half an entry (%s)", async (half) => {
    folder.write(
      "c.yaml",
      formation(`limits:\n  temperature upper limit: { expression: temperature <= 58, ${half} }\n`),
    );
    const err = await folder.refused("suggest", "c.yaml");
    expect(err).toContain("line 11, limits.temperature upper limit");
    expect(err).toContain("needs a reason and a name");
  });

  it("are never loosened above 60 degC, whatever replaces the chemistry's own limit", async () => {
    const runs = await suggested(
      "limits:\n  temperature upper limit: { expression: temperature <= 100, reason: new salt, name: J. Doe }\n",
    );
    expect(runs.every(({ parameters }) => parameters.temperature <= 60)).toBe(true);
    expect(runs.some(({ parameters }) => parameters.temperature > 55)).toBe(true);
  });

  it.each([
    ["temperature highest", "temperature <= 100"],
    ["temperature lowest", "temperature >= -20"],
    ["Temperature_LOWEST", "temperature >= -20"],
  ])("refuse a replacement of %s", async (name, expression) => {
    folder.write(
      "c.yaml",
      formation(`limits:\n  ${name}: { expression: ${expression}, reason: why not, name: J. Doe }\n`),
    );
    const err = await folder.refused("suggest", "c.yaml");
    expect(err).toContain(`line 11, limits.${name}`);
    expect(err).toContain("never loosened");
  });

  it("are not asked for without the cell's rating", async () => {
    folder.write("c.yaml", formation("", ""));
    expect(await folder.refused("suggest", "c.yaml")).toMatch(
      /cell: found nothing, expected the cell's rating/u,
    );
  });

  it("are named when a campaign leaves no room for them", async () => {
    folder.write("c.yaml", formation("constraints:\n  - temperature >= 70\n"));
    const err = await folder.refused("suggest", "c.yaml");
    expect(err).toMatch(/temperature (?:upper limit|highest)/u);
    expect(err).toContain("temperature >= 70");
  });
});
