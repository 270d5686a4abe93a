import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AcquisitionFunction } from "../../src/acquisition/acquisition.js";
import { type Maximum, maximizeAcquisition, type MaximizeOptions } from "../../src/acquisition/maximize.js";
import { createWorkBudget } from "../../src/acquisition/work-budget.js";
import type { CellwrightError } from "../../src/errors.js";
import { createMatrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import type { FeasibleSet } from "../../src/space/feasible-set.js";
import type { Parameter } from "../../src/space/parameter.js";
import { peakAt, setOf, unit } from "./example-sets.js";

function find(
  acquisition: AcquisitionFunction,
  set: FeasibleSet,
  options: Partial<MaximizeOptions> = {},
): Maximum {
  const found = maximizeAcquisition(acquisition, set, {
    rng: createRng(5),
    incumbents: createMatrix(0, set.space.columns.length),
    exclude: () => false,
    ...options,
  });
  if (found === null) throw new Error("a point must be left");
  expect(set.contains(found.x)).toBe(true);
  expect(found.value).toBe(acquisition.value(found.x));
  return found;
}

const choice: Parameter = { kind: "categorical", name: "c", unit: "", choices: ["u", "v", "w"] };

describe("maximizeAcquisition in a box", () => {
  it("finds a smooth peak to the decimals that settings have", () => {
    const { x } = find(peakAt([0.123456, 0.7, 1.4]), setOf([unit("a"), unit("b"), unit("d")]));
    [0.123456, 0.7, 1].forEach((value, j) => expect(x[j]).toBeCloseTo(value, 5));
  });

  it("finds a peak a hundredth wide beside an incumbent", () => {
    const peak = [0.31, 0.62, 0.47, 0.83, 0.12, 0.55];
    const needle: AcquisitionFunction = peakAt(peak, { width: 0.003 });
    const flat = (x: Float64Array) => Math.max(needle.value(x), -200);
    const acquisition: AcquisitionFunction = {
      name: "needle",
      value: flat,
      valueAndGradient: (x, gradient) => {
        const value = needle.valueAndGradient(x, gradient);
        if (value < -200) gradient.fill(0);
        return Math.max(value, -200);
      },
    };
    const set = setOf(["a", "b", "d", "e", "f", "g"].map((name) => unit(name)));
    const incumbents = matrixFromRows([peak.map((value) => value + 0.008)]);
    expect(find(acquisition, set, { incumbents }).value).toBeGreaterThan(-1e-3);
  });

  it("gives the same bits from the same generator and counts its work", () => {
    const set = setOf([unit("a"), unit("b")]);
    const runs = [1, 2].map(() => find(peakAt([0.2, 0.9]), set));
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]!.workUnits).toBeGreaterThan(512);
  });

  it("screens raw points by the cheap stand-in where there is one", () => {
    let screened = 0;
    let valued = 0;
    const peak = peakAt([0.2, 0.9]);
    const acquisition: AcquisitionFunction = {
      ...peak,
      value: (x) => {
        valued++;
        return peak.value(x);
      },
      screen: {
        ...peak,
        value: (x) => {
          screened++;
          return peak.value(x);
        },
      },
    };
    const { workUnits } = find(acquisition, setOf([unit("a"), unit("b")]), {
      incumbents: matrixFromRows([[0.5, 0.5]]),
    });
    expect(screened).toBe(1024);
    expect(valued).toBeLessThan(100);
    expect(workUnits).toBeGreaterThan(1024);
  });

  it("moves fixed and context columns of incumbents to where the request holds them", () => {
    const set = setOf([unit("a"), unit("b")], { fixed: { b: 0.25 } });
    const { x } = find(peakAt([0.4, 0.9]), set, {
      incumbents: matrixFromRows([
        [0.4, 0.9],
        [1.7, -3],
      ]),
    });
    expect(x[0]).toBeCloseTo(0.4, 5);
    expect(x[1]).toBe(0.25);
  });
});

