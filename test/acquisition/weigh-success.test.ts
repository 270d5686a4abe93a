import { describe, expect, it } from "vitest";
import { weighSuccess } from "../../src/acquisition/weigh-success.js";

const acquisition = {
  name: "worth",
  value: (x: Float64Array) => 2 * x[0]!,
  valueAndGradient(x: Float64Array, gradient: Float64Array) {
    gradient.set([2]);
    return 2 * x[0]!;
  },
};
const chance = {
  logAt(x: Float64Array, gradient?: Float64Array) {
    gradient?.set([-x[0]!]);
    return -0.5 * x[0]! * x[0]!;
  },
};

describe("weighSuccess", () => {
  it("adds the log probabilities and their slopes, in the stand-in too", () => {
    const weighed = weighSuccess({ ...acquisition, screen: acquisition }, [chance, chance]);
    const gradient = new Float64Array(1);
    for (const one of [weighed, weighed.screen!]) {
      expect(one.value(Float64Array.of(3))).toBe(6 - 9);
      expect(one.valueAndGradient(Float64Array.of(3), gradient)).toBe(6 - 9);
      expect(gradient[0]).toBe(2 - 6);
    }
  });

  it("changes nothing where nothing has failed", () => {
    expect(weighSuccess(acquisition, [])).toBe(acquisition);
  });
});
