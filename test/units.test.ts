import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellwrightError } from "../src/errors.js";
import {
  compatible,
  conversionWarning,
  convert,
  converter,
  createConversion,
  formatUnit,
  isKnownUnit,
  knownUnits,
  parseUnit,
} from "../src/units.js";

function caught(action: () => unknown): CellwrightError {
  try {
    action();
  } catch (error) {
    if (error instanceof CellwrightError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("the table of units", () => {
  it("reads every known unit and keeps its spelling", () => {
    for (const text of knownUnits) expect(parseUnit(text).text).toBe(text);
  });

  it.each([
    ["µm", "um"],
    ["μm", "um"],
    ["°C", "degC"],
    ["m²", "m2"],
    ["m^2", "m2"],
    ["g/cm³", "g/cm3"],
    ["mΩ", "mOhm"],
    ["N·m", "N*m"],
    ["h⁻¹", "h^-1"],
    [" kN/m ", "kN/m"],
    ["USD/m2/h", "USD/m2/h"],
  ])("reads %s as %s", (text, canonical) => {
    expect(parseUnit(text).text).toBe(canonical);
  });

  it.each([
    [1, "kN/m", "N/mm", 1],
    [1.8, "kN/mm", "N/mm", 1800],
    [0.5, "mm", "um", 500],
    [0.57, "m", "mm", 570],
    [1.1, "kN", "N", 1100],
    [17.27, "mg/cm2", "g/m2", 172.7],
    [183.1, "g/m2", "mg/cm2", 18.31],
    [90, "min", "h", 1.5],
    [4.35, "h", "min", 261],
    [3, "d", "h", 72],
    [1, "bar", "MPa", 0.1],
    [240, "mAh", "Ah", 0.24],
    [3.55, "Wh", "J", 12780],
    [28.3, "%", "1", 0.283],
    [0.07, "1", "%", 7],
    [25, "degC", "K", 298.15],
    [25, "degC", "degF", 77],
    [77, "degF", "degC", 25],
    [5.1, "degC", "K", 278.25],
    [-40, "degF", "degC", -40],
    [2.5, "g/cm3", "kg/m3", 2500],
    [1, "S/m", "mS/cm", 10],
    [2, "m/min", "m/s", 2 / 60],
    [1e-7, "m", "um", 0.1],
    [3e21, "nm", "um", 3e18],
    [4, "USD/kWh", "USD/Wh", 0.004],
    [1, "L", "cm3", 1000],
  ])("converts %d %s to %s without float noise", (value, from, to, expected) => {
    expect(convert(value, from, to)).toBe(expected);
  });

  it("converts any decimal by a power of ten to the decimal that a person would write", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -999_999, max: 999_999 }),
        fc.integer({ min: 0, max: 6 }),
        (digits, places) => {
          const metres = Number(`${digits}e-${places}`);
          expect(convert(metres, "m", "um")).toBe(Number(`${digits}e${6 - places}`));
          expect(convert(metres, "mm", "m")).toBe(Number(`${digits}e${-3 - places}`));
        },
      ),
    );
  });

  it("comes back to the same value from every compatible unit", () => {
    const pairs = knownUnits.flatMap((a) =>
      knownUnits.filter((b) => compatible(a, b)).map((b) => [a, b] as const),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...pairs),
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        ([a, b], value) => {
          const back = convert(convert(value, a, b), b, a);
          expect(Math.abs(back - value)).toBeLessThanOrEqual(1e-12 * (Math.abs(value) + 1000));
        },
      ),
    );
  });

  it("agrees between the exact conversion and scale with offset", () => {
    const { scale, offset } = converter("degF", "degC");
    expect(scale * 212 + offset).toBeCloseTo(100, 10);
    expect(converter("kN/m", "N/mm")).toEqual({ scale: 1, offset: 0 });
    expect(converter("degC", "K")).toEqual({ scale: 1, offset: 273.15 });
  });

  it("leaves an empty cell (NaN) empty and refuses a value that overflows", () => {
    expect(createConversion("km", "um")(Number.NaN)).toBeNaN();
    expect(caught(() => convert(1e308, "km", "um")).code).toBe("NON_FINITE");
  });
});

