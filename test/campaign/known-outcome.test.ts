import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCampaign } from "../../src/campaign/campaign.js";
import { knownOutcome } from "../../src/campaign/known-outcome.js";

const campaign = createCampaign({
  campaign: "c",
  parameters: {
    rate: { unit: "C", min: 0.02, max: 1.5, scale: "log" },
    voltage: { unit: "V", min: 3.6, max: 4.1, step: 0.01 },
    mode: { choices: ["a", "b"] },
  },
  context: { cycles: { unit: "1", min: 0, max: 5, value: 0 } },
  outcomes: {
    time: {
      unit: "h",
      goal: "minimize",
      error: "2 %",
      formula: "1 / (1 + exp(-8.2 * (voltage - 0.165 * rate - 3.66))) / rate + 7.25 + 10.6 * cycles",
    },
    total: { unit: "h", formula: "time + 24", error: "30 min" },
    life: { unit: "1", goal: "maximize" },
    broken: { unit: "1", formula: "1 / (cycles - 5)" },
  },
});
const [time, total, life, broken] = campaign.outcomes;
const point = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 1),
  fc.double({ min: 0, max: 1, noNaN: true }),
);

describe("knownOutcome", () => {
  it("gives the formula's value at the settings that a point stands for", () => {
    const x = campaign.space.encode({ rate: 0.43, voltage: 3.67, mode: "a" }, { cycles: 1 });
    const q = 1 / (1 + Math.exp(-8.2 * (3.67 - 0.165 * 0.43 - 3.66)));
    expect(knownOutcome(campaign, time!).evaluate(x)).toBeCloseTo(q / 0.43 + 7.25 + 10.6, 9);
    expect(knownOutcome(campaign, total!).evaluate(x)).toBeCloseTo(q / 0.43 + 7.25 + 10.6 + 24, 9);
  });

  it("has the gradient of central differences, through other known outcomes too", () => {
    fc.assert(
      fc.property(point, (values) => {
        const x = Float64Array.from(values);
        for (const outcome of [time!, total!]) {
          const known = knownOutcome(campaign, outcome);
          const gradient = known.gradient(x);
          [0, 1, 3].forEach((k) => {
            const at = (step: number) => known.evaluate(x.with(k, x[k]! + step));
            const slope = (at(1e-6) - at(-1e-6)) / 2e-6;
            expect(Math.abs(gradient[k]! - slope)).toBeLessThan(1e-6 * Math.max(Math.abs(slope), 10));
          });
          expect(gradient[2]).toBe(0);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("states its error: a share of the value, or an amount", () => {
    expect(knownOutcome(campaign, time!).error?.(50)).toBeCloseTo(1, 12);
    expect(knownOutcome(campaign, total!).error?.(50)).toBeCloseTo(0.5, 12);
    expect(knownOutcome(campaign, broken!).error).toBeUndefined();
  });

  it("refuses a learned outcome, and a place where a formula has no value", () => {
    expect(() => knownOutcome(campaign, life!)).toThrow("life is learned");
    const x = campaign.space.encode({ rate: 0.43, voltage: 3.67, mode: "a" }, { cycles: 5 });
    expect(() => knownOutcome(campaign, broken!).evaluate(x)).toThrow("broken has no value at");
  });
});

describe("a formula of the process that is an estimate", () => {
  const formula = (entry: object, error?: { relative?: number; absolute?: number }) =>
    createCampaign(
      {
        campaign: "c",
        process: "formation",
        parameters: { rate: { unit: "C", min: 0.02, max: 1 } },
        outcomes: { time: { unit: "min", goal: "minimize", formula: "formation.time", ...entry } },
      },
      {
        knowledge: {
          name: "test",
          version: 1,
          formulas: [
            {
              name: "formation.time",
              unit: "h",
              description: "hours of one charge",
              inputs: [{ name: "rate", unit: "C" }],
              ...(error === undefined ? {} : { error }),
              evaluate: ({ rate }) => 1 / rate!,
            },
          ],
          limits: [],
          parameters: [],
          check: () => [],
          notes: [],
        },
      },
    );
  const deviation = (...args: Parameters<typeof formula>): number | undefined => {
    const estimated = formula(...args);
    return knownOutcome(estimated, estimated.outcomes[0]!).error?.(600);
  };

  it("has the error that the process states, in the outcome's unit, unless the file states another", () => {
    expect(deviation({})).toBeUndefined();
    expect(deviation({}, { relative: 0.05 })).toBeCloseTo(30, 12);
    expect(deviation({}, { absolute: 0.5 })).toBeCloseTo(30, 12);
    expect(deviation({ error: "1 %" }, { relative: 0.05 })).toBeCloseTo(6, 12);
  });
});