describe("maximizeAcquisition under constraints", () => {
  it("slides along a constraint to the best point on it", () => {
    const { x } = find(peakAt([0.9, 0.8]), setOf([unit("a"), unit("b")], { constraints: ["a + b <= 1"] }));
    expect(x[0]).toBeCloseTo(0.55, 3);
    expect(x[1]).toBeCloseTo(0.45, 3);
    expect(x[0]! + x[1]!).toBeLessThanOrEqual(1);
  });

  it("keeps a curved constraint", () => {
    const set = setOf([unit("a"), unit("b")], { constraints: ["a * a + b * b <= 0.25"] });
    const { x } = find(peakAt([0.8, 0.8]), set);
    expect(x[0]! * x[0]! + x[1]! * x[1]!).toBeLessThanOrEqual(0.25);
    expect(x[0]).toBeCloseTo(Math.sqrt(0.125), 2);
  });

  it("stays on an equality", () => {
    const set = setOf([unit("a"), unit("b"), unit("d")], { constraints: ["a + b + d == 1"] });
    const { x } = find(peakAt([0.5, 0.4, 0.4]), set, { incumbents: matrixFromRows([[0.2, 0.2, 0.6]]) });
    expect(x[0]! + x[1]! + x[2]!).toBeCloseTo(1, 9);
    expect(peakAt([0.5, 0.4, 0.4]).value(x)).toBeGreaterThan(-0.334 - 0.02); // the optimum is −(0.1/0.3)² · 3 = −1/3
  });
});

