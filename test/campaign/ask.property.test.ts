import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { initialDesign } from "../../src/campaign/initial-design.js";
import { CellwrightError } from "../../src/errors.js";
import { createFeasibleSet } from "../../src/space/feasible-set.js";
import { ask } from "../../src/campaign/ask.js";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { settingsKey } from "../../src/campaign/settings-key.js";
import type { Trial } from "../../src/campaign/trial.js";
import { createRng, permutation } from "../../src/math/rng.js";
import type { Parameter, SettingValue } from "../../src/space/parameter.js";

/** One of each kind of parameter, by name, so that constraints can name them. */
const parameterKinds = {
  load: fc.constantFrom(
    { unit: "N/mm", min: 200, max: 1600, scale: "log" },
    { unit: "N/mm", min: 0, max: 7 },
  ),
  temperature: fc.constantFrom(
    { unit: "degC", min: 25, max: 120, step: 5 },
    { unit: "degC", min: 0, max: 1, step: 0.3 },
  ),
  speed: fc.constantFrom(
    { unit: "m/min", values: [5, 10, 20, 40] },
    { unit: "m/min", values: [1, 1000], scale: "log" },
  ),
  passes: fc.constant({ type: "integer", min: 1, max: 3 }),
  mode: fc.constantFrom({ choices: ["a", "b"] }, { choices: ["x", "y", "z"] }),
};
const outcomeKinds = fc.constantFrom<Record<string, unknown>>(
  { y: { unit: "1", goal: "maximize" } },
  { y: { unit: "1", goal: "minimize", spec: { min: -0.5 } } },
  { y: { unit: "1", goal: "target", target: 0.3 }, z: { unit: "1" } },
  { y: { unit: "1", goal: "maximize" }, z: { unit: "1", goal: "minimize", threshold: 1 } },
  { y: { unit: "1", spec: { min: -1, max: 1 } } },
  {
    y: { unit: "1", goal: "maximize", scale: "log" },
    z: { unit: "1", atLeast: { share: 0.9, of: "incumbent" } },
  },
);

interface Case {
  readonly campaign: Campaign;
  readonly count: number;
  readonly seed: number;
}

const campaigns: fc.Arbitrary<Case> = fc
  .record({
    names: fc.subarray(Object.keys(parameterKinds) as (keyof typeof parameterKinds)[], {
      minLength: 1,
      maxLength: 3,
    }),
    kinds: fc.record(parameterKinds),
    outcomes: outcomeKinds,
    constrained: fc.boolean(),
    rows: fc.nat(9),
    count: fc.integer({ min: 1, max: 3 }),
    seed: fc.nat(1000),
  })
  .map(({ names, kinds, outcomes, constrained, rows, count, seed }) => {
    const parameters = Object.fromEntries(names.map((name) => [name, kinds[name]]));
    const numeric = names.filter((name) => name !== "mode");
    // Never contradicts: the lower bound of each numeric parameter keeps it.
    const middle = (name: string): number => {
      const kind = kinds[name as "load"] as { min?: number; max?: number; values?: number[] };
      return ((kind.min ?? kind.values![0]!) + (kind.max ?? kind.values!.at(-1)!)) / 2;
    };
    const constraints = constrained ? numeric.slice(0, 1).map((name) => `${name} <= ${middle(name)}`) : [];
    const campaign = createCampaign({ campaign: "random", parameters, outcomes, constraints });
    return { campaign: withTrials(campaign, randomTrials(campaign, rows, seed)), count, seed };
  });

function randomTrials(campaign: Campaign, rows: number, seed: number): Trial[] {
  const rng = createRng(seed);
  return Array.from({ length: rows }, (_, i): Trial => {
    const parameters = Object.fromEntries(
      campaign.space.parameters.map((p) => [p.name, randomValue(p, rng.uniform())]),
    );
    const status = (
      ["completed", "completed", "completed", "failed", "running", "suggested", "abandoned"] as const
    )[rng.integer(7)]!;
    const observations = Object.fromEntries(
      campaign.outcomes.map((o) => [o.name, { value: Math.exp(rng.normal() / 2) }]),
    );
    return {
      id: `t${i}`,
      status,
      parameters,
      context: {},
      observations: status === "completed" ? observations : {},
      origin: "measured",
    };
  });
}

function randomValue(parameter: Parameter, u: number): SettingValue {
  if (parameter.kind === "categorical") return parameter.choices[Math.floor(u * parameter.choices.length)]!;
  if (parameter.kind === "discrete") return parameter.values[Math.floor(u * parameter.values.length)]!;
  const { min, max } = parameter;
  if (parameter.kind === "integer") return min + Math.floor(u * (max - min + 1));
  // Now and then outside the bounds: such rows teach.
  const value = min + (1.2 * u - 0.1) * (max - min);
  return parameter.scale === "log" ? Math.max(value, min / 2) : value;
}

