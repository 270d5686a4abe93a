import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { createFeasibleSet, type FeasibleSet } from "../../src/space/feasible-set.js";
import type { ContextVariable, Parameter, Settings } from "../../src/space/parameter.js";
import { createSearchSpace, type SearchSpace } from "../../src/space/search-space.js";
import { plantedSpace, randomParameters } from "./random-space.js";

const CALENDER: readonly Parameter[] = [
  { name: "line_load", kind: "continuous", unit: "N/mm", min: 200, max: 1600, scale: "log" },
  { name: "roll_temperature", kind: "continuous", unit: "degC", min: 25, max: 120, step: 5, scale: "linear" },
  { name: "line_speed", kind: "discrete", unit: "m/min", values: [5, 10, 20, 40, 60, 80], scale: "linear" },
  { name: "passes", kind: "integer", unit: "1", min: 1, max: 2, scale: "linear" },
  { name: "web_preheating", kind: "categorical", unit: "", choices: ["off", "on"] },
];
const POROSITY: ContextVariable = {
  name: "initial_porosity",
  kind: "number",
  unit: "%",
  min: 35,
  max: 60,
  scale: "linear",
};

function spaceOf(
  constraints: readonly string[],
  parameters = CALENDER,
  context: readonly ContextVariable[] = [],
): SearchSpace {
  return createSearchSpace({ parameters, context, constraints: constraints.map((source) => ({ source })) });
}
function setOf(space: SearchSpace, fixed: Settings = {}, context: Settings = {}): FeasibleSet {
  return createFeasibleSet(space, { fixed, context }, createRng(7));
}
function rowsOf(matrix: { rows: number; cols: number; data: Float64Array }): Float64Array[] {
  return Array.from({ length: matrix.rows }, (_, i) => matrixRow(matrix, i));
}
function number(name: string, min: number, max: number, step?: number): Parameter {
  return {
    name,
    kind: "continuous",
    unit: "1",
    min,
    max,
    scale: "linear",
    ...(step !== undefined && { step }),
  };
}
function caught(action: () => unknown): CellwrightError {
  try {
    action();
  } catch (error) {
    if (error instanceof CellwrightError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("sampling", () => {
  it("gives feasible settings on steps, distinct, within constraints", () => {
    const space = spaceOf(["line_load <= 1800 - 12 * roll_temperature", "line_load * line_speed <= 30000"]);
    const rows = rowsOf(setOf(space).sample(256, createRng(1)));
    expect(new Set(rows.map((row) => row.join())).size).toBe(256);
    for (const row of rows) expect(space.violations(space.decode(row).parameters, {})).toEqual([]);
  });

  it("keeps a formation protocol inside its plating guards, at the bounds of the steps too", () => {
    const rate = (name: string, max: number): Parameter => ({
      name,
      kind: "continuous",
      unit: "C",
      min: 0.02,
      max,
      scale: "log",
    });
    const oven: Parameter = {
      name: "temperature",
      kind: "continuous",
      unit: "degC",
      min: 25,
      max: 55,
      step: 5,
      scale: "linear",
    };
    const cutoff: Parameter = {
      name: "v_cutoff_cc1",
      kind: "continuous",
      unit: "V",
      min: 3.6,
      max: 4.1,
      step: 0.01,
      scale: "linear",
    };
    const guards = ["c_rate_cc1 <= 0.05 * (temperature - 5)", "c_rate_cc2 <= 0.03 * (temperature - 5)"];
    const space = spaceOf(guards, [rate("c_rate_cc1", 1.5), cutoff, rate("c_rate_cc2", 1), oven]);
    const rows = rowsOf(setOf(space).sample(512, createRng(1))).map((row) => space.decode(row).parameters);
    for (const settings of rows) expect(space.violations(settings, {})).toEqual([]);
    expect(new Set(rows.map(({ temperature }) => temperature))).toEqual(
      new Set([25, 30, 35, 40, 45, 50, 55]),
    );
    expect(rows.every(({ v_cutoff_cc1 }) => String(v_cutoff_cc1).length <= 4)).toBe(true);
    expect(space.isFeasible({ c_rate_cc1: 1, v_cutoff_cc1: 4, c_rate_cc2: 0.6, temperature: 25 }, {})).toBe(
      true,
    );
    expect(
      space.isFeasible({ c_rate_cc1: 1.001, v_cutoff_cc1: 4, c_rate_cc2: 0.6, temperature: 25 }, {}),
    ).toBe(false);
  });

  it("uses every level of every parameter, about evenly where nothing forbids", () => {
    const space = spaceOf([]);
    const rows = rowsOf(setOf(space).sample(240, createRng(1))).map((row) => space.decode(row).parameters);
    for (const speed of [5, 10, 20, 40, 60, 80]) {
      const share = rows.filter((settings) => settings["line_speed"] === speed).length / 240;
      expect(Math.abs(share - 1 / 6)).toBeLessThan(0.05);
    }
    const below =
      rows.filter((settings) => Number(settings["line_load"]) < Math.sqrt(200 * 1600)).length / 240;
    expect(Math.abs(below - 0.5)).toBeLessThan(0.03);
  });

  it("is the same for the same seed, moves on with the caller's stream, and does not move it at creation", () => {
    const space = spaceOf(["line_load <= 1800 - 12 * roll_temperature"]);
    const [a, b] = [createRng(3), createRng(3)];
    const set = createFeasibleSet(space, { fixed: {}, context: {} }, a);
    const first = set.sample(8, a);
    expect(first.data).toEqual(setOf(space).sample(8, b).data);
    expect(set.sample(8, a).data).not.toEqual(first.data);
  });

  it("fills a sliver that almost no Sobol point hits, away from a single spot", () => {
    const space = spaceOf(
      ["a + b + c + d >= 3.9"],
      ["a", "b", "c", "d"].map((name) => number(name, 0, 1)),
    );
    const rows = rowsOf(setOf(space).sample(64, createRng(2)));
    expect(new Set(rows.map((row) => row.join())).size).toBe(64);
    for (const row of rows) expect(space.violations(space.decode(row).parameters, {})).toEqual([]);
    const spread = Math.max(...rows.map((row) => row[0]!)) - Math.min(...rows.map((row) => row[0]!));
    expect(spread).toBeGreaterThan(0.05);
  });

  it("satisfies equalities after rounding: fractions, steps and curves", () => {
    const fractions = spaceOf(
      ["a + b + c == 1", "a >= 2 * b"],
      ["a", "b", "c"].map((name) => number(name, 0, 1)),
    );
    const stepped = spaceOf(
      ["a + b + c == 100"],
      ["a", "b", "c"].map((name) => number(name, 0, 100, 5)),
    );
    const mixed = spaceOf(["a + 3 * b == 50"], [number("a", 0, 100), number("b", 0, 30, 2)]);
    const curve = spaceOf(
      ["a * b == 1", "log(a) >= c"],
      [number("a", 0.1, 10), number("b", 0.1, 10), number("c", -1, 1)],
    );
    const whole = spaceOf(
      ["2 * a + b == 17"],
      [
        { name: "a", kind: "integer", unit: "1", min: 0, max: 1000, scale: "linear" },
        { name: "b", kind: "integer", unit: "1", min: 0, max: 1000, scale: "linear" },
        number("c", 0, 1),
      ],
    );
    for (const space of [fractions, stepped, mixed, curve, whole]) {
      const rows = rowsOf(setOf(space).sample(24, createRng(4)));
      for (const row of rows) expect(space.violations(space.decode(row).parameters, {})).toEqual([]);
      expect(new Set(rows.map((row) => row.join())).size).toBeGreaterThan(6);
    }
  });

  it("meets inequalities that leave only a line or a point: opposite ones, curved ones, and three in a circle", () => {
    const box = (low: number, high: number) => ["a", "b", "c"].map((name) => number(name, low, high));
    const lines: (readonly [readonly string[], readonly Parameter[]])[] = [
      [["a >= .25", "a <= .25"], box(-5, 5)],
      [["a >= .25", "a <= .25", "b <= 0"], box(-5, 5)],
      [["a >= .25", "a <= .25", "b <= 0"], box(0, 5)],
      [["a + b >= 1", "a + b <= 1"], box(0, 1)],
      [
        ["a + b >= 1", "2 * a + 2 * b <= 2"],
        [number("a", 0, 1, 0.01), number("b", 0, 1, 0.01), number("c", 0, 1)],
      ],
      [["a * b >= 1", "1 >= a * b"], box(0.1, 10)],
      [["3 * a >= 1", "1 >= 3 * a"], box(0, 1)],
      [["a <= b", "b <= c", "c <= a"], box(0, 1)],
      [["a + b + c == 100", "a - b >= 0", "a - b <= 0"], box(0, 100)],
      [["a >= .25", "b >= .25", "a + b <= .5"], box(0, 1)],
    ];
    for (const [sources, parameters] of lines) {
      const space = spaceOf(sources, parameters);
      const rows = rowsOf(setOf(space).sample(12, createRng(4)));
      for (const row of rows)
        expect(space.violations(space.decode(row).parameters, {}), sources[0]).toEqual([]);
      expect(new Set(rows.map((row) => row.join())).size, sources.join()).toBe(12);
    }
  });

  it("meets both sides of a mixture exactly, not only to the tolerance of an equality", () => {
    const space = spaceOf(
      ["a + b + c == 100"],
      ["a", "b", "c"].map((name) => number(name, 0, 100)),
    );
    for (const row of rowsOf(setOf(space).sample(64, createRng(4)))) {
      const { a, b, c } = space.decode(row).parameters;
      expect(Math.abs(Number(a) + Number(b) + Number(c) - 100)).toBeLessThan(1e-12);
    }
  });

  it("repeats points only when the set has no more", () => {
    const space = spaceOf(["a + b <= 4"], [number("a", 1, 5, 1), number("b", 1, 5, 1)]);
    const set = setOf(space);
    expect(set.size).toBe(6);
    expect(new Set(rowsOf(set.sample(6, createRng(1))).map((row) => row.join())).size).toBe(6);
    expect(new Set(rowsOf(set.sample(20, createRng(1))).map((row) => row.join())).size).toBe(6);
    const one = setOf(space, { a: 1, b: 2 });
    expect(one.free).toEqual([]);
    expect(one.size).toBe(1);
    expect(rowsOf(one.sample(2, createRng(1))).map((row) => space.decode(row).parameters)).toEqual([
      { a: 1, b: 2 },
      { a: 1, b: 2 },
    ]);
  });
});

describe("random spaces", () => {
  it("samples, rounds and contains only feasible settings on steps", () => {
    let rounded = 0;
    fc.assert(
      fc.property(plantedSpace, fc.integer({ min: 0, max: 1e6 }), ({ parameters, constraints }, seed) => {
        const space = createSearchSpace({ parameters, context: [], constraints });
        const rng = createRng(seed);
        const set = createFeasibleSet(space, { fixed: {}, context: {} }, rng);
        for (const row of rowsOf(set.sample(6, rng))) {
          const settings = space.decode(row).parameters;
          expect(space.violations(settings, {})).toEqual([]);
          expect(set.contains(row)).toBe(true);
          expect(set.round(row)[0]).toEqual(row);
          expect(space.encode(settings, {})).toEqual(row);
        }
        const x = Float64Array.from(space.columns, ({ upper }) => rng.uniform() * upper);
        let before = 0;
        for (const near of set.round(x)) {
          rounded++;
          expect(space.violations(space.decode(near).parameters, {})).toEqual([]);
          expect(set.contains(near)).toBe(true);
          const distance = near.reduce((sum, v, j) => sum + (v - x[j]!) * (v - x[j]!), 0);
          if (set.slack(x) >= 0) {
            expect(distance).toBeGreaterThanOrEqual(before - 1e-12);
            before = distance;
          }
        }
      }),
      { numRuns: 2000, seed: 1 },
    );
    expect(rounded).toBeGreaterThan(2000);
  });

  it("enumerates exactly the grid points that are feasible", () => {
    fc.assert(
      fc.property(plantedSpace, ({ parameters, constraints }) => {
        const space = createSearchSpace({ parameters, context: [], constraints });
        const counts = space.columns.map(({ levels }) => levels?.count ?? Number.POSITIVE_INFINITY);
        const total = counts.reduce((a, b) => a * b, 1);
        const set = setOf(space);
        fc.pre(total <= 3000);
        const feasible: string[] = [];
        for (let i = 0; i < total; i++) {
          let rest = i;
          const x = new Float64Array(counts.length);
          for (let j = counts.length - 1; j >= 0; j--) {
            x[j] = space.columns[j]!.levels!.encoded(rest % counts[j]!);
            rest = Math.floor(rest / counts[j]!);
          }
          if (space.isFeasible(space.decode(x).parameters, {})) feasible.push(x.join());
        }
        expect(set.size).toBe(feasible.length);
        expect(rowsOf(set.enumerate()!).map((row) => row.join())).toEqual(feasible);
      }),
      { numRuns: 150, seed: 3 },
    );
  });

  it("gives a slack that is negative where a constraint is broken, with the slope of differences", () => {
    fc.assert(
      fc.property(plantedSpace, fc.integer({ min: 0, max: 1e6 }), ({ parameters, constraints }, seed) => {
        const space = createSearchSpace({ parameters, context: [], constraints });
        const set = setOf(space);
        const rng = createRng(seed);
        const x = Float64Array.from(space.columns, ({ upper }) => rng.uniform() * upper);
        for (const column of space.columns)
          if (column.kind === "categorical") x[space.columns.indexOf(column)] = 0;
        const gradient = new Float64Array(x.length).fill(Number.NaN);
        const slack = set.slack(x, gradient);
        if (slack === Number.POSITIVE_INFINITY) return;
        const raw = Float64Array.from(space.columns, (column, j) =>
          set.free.includes(j) ? column.toRaw(x[j]!) : column.min,
        );
        const moving = space.constraints.filter(({ columns }) => columns.some((j) => set.free.includes(j)));
        expect(slack >= 0).toBe(moving.every((constraint) => constraint.slack(raw) >= 0));
        for (const j of set.free) {
          const step = (h: number) => {
            const moved = x.slice();
            moved[j]! += h;
            return set.slack(moved);
          };
          const [left, right] = [(slack - step(-1e-6)) / 1e-6, (step(1e-6) - slack) / 1e-6];
          if (Math.abs(left - right) < 1e-3)
            expect(Math.abs(gradient[j]! - right)).toBeLessThan(2e-3 * (1 + Math.abs(right)));
        }
      }),
      { numRuns: 400, seed: 2 },
    );
  });

  it("keeps what is fixed, and encodes the context of the request", () => {
    fc.assert(
      fc.property(randomParameters, fc.integer({ min: 0, max: 1e6 }), (parameters, seed) => {
        const space = createSearchSpace({ parameters, context: [POROSITY], constraints: [] });
        const rng = createRng(seed);
        const any = setOf(space, {}, { initial_porosity: 44.25 }).sample(1, rng);
        const name = parameters[rng.integer(parameters.length)]!.name;
        const fixed = { [name]: space.decode(matrixRow(any, 0)).parameters[name]! };
        const set = setOf(space, fixed, { initial_porosity: 44.25 });
        expect(set.free).not.toContain(space.inputs.findIndex((input) => input.name === name));
        for (const row of rowsOf(set.sample(5, rng))) {
          const { parameters: settings, context } = space.decode(row);
          expect(settings[name]).toBe(fixed[name]);
          expect(context).toEqual({ initial_porosity: 44.25 });
          expect(set.contains(row)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("rounding", () => {
  it("lists all steps round a point, nearest first", () => {
    const space = spaceOf([], [number("a", 0, 10, 1), number("b", 0, 10, 1)]);
    const near = setOf(space).round(Float64Array.of(0.33, 0.52));
    expect(near.map((x) => [...x].map((v) => Math.round(v * 10)))).toEqual(
      [
        [3, 5],
        [4, 5],
        [3, 6],
        [4, 6],
      ].toSorted((p, q) => distance(p) - distance(q)),
    );
    function distance([a = 0, b = 0]: number[]): number {
      return (a - 3.3) * (a - 3.3) + (b - 5.2) * (b - 5.2);
    }
  });

  it("drops neighbours that break a constraint, and moves continuous columns to keep the others", () => {
    const space = spaceOf(["a <= b"], [number("a", 0, 10, 1), number("b", 0, 10)]);
    const near = setOf(space)
      .round(Float64Array.of(0.35, 0.35))
      .map((x) => space.decode(x).parameters);
    expect(near[0]).toEqual({ a: 3, b: 3.5 });
    expect(near[1]?.["a"]).toBe(4);
    expect(near[1]?.["b"]).toBeGreaterThanOrEqual(4);
    expect(near[1]?.["b"]).toBeLessThan(4.1);
  });

  it("brings a point from outside the box and the constraints back beside it", () => {
    const space = spaceOf(["a + b <= 5"], [number("a", 0, 10), number("b", 0, 10)]);
    const [near] = setOf(space).round(Float64Array.of(1.4, 0.9));
    const { a, b } = space.decode(near!).parameters;
    expect(Number(a) + Number(b)).toBeLessThanOrEqual(5);
    expect(Number(a) + Number(b)).toBeGreaterThan(4.9);
    expect(Number(a)).toBeGreaterThan(Number(b));
  });

  it("knows members from points between steps, of other fixed values or outside", () => {
    const space = spaceOf(["a + b <= 5"], [number("a", 0, 10, 1), number("b", 0, 10)]);
    const set = setOf(space, {});
    const at = (a: number, b: number) => space.encode({ a, b }, {});
    expect(set.contains(at(2, 3))).toBe(true);
    expect(set.contains(at(2, 3.5))).toBe(false);
    expect(set.contains(at(2.5, 1))).toBe(false);
    expect(set.contains(at(-1, 1))).toBe(false);
    expect(set.contains(at(1, 11))).toBe(false);
    expect(set.contains(Float64Array.of(0.1))).toBe(false);
    expect(set.contains(Float64Array.of(Number.NaN, 0))).toBe(false);
    expect(setOf(space, { a: 1 }).contains(at(2, 3))).toBe(false);
  });
});

describe("requests", () => {
  it("names every fixed or context value that cannot be used", () => {
    const space = spaceOf([], CALENDER, [POROSITY]);
    const fixed = {
      line_load: 5000,
      roll_temperature: 62,
      web_preheating: "warm",
      speed: 3,
      initial_porosity: 40,
      passes: "2",
    };
    const error = caught(() => setOf(space, fixed));
    expect(error.code).toBe("INVALID_OPTION");
    expect(error.problems.map(({ where }) => where).toSorted()).toEqual([
      "context.initial_porosity",
      "fixed.initial_porosity",
      "fixed.line_load",
      "fixed.passes",
      "fixed.roll_temperature",
      "fixed.speed",
      "fixed.web_preheating",
    ]);
    expect(error.problems.find(({ where }) => where === "fixed.initial_porosity")?.remedy).toMatch(
      /--context/,
    );
    expect(error.problems.find(({ where }) => where === "fixed.line_load")?.expected).toBe(
      "200 to 1600 N/mm",
    );
  });

  it("puts the request's context into the constraints", () => {
    const space = spaceOf(["line_load <= 20 * initial_porosity"], CALENDER, [POROSITY]);
    const set = setOf(space, {}, { initial_porosity: 40 });
    for (const row of rowsOf(set.sample(64, createRng(1)))) {
      expect(Number(space.decode(row).parameters["line_load"])).toBeLessThanOrEqual(800);
    }
  });

  it("takes a request for an unconstrained space without parameters that move", () => {
    const set = setOf(spaceOf([], [number("a", 3, 3)]));
    expect(set.free).toEqual([]);
    expect(set.sample(1, createRng(1)).data[0]).toBe(0);
    expect(set.slack(Float64Array.of(0))).toBe(Number.POSITIVE_INFINITY);
  });
});
