import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import type { ContextVariable, Parameter, Settings } from "../../src/space/parameter.js";
import { createSearchSpace, type SearchSpaceSpec } from "../../src/space/search-space.js";
import { randomParameters } from "./random-space.js";

const PARAMETERS: readonly Parameter[] = [
  { name: "line_load", kind: "continuous", unit: "N/mm", min: 200, max: 1600, scale: "log" },
  { name: "roll_temperature", kind: "continuous", unit: "degC", min: 25, max: 120, step: 5, scale: "linear" },
  {
    name: "target_density",
    kind: "continuous",
    unit: "g/cm3",
    min: 2.7,
    max: 3.2,
    step: 0.05,
    scale: "linear",
  },
  { name: "line_speed", kind: "discrete", unit: "m/min", values: [5, 10, 20, 40, 60, 80], scale: "linear" },
  { name: "passes", kind: "integer", unit: "1", min: 1, max: 3, scale: "linear" },
  { name: "web_preheating", kind: "categorical", unit: "", choices: ["off", "on"] },
];
const CONTEXT: readonly ContextVariable[] = [
  { name: "initial_porosity", kind: "number", unit: "%", min: 35, max: 60, value: 44, scale: "linear" },
  { name: "line", kind: "categorical", unit: "", choices: ["A", "B", "C"] },
];
const SETTINGS: Settings = {
  line_load: 800,
  roll_temperature: 60,
  target_density: 2.95,
  line_speed: 40,
  passes: 2,
  web_preheating: "on",
};
const STATE: Settings = { initial_porosity: 44, line: "B" };

