import { describe, expect, it } from "vitest";
import {
  settableMilliamps,
  voltsAbove,
  voltsBelow,
} from "../../../../src/process/formation/recipes/settable.js";

describe("settable amounts", () => {
  it("cuts currents to four digits towards zero, without the noise of binary fractions", () => {
    expect(settableMilliamps(0.29 * 100)).toBe(29);
    expect(settableMilliamps(118.881)).toBe(118.8);
    expect(settableMilliamps(-118.881)).toBe(-118.8);
    expect(settableMilliamps(0.00123456)).toBe(0.001234);
    expect(settableMilliamps(123456)).toBe(123400);
    expect(settableMilliamps(0)).toBe(0);
  });
  it("ends charges lower and discharges higher, by less than a millivolt", () => {
    expect(voltsBelow(3.8129)).toBe(3.812);
    expect(voltsAbove(2.8001)).toBe(2.801);
    expect(voltsBelow(4.2)).toBe(4.2);
    expect(voltsAbove(2.3 + 0.5)).toBe(2.8);
  });
});