describe("ask, on random campaigns", () => {
  it("suggests only what is allowed after rounding, nothing twice, and finite numbers", async () => {
    await fc.assert(
      fc.asyncProperty(campaigns, async ({ campaign, count, seed }) => {
        const { suggestions } = await ask(campaign, { count, seed });
        const tried = new Set(
          campaign.trials.filter((t) => t.status !== "abandoned").map((t) => settingsKey(t.parameters)),
        );
        const ids = new Set(campaign.trials.map((t) => t.id));
        for (const s of suggestions) {
          expect(campaign.space.violations(s.parameters, s.context)).toEqual([]);
          if (s.acquisition.name !== "replication") expect(tried).not.toContain(settingsKey(s.parameters));
          expect(ids).not.toContain(s.trial);
          tried.add(settingsKey(s.parameters));
          ids.add(s.trial);
          for (const p of Object.values(s.predictions)) {
            expect(p.interval95[0]).toBeLessThanOrEqual(p.interval95[1]);
            expect(p.stdDev).toBeGreaterThanOrEqual(0);
          }
          if (s.probabilityFeasible !== null) {
            expect(s.probabilityFeasible).toBeGreaterThanOrEqual(0);
            expect(s.probabilityFeasible).toBeLessThanOrEqual(1);
          }
          expect(s.reasons[0]).toBeTruthy();
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("gives the same bytes whatever the order of the trials", async () => {
    await fc.assert(
      fc.asyncProperty(campaigns, async ({ campaign, count, seed }) => {
        const shuffled = [...permutation(createRng(seed), campaign.trials.length)].map(
          (i) => campaign.trials[i]!,
        );
        const [one, other] = [
          await ask(campaign, { count, seed }),
          await ask(withTrials(campaign, shuffled), { count, seed }),
        ];
        expect(JSON.stringify(other)).toBe(JSON.stringify(one));
      }),
      { numRuns: 100, seed: 2 },
    );
  });
});

/** Random relations between two settings, of which many contradict one another, and many leave a line or a point. */
const demands = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom("a", "b", "a + b", "a - b"),
      fc.constantFrom("<=", ">=", "<=", ">=", "=="),
      fc.integer({ min: -8, max: 16 }),
    )
    .map(([left, sign, right]) => `${left} ${sign} ${right / 8}`),
  { minLength: 1, maxLength: 6 },
);

function setWith(constraints: readonly string[], seed: number, steps = true) {
  const campaign = createCampaign({
    campaign: "demands",
    // So wide that no bound is ever among what contradicts.
    parameters: {
      a: { unit: "1", min: -5, max: 5, ...(steps && { step: 0.25 }) },
      b: { unit: "1", min: -5, max: 5 },
    },
    outcomes: { y: { unit: "1", goal: "maximize" } },
    constraints,
  });
  return createFeasibleSet(campaign.space, { fixed: {}, context: {} }, createRng(seed));
}

/** Names of a conflict's members; null where something is allowed. */
function conflictOf(constraints: readonly string[], seed: number, steps = true): readonly string[] | null {
  try {
    setWith(constraints, seed, steps);
    return null;
  } catch (error) {
    if (!(error instanceof CellwrightError) || error.code !== "SPACE_UNSATISFIABLE") throw error;
    return error.problems.map(({ found }) => found);
  }
}

/** Random campaigns of each property. */
const RUNS = Number(process.env["CELLWRIGHT_PROPERTY_RUNS"] ?? 200);
/** Milliseconds for them, on a busy machine. */
const PATIENCE = 60_000 + 1_000 * RUNS;

describe("a request, on random demands", () => {
  it(
    "is refused with constraints and steps of which none is idle: without any one of them the others can be met",
    () => {
      let refused = 0;
      fc.assert(
        fc.property(demands, fc.nat(1000), (constraints, seed) => {
          const found = conflictOf(constraints, seed);
          if (found === null) return;
          refused++;
          const named = constraints.filter((one) => found.includes(one));
          expect(named.length).toBeGreaterThan(0);
          const steps = found.includes("its steps");
          expect(conflictOf(named, seed, steps)).not.toBeNull();
          if (steps) expect(conflictOf(named, seed, false), "without steps").toBeNull();
          for (const one of named) {
            const others = named.filter((other) => other !== one);
            expect(conflictOf(others, seed, steps), `${one} among ${named.join(", ")}`).toBeNull();
          }
        }),
        { numRuns: RUNS, seed: 3 },
      );
      expect(refused).toBeGreaterThan(RUNS / 10);
    },
    PATIENCE,
  );

  it(
    "is met by every first run where it can be met, each of them new",
    () => {
      fc.assert(
        fc.property(demands, fc.nat(1000), (constraints, seed) => {
          if (conflictOf(constraints, seed) !== null) return;
          const set = setWith(constraints, seed);
          const runs = initialDesign(set, 4, [], () => false, createRng(seed));
          for (const { x } of runs)
            expect(set.space.violations(set.space.decode(x).parameters, {})).toEqual([]);
          expect(new Set(runs.map(({ x }) => x.join(" "))).size).toBe(runs.length);
        }),
        { numRuns: RUNS, seed: 4 },
      );
    },
    PATIENCE,
  );
});