describe("units that must not be mixed up", () => {
  it.each([
    ["MPa", "N/mm", /force per width/],
    ["N/mm", "MPa", /contact length/],
    ["kN", "N/mm", /web width/],
    ["t", "N/mm", /tonnes/],
    ["C", "degC", /C-rate.*degC/],
    ["degC", "C", /C-rate/],
    ["C", "1/h", /capacity/],
    ["A", "C", /capacity/],
    ["USD", "EUR", /exchange rate/],
    ["USD/m2", "EUR/m2", /exchange rate/],
    ["Ah", "Wh", /voltage/],
    ["g/m2", "um", /density/],
    ["g/cm3", "%", /solid density/],
    ["h", "m", /Give the values in m/],
  ])("refuses %s for %s with a remedy", (from, to, remedy) => {
    const error = caught(() => convert(1, from, to));
    expect(error.code).toBe("UNIT_INCOMPATIBLE");
    expect(error.problems[0]?.remedy).toMatch(remedy);
    expect(error.details).toEqual({ from, to });
    expect(compatible(from, to)).toBe(false);
  });

  it("flags % against a fraction, and nothing else", () => {
    expect(conversionWarning("1", "%")).toMatch(/0.3 becomes 30 %/);
    expect(conversionWarning("%", "1")).toMatch(/30 % becomes 0.3/);
    expect(conversionWarning("%", "%")).toBeNull();
    expect(conversionWarning("mm", "um")).toBeNull();
  });
});

describe("unknown units", () => {
  it.each([
    ["n/mm", "N/mm"],
    ["KN/m", "kN/m"],
    ["Mpa", "MPa"],
    ["kn/mm", "kN/mm"],
    ["celsius", "degC"],
    ["℃", "degC"],
    ["degc", "degC"],
    ["hours", "h"],
    ["min.", "min"],
    ["micron", "um"],
    ["g/ccm", "g/cm3"],
    ["percent", "%"],
    ["", "1"],
    ["[N/mm]", "N/mm"],
    ["hour/micron", "h/um"],
    ["$", "USD"],
    ["mAh cm^-2", "mAh*cm^-2"],
  ])("suggests for %j the spelling %s", (text, suggestion) => {
    const error = caught(() => parseUnit(text));
    expect(error.code).toBe("UNIT_UNKNOWN");
    expect(error.details["suggestion"]).toBe(suggestion);
    expect(error.message).toContain(suggestion);
  });

  it.each([
    "coulombs",
    "12",
    "1^2",
    "m^9",
    "N//mm",
    "/mm",
    "N/",
    "constructor",
    "__proto__",
    "toString",
    "m".repeat(65),
  ])("does not know %s", (text) => {
    expect(isKnownUnit(text)).toBe(false);
    expect(caught(() => parseUnit(text)).code).toBe("UNIT_UNKNOWN");
  });

  it("answers any text with a unit or UNIT_UNKNOWN", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from("NmkhCdeg%1/*^23-·µ _()")) }), (text) => {
        if (isKnownUnit(text)) expect(isKnownUnit(parseUnit(text).text)).toBe(true);
        else expect(caught(() => parseUnit(text)).code).toBe("UNIT_UNKNOWN");
      }),
    );
  });
});

describe("formatUnit", () => {
  it.each([
    ["um", "µm"],
    ["degC", "°C"],
    ["g/cm3", "g/cm³"],
    ["mOhm", "mΩ"],
    ["Ohm*m", "Ω·m"],
    ["N/mm", "N/mm"],
    ["h^-1", "h⁻¹"],
    ["1", ""],
    ["%", "%"],
  ])("prints %s as %s", (text, shown) => {
    expect(formatUnit(text)).toBe(shown);
  });
});
