import { describe, expect, it } from "vitest";
import { createCampaign } from "../../src/create-campaign.js";
import { type Campaign, withTrials } from "../../src/campaign/campaign.js";
import { fitOutcomes } from "../../src/campaign/fit-outcomes.js";
import { outcomeData } from "../../src/campaign/outcome-data.js";
import type { Trial } from "../../src/campaign/trial.js";
import { createRng } from "../../src/math/rng.js";
import { CYCLE_LIFE_SCATTER } from "../../src/process/formation/cycle-life.js";
import { completed } from "./campaign-fixtures.js";

function formation(
  outcome: Record<string, unknown> = {},
  name = "cycle_life",
  more: Record<string, unknown> = {},
): Campaign {
  return createCampaign({
    campaign: "cells",
    process: "formation",
    chemistry: "NMC622/graphite",
    cell: { upper_voltage: 4.2, lower_voltage: 2.8, capacity: 5 },
    parameters: {
      c_rate_cc1: { unit: "C", min: 0.02, max: 1 },
      temperature: { unit: "degC", min: 25, max: 45 },
    },
    outcomes: { [name]: { unit: "1", goal: "maximize", scale: "log", ...outcome } },
    ...more,
  });
}

/** Cells at `settings` settings, the first of them run `repeats` times more. */
function cells(settings: number, repeats: number, life: (i: number) => number, name = "cycle_life"): Trial[] {
  return Array.from({ length: settings + repeats }, (_, i) => {
    const k = i < settings ? i : 0;
    return completed(
      `c${String(i).padStart(2, "0")}`,
      { c_rate_cc1: 0.1 + 0.05 * k, temperature: 25 + ((7 * k) % 21) },
      { [name]: life(i) },
    );
  });
}

const life = (i: number): number => 600 + 10 * i;
const dataOf = (campaign: Campaign, trials: readonly Trial[], name = "cycle_life") =>
  outcomeData(withTrials(campaign, trials), name);

describe("the scatter that a process knows", () => {
  it("is a share of every single result, and of the next one, where nothing is replicated", () => {
    const { data, knownNoiseVariance, messages } = dataOf(formation(), cells(6, 0, life));
    data.knownNoiseVariance!.forEach((variance, i) => {
      expect(Math.sqrt(variance)).toBeCloseTo(CYCLE_LIFE_SCATTER * data.y[i]!, 9);
    });
    expect(Math.sqrt(knownNoiseVariance)).toBeCloseTo(CYCLE_LIFE_SCATTER * 625, 9);
    expect(messages.join()).toContain(
      "nothing is replicated, so single results are taken to scatter by 8.5 %",
    );
  });

  it("holds while replicates are too few to tell, the same for all of a setting", () => {
    const { data, messages } = dataOf(formation(), cells(5, 3, life));
    const atFirst = [0, 5, 6, 7].map((i) => data.knownNoiseVariance![i]!);
    expect(new Set(atFirst).size).toBe(1);
    expect(Math.sqrt(atFirst[0]!)).toBeCloseTo((CYCLE_LIFE_SCATTER * (600 + 650 + 660 + 670)) / 4, 9);
    expect(messages.join()).toContain("replicates are too few to tell its scatter");
  });

  it("gives way to replicates that tell it, and to what the file states, be it none", () => {
    expect(dataOf(formation(), cells(5, 4, life)).data.knownNoiseVariance).toBeUndefined();
    const stated = dataOf(formation({ sem: 20 }), cells(5, 0, life));
    expect([...stated.data.knownNoiseVariance!]).toEqual([400, 400, 400, 400, 400]);
    expect(dataOf(formation({ sem: 0 }), cells(5, 0, life)).data.knownNoiseVariance).toBeUndefined();
  });

  it("says nothing of other outcomes, nor of means of a group", () => {
    const other = dataOf(formation({}, "capacity"), cells(5, 0, life, "capacity"), "capacity");
    expect(other.data.knownNoiseVariance).toBeUndefined();
    const campaign = formation({ per: "group" }, "cycle_life", { group: "protocol" });
    expect(dataOf(campaign, cells(5, 0, life)).data.knownNoiseVariance).toBeUndefined();
  });

  it("keeps a model from taking scatter for a peak", async () => {
    // Lives that scatter by 8.5 % and depend on nothing.
    const rng = createRng(4);
    const scattered = cells(12, 0, () => 600 * (1 + CYCLE_LIFE_SCATTER * rng.normal()));
    const spread = async (campaign: Campaign): Promise<number> => {
      const { fitted } = await fitOutcomes(withTrials(campaign, scattered));
      const { mean } = fitted.get("cycle_life")!.model.predict(fitted.get("cycle_life")!.rows.data.X);
      return Math.max(...mean) - Math.min(...mean);
    };
    expect(await spread(formation())).toBeLessThan(0.6 * (await spread(formation({ sem: 0 }))));
  });
});
