import { describe, expect, it } from "vitest";
import { createAskProblem } from "../../src/campaign/ask-problem.js";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { createDecision } from "../../src/campaign/decision-value.js";
import { fitOutcomes } from "../../src/campaign/fit-outcomes.js";
import { measure } from "../../src/campaign/next-measurement.js";
import type { Trial } from "../../src/campaign/trial.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { completed } from "./campaign-fixtures.js";

/** One knob: y rises to its top at 0.7; z, which must stay below 1, crosses 1 about there. */
const y = (a: number): number => 10 - 20 * (a - 0.7) * (a - 0.7);
const z = (a: number): number => 0.4 + 0.8 * a;

function campaign(outcomes: Record<string, Record<string, unknown>>, trials: readonly Trial[]): Campaign {
  return withTrials(
    createCampaign({
      campaign: "measure",
      parameters: { a: { unit: "1", min: 0, max: 1 } },
      outcomes: {
        y: { unit: "1", goal: "maximize", ...outcomes["y"] },
        z: { unit: "1", spec: { max: 1 }, ...outcomes["z"] },
      },
    }),
    trials,
  );
}

/** y everywhere, z only far from where its limit decides. */
const partial = (): Trial[] =>
  Array.from({ length: 9 }, (_, i) => {
    const a = i / 8;
    return completed(`t${i}`, { a }, i === 0 || i === 2 || i === 3 ? { y: y(a), z: z(a) } : { y: y(a) });
  });

describe("measure", () => {
  it("puts the measurement first that decides which setting is best", async () => {
    const { measurements, orderedBy } = await measure(campaign({}, partial()));
    expect(orderedBy).toBe("value");
    expect(measurements).toHaveLength(6);
    expect(measurements.every(({ outcome }) => outcome === "z")).toBe(true);
    // The top of y is at 0.7: whether z holds is asked between 0.5 and 0.9, not at 0.125 or 1.
    expect(["t5", "t6", "t7"]).toContain(measurements[0]!.trial);
    expect(measurements[0]!.value).toBeGreaterThan(
      5 * measurements.find(({ trial }) => trial === "t1")!.value,
    );
    expect(measurements[0]!.reason).toContain("expected to raise the best setting");
  });

  it("puts the cheap informative measurement before the dear one", async () => {
    // At t6 both outcomes are missing; y is the dear one.
    const trials = partial().map((t) => (t.id === "t6" ? { ...t, observations: {} } : t));
    const at = async (yPrice: number, zPrice: number): Promise<string> => {
      const { measurements, orderedBy } = await measure(
        campaign({ y: { price: yPrice }, z: { price: zPrice } }, trials),
      );
      expect(orderedBy).toBe("value per price");
      return measurements.filter(({ trial }) => trial === "t6")[0]!.outcome;
    };
    expect(await at(1000, 1)).toBe("z");
    expect(await at(1, 100_000)).toBe("y");
  });

  it("goes by minutes where only those are stated, and is the same whatever the order of the trials", async () => {
    const timed = campaign({ y: { minutes: 5 }, z: { minutes: 60 } }, partial());
    const forth = await measure(timed);
    expect(forth.orderedBy).toBe("value per minute");
    const back = await measure({ ...timed, trials: timed.trials.toReversed() });
    expect(back).toEqual(forth);
  });

  it("says so when nothing is left to measure", async () => {
    const all = partial().map((t) => completed(t.id, t.parameters, { y: 1, z: Number(t.parameters["a"]) }));
    const { measurements, messages } = await measure(campaign({}, all));
    expect(measurements).toEqual([]);
    expect(messages).toContain("Every run has all its outcomes: nothing is left to measure.");
  });

  it("values what was measured at fewer than two settings at nothing that it knows of", async () => {
    const { measurements, messages } = await measure(
      campaign({}, [completed("a", { a: 0.1 }, { y: 1 }), completed("b", { a: 0.6 }, { y: 2 })]),
    );
    expect(measurements).toEqual([]);
    expect(messages.some((m) => m.startsWith("z: its measurements cannot be valued"))).toBe(true);
  });
});

