import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { createRng } from "../../src/math/rng.js";
import { createFeasibleSet } from "../../src/space/feasible-set.js";
import type { ContextVariable, Parameter, Settings } from "../../src/space/parameter.js";
import { createSearchSpace, type SearchSpaceSpec } from "../../src/space/search-space.js";

const number = (name: string, min: number, max: number, step?: number): Parameter => ({
  name,
  kind: "continuous",
  unit: "1",
  min,
  max,
  scale: "linear",
  ...(step !== undefined && { step }),
});
const LOAD: Parameter = {
  name: "line_load",
  kind: "continuous",
  unit: "N/mm",
  min: 200,
  max: 1600,
  scale: "log",
};
const HEAT: Parameter = {
  name: "roll_temperature",
  kind: "continuous",
  unit: "degC",
  min: 25,
  max: 120,
  step: 5,
  scale: "linear",
};
const STATE: ContextVariable = { name: "initial_porosity", kind: "number", unit: "%", scale: "linear" };

interface Case {
  readonly parameters: readonly Parameter[];
  readonly constraints: SearchSpaceSpec["constraints"];
  readonly fixed?: Settings;
  readonly context?: Settings;
  readonly states?: readonly ContextVariable[];
}

/** The members of the conflict; null where there is none. */
function conflictOf({
  parameters,
  constraints,
  fixed = {},
  context = {},
  states = [],
}: Case): CellwrightError | null {
  const space = createSearchSpace({ parameters, context: states, constraints });
  try {
    createFeasibleSet(space, { fixed, context }, createRng(5));
    return null;
  } catch (error) {
    if (error instanceof CellwrightError && error.code === "SPACE_UNSATISFIABLE") return error;
    throw error;
  }
}
function membersOf(of: Case): unknown {
  return conflictOf(of)?.details["members"];
}
const named = (...sources: string[]) => sources.map((source, i) => ({ source, name: `c${i}` }));

