import { describe, expect, it } from "vitest";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { adviseCells } from "../../src/campaign/cell-advice.js";
import { CellwrightError } from "../../src/errors.js";
import { maturingCampaign, maturingCells, maturingTrials, MATURES, meanLife } from "./maturing-cells.js";

const never = (life: Readonly<Record<string, unknown>> = {}, more = {}, outcomes = {}): Campaign =>
  maturingCampaign({ matures: { ...MATURES, use: "never" }, ...life }, more, outcomes);

describe("adviseCells", () => {
  it("predicts every running cell, with its chance to be the best and the hours that it still takes", async () => {
    const campaign = maturingCells(1, 10, 8);
    const { cells, outcome, newRun } = await adviseCells(campaign);
    expect(outcome).toBe("cycle_life");
    expect(cells).toHaveLength(8);
    let inside = 0;
    for (const { parameters, predicted, hoursLeft, hoursSoFar, signals } of cells) {
      const life = meanLife(Number(parameters["c_rate"]), Number(parameters["temperature"]));
      if (life >= predicted!.interval95[0] && life <= predicted!.interval95[1]) inside++;
      expect([hoursSoFar, hoursLeft]).toEqual([100, 1400]);
      expect(signals).toEqual(["first_cycle_efficiency", "low_soc_resistance"]);
    }
    expect(inside).toBeGreaterThanOrEqual(6);
    expect(newRun!.hours).toBe(1500);
  });

  it("frees hopeless cells and keeps those that may well be best, over several campaigns", async () => {
    let [freed, running, freedBest] = [0, 0, 0];
    for (const seed of [1, 2, 3]) {
      const campaign = maturingCells(seed, 9, 8);
      const truth = new Map(
        campaign.trials.map(({ id, parameters }) => [
          id,
          meanLife(Number(parameters["c_rate"]), Number(parameters["temperature"])),
        ]),
      );
      const best = Math.max(...truth.values());
      for (const { trial, advice, probabilityBest } of (await adviseCells(campaign)).cells) {
        running++;
        if (advice === "free the channel") freed++;
        if (advice === "free the channel" && truth.get(trial) === best) freedBest++;
        if (probabilityBest! >= 0.25) expect(advice).toBe("keep cycling");
      }
    }
    expect(freed).toBeGreaterThan(running / 3);
    expect(freedBest).toBeLessThanOrEqual(1);
  });

  it("frees by what an end is worth per hour against a new run, and says both", async () => {
    const { cells, newRun } = await adviseCells(maturingCells(2, 8, 8, never()));
    for (const { advice, value, valuePerHour, hoursLeft, probabilityBest, why } of cells) {
      expect(valuePerHour).toBeCloseTo(value! / hoursLeft, 12);
      const worth = 2 * valuePerHour! >= newRun!.valuePerHour || probabilityBest! >= 0.25;
      expect(advice).toBe(worth ? "keep cycling" : "free the channel");
      expect(why.startsWith(advice === "keep cycling" ? "Keep cycling: " : "Free the channel: ")).toBe(true);
      expect(why).toContain("of the best new run in its channel");
    }
  });

  it("weighs a year's worth against the price of the hours left, where both are stated", async () => {
    const priced = (value: string): Campaign =>
      never(
        { value },
        { trial_cost: { per_hour: 2 } },
        { run_hours: { unit: "h", formula: "20 h + 1 C*h / c_rate" } },
      );
    const advised = async (value: string) => (await adviseCells(maturingCells(2, 8, 8, priced(value)))).cells;
    const poor = await advised("0.0001 USD");
    for (const { money, advice, probabilityBest, why } of poor) {
      expect(money!.cost).toBe(2800);
      expect(advice).toBe(probabilityBest! >= 0.25 ? "keep cycling" : "free the channel");
      expect(why).toContain("does not pay for 1400 h more at 2800 USD");
    }
    const rich = await advised("1e9 USD");
    const kept = ({ advice }: { readonly advice: string }): boolean => advice === "keep cycling";
    expect(rich.filter(kept).length).toBeGreaterThan(poor.filter(kept).length);
    for (const { money, advice } of rich.filter((cell) => cell.money!.worth >= cell.money!.cost)) {
      expect(money!.currency).toBe("USD");
      expect(advice).toBe("keep cycling");
    }
  });

  it("counts specifications and other objectives: a cell that cannot keep them is not among the best", async () => {
    const campaign = never({}, {}, { gas: { unit: "1", spec: { max: 1 } } });
    const trials = maturingTrials(2, 8, 6).map((trial) => ({
      ...trial,
      observations: {
        ...trial.observations,
        gas: { value: Number(trial.parameters["temperature"]) > 40 ? 2 : 0.5 },
      },
    }));
    const { cells } = await adviseCells(withTrials(campaign, trials));
    const hot = cells.filter(({ parameters }) => Number(parameters["temperature"]) > 44);
    expect(hot.length).toBeGreaterThan(0);
    for (const { probabilityKept, probabilityBest } of hot) {
      expect(probabilityKept).toBeLessThan(0.3);
      expect(probabilityBest).toBeLessThan(0.3);
    }
    const fast = never({}, {}, { charge_time: { unit: "h", goal: "minimize", formula: "1 C*h / c_rate" } });
    const several = await adviseCells(maturingCells(2, 8, 6, fast));
    expect(several.valueUnit).toContain("objectives' ranges");
    expect(several.cells.some(({ probabilityBest }) => probabilityBest! > 0.3)).toBe(true);
  });

  it("gives the same answer for any order of trials, and for cells that are named as pending", async () => {
    const campaign = maturingCells(3, 8, 5);
    const answer = await adviseCells(campaign, { seed: 4 });
    expect(await adviseCells(withTrials(campaign, campaign.trials.toReversed()), { seed: 4 })).toEqual(
      answer,
    );
    const all = maturingTrials(3, 8, 5);
    const mature = withTrials(
      maturingCampaign(),
      all.filter(({ status }) => status === "completed"),
    );
    const pending = all.filter(({ status }) => status === "running");
    expect(await adviseCells(mature, { seed: 4, pending })).toEqual(answer);
  });

  it("frees nothing before five settings are mature, and says why", async () => {
    const { cells, messages } = await adviseCells(maturingCells(1, 4, 6));
    expect(cells.map(({ advice }) => advice)).toEqual(cells.map(() => "keep cycling"));
    expect(messages).toContain("Fewer than 5 settings have cycle_life: every cell is kept until they have.");
  });

  it("says so where nothing runs, and refuses campaigns in which nothing matures", async () => {
    const { cells, messages } = await adviseCells(maturingCells(1, 6, 0));
    expect(cells).toEqual([]);
    expect(messages).toContain("No running cell awaits an outcome that matures.");
    const plain = createCampaign({
      campaign: "plain",
      parameters: { a: { unit: "1", min: 0, max: 1 } },
      outcomes: { y: { unit: "1", goal: "maximize" } },
    });
    await expect(adviseCells(plain)).rejects.toThrow(CellwrightError);
  });
});