describe("maximizeAcquisition on steps and names", () => {
  /** Every point of the set by brute force. */
  function exhaustive(acquisition: AcquisitionFunction, set: FeasibleSet): number {
    const all = set.enumerate()!;
    return Math.max(...Array.from({ length: all.rows }, (_, i) => acquisition.value(matrixRow(all, i))));
  }

  it("enumerates a small finite set exactly", () => {
    const set = setOf([
      unit("a", 0.1),
      choice,
      { kind: "integer", name: "n", unit: "1", min: 1, max: 4, scale: "linear" },
    ]);
    const acquisition = peakAt([0.234, Number.NaN, 0.6], { bonus: { column: 1, level: 2, worth: 0.3 } });
    const found = find(acquisition, set);
    expect(found.value).toBe(exhaustive(acquisition, set));
    expect(found.workUnits).toBe(11 * 3 * 4);
  });

  it("re-optimises smooth columns after rounding, so that a tilted ridge is met", () => {
    // Worth depends on b − 2a: rounding a to steps of 0.2 must move b by twice as much.
    const ridge: AcquisitionFunction = {
      name: "ridge",
      value: (x) => ridge.valueAndGradient(x, new Float64Array(2)),
      valueAndGradient: (x, gradient) => {
        const off = (x[1]! - 2 * x[0]! + 0.25) / 0.01;
        const along = (x[0]! - 0.47) / 0.5;
        gradient[0] = (4 * off) / 0.01 - (2 * along) / 0.5;
        gradient[1] = (-2 * off) / 0.01;
        return -off * off - along * along;
      },
    };
    const { x } = find(ridge, setOf([unit("a", 0.2), unit("b")]));
    expect(x[0]).toBeCloseTo(0.4, 12);
    expect(x[1]).toBeCloseTo(0.55, 4);
  });

  it("lets fine steps follow coarse ones along a ridge, by many of their own", () => {
    // b must stay at 2a − 0.25: the coarse step of a moves b by seventy of its steps.
    const ridge: AcquisitionFunction = {
      name: "ridge",
      value: (x) => ridge.valueAndGradient(x, new Float64Array(3)),
      valueAndGradient: (x, gradient) => {
        const off = (x[1]! - 2 * x[0]! + 0.25) / 0.01;
        const along = (x[0]! - 0.47) / 0.5;
        gradient[0] = (4 * off) / 0.01 - (2 * along) / 0.5;
        gradient[1] = (-2 * off) / 0.01;
        gradient[2] = -2 * (x[2]! - 0.3);
        return -off * off - along * along - (x[2]! - 0.3) * (x[2]! - 0.3);
      },
    };
    const { x } = find(ridge, setOf([unit("a", 0.2), unit("b", 0.002), unit("d")]));
    expect(x[0]).toBeCloseTo(0.4, 12);
    expect(x[1]).toBeCloseTo(0.55, 12);
  });

  it("agrees with exhaustion on a finite set too large to list, walking by single steps", () => {
    // 101³ points: the set does not list them, a coarser loop here does about the peak.
    const set = setOf([unit("a", 0.01), unit("b", 0.01), unit("d", 0.01)], { constraints: ["a + b <= 1.2"] });
    const tilted: AcquisitionFunction = {
      name: "tilted",
      value: (x) => tilted.valueAndGradient(x, new Float64Array(3)),
      valueAndGradient: (x, gradient) => {
        const u = (x[0]! - 0.555 + 0.7 * (x[1]! - 0.702)) / 0.05;
        const v = (x[1]! - 0.702) / 0.4;
        const w = (x[2]! - 0.333) / 0.3;
        gradient[0] = (-2 * u) / 0.05;
        gradient[1] = (-2 * u * 0.7) / 0.05 - (2 * v) / 0.4;
        gradient[2] = (-2 * w) / 0.3;
        return -u * u - v * v - w * w;
      },
    };
    let best = -Infinity;
    for (let i = 0; i <= 100; i++) {
      for (let j = 0; j <= 100 && i + j <= 120; j++) {
        for (let k = 30; k <= 36; k++)
          best = Math.max(best, tilted.value(Float64Array.of(i / 100, j / 100, k / 100)));
      }
    }
    expect(find(tilted, set).value).toBeGreaterThan(best - 1e-3);
  });

  it("exchanges names in turns with continuous moves", () => {
    // The name that looks worst at the others' optimum is best at its own.
    const shifted: AcquisitionFunction = {
      name: "shifted",
      value: (x) => shifted.valueAndGradient(x, new Float64Array(2)),
      valueAndGradient: (x, gradient) => {
        const center = [0.2, 0.5, 0.85][x[1]!]!;
        const off = (x[0]! - center) / 0.05;
        gradient[0] = (-2 * off) / 0.05;
        gradient[1] = 0;
        return -off * off + [0, 0.5, 1][x[1]!]!;
      },
    };
    const { x } = find(shifted, setOf([unit("a"), choice]));
    expect(x[1]).toBe(2);
    expect(x[0]).toBeCloseTo(0.85, 4);
  });

  it("screens a listed set of many points and still finds its best", () => {
    const set = setOf([unit("a", 0.01), unit("b", 0.01)]);
    const acquisition = peakAt([0.314, 0.776]);
    expect(find({ ...acquisition, screen: acquisition }, set).value).toBe(exhaustive(acquisition, set));
  });
});

