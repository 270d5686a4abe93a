import { describe, expect, it } from "vitest";
import type { AcquisitionFunction } from "../../src/acquisition/acquisition.js";
import { freeColumns } from "../../src/acquisition/columns.js";
import { type FinishOptions, finishOnLevels } from "../../src/acquisition/finish.js";
import { climb } from "../../src/acquisition/local-search.js";
import { createWorkMeter } from "../../src/acquisition/work-meter.js";
import { createRng } from "../../src/math/rng.js";
import type { FeasibleSet } from "../../src/space/feasible-set.js";
import type { Parameter } from "../../src/space/parameter.js";
import { peakAt, setOf, unit } from "./example-sets.js";

const choice: Parameter = { kind: "categorical", name: "c", unit: "", choices: ["u", "v"] };

function finished(
  acquisition: AcquisitionFunction,
  set: FeasibleSet,
  optimum: readonly number[],
  exclude: (x: Float64Array) => boolean = () => false,
): Float64Array | undefined {
  const meter = createWorkMeter(acquisition);
  const lengthscales = new Float64Array(set.space.columns.length).fill(1);
  const options: FinishOptions = {
    set,
    columns: freeColumns(set),
    exclude,
    rng: createRng(1),
    climb: (start, columns) => climb(meter, start, { set, columns, lengthscales, maxIterations: 50 }),
  };
  const x = Float64Array.from(optimum);
  return finishOnLevels(meter, { x, value: acquisition.value(x) }, options)?.x;
}

describe("finishOnLevels", () => {
  it("exchanges a name whose advantage rounding has taken", () => {
    // With the first name a narrow peak between two steps, with the second a little less everywhere.
    const narrow = peakAt([0.25], { width: 0.02 });
    const acquisition: AcquisitionFunction = {
      name: "narrow",
      value: (x) => acquisition.valueAndGradient(x, new Float64Array(3)),
      valueAndGradient: (x, gradient) => {
        gradient.fill(0);
        return x[1] === 0 ? narrow.valueAndGradient(x, gradient) : -1;
      },
    };
    const set = setOf([unit("a", 0.1), choice, unit("d")]);
    expect(finished(acquisition, set, [0.25, 0, 0.5])![1]).toBe(1);
  });

  it("walks on by single steps while it helps", () => {
    // A staircase: between steps it looks flat, on them it rises to 0.8.
    const stairs: AcquisitionFunction = {
      name: "stairs",
      value: (x) => -Math.abs(Math.round(x[0]! * 10) - 8),
      valueAndGradient: (x, gradient) => {
        gradient.fill(0);
        return stairs.value(x);
      },
    };
    expect(finished(stairs, setOf([unit("a", 0.1), unit("d")]), [0.33, 0.5])![0]).toBeCloseTo(0.8, 12);
  });

  it("begins one move beside where the rounded optimum itself is excluded", () => {
    const set = setOf([unit("a", 0.01), unit("b", 0.01), unit("d", 0.01)]);
    const taken = (x: Float64Array) => x[0] === 0.5 && x[1] === 0.5 && x[2] === 0.5;
    const x = finished(peakAt([0.502, 0.5, 0.5]), set, [0.5, 0.5, 0.5], taken)!;
    expect([...x].map((value) => Math.round(value * 100))).toEqual([51, 50, 50]);
  });

  it("finds nothing where every neighbour is excluded", () => {
    expect(
      finished(peakAt([0.5]), setOf([unit("a", 0.1), unit("d")]), [0.5, 0.5], () => true),
    ).toBeUndefined();
  });
});
