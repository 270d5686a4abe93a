import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Campaign } from "../../../src/campaign/campaign.js";
import { initialDesign } from "../../../src/campaign/initial-design.js";
import { createCampaign } from "../../../src/create-campaign.js";
import { CellwrightError } from "../../../src/errors.js";
import { createRng } from "../../../src/math/rng.js";
import { createFeasibleSet } from "../../../src/space/feasible-set.js";
import type { Settings } from "../../../src/space/parameter.js";

/** Random campaigns; CELLWRIGHT_PROPERTY_RUNS=10000 for the promise in full. */
const RUNS = Number(process.env["CELLWRIGHT_PROPERTY_RUNS"] ?? 2500);

/** Stated once more, apart from the code: rates in C, temperature in degC, voltages in V. */
const CHEMISTRIES = {
  "NMC622/graphite": { upper: 4.35, first: 1.5, second: 1, hottest: 55 },
  "NMC811/graphite": { upper: 4.25, first: 1, second: 0.7, hottest: 50 },
  "LFP/graphite": { upper: 3.8, first: 1.5, second: 1, hottest: 55 },
  "LCO/graphite": { upper: 4.45, first: 1, second: 0.7, hottest: 45 },
} as const;
type Chemistry = keyof typeof CHEMISTRIES;

const PARAMETERS = {
  c_rate_cc1: [
    { unit: "C", min: 0.02, max: 3, scale: "log" },
    { unit: "C", min: 0.05, max: 2, step: 0.05 },
    { unit: "C", values: [0.05, 0.1, 0.5, 1, 2] },
  ],
  c_rate_cc2: [
    { unit: "C", min: 0.02, max: 3, scale: "log" },
    { unit: "C", min: 0.1, max: 1.5, step: 0.1 },
  ],
  v_cutoff_cc1: [
    { unit: "V", min: 3, max: 4.6 },
    { unit: "V", min: 3.1, max: 4.5, step: 0.05 },
  ],
  temperature: [
    { unit: "degC", min: -20, max: 90 },
    { unit: "degC", min: 20, max: 60, step: 5 },
    { unit: "degC", values: [10, 25, 40, 55] },
  ],
};

const specs = fc
  .record({
    chemistry: fc.constantFrom(...(Object.keys(CHEMISTRIES) as Chemistry[])),
    names: fc.subarray(Object.keys(PARAMETERS) as (keyof typeof PARAMETERS)[], { minLength: 1 }),
    pick: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
    rated: fc.integer({ min: 36, max: 45 }).map((tenths) => tenths / 10),
    coolest: fc.option(fc.integer({ min: 26, max: 50 }), { nil: undefined }),
    seed: fc.nat(100_000),
  })
  .map(({ chemistry, names, pick, rated, coolest, seed }) => {
    const parameters = Object.fromEntries(
      names.map((name, i) => [name, PARAMETERS[name][pick[i]! % PARAMETERS[name].length]]),
    );
    const tightened = coolest !== undefined && names.includes("temperature");
    const spec = {
      campaign: "cells",
      process: "formation",
      chemistry,
      cell: { upper_voltage: rated, lower_voltage: 2.8, capacity: 5 },
      parameters,
      outcomes: { first_cycle_efficiency: { unit: "%", goal: "maximize" } },
      ...(tightened ? { limits: { ours: { expression: `temperature <= ${coolest}` } } } : {}),
    };
    return { spec, chemistry, rated, hottest: tightened ? coolest : Infinity, seed };
  });

/** What a proposal breaks of the limits above; nothing, if all hold. */
function broken(settings: Settings, chemistry: Chemistry, rated: number, hottest: number): string[] {
  const limits = CHEMISTRIES[chemistry];
  const value = (name: string): number | null => {
    const found = settings[name];
    return found === undefined ? null : Number(found);
  };
  const temperature = value("temperature") ?? 25;
  const most = (name: string, bound: number): string[] =>
    (value(name) ?? -Infinity) <= bound + 1e-9 ? [] : [`${name} ${value(name)} > ${bound}`];
  return [
    ...most("temperature", Math.min(limits.hottest, hottest)),
    ...most("c_rate_cc1", Math.min(limits.first, 0.05 * (temperature - 5))),
    ...most("c_rate_cc2", Math.min(limits.second, 0.03 * (temperature - 5))),
    ...most("v_cutoff_cc1", Math.min(limits.upper, rated)),
    ...(temperature >= 0 ? [] : [`temperature ${temperature} < 0`]),
  ];
}

/** The campaign's first runs, or null where it is refused or nothing is allowed, which is said. */
function firstRuns(spec: unknown, seed: number): Settings[] | null {
  let campaign: Campaign;
  try {
    campaign = createCampaign(spec);
    const rng = createRng(seed);
    const set = createFeasibleSet(campaign.space, { fixed: {}, context: {} }, rng.fork("set"));
    return initialDesign(set, 4, [], () => false, rng).map(({ x }) => set.space.decode(x).parameters);
  } catch (error) {
    if (!(error instanceof CellwrightError)) throw error;
    expect(["CAMPAIGN_INVALID", "SPACE_UNSATISFIABLE"]).toContain(error.code);
    expect(error.problems.length).toBeGreaterThan(0);
    return null;
  }
}

describe("formation suggestions for random cells", () => {
  it("never break a safety limit after rounding", { timeout: 900_000 }, () => {
    let answered = 0;
    fc.assert(
      fc.property(specs, ({ spec, chemistry, rated, hottest, seed }) => {
        const runs = firstRuns(spec, seed);
        if (runs === null) return;
        answered++;
        for (const settings of runs) expect(broken(settings, chemistry, rated, hottest)).toEqual([]);
      }),
      { numRuns: RUNS, seed: 5 },
    );
    expect(answered).toBeGreaterThan(RUNS / 2);
  });
});
