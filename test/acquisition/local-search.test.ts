import { describe, expect, it } from "vitest";
import { climb } from "../../src/acquisition/local-search.js";
import { createWorkBudget } from "../../src/acquisition/work-budget.js";
import { createWorkMeter } from "../../src/acquisition/work-meter.js";
import { peakAt, setOf, unit } from "./example-sets.js";

const lengthscales = Float64Array.of(0.5, 2);

describe("climb", () => {
  it("moves the given columns only", () => {
    const set = setOf([unit("a"), unit("b")]);
    const meter = createWorkMeter(peakAt([0.7, 0.2]));
    const { x } = climb(meter, Float64Array.of(0.1, 0.9), {
      set,
      columns: [0],
      lengthscales,
      maxIterations: 50,
    });
    expect(x[0]).toBeCloseTo(0.7, 6);
    expect(x[1]).toBe(0.9);
  });

  it("starts on a constraint and ends inside it, at most a barrier's worth from the best", () => {
    const set = setOf([unit("a"), unit("b")], { constraints: ["a + 2 * b <= 1"] });
    const acquisition = peakAt([0.8, 0.6]);
    for (const start of [Float64Array.of(1, 0), Float64Array.of(0, 0.5), Float64Array.of(0.2, 0.1)]) {
      expect(set.slack(start)).toBeGreaterThanOrEqual(0);
      const { x, value } = climb(createWorkMeter(acquisition), start, {
        set,
        columns: [0, 1],
        lengthscales,
        maxIterations: 100,
      });
      expect(x[0]! + 2 * x[1]!).toBeLessThanOrEqual(1);
      // Nearest point of the line to the peak: (0.6, 0.2), at −(0.2² + 0.4²) / 0.3².
      expect(value).toBeGreaterThan(-0.2 / 0.09 - 2e-4);
    }
  });

  it("gives the start back where nothing may move or nothing is left to spend", () => {
    const set = setOf([unit("a"), unit("b")]);
    const start = Float64Array.of(0.1, 0.9);
    const meter = createWorkMeter(peakAt([0.7, 0.2]), createWorkBudget({ limit: 1 }));
    const options = { set, columns: [], lengthscales, maxIterations: 9 };
    expect(climb(meter, start, options)).toEqual({ x: start, value: peakAt([0.7, 0.2]).value(start) });
    expect(climb(meter, start, { ...options, columns: [0] })).toEqual({ x: start, value: -Infinity });
  });
});

describe("the work meter", () => {
  it("counts every evaluation, cheap ones too, and scores some points beyond the limit", () => {
    const peak = peakAt([0.5]);
    const budget = createWorkBudget({ limit: 40 });
    const meter = createWorkMeter({ ...peak, screen: peak }, budget);
    const points = Array.from({ length: 60 }, (_, i) => Float64Array.of(i / 60));
    expect(meter.screenAll(points)).toHaveLength(40);
    expect([meter.units, meter.left, budget.cutAt]).toEqual([40, 0, 40]);
    expect(meter.screenAll(points)).toHaveLength(32);
    expect(meter.scoreAll(points)).toHaveLength(1);
    meter.valueAndGradient(points[0]!, new Float64Array(1));
    expect(meter.units).toBe(74);
  });
});