describe("conflicts", () => {
  it("names two constraints that exclude each other, with the reason that was given", () => {
    const constraints = [
      { source: "line_load >= 1500", name: "dense", reason: "Customer drawing." },
      { source: "line_load <= 1800 - 10 * roll_temperature", name: "foil" },
      { source: "roll_temperature >= 50", name: "warm" },
    ];
    const error = conflictOf({ parameters: [LOAD, HEAT], constraints });
    expect(error?.details["members"]).toEqual(["constraint dense", "constraint foil", "constraint warm"]);
    expect(error?.problems[0]).toMatchObject({
      found: "line_load >= 1500",
      remedy: "Its reason: Customer drawing.",
    });
    expect(error?.message).toContain("constraint foil (line_load <= 1800 - 10 * roll_temperature)");
  });

  it("names a bound that excludes a constraint, and no other", () => {
    const constraints = named("line_load >= 1700", "roll_temperature >= 30");
    expect(membersOf({ parameters: [LOAD, HEAT], constraints })).toEqual([
      "parameters.line_load.max",
      "constraint c0",
    ]);
    expect(
      membersOf({
        parameters: [LOAD, HEAT],
        constraints: named("line_load <= 20 * roll_temperature - 2300"),
      }),
    ).toEqual(["parameters.line_load.min", "parameters.roll_temperature.max", "constraint c0"]);
  });

  it("names a fixed value only where leaving it free would help", () => {
    const parameters = [number("a", 0, 10), number("b", 0, 10)];
    const constraints = named("a + b <= 12", "b >= 5");
    expect(membersOf({ parameters, constraints, fixed: { a: 9 } })).toEqual([
      "fixed.a",
      "constraint c0",
      "constraint c1",
    ]);
    expect(membersOf({ parameters, constraints: named("a <= 1", "a >= 2"), fixed: { a: 5 } })).toEqual([
      "constraint c0",
      "constraint c1",
    ]);
  });

  it("names the state that makes a constraint impossible", () => {
    const of = {
      parameters: [LOAD],
      states: [STATE],
      constraints: named("line_load <= 10 * initial_porosity"),
    };
    expect(membersOf({ ...of, context: { initial_porosity: 15 } })).toEqual([
      "context.initial_porosity",
      "parameters.line_load.min",
      "constraint c0",
    ]);
    expect(membersOf({ ...of, context: { initial_porosity: 25 } })).toBeUndefined();
  });

  it("names steps and whole numbers that miss an equality, as proven where every step was looked at", () => {
    const whole: Parameter = { name: "n", kind: "integer", unit: "1", min: 0, max: 10, scale: "linear" };
    const error = conflictOf({ parameters: [whole, number("b", 0, 1)], constraints: named("2 * n == 5") });
    expect(error?.details["members"]).toEqual(["parameters.n", "constraint c0"]);
    expect(error?.details["proven"]).toBe(true);
    const set: Parameter = {
      name: "v",
      kind: "discrete",
      unit: "m/min",
      values: [5, 10, 20],
      scale: "linear",
    };
    expect(membersOf({ parameters: [set], constraints: named("v >= 11", "v <= 19") })).toEqual([
      "parameters.v",
      "constraint c0",
      "constraint c1",
    ]);
  });

  it("names one of two opposite inequalities where only that one is in the way", () => {
    const parameters = [number("a", 0, 1), number("b", 0, 1)];
    expect(membersOf({ parameters, constraints: named("a + b <= 1", "a + b >= 1") })).toBeUndefined();
    expect(
      membersOf({ parameters, constraints: named("a + b >= 1", "a + b <= 1", "a >= .7", "b >= .7") }),
    ).toEqual(["constraint c1", "constraint c2", "constraint c3"]);
    expect(membersOf({ parameters, constraints: named("a < .25", "a >= .25") })).toEqual([
      "constraint c0",
      "constraint c1",
    ]);
  });

  it("names a constraint that nothing can satisfy alone", () => {
    expect(membersOf({ parameters: [number("a", 0, 1)], constraints: named("a^2 <= -1", "a <= 1") })).toEqual(
      ["constraint c0"],
    );
    expect(membersOf({ parameters: [number("a", 0, 1)], constraints: named("1 >= 2") })).toEqual([
      "constraint c0",
    ]);
    expect(membersOf({ parameters: [number("a", 2, 2)], constraints: named("a >= 3") })).toEqual([
      "parameters.a.max",
      "constraint c0",
    ]);
  });

  it("finds planted conflicts among satisfiable constraints: named, and gone when any one member is", () => {
    const weights = fc.array(
      fc.integer({ min: -4, max: 4 }).filter((w) => w !== 0),
      { minLength: 4, maxLength: 4 },
    );
    const planted = fc.record({
      weights,
      point: fc.array(fc.integer({ min: 2, max: 8 }), { minLength: 4, maxLength: 4 }),
      decoys: fc.array(fc.tuple(weights, fc.integer({ min: 1, max: 30 })), { maxLength: 3 }),
      step: fc.constantFrom(undefined, 0.5, 0.1),
      gap: fc.integer({ min: 1, max: 10 }),
      at: fc.nat(),
    });
    fc.assert(
      fc.property(planted, ({ weights: w, point, decoys, step, gap, at }) => {
        const parameters = point.map((_, i) => number(`p${i}`, 0, 10, i % 2 === 0 ? step : undefined));
        const sum = (by: readonly number[]) => by.map((weight, i) => `${weight} * p${i}`).join(" + ");
        const value = (by: readonly number[]) =>
          by.reduce((total, weight, i) => total + weight * point[i]!, 0);
        const constraints = decoys.map(([by, room], i) => ({
          source: `${sum(by)} <= ${value(by) + room}`,
          name: `decoy ${i}`,
        }));
        constraints.splice(at % (constraints.length + 1), 0, {
          source: `${sum(w)} <= ${value(w) + 0.4}`,
          name: "low",
        });
        constraints.push({ source: `${sum(w)} >= ${value(w) + 0.4 + 0.1 * gap}`, name: "high" });
        const error = conflictOf({ parameters, constraints });
        expect(error?.details["members"]).toEqual(["constraint low", "constraint high"]);
        for (const gone of ["low", "high"]) {
          expect(
            conflictOf({ parameters, constraints: constraints.filter(({ name }) => name !== gone) }),
          ).toBeNull();
        }
      }),
      { numRuns: 100, seed: 4 },
    );
  });
});