function space(overrides: Partial<SearchSpaceSpec> = {}) {
  return createSearchSpace({ parameters: PARAMETERS, context: CONTEXT, constraints: [], ...overrides });
}
function problemsOf(spec: Partial<SearchSpaceSpec>) {
  try {
    space(spec);
  } catch (error) {
    if (error instanceof CellwrightError && error.code === "CAMPAIGN_INVALID") return error.problems;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("encode and decode", () => {
  it("lists one input per parameter and context, with the levels of choices", () => {
    expect(space().inputs.map(({ name }) => name)).toEqual(
      [...PARAMETERS, ...CONTEXT].map(({ name }) => name),
    );
    expect(space().inputs[5]).toEqual({ name: "web_preheating", kind: "categorical", levels: 2 });
    expect(space().inputs[7]).toEqual({ name: "line", kind: "categorical", levels: 3 });
  });

  it("puts bounds at 0 and 1, logs on a log scale, and choices at their index", () => {
    const x = space().encode(SETTINGS, STATE);
    expect(x[0]).toBeCloseTo(Math.log(4) / Math.log(8), 14);
    expect(x[1]).toBeCloseTo(35 / 95, 14);
    expect(x[3]).toBeCloseTo(35 / 75, 14);
    expect(x[4]).toBe(0.5);
    expect(x[5]).toBe(1);
    expect(x[6]).toBeCloseTo(9 / 25, 14);
    expect(x[7]).toBe(1);
    const low = space().encode({ ...SETTINGS, line_load: 200, roll_temperature: 25 }, STATE);
    expect([low[0], low[1]]).toEqual([0, 0]);
    expect(space().encode({ ...SETTINGS, line_load: 1600 }, STATE)[0]).toBe(1);
  });

  it("encodes settings outside the bounds outside the cube, and decodes them again", () => {
    const outside = { ...SETTINGS, line_load: 3200, roll_temperature: 20, target_density: 3.3 };
    const x = space().encode(outside, { ...STATE, initial_porosity: 65 });
    expect(x[0]).toBeGreaterThan(1);
    expect(x[1]).toBeLessThan(0);
    expect(space().decode(x)).toEqual({ parameters: outside, context: { ...STATE, initial_porosity: 65 } });
    expect(space().isFeasible(outside, STATE)).toBe(false);
  });

  it("gives steps as exact decimals", () => {
    const columns = space();
    for (let k = 0; k <= 10; k++) {
      const x = columns.encode(SETTINGS, STATE);
      x[2] = k / 10;
      expect(String(columns.decode(x).parameters["target_density"])).toBe(
        String(Number((2.7 + k * 0.05).toFixed(2))),
      );
    }
  });

  it("snaps to the nearest step, member and choice", () => {
    const columns = space();
    const x = Float64Array.of(0.5, 0.39, 0.07, 0.15, 0.3, 0.6, 0.36, 1.4);
    const { parameters, context } = columns.decode(x);
    expect(parameters).toEqual({
      line_load: 565.6854,
      roll_temperature: 60,
      target_density: 2.75,
      line_speed: 20,
      passes: 2,
      web_preheating: "on",
    });
    expect(context).toEqual({ initial_porosity: 44, line: "B" });
  });

  it("rounds to decimals as the text of a number does", () => {
    for (const [min, max, places] of [
      [0, 1, 6],
      [-30, 70, 4],
      [2e5, 9e5, 1],
      [3e7, 9e7, -1],
      [1e-9, 2e-9, 15],
    ] as const) {
      const parameter = { name: "p", kind: "continuous", unit: "1", min, max, scale: "linear" } as const;
      const [column] = createSearchSpace({ parameters: [parameter], context: [], constraints: [] }).columns;
      const unit = Number(`1e${-places}`);
      fc.assert(
        fc.property(fc.double({ min, max, noNaN: true }), fc.boolean(), (value, halfway) => {
          const raw = halfway ? (Math.floor(value / unit) + 0.5) * unit : value;
          const text = places < 0 ? `${Math.round(raw / unit) * unit}` : raw.toFixed(places);
          expect(column!.snap(raw)).toBe(Number(text) + 0);
        }),
      );
    }
  });

  it("returns what it decoded: decode∘encode is the identity on decoded settings, without float noise", () => {
    fc.assert(
      fc.property(
        randomParameters,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (parameters, stream) => {
          const columns = createSearchSpace({ parameters, context: [], constraints: [] });
          const x = Float64Array.from(columns.columns, (column) => stream.next().value! * column.upper);
          const first = columns.decode(x).parameters;
          const encoded = columns.encode(first, {});
          expect(columns.decode(encoded).parameters).toEqual(first);
          expect(columns.violations(first, {})).toEqual([]);
          for (const value of Object.values(first)) {
            if (typeof value === "number")
              expect(String(value).replace(/[-.]/gu, "").length).toBeLessThanOrEqual(9);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("decodes on the step grid: min + k · step, never beyond max", () => {
    const steppy = randomParameters.map((list) =>
      list.filter((p) => p.kind === "continuous" && p.step !== undefined),
    );
    fc.assert(
      fc.property(steppy, fc.double({ min: 0, max: 1, noNaN: true }), (parameters, u) => {
        fc.pre(parameters.length > 0);
        const columns = createSearchSpace({ parameters, context: [], constraints: [] });
        for (const parameter of parameters) {
          if (parameter.kind !== "continuous" || parameter.step === undefined) continue;
          const column = columns.columns.find(({ name }) => name === parameter.name)!;
          const level = Math.min(column.levels!.count - 1, Math.floor(u * column.levels!.count));
          const value = column.levels!.value(level);
          expect(value).toBeLessThanOrEqual(parameter.max);
          expect(Math.round(value * 100)).toBe(
            Math.round(parameter.min * 100) + level * Math.round(parameter.step * 100),
          );
          expect(column.snap(column.toRaw(column.levels!.encoded(level)))).toBe(value);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("takes the range of the data for context without bounds, and keeps one repeated value apart from others", () => {
    const context: ContextVariable[] = [
      { name: "room", kind: "number", unit: "degC", scale: "linear", value: 20 },
    ];
    const none: Partial<SearchSpaceSpec> = { parameters: [PARAMETERS[0]!], context };
    const ranged = space({ ...none, contextRanges: { room: [10, 30] } });
    expect(ranged.encode({ line_load: 200 }, { room: 25 })[1]).toBe(0.75);
    const single = space({ ...none, contextRanges: { room: [10, 10] } });
    expect(single.encode({ line_load: 200 }, { room: 10 })[1]).toBe(0);
    expect(single.encode({ line_load: 200 }, { room: 15 })[1]).toBe(0.5);
    expect(space(none).encode({ line_load: 200 }, { room: 20 })[1]).toBe(0);
    expect(single.decode(Float64Array.of(0, 0.5)).context).toEqual({ room: 15 });
  });

  it("refuses what it cannot encode, everything at once", () => {
    try {
      space().encode({ ...SETTINGS, line_load: 0, web_preheating: "maybe", passes: "2" }, { line: "B" });
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof CellwrightError)) throw error;
      expect(error.code).toBe("DATA_INVALID");
      expect(error.problems.map(({ where }) => where)).toEqual([
        "parameters.line_load",
        "parameters.passes",
        "parameters.web_preheating",
        "context.initial_porosity",
      ]);
    }
    expect(() => space().decode(Float64Array.of(1, 2))).toThrow(/8 finite values/);
  });
});

describe("feasibility", () => {
  const constraints = [
    { source: "line_load <= 1800 - 6 * roll_temperature", name: "hot-soft", reason: "The foil tears." },
    { source: "initial_porosity >= 40" },
  ];

  it("names each bound, step and constraint that does not hold", () => {
    const limited = space({ constraints });
    expect(limited.isFeasible(SETTINGS, STATE)).toBe(true);
    const bad = { ...SETTINGS, line_load: 1500, roll_temperature: 62, line_speed: 30, passes: 4 };
    const problems = limited.violations(bad, { ...STATE, initial_porosity: 39 });
    expect(problems.map(({ where }) => where)).toEqual([
      "parameters.roll_temperature",
      "parameters.line_speed",
      "parameters.passes",
      "constraint hot-soft",
      "constraint initial_porosity >= 40",
    ]);
    expect(problems[3]).toEqual({
      where: "constraint hot-soft",
      found: "line_load = 1500, roll_temperature = 62 (1500 against 1428)",
      expected: "line_load <= 1800 - 6 * roll_temperature",
      remedy: "The foil tears.",
    });
    expect(problems[0]?.expected).toMatch(/60 degC/);
  });

  it("asks for a context only where a constraint needs it", () => {
    expect(space().isFeasible(SETTINGS, {})).toBe(true);
    expect(
      space({ constraints })
        .violations(SETTINGS, {})
        .map(({ where }) => where),
    ).toEqual(["context.initial_porosity"]);
  });

  it("reports a missing or impossible setting instead of comparing it", () => {
    const missing = Object.fromEntries(Object.entries(SETTINGS).filter(([name]) => name !== "line_load"));
    expect(
      space({ constraints })
        .violations(missing, STATE)
        .map(({ where }) => where),
    ).toEqual(["parameters.line_load"]);
    expect(space().isFeasible({ ...SETTINGS, line_load: Number.NaN }, STATE)).toBe(false);
  });
});

describe("spaces that make no sense", () => {
  it("lists every problem of parameters, context and constraints at once", () => {
    const problems = problemsOf({
      parameters: [
        { name: "a", kind: "continuous", unit: "N/mm", min: 5, max: 1, scale: "linear" },
        { name: "b", kind: "continuous", unit: "N/mm", min: 0, max: 1, scale: "log" },
        { name: "c", kind: "continuous", unit: "n/mm", min: 0, max: Number.NaN, scale: "linear", step: 0 },
        { name: "d", kind: "integer", unit: "1", min: 0.5, max: 2, scale: "linear" },
        { name: "e", kind: "discrete", unit: "1", values: [2, 1], scale: "linear" },
        { name: "e", kind: "categorical", unit: "", choices: [] },
      ],
      context: [{ name: "f", kind: "number", unit: "%", min: 3, max: 2, scale: "linear" }],
    });
    const places = problems.map(({ where }) => where);
    for (const where of [
      "e",
      "parameters.a",
      "parameters.b.min",
      "parameters.c.max",
      "parameters.c.step",
      "parameters.d",
    ]) {
      expect(places).toContain(where);
    }
    for (const where of ["parameters.e.values", "parameters.e.choices", "context.f", "c.unit"])
      expect(places).toContain(where);
  });

  it("lists every constraint that cannot be read", () => {
    const problems = problemsOf({
      constraints: [
        { source: "line_load <= 5 MPa" },
        { source: "line_laod <= 5" },
        { source: "line_load" },
        { source: "web_preheating == 1" },
      ],
    });
    expect(problems.map(({ where }) => where.split(",")[0])).toEqual([
      "constraints.0",
      "constraints.1",
      "constraints.2",
      "constraints.3",
    ]);
    expect(problems[3]?.remedy).toMatch(/choices/);
  });
});