describe("measure of a request", () => {
  it("values a measurement through a composite outcome, where it decides", async () => {
    // What counts is y·z: z is known away from the top and missing beside it.
    const made = withTrials(
      createCampaign({
        campaign: "composite",
        parameters: { a: { unit: "1", min: 0, max: 1 } },
        outcomes: {
          y: { unit: "1" },
          z: { unit: "1" },
          w: { unit: "1", goal: "maximize", formula: "y * z", composite: true },
          other: { unit: "1" },
        },
      }),
      partial().map((t) => ({
        ...t,
        observations: { ...t.observations, ...(t.id < "t2" && { other: { value: 1 } }) },
      })),
    );
    const { measurements, unit } = await measure(made);
    expect(unit).toBe("1");
    const z = measurements.filter(({ outcome }) => outcome === "z");
    expect(z).toHaveLength(6);
    expect(z[0]!.value).toBeGreaterThan(0);
    expect(["t5", "t6", "t7", "t8"]).toContain(z[0]!.trial);
    // Nothing that is judged depends on the other outcome.
    expect(measurements.filter(({ outcome }) => outcome === "other").every(({ value }) => value === 0)).toBe(
      true,
    );
  });

  it("values a measurement through desirabilities and under a risk measure", async () => {
    const spec = (more: object): Campaign =>
      withTrials(
        createCampaign({
          campaign: "more",
          parameters: { a: { unit: "1", min: 0, max: 1, tolerance: 0.03 } },
          ...more,
        }),
        partial(),
      );
    const wished = spec({
      outcomes: { y: { unit: "1" }, z: { unit: "1" } },
      desirability: { y: { lower: 0, target: 10 }, z: { target: 0.6, upper: 1.1 } },
    });
    const risky = spec({
      outcomes: { y: { unit: "1", goal: "maximize" }, z: { unit: "1", spec: { max: 1 } } },
      risk: { measure: "var", level: 0.9 },
    });
    for (const campaign of [wished, risky]) {
      const { measurements, messages } = await measure(campaign);
      expect(messages.join(" ")).not.toContain("cannot be valued");
      expect(measurements.find(({ outcome }) => outcome === "z")!.value).toBeGreaterThan(0);
    }
  });

  it("seeks the best setting among those that the request allows", async () => {
    // With a held at 0.2 nothing that z tells decides: there is one setting.
    const { measurements } = await measure(campaign({}, partial()), { fix: { a: 0.25 } });
    expect(measurements.every(({ value }) => value < 1e-9)).toBe(true);
  });

  it("is worth more in safe mode where a result would prove a better setting safe", async () => {
    // The farther, the better, and nobody knows how far z holds: without a floor the gamble is taken.
    const farther = partial().map((t) => ({
      ...t,
      observations: { ...t.observations, y: { value: 10 + 200 * Number(t.parameters["a"]) } },
    }));
    const made = campaign({ z: { spec: { max: 1.25, safety: true } } }, farther);
    const [plain, safe] = [await measure(made), await measure(made, { safe: 0.9 })];
    expect(safe.messages.join(" ")).toContain("Safe mode");
    expect(safe.measurements[0]!.value).toBeGreaterThan(0);
    expect(safe.measurements.map(({ value }) => value)).not.toEqual(
      plain.measurements.map(({ value }) => value),
    );
    await expect(measure(made, { safe: 2 })).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  it("goes by the cost that the request counts and refuses outcomes that do not state it", async () => {
    const priced = campaign({ y: { price: 5, minutes: 5 }, z: { price: 1, minutes: 60 } }, partial());
    expect((await measure(priced)).orderedBy).toBe("value per price");
    expect((await measure(priced, { per: { of: "hour" } })).orderedBy).toBe("value per minute");
    const error: unknown = await measure(campaign({}, partial()), { per: { of: "money" } }).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: "INVALID_OPTION", problems: [{ where: "outcomes.z" }] });
    await expect(measure(priced, { per: { of: "hour", budget: 5 } })).rejects.toMatchObject({
      code: "INVALID_OPTION",
    });
  });
});

describe("the decision's value", () => {
  it("is that of two normal beliefs in closed form", async () => {
    const noisy = campaign(
      { y: { sem: 0.5 } },
      Array.from({ length: 8 }, (_, i) =>
        completed(`t${i}`, { a: i / 7 }, { y: y(i / 7) + (i % 2 ? 0.4 : -0.4) }),
      ),
    );
    const fits = await fitOutcomes(noisy);
    const problem = createAskProblem(noisy, {}, fits, []);
    const model = fits.fitted.get("y")!.model;
    const [p, q] = [Float64Array.from([0.55]), Float64Array.from([0.95])];
    const points = matrixFromRows([p, q]);
    const decision = createDecision(problem, points, createRng(1))!;
    const { mean, covariance } = model.joint(points);
    const noise = model.noiseVariance[0]!;
    const scale = Math.sqrt(covariance.data[0]! + noise);
    const s = Math.abs(covariance.data[0]! - covariance.data[1]!) / scale;
    const d = Math.abs(mean[0]! - mean[1]!);
    // E max − max of two means that move apart by s·z: s·φ(d/s) − d·Φ(−d/s), in raw units by the scale's slope.
    const phi = Math.exp((-d * d) / (2 * s * s)) / Math.sqrt(2 * Math.PI);
    const tail = 0.5 * erfc(d / s / Math.SQRT2);
    const slope = model.modelScale.toRaw(1) - model.modelScale.toRaw(0);
    const found = decision.expectedRise([{ outcome: "y", x: p, noiseVariance: noise }]);
    expect(found).toBeGreaterThan(0);
    expect(Math.abs(found - slope * (s * phi - d * tail))).toBeLessThan(0.05 * found + 1e-6);
  });

  it("is never below 0, and nothing for an outcome that decides nothing", async () => {
    const made = campaign({}, partial());
    const fits = await fitOutcomes(made);
    const decision = createDecision(
      createAskProblem(made, {}, fits, []),
      matrixFromRows([[0.1], [0.5], [0.9]]),
      createRng(1),
    )!;
    for (let a = 0; a <= 1; a += 0.1)
      for (const outcome of ["y", "z"])
        expect(
          decision.expectedRise([{ outcome, x: Float64Array.from([a]), noiseVariance: 1e-6 }]),
        ).toBeGreaterThanOrEqual(0);
    expect(decision.expectedRise([{ outcome: "other", x: Float64Array.from([0.5]), noiseVariance: 0 }])).toBe(
      0,
    );
  });
});

/** Numerical Recipes' Chebyshev fit, to 1e-7. */
function erfc(x: number): number {
  const t = 1 / (1 + 0.5 * x);
  const poly = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
  ];
  const sum = poly.reduce((acc, c) => c + t * acc, 0);
  return t * Math.exp(-x * x - 1.26551223 + t * (1.00002368 + t * sum));
}
