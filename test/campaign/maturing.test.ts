import { describe, expect, it } from "vitest";
import { hoursSoFar, isMaturing } from "../../src/campaign/maturing.js";
import { tell } from "../../src/campaign/tell.js";
import type { Trial } from "../../src/campaign/trial.js";
import { trialsFromTable } from "../../src/campaign/trials-from-table.js";
import { campaignColumns } from "../../src/campaign/campaign-columns.js";
import { parseCsv } from "../../src/data/parse-csv.js";
import { CellwrightError } from "../../src/errors.js";
import { MATURES, maturingCampaign } from "./maturing-cells.js";

function problemsOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof CellwrightError) return error.problems.map(({ where }) => where);
    throw error;
  }
  return [];
}

const SETTINGS = { c_rate: 0.5, temperature: 40 };

describe("an outcome that matures", () => {
  it("is read with its signals", () => {
    const [life, early] = maturingCampaign().outcomes;
    expect(isMaturing(life!)).toBe(true);
    expect(isMaturing(early!)).toBe(false);
    expect(life!.matures).toEqual(MATURES);
  });

  it("lists every problem of its entry at once", () => {
    const at = "outcomes.cycle_life.matures";
    const matures = {
      signals: { wrong: 10, cycle_life: 20, low_soc_resistance: 2000, speed: 5 },
      hours: 1500,
      elapsed: "first_cycle_efficiency",
    };
    const outcomes = { speed: { unit: "C", formula: "2 * c_rate" } };
    expect(problemsOf(() => maturingCampaign({ matures }, {}, outcomes))).toEqual([
      `${at}.signals.wrong`,
      `${at}.signals.cycle_life`,
      `${at}.signals.low_soc_resistance`,
      `${at}.signals.speed`,
      `${at}.elapsed`,
    ]);
    expect(problemsOf(() => maturingCampaign({ matures: { signals: {}, hours: 10 } }))).toEqual([
      `${at}.signals`,
    ]);
    const forced = { matures: { ...MATURES, use: "always" }, surrogate: { robust: true } };
    expect(problemsOf(() => maturingCampaign(forced))).toEqual([`${at}.use`]);
    expect(problemsOf(() => maturingCampaign({ matures: { ...MATURES, hours: -1 } }))).toEqual([
      `${at}.hours`,
    ]);
  });

  it("refuses two outcomes that are signals of one another", () => {
    const signals = { cycle_life: 10 };
    const outcomes = { capacity_100: { unit: "1", matures: { signals, hours: 300 } } };
    const life = { matures: { signals: { capacity_100: 300 }, hours: 1500 } };
    expect(problemsOf(() => maturingCampaign(life, {}, outcomes))).toEqual([
      "outcomes.cycle_life.matures.signals.capacity_100",
      "outcomes.capacity_100.matures.signals.cycle_life",
    ]);
  });
});

describe("results of a cell that matures", () => {
  const statusOf = (updates: readonly Readonly<Record<string, number>>[]): Trial["status"] => {
    const next = updates.reduce(
      (campaign, values) =>
        tell(campaign, [
          {
            id: "C1",
            parameters: SETTINGS,
            observations: Object.fromEntries(
              Object.entries(values).map(([name, value]) => [name, { value }]),
            ),
          },
        ]),
      maturingCampaign(),
    );
    return next.trials[0]!.status;
  };

  it("leave it running while they are early signals alone, and complete it with the outcome", () => {
    expect(statusOf([{ first_cycle_efficiency: 85 }])).toBe("running");
    expect(statusOf([{ first_cycle_efficiency: 85 }, { low_soc_resistance: 1 }])).toBe("running");
    expect(statusOf([{ first_cycle_efficiency: 85 }, { cycle_life: 800 }])).toBe("completed");
    expect(statusOf([{ cycle_life: 800 }])).toBe("completed");
  });

  it("may tell the hours so far again and again, and nothing else", () => {
    expect(statusOf([{ test_hours: 40 }, { test_hours: 90 }, { test_hours: 200 }])).toBe("running");
    expect(() => statusOf([{ first_cycle_efficiency: 85 }, { first_cycle_efficiency: 86 }])).toThrow(
      /Results differ/u,
    );
    expect(() => statusOf([{ test_hours: 40, cycle_life: 800 }, { test_hours: 90 }])).toThrow(
      /Results differ/u,
    );
  });

  it("keep a stated status", () => {
    const update = {
      id: "C1",
      parameters: SETTINGS,
      observations: { first_cycle_efficiency: { value: 85 } },
    };
    const [trial] = tell(maturingCampaign(), [{ ...update, status: "abandoned" }]).trials;
    expect(trial!.status).toBe("abandoned");
  });

  it("come from a file without a status column the same way", () => {
    const campaign = maturingCampaign();
    const csv =
      "trial,c_rate,temperature,first_cycle_efficiency,low_soc_resistance,cycle_life\nA,0.5,40,85,1.1,900\nB,0.6,40,84,1.2,\n";
    const table = parseCsv(csv, { source: "cells.csv", expectations: campaignColumns(campaign) });
    const { trials } = trialsFromTable(campaign, table);
    expect(trials.map(({ status }) => status)).toEqual(["completed", "running"]);
  });

  it("tell how long it has been on its channel: its clock, else its latest signal", () => {
    const campaign = maturingCampaign();
    const observed = (values: Readonly<Record<string, number>>): number =>
      hoursSoFar(campaign, MATURES, {
        id: "C1",
        status: "running",
        parameters: SETTINGS,
        context: {},
        observations: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])),
        origin: "measured",
      });
    expect(observed({})).toBe(0);
    expect(observed({ first_cycle_efficiency: 85 })).toBe(30);
    expect(observed({ first_cycle_efficiency: 85, low_soc_resistance: 1 })).toBe(80);
    expect(observed({ first_cycle_efficiency: 85, test_hours: 400 })).toBe(400);
  });
});
