import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { compileExpression, type ExpressionOptions } from "../../src/space/expression.js";

const UNITS: Readonly<Record<string, string>> = {
  line_load: "N/mm",
  roll_temperature: "degC",
  roll_temperature_f: "degF",
  room: "K",
  rest: "h",
  soak: "min",
  thickness: "um",
  width: "mm",
  porosity: "%",
  solids: "1",
  ratio: "1",
  capacity: "mAh/cm3",
  areal: "mg/cm2",
  specific: "mAh/g",
  c_rate: "C",
  x: "1",
  y: "1",
  z: "1",
};
const names = new Map(Object.entries(UNITS));

function compile(source: string, options: Partial<ExpressionOptions> = {}) {
  return compileExpression(source, { names, ...options });
}
function value(source: string, values: Record<string, number> = {}, unit?: string): number {
  return compile(source, unit === undefined ? {} : { unit }).evaluate(values);
}
function holds(source: string, values: Record<string, number>): boolean {
  return compile(source, { kind: "comparison" }).evaluate(values) >= 0;
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
function refused(source: string, options: Partial<ExpressionOptions> = {}): CellwrightError {
  return caught(() => compile(source, options));
}

describe("arithmetic", () => {
  it.each([
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["7 - 2 - 1", 4],
    ["8 / 4 / 2", 1],
    ["2 ^ 3 ^ 2", 512],
    ["-2 ^ 2", -4],
    ["(-2) ^ 2", 4],
    ["2 ^ -2", 0.25],
    ["2 ^ -1 ^ 2", 0.5],
    ["3 * -2 ^ 2", -12],
    ["3 - -2", 5],
    ["--2", 2],
    ["1.5e2 + .5", 150.5],
    ["10 ^ -3", 0.001],
    ["min(3, 1, 2) + max(3, 1, 2)", 4],
    ["abs(-3) + sqrt(16)", 7],
    ["exp(0) + log(1)", 1],
    ["4 ^ 0.5", 2],
    ["0 ^ 0", 1],
    ["  1\n+ 1\t", 2],
  ])("%s is %d", (source, expected) => {
    expect(value(source)).toBe(expected);
  });

  it("computes the cycler time of a formation protocol within a percent of the documented point", () => {
    const q1 = "min(1 / (1 + exp(-8.2 * (v_cutoff_cc1 - 0.165 * c_rate_cc1 - 3.66))), 1.27)";
    const source = `${q1} / c_rate_cc1\n + (1.27 - ${q1}) / c_rate_cc2\n + 7.25 + 10.6 * n_verification_cycles\n`;
    const units = { v_cutoff_cc1: "V", c_rate_cc1: "C", c_rate_cc2: "C", n_verification_cycles: "1" };
    const expression = compileExpression(source, { names: new Map(Object.entries(units)), unit: "h" });
    const at = { v_cutoff_cc1: 4, c_rate_cc1: 1.48, c_rate_cc2: 1.6, n_verification_cycles: 0 };
    expect(Math.abs(expression.evaluate(at) - 8)).toBeLessThan(0.32);
    expect(expression.evaluate({ ...at, n_verification_cycles: 5 }) - expression.evaluate(at)).toBeCloseTo(
      53,
      9,
    );
  });
});

describe("comparisons", () => {
  it.each([
    ["x <= 2", 2, true],
    ["x <= 2", 2.1, false],
    ["x < 2", 2, false],
    ["x < 2", 1.9, true],
    ["x >= 2", 2, true],
    ["x > 2", 2, false],
    ["x == 2", 2, true],
    ["x == 2", 2.001, false],
    ["2 >= x", 2, true],
    ["log(x) <= 5", -1, false],
    ["1 / x <= 5", 0, false],
  ])("%s at %d: %s", (source, x, expected) => {
    expect(holds(source, { x })).toBe(expected);
  });

  it("forgives rounding errors of decimal steps, and nothing that is larger", () => {
    expect(holds("x + y <= 0.3", { x: 0.1, y: 0.2 })).toBe(true);
    expect(holds("x + y - 0.3 <= 0", { x: 0.1, y: 0.2 })).toBe(true);
    expect(holds("x + y < 0.3", { x: 0.1, y: 0.2 })).toBe(false);
    expect(holds("x + y > 0.3", { x: 0.1, y: 0.2 })).toBe(false);
    expect(holds("x + y <= 0.3", { x: 0.1, y: 0.2 + 1e-9 })).toBe(false);
    expect(holds("x + y + z == 1", { x: 0.1, y: 0.2, z: 0.7 })).toBe(true);
  });

  it("gives the slack in the units of the left side, and both sides for messages", () => {
    const expression = compile("line_load <= 1800 - 6 * roll_temperature");
    const at = { line_load: 1700, roll_temperature: 50 };
    expect(expression.evaluate(at)).toBe(-200);
    expect(expression.sides?.(at)).toEqual({
      operator: "<=",
      left: 1700,
      right: 1500,
      leftSource: "line_load",
      rightSource: "1800 - 6 * roll_temperature",
    });
    expect(expression.names).toEqual(["line_load", "roll_temperature"]);
    expect([...expression.gradient(at, ["roll_temperature", "x", "line_load"])]).toEqual([-6, 0, -1]);
  });

  it("refuses a chain with the way to write it", () => {
    const error = refused("1 <= x <= 2");
    expect(error.code).toBe("EXPRESSION_INVALID");
    expect(error.problems[0]?.remedy).toMatch(/a <= b and b <= c/);
    expect(refused("(x <= 1) + 1").problems[0]?.remedy).toMatch(/one constraint per comparison/i);
    expect(refused("min(x <= 1, 2) > 0").code).toBe("EXPRESSION_INVALID");
  });

  it("refuses a value where a comparison is wanted and the reverse", () => {
    expect(refused("x + 1", { kind: "comparison" }).problems[0]?.remedy).toMatch(/<=/);
    expect(refused("x <= 1", { kind: "value" }).problems[0]?.found).toBe("a comparison");
  });
});

describe("units in expressions", () => {
  it("takes bare numbers in the units of the names beside them", () => {
    expect(holds("line_load <= 1800 - 6 * roll_temperature", { line_load: 1500, roll_temperature: 50 })).toBe(
      true,
    );
    expect(holds("c_rate <= 0.05 * (roll_temperature - 5)", { c_rate: 1, roll_temperature: 25 })).toBe(true);
  });

  it("converts an explicit unit to the campaign's", () => {
    expect(compile("line_load <= 1.8 kN/mm").evaluate({ line_load: 1700 })).toBe(100);
    expect(compile("line_load <= 2 * 0.9 kN/mm").evaluate({ line_load: 1700 })).toBe(100);
    expect(compile("1.8kN/mm >= 2 * line_load").evaluate({ line_load: 850 })).toBe(100);
    expect(holds("rest <= 3 d", { rest: 72 })).toBe(true);
    expect(holds("rest <= 3 d", { rest: 72.1 })).toBe(false);
    expect(holds("porosity >= 30 %", { porosity: 31 })).toBe(true);
    expect(holds("solids >= 30 %", { solids: 0.31 })).toBe(true);
    expect(holds("solids >= 30 %", { solids: 0.29 })).toBe(false);
    expect(holds("c_rate <= 0.5 C", { c_rate: 0.5 })).toBe(true);
    expect(value("exp(-rest / 3 d)", { rest: 72 })).toBeCloseTo(Math.exp(-1), 14);
    expect(value("exp(-2 * rest / 3 d)", { rest: 72 })).toBeCloseTo(Math.exp(-2), 14);
    expect(value("exp(-rest / soak)", { rest: 2, soak: 60 })).toBeCloseTo(Math.exp(-2), 14);
    expect(holds("line_load <= 1800 N·mm^-1", { line_load: 1800 })).toBe(true);
  });

  it("converts between names of one kind, and says so", () => {
    const expression = compile("thickness <= width");
    expect(expression.evaluate({ thickness: 100, width: 0.2 })).toBe(100);
    expect(expression.notes[0]).toMatch(/mm are converted to um/);
    expect(value("thickness + width", { thickness: 100, width: 0.2 }, "mm")).toBeCloseTo(0.3, 15);
    expect(value("areal * specific", { areal: 20, specific: 150 }, "mAh/cm2")).toBe(3);
    expect(value("ratio * capacity", { ratio: 0.5, capacity: 400 }, "mAh/cm3")).toBe(200);
    expect(compile("porosity <= solids").notes[0]).toMatch(/1 are converted to %/);
  });

  it("leaves a factor that the user wrote by hand alone", () => {
    expect(value("areal * specific / 1000", { areal: 20, specific: 150 }, "mAh/cm2")).toBe(3);
    expect(value("100 * solids", { solids: 0.3 }, "%")).toBe(30);
    expect(value("solids", { solids: 0.3 }, "%")).toBe(30);
    expect(holds("thickness / 1000 <= width", { thickness: 100, width: 0.2 })).toBe(true);
  });

  it("tells temperatures from their differences", () => {
    expect(compile("roll_temperature <= 212 degF").evaluate({ roll_temperature: 90 })).toBe(10);
    expect(compile("roll_temperature <= 373.15 K").evaluate({ roll_temperature: 90 })).toBe(10);
    expect(compile("roll_temperature <= room").evaluate({ roll_temperature: 20, room: 298.15 })).toBeCloseTo(
      5,
      9,
    );
    expect(compile("roll_temperature <= 2 * 50 degC").evaluate({ roll_temperature: 90 })).toBe(10);
    expect(compile("roll_temperature - 25 degC <= 10 K").evaluate({ roll_temperature: 30 })).toBe(5);
    expect(compile("roll_temperature + 10 K <= 100 degC").evaluate({ roll_temperature: 80 })).toBe(10);
    expect(compile("roll_temperature <= 30").evaluate({ roll_temperature: 20 })).toBe(10);
    expect(value("roll_temperature", { roll_temperature: 100 }, "degF")).toBe(212);
    expect(refused("roll_temperature - room <= 5").problems[0]?.remedy).toMatch(/one unit/);
    expect(refused("roll_temperature - 9 degF <= 5").code).toBe("UNIT_INCOMPATIBLE");
  });

  it.each([
    ["line_load <= 5 MPa", /force per width/],
    ["line_load <= roll_temperature", /degC.*N\/mm|1 \*/],
    ["roll_temperature <= 25 C", /C-rate.*degC/],
    ["c_rate <= 25 degC", /C-rate/],
    ["c_rate <= 1 1/h", undefined],
    ["rest + thickness <= 5", /1 \*/],
    ["min(rest, 5 mm) <= 5", /values in h/],
    ["x * (rest + 5 mm) <= 5", /values in h/],
  ])("refuses %s", (source, remedy) => {
    const error = refused(source);
    expect(["UNIT_INCOMPATIBLE", "EXPRESSION_INVALID"]).toContain(error.code);
    if (remedy !== undefined) expect(error.problems[0]?.remedy).toMatch(remedy);
  });

  it("never refuses bare numbers and products of names", () => {
    for (const source of [
      "line_load <= 1 * roll_temperature",
      "line_load * rest <= roll_temperature * thickness",
      "line_load * rest <= 5",
      "exp(line_load) <= porosity * rest",
      "sqrt(line_load) <= roll_temperature ^ 2",
      "line_load <= roll_temperature * rest",
    ]) {
      expect(compile(source).kind).toBe("comparison");
    }
    expect(value("line_load * rest", { line_load: 3, rest: 4 }, "MPa")).toBe(12);
  });

  it("refuses an explicit unit that would be lost, instead of counting it in a unit that nobody stated", () => {
    const error = refused("6 * roll_temperature * 2 kN <= line_load");
    expect(error.code).toBe("UNIT_INCOMPATIBLE");
    expect(error.message).toMatch(/2 kN/);
    expect(refused("x ^ (2 mm) <= 3").code).toBe("UNIT_INCOMPATIBLE");
    expect(refused("exp(2 mm) <= x").code).toBe("UNIT_INCOMPATIBLE");
  });

  it("names a formula's declared unit that its value cannot have", () => {
    expect(refused("line_load", { unit: "MPa" }).code).toBe("UNIT_INCOMPATIBLE");
    expect(refused("line_load + 5", { unit: "MPa" }).code).toBe("UNIT_INCOMPATIBLE");
    expect(value("line_load + 500", { line_load: 500 }, "kN/mm")).toBe(1);
  });

  it("reads the longest unit, but not into a function, a column or a word", () => {
    const own = { names: new Map([...names, ["mm", "N"], ["h", "um"]]) };
    expect(compile("5 m/min(x, 2)").evaluate({ x: 5 })).toBe(2.5);
    expect(compile("10 um / h", own).evaluate({ h: 5 })).toBe(2);
    expect(refused("10 N/mm", own).problems[0]?.found).toMatch(/also a column/);
    expect(compile("2 m2 + 1 m^2", { unit: "m2" }).evaluate({})).toBe(3);
    const unknown = refused("1800 N/mn <= line_load");
    expect(unknown.details["column"]).toBe(8);
    expect(unknown.problems[0]?.remedy).toMatch(/N\/mm/);
    const product = refused("6 roll_temperature <= 5");
    expect(product.code).toBe("UNIT_UNKNOWN");
    expect(product.problems[0]?.remedy).toMatch(/Write \*/);
    expect(refused("5 celsius <= roll_temperature").problems[0]?.remedy).toMatch(/degC/);
  });
});

describe("what is not in the language", () => {
  it.each([
    ["", 1],
    ["   ", 1],
    ["x +", 4],
    ["x + * 2", 5],
    ["(x", 3],
    ["x)", 2],
    ["()", 2],
    ["x y", 3],
    ["x (y)", 1],
    ["(x)(y)", 2],
    ["x.y", 2],
    ["x[0]", 2],
    ["x = 2", 3],
    ["x != 2", 3],
    ["x ** 2", 3],
    ["x && y", 3],
    ["!x", 1],
    ["+x", 1],
    ["x; y", 2],
    [";x", 1],
    ["x,", 2],
    ["1,5 * x", 2],
    ["(x, y)", 3],
    ["min(x)", 1],
    ["min(x,)", 7],
    ["min(x,,y)", 7],
    ["min(x y)", 7],
    ["min(,x)", 5],
    ["min()", 5],
    ["sqrt(x, y)", 1],
    ["sin(x)", 1],
    ["ln(x)", 1],
    ["unknown + 1", 1],
    ['x == "on"', 6],
    ["x ? 1 : 2", 3],
    ["{x}", 1],
    ["`x`", 1],
    ["1.2.3", 4],
    ["1e999 * x", 1],
    ["true", 1],
    ["this", 1],
    ["null", 1],
    ["x ≤ 2", 3],
    ["$x", 1],
    ["x | y", 3],
    ["\u0000", 1],
  ])("refuses %j at column %d", (source, column) => {
    const error = refused(source);
    expect(error.code).toBe("EXPRESSION_INVALID");
    expect(error.details["column"]).toBe(column);
    expect(error.problems).toHaveLength(1);
  });

  it.each([
    "__proto__",
    "constructor",
    "constructor(1)",
    "toString",
    "hasOwnProperty(1)",
    "constructor.constructor(1)",
    "x.__proto__",
    "valueOf",
    "globalThis",
    "__proto__ <= 1",
  ])("does not know %s", (source) => {
    expect(refused(source).code).toBe("EXPRESSION_INVALID");
  });

  it("does not read inherited properties as values, even when a column has such a name", () => {
    const expression = compileExpression("__proto__ + constructor", {
      names: new Map([
        ["__proto__", "1"],
        ["constructor", "1"],
      ]),
    });
    expect(caught(() => expression.evaluate({})).code).toBe("NON_FINITE");
  });

  it("refuses long and deep text at once", () => {
    expect(refused("x+".repeat(3000)).message).toMatch(/4000/);
    expect(refused("(".repeat(1000) + "x" + ")".repeat(1000)).message).toMatch(/64/);
    expect(refused("-".repeat(3000) + "x").message).toMatch(/500/);
    expect(refused(`${"x^-".repeat(900)}x`).message).toMatch(/500/);
    expect(refused("x".repeat(3900)).message.length).toBeLessThan(2000);
    expect(compile(`${"x^-".repeat(150)}x`).evaluate({ x: 1 })).toBe(1);
    expect(compile("-".repeat(400) + "x").evaluate({ x: 1 })).toBe(1);
  });

  it("answers any text with an expression or a coded error", () => {
    const pieces = [
      "x",
      "y",
      "1",
      "2.5",
      "+",
      "-",
      "*",
      "/",
      "^",
      "(",
      ")",
      ",",
      "min(",
      "exp(",
      "<=",
      "==",
      " ",
      "N/mm",
      "%",
    ];
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 20 }),
        (parts) => {
          try {
            expect(["value", "comparison"]).toContain(compile(parts.join("")).kind);
          } catch (error) {
            expect(error).toBeInstanceOf(CellwrightError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("says which choice column cannot be used, and which value is missing", () => {
    expect(refused("foil <= 1", { textNames: ["foil"] }).problems[0]?.remedy).toMatch(/choices/);
    expect(caught(() => value("x + y", { x: 1 })).message).toMatch(/finite y/);
    expect(caught(() => value("log(x)", { x: -1 })).code).toBe("NON_FINITE");
    expect(caught(() => compile("sqrt(x)").gradient({ x: 0 }, ["x"])).code).toBe("NON_FINITE");
    expect(compile("log(x)").evaluateAt(Float64Array.of(-1))).toBeNaN();
  });
});

describe("gradients", () => {
  /** Random trees as text with their value computed by plain JavaScript. */
  type Tree = { readonly text: string; readonly at: (v: Record<string, number>) => number };
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("x", "y", "z").map((name): Tree => ({ text: name, at: (v) => v[name]! })),
      fc.integer({ min: 1, max: 40 }).map((n): Tree => ({ text: `${n / 8}`, at: () => n / 8 })),
      fc.tuple(fc.constantFrom("+", "-", "*", "/"), tie("tree"), tie("tree")).map(([op, a, b]): Tree => {
        const apply = {
          "+": (p: number, q: number) => p + q,
          "-": (p: number, q: number) => p - q,
          "*": (p: number, q: number) => p * q,
          "/": (p: number, q: number) => p / q,
        }[op];
        return { text: `(${a.text} ${op} ${b.text})`, at: (v) => apply(a.at(v), b.at(v)) };
      }),
      fc.tuple(tie("tree"), fc.integer({ min: -3, max: 3 })).map(
        ([a, n]): Tree => ({
          text: `(${a.text})^${n}`,
          at: (v) => (n === 0 ? 1 + 0 * a.at(v) : Math.pow(a.at(v), n)),
        }),
      ),
      fc.tuple(fc.constantFrom("exp", "log", "sqrt", "abs", "-"), tie("tree")).map(([f, a]): Tree => {
        const apply = {
          exp: Math.exp,
          log: Math.log,
          sqrt: Math.sqrt,
          abs: Math.abs,
          "-": (p: number) => -p,
        }[f];
        return { text: f === "-" ? `-(${a.text})` : `${f}(${a.text})`, at: (v) => apply(a.at(v)) };
      }),
      fc.tuple(fc.constantFrom("min", "max"), tie("tree"), tie("tree")).map(([f, a, b]): Tree => {
        const apply = f === "min" ? Math.min : Math.max;
        return { text: `${f}(${a.text}, ${b.text})`, at: (v) => apply(a.at(v), b.at(v)) };
      }),
    ),
  }));
  const point = fc.record({
    x: fc.integer({ min: 1, max: 99 }),
    y: fc.integer({ min: 1, max: 99 }),
    z: fc.integer({ min: 1, max: 99 }),
  });

  it("evaluates random expressions as JavaScript does, with gradients that agree with differences", () => {
    let [compared, undefinedSlopes] = [0, 0];
    fc.assert(
      fc.property(tree, point, ({ text, at }, grid) => {
        const values = { x: grid.x / 33.7, y: grid.y / 29.3, z: grid.z / 31.1 };
        const expected = at(values);
        fc.pre(Number.isFinite(expected) && Math.abs(expected) < 1e6 && text.length < 400);
        const expression = compile(text);
        const got = expression.evaluate(values);
        // Subexpressions may cancel, so errors are relative to the largest magnitude that is allowed.
        expect(Math.abs(got - expected)).toBeLessThanOrEqual(1e-8 * (1 + Math.abs(expected)));
        const order = ["x", "y", "z"] as const;
        const gradient = new Float64Array(expression.names.length);
        expect(
          expression.evaluateWithGradientAt(
            Float64Array.from(expression.names, (n) => values[n as "x"]),
            gradient,
          ),
        ).toBe(got);
        order.forEach((name) => {
          const slope = (h: number) =>
            (at({ ...values, [name]: values[name] + h }) - at({ ...values, [name]: values[name] - h })) /
            (2 * h);
          const [coarse, fine] = [slope(1e-4), slope(5e-5)];
          const scale = 1e-3 * (1 + Math.abs(fine));
          if (!(Math.abs(coarse - fine) <= 0.1 * scale)) return; // kink, pole or a curve too steep for differences
          const own = expression.names.includes(name) ? gradient[expression.names.indexOf(name)]! : 0;
          compared++;
          undefinedSlopes += Number.isNaN(own) ? 1 : 0; // exp(log(0)) is flat for differences only
          if (!Number.isNaN(own)) expect(Math.abs(own - fine)).toBeLessThanOrEqual(scale);
        });
      }),
      { numRuns: 4000 },
    );
    expect(compared).toBeGreaterThan(3000);
    expect(undefinedSlopes).toBeLessThan(compared / 200);
  });

  it("differentiates a moving exponent, a negative base and both sides of a comparison", () => {
    expect(compile("x ^ y").gradient({ x: 2, y: 3 }, ["x", "y"])[0]).toBeCloseTo(12, 12);
    expect(compile("x ^ y").gradient({ x: 2, y: 3 }, ["x", "y"])[1]).toBeCloseTo(8 * Math.LN2, 12);
    expect([...compile("x ^ 3").gradient({ x: -2 }, ["x"])]).toEqual([12]);
    expect([...compile("x ^ 2 >= y ^ 2").gradient({ x: 3, y: 2 }, ["x", "y"])]).toEqual([6, -4]);
    expect([...compile("x ^ 2 == y").gradient({ x: 3, y: 2 }, ["x", "y"])]).toEqual([-6, 1]);
    expect([...compile("line_load <= 1.8 kN/mm").gradient({ line_load: 5 }, ["line_load"])]).toEqual([-1]);
    expect([
      ...compile("thickness <= width").gradient({ thickness: 5, width: 1 }, ["thickness", "width"]),
    ]).toEqual([-1, 1000]);
  });
});
