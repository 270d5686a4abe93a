import { describe, expect, it } from "vitest";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { withoutFields } from "../../src/campaign/defined-fields.js";
import { outcomeData } from "../../src/campaign/outcome-data.js";
import type { Trial } from "../../src/campaign/trial.js";
import { CellwrightError } from "../../src/errors.js";
import { createRng } from "../../src/math/rng.js";
import { completed } from "./campaign-fixtures.js";

const spec = {
  campaign: "c",
  group: "coil",
  parameters: { load: { unit: "N/mm", min: 200, max: 1600 } },
  context: { weight: { unit: "g/m2", min: 100, max: 200 } },
  outcomes: {
    porosity: { unit: "%", sem: 0.4 },
    capacity: { unit: "mAh" },
    life: { unit: "1", scale: "log" },
  },
};

function withRows(rows: readonly Trial[], more: Record<string, unknown> = {}): Campaign {
  return withTrials(createCampaign({ ...spec, ...more }), rows);
}

/** Three cells of each of `groups` coils; porosity copied to the cells, capacity measured in each. */
function coils(groups: number): Trial[] {
  return Array.from({ length: 3 * groups }, (_, i) => {
    const g = Math.floor(i / 3);
    return completed(
      `cell-${String(i).padStart(2, "0")}`,
      { load: 300 + 100 * g },
      { porosity: 40 - g, capacity: 100 + g + 0.1 * (i % 3) },
      { group: `coil-${g}`, context: { weight: 120 } },
    );
  });
}

describe("outcomeData", () => {
  it("counts an outcome that is equal in all rows of every group once per group, and says so", () => {
    const { data, groups, trialIds, messages } = outcomeData(withRows(coils(4)), "porosity");
    expect([...data.y]).toEqual([40, 39, 38, 37]);
    expect(groups).toEqual(["coil-0", "coil-1", "coil-2", "coil-3"]);
    expect(trialIds).toEqual(["cell-00", "cell-03", "cell-06", "cell-09"]);
    expect(messages[0]).toBe(
      "porosity is equal in all rows of every group: it was measured once per group, and 12 rows count as 4.",
    );
  });

  it("takes a declaration instead of a detection", () => {
    const outcomes = { ...spec.outcomes, porosity: { unit: "%", per: "group" } };
    const { messages } = outcomeData(withRows(coils(4), { outcomes }), "porosity");
    expect(messages).toEqual(["porosity was measured once per group: 12 rows count as 4."]);
  });

  it("detects nothing in one group alone", () => {
    expect(outcomeData(withRows(coils(1)), "porosity").data.y).toHaveLength(3);
  });

  it("detects copies without a group column, too: equal settings are one group", () => {
    const rows = coils(3).map((trial) => withoutFields(trial, "group"));
    expect(outcomeData(withRows(rows, { group: undefined }), "porosity").data.y).toHaveLength(3);
  });

  it("refuses a group that is declared to be measured once but is not", () => {
    const outcomes = { ...spec.outcomes, capacity: { unit: "mAh", per: "group" } };
    try {
      outcomeData(withRows(coils(2), { outcomes }), "capacity");
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(CellwrightError);
      expect((error as CellwrightError).code).toBe("DATA_INVALID");
      expect((error as CellwrightError).problems.map((p) => p.where)).toEqual([
        "group coil-0, capacity",
        "group coil-1, capacity",
      ]);
    }
  });

  it("lets replicates through, so that their scatter tells the noise", () => {
    const { data, knownNoiseVariance } = outcomeData(withRows(coils(4)), "capacity");
    expect(data.y).toHaveLength(12);
    expect(data.knownNoiseVariance).toBeUndefined();
    expect(knownNoiseVariance).toBe(0);
  });

  it("uses the stated standard error only where nothing is replicated", () => {
    const single = outcomeData(withRows(coils(4)), "porosity");
    expect([...single.data.knownNoiseVariance!]).toEqual([0.4 * 0.4, 0.4 * 0.4, 0.4 * 0.4, 0.4 * 0.4]);
    expect(single.knownNoiseVariance).toBeCloseTo(0.16, 12);
    const scattered = coils(4).map((t, i) => ({ ...t, observations: { porosity: { value: 40 + i } } }));
    const several = outcomeData(withRows(scattered), "porosity");
    expect(several.data.knownNoiseVariance).toBeUndefined();
    expect(several.messages.join()).toContain("sem: 0.4 is not used");
  });

  it("prefers the standard error of a row to the outcome's", () => {
    const rows = coils(2).filter((_, i) => i % 3 === 0);
    const measured = rows.map((t, i) => ({
      ...t,
      observations: { porosity: i === 0 ? { value: 3, standardError: 0.1 } : { value: 4 } },
    }));
    expect([...outcomeData(withRows(measured), "porosity").data.knownNoiseVariance!]).toEqual([
      0.1 * 0.1,
      0.4 * 0.4,
    ]);
  });

  it("leaves failed, abandoned and incomplete rows out, counts the last, and keeps partial results of running ones", () => {
    const row = (id: string, status: Trial["status"], more: Partial<Trial> = {}) =>
      completed(id, { load: 300 }, { life: 500 }, { status, context: { weight: 120 }, ...more });
    const rows = [
      row("a", "completed"),
      row("b", "failed"),
      row("c", "abandoned"),
      row("d", "running"),
      row("e", "suggested"),
      row("f", "completed", { context: {} }),
    ];
    const { trialIds, messages } = outcomeData(withRows(rows), "life");
    expect(trialIds).toEqual(["a", "d"]);
    expect(messages).toContain("life: 1 row with missing settings left out.");
  });

  it("gives each level of a context its own noise where replicates scatter differently there", () => {
    const rng = createRng(5);
    const rows = Array.from({ length: 60 }, (_, i) => {
      const heavy = i % 2 === 1;
      const load = 300 + 100 * (Math.floor(i / 2) % 10);
      return completed(
        `r${i}`,
        { load },
        { capacity: load / 10 + (heavy ? 6 : 1) * rng.normal() },
        { context: { weight: heavy ? 180 : 120 } },
      );
    });
    const found = outcomeData(withRows(rows), "capacity");
    expect(new Set(found.data.noiseLevel)).toEqual(new Set([0, 1]));
    expect(found.noiseLevelAt({ parameters: {}, context: { weight: 175 } })).toBe(1);
    expect(found.messages.join()).toMatch(/replicates scatter differently by weight .* at 120, .* at 180/);
  });

  it("does not depend on the order of the trials", () => {
    const rows = coils(4);
    const forward = outcomeData(withRows(rows), "capacity");
    const backward = outcomeData(withRows([...rows].reverse()), "capacity");
    expect(backward.data).toEqual(forward.data);
    expect(backward.trialIds).toEqual(forward.trialIds);
  });

  it("leaves inputs out on request", () => {
    const { data } = outcomeData(withRows(coils(4)), "capacity", { exclude: ["weight"] });
    expect(data.inputs.map((i) => i.name)).toEqual(["load"]);
    expect(data.X.cols).toBe(1);
    expect(() => outcomeData(withRows(coils(1)), "capacity", { exclude: ["nothing"] })).toThrow(
      "no parameter or context nothing",
    );
    expect(() => outcomeData(withRows(coils(1)), "capcity")).toThrow("no outcome capcity");
  });
});