describe("maximizeAcquisition on any space", () => {
  it("answers with a point of the set that is not excluded and no worse than its samples", () => {
    const step = fc.constantFrom(undefined, 0.05, 0.2, 0.3);
    const arbitrary = fc.record({
      steps: fc.array(step, { minLength: 2, maxLength: 3 }),
      names: fc.boolean(),
      limit: fc.double({ min: 0.3, max: 2, noNaN: true }),
      peak: fc.array(fc.double({ min: -0.2, max: 1.2, noNaN: true }), { minLength: 3, maxLength: 3 }),
      level: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ steps, names, limit, peak, level }) => {
        const ordered = steps.map((width, j) => unit(`x${j}`, width));
        const set = setOf(names ? [...ordered, choice] : ordered, {
          constraints: [`x0 + x1 <= ${limit.toFixed(3)}`],
        });
        const acquisition = peakAt(
          peak.slice(0, ordered.length),
          names ? { bonus: { column: ordered.length, level, worth: 0.7 } } : {},
        );
        const first = find(acquisition, set);
        const samples = set.sample(64, createRng(3));
        for (let i = 0; i < samples.rows; i++) {
          expect(acquisition.value(matrixRow(samples, i))).toBeLessThanOrEqual(first.value + 1e-3);
        }
        const exclude = (x: Float64Array) => x.every((value, j) => value === first.x[j]);
        const second = find(acquisition, set, { exclude });
        expect(exclude(second.x)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });
});

describe("maximizeAcquisition and what it may not suggest", () => {
  it("takes the next best point of a finite set, and null once all are excluded", () => {
    const set = setOf([unit("a", 0.25)]);
    const acquisition = peakAt([0.5]);
    const taken: number[] = [];
    for (let k = 0; k < 5; k++)
      taken.push(find(acquisition, set, { exclude: (x) => taken.includes(x[0]!) }).x[0]!);
    expect(taken).toEqual([0.5, 0.25, 0.75, 0, 1]);
    const options = { rng: createRng(1), incumbents: createMatrix(0, 1), exclude: () => true };
    expect(maximizeAcquisition(acquisition, set, options)).toBeNull();
  });

  it("does not repeat an excluded optimum of a smooth set", () => {
    const set = setOf([unit("a"), unit("b", 0.1)]);
    const acquisition = peakAt([1.5, 0.5]);
    const first = find(acquisition, set);
    const second = find(acquisition, set, { exclude: (x) => x.every((value, j) => value === first.x[j]) });
    expect([...second.x]).not.toEqual([...first.x]);
    expect(second.value).toBeLessThan(first.value);
  });

  it("gives a feasible point where nothing is worth anything", () => {
    const nothing: AcquisitionFunction = {
      name: "nothing",
      value: () => -Infinity,
      valueAndGradient: (_, gradient) => {
        gradient.fill(0);
        return -Infinity;
      },
    };
    expect(find(nothing, setOf([unit("a"), unit("b")])).value).toBe(-Infinity);
    expect(find(nothing, setOf([unit("a", 0.5)])).value).toBe(-Infinity);
  });
});

describe("stopping maximizeAcquisition", () => {
  it("stops near a work limit with the best so far, the same each time", () => {
    const set = setOf([unit("a"), unit("b", 0.05)]);
    for (const limit of [1, 100, 600]) {
      const found = find(peakAt([0.2, 0.9]), set, { budget: createWorkBudget({ limit }) });
      expect(found.workUnits).toBeLessThanOrEqual(Math.max(limit, 32) + 1);
      expect(find(peakAt([0.2, 0.9]), set, { budget: createWorkBudget({ limit }) })).toEqual(found);
    }
  });

  it("finds no worse the more work it may do", () => {
    const set = setOf([unit("a"), unit("b"), unit("d", 0.1)]);
    const values = [1, 200, 600, 700, Infinity].map(
      (limit) => find(peakAt([0.2, 0.9, 0.33]), set, { budget: createWorkBudget({ limit }) }).value,
    );
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(values[0]).toBeLessThan(values.at(-1)!);
  });

  it("comes to the same end by the count at which a clock cut it", () => {
    const set = setOf([unit("a"), unit("b", 0.05), choice]);
    const peak = peakAt([0.2, 0.9, 0]);
    for (const ticks of [1, 33, 512, 530, 560, 580]) {
      let time = 0;
      const timed = createWorkBudget({ isOver: () => ++time >= ticks });
      const found = find(peak, set, { budget: timed });
      const replayed = createWorkBudget({ limit: timed.cutAt! });
      expect(find(peak, set, { budget: replayed })).toEqual(found);
      expect([replayed.units, replayed.cutAt]).toEqual([timed.units, timed.cutAt]);
    }
  });

  it("throws CANCELLED once the signal is aborted", () => {
    const controller = new AbortController();
    let calls = 0;
    const peak = peakAt([0.5, 0.5]);
    const acquisition: AcquisitionFunction = {
      ...peak,
      value: (x) => {
        if (++calls === 40) controller.abort();
        return peak.value(x);
      },
    };
    expect(() => find(acquisition, setOf([unit("a"), unit("b")]), { signal: controller.signal })).toThrow(
      expect.objectContaining({ code: "CANCELLED" }) as CellwrightError,
    );
    expect(calls).toBe(40);
  });
});
