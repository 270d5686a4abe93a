import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  columnStdDev,
  formatHours,
  formatInterval,
  formatMeasured,
  formatPlain,
  formatProbability,
  formatR2,
  formatSetting,
  formatTick,
  formatUnit,
  readableName,
  titleWithUnit,
  withUnit,
  formatChange,
} from "../../src/plots/format.js";

describe("a change of a prediction", () => {
  const predicted = { interval95: [9.02, 10.98] as const };

  it("has its sign and the digits of a tenth of the spread", () => {
    expect(formatChange(0.421, predicted)).toBe("+0.42");
    expect(formatChange(-0.421, predicted)).toBe("−0.42");
  });

  it("has no sign where nothing of it is left", () => {
    expect(formatChange(-0.0004, predicted)).toBe("0.00");
  });
});

describe("formatMeasured", () => {
  it.each([
    [177.44, 42, "177"],
    [99.13, 42, "99"],
    [1291.2, 160, "1290"],
    [177.44, 26, "177"],
    [462.17, 5.3, "462"],
    [29.9134, 0.62, "29.9"],
    [29.9134, 0.21, "29.91"],
    [0.827, 0.119, "0.83"],
    [0.827, 0.367, "0.8"],
    [0.827, 0.97, "0.8"],
    [1086.4, 130, "1090"],
    [-0.04, 0.5, "0.0"],
    [12345678, 23456, "12346000"],
  ])("prints %d ± %d as %s", (value, stdDev, shown) => {
    expect(formatMeasured(value, stdDev)).toBe(shown);
  });

  it("keeps four significant digits without a deviation", () => {
    expect(formatMeasured(8.04217, 0)).toBe("8.042");
    expect(formatMeasured(60.3, Number.NaN)).toBe("60.3");
    expect(formatMeasured(0, 0)).toBe("0");
  });

  it("prints a dash for what is not a number", () => {
    expect(formatMeasured(Number.NaN, 1)).toBe("–");
    expect(formatMeasured(Number.POSITIVE_INFINITY, 1)).toBe("–");
  });

  it("never moves a value by more than 15 % of its deviation, and never prints more than two digits of it", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e5, noNaN: true }),
        (value, stdDev) => {
          const shown = formatMeasured(value, stdDev);
          expect(Math.abs(Number(shown) - value)).toBeLessThanOrEqual(0.15 * stdDev + 1e-9 * Math.abs(value));
          const decimals = (shown.split(".")[1] ?? "").length;
          // One unit of the last printed place is at least a fortieth of the deviation.
          if (decimals > 0) expect(10 ** -decimals).toBeGreaterThan(stdDev / 40);
        },
      ),
    );
  });

  it("never prints more than ten digits of a value that is larger than its deviation is small", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e4, noNaN: true }), (value) => {
        expect(
          formatMeasured(value, value / 100)
            .replace(/\D/g, "")
            .replace(/^0+/, "").length,
        ).toBeLessThanOrEqual(5);
      }),
    );
  });
});

describe("formatInterval and columnStdDev", () => {
  it("rounds both bounds to the place that a mean with this interval would have", () => {
    expect(formatInterval([95.31, 259.44])).toBe("95 to 259");
    expect(formatInterval([1095.31, 1759.44], 160)).toBe("1100 to 1760");
    expect(formatInterval([33.8178, 35.7822])).toBe("33.8 to 35.8");
  });

  it("rounds a column by its narrowest prediction, and ignores what is known exactly", () => {
    expect(
      columnStdDev([{ interval95: [0, 3.92] }, { interval95: [0, 39.2] }, { interval95: [7, 7] }]),
    ).toBeCloseTo(1, 3);
    expect(columnStdDev([{ interval95: [7, 7] }])).toBe(0);
  });
});

describe("formatSetting", () => {
  it("shows all decimals of the step", () => {
    expect(formatSetting(2.9, { step: 0.05, min: 2.7, max: 3.2 })).toBe("2.90");
    expect(formatSetting(120, { step: 5, min: 85, max: 145 })).toBe("120");
    expect(formatSetting(0.125, { step: 0.5, min: 0.125, max: 3 })).toBe("0.125");
  });

  it("shows a thousandth of the range, or four digits on a log scale", () => {
    expect(formatSetting(0.463728194, { scale: "log", min: 0.02, max: 1.5 })).toBe("0.4637");
    expect(formatSetting(3.8765432, { min: 3.6, max: 4.1 })).toBe("3.8765");
    expect(formatSetting(1234.5678, { min: 200, max: 1600 })).toBe("1235");
    expect(formatSetting("on")).toBe("on");
  });
});

describe("plain numbers", () => {
  it("have no float noise", () => {
    expect(formatPlain(0.1 + 0.2)).toBe("0.3");
    expect(formatPlain(182.73)).toBe("182.73");
    expect(formatPlain(1e-7)).toBe("1e-7");
    expect(formatPlain(3e10)).toBe("3e+10");
    expect(formatTick(2.9000000000000004)).toBe("2.9");
    expect(formatTick(3, 1)).toBe("3.0");
  });

  it("never round a probability to certainty", () => {
    expect(formatProbability(0.9996)).toBe("> 99 %");
    expect(formatProbability(0.0004)).toBe("< 1 %");
    expect(formatProbability(0.964)).toBe("96 %");
  });

  it("say what R² and hours mean to a reader", () => {
    expect(formatR2(-0.314)).toBe("−0.31");
    expect(formatR2(-7)).toBe("below −1");
    expect(formatR2(null)).toBe("–");
    expect(formatHours(0.5)).toBe("30 min");
    expect(formatHours(7.5)).toBe("7.5 h");
    expect(formatHours(60.26)).toBe("60 h");
  });
});

describe("units and names", () => {
  it.each([
    ["degC", "°C"],
    ["g/cm3", "g/cm³"],
    ["mAh/cm3", "mAh/cm³"],
    ["um", "µm"],
    ["g/m2", "g/m²"],
    ["USD/m2", "USD/m²"],
    ["%", "%"],
    ["C", "C"],
    ["1", ""],
  ])("prints the unit %s as %s", (unit, shown) => {
    expect(formatUnit(unit)).toBe(shown);
  });

  it("put units where they belong", () => {
    expect(withUnit("700", "1")).toBe("700");
    expect(withUnit("28", "%")).toBe("28 %");
    expect(titleWithUnit("cycle life", "1")).toBe("cycle life (–)");
    expect(titleWithUnit("porosity", "%")).toBe("porosity (%)");
  });

  it("reads column names as people do", () => {
    expect(readableName("capacity_0p2c_volumetric")).toBe("capacity 0.2C volumetric");
    expect(readableName("capacity_5c_volumetric")).toBe("capacity 5C volumetric");
    expect(readableName("c_rate_cc1")).toBe("C-rate CC1");
    expect(readableName("v_cutoff_cc1")).toBe("cut-off voltage CC1");
  });
});
