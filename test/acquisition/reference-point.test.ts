import { describe, expect, it } from "vitest";
import { nonDominated } from "../../src/acquisition/pareto.js";
import { referencePoint } from "../../src/acquisition/reference-point.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { botorch } from "./golden-files.js";

describe("referencePoint", () => {
  it("agrees with BoTorch where it is inferred from a front", () => {
    let compared = 0;
    for (const c of botorch.hypervolume) {
      if (c.inferredReference === null) continue;
      const inferred = referencePoint(
        matrixFromRows(c.points),
        c.reference.map(() => undefined),
      );
      inferred.forEach((value, m) => expect(value).toBeCloseTo(c.inferredReference![m]!, 12));
      compared++;
    }
    expect(compared).toBeGreaterThan(4);
  });

  it("takes stated thresholds as they are", () => {
    const utilities = matrixFromRows([
      [1, 5],
      [3, 2],
    ]);
    expect([...referencePoint(utilities, [2.5, undefined])]).toEqual([2.5, 2 - 0.1 * 3]);
  });

  it("takes a tenth of all rows' range where the front is one point, and of a unit where all rows are equal", () => {
    const dominated = matrixFromRows([
      [1, 1],
      [3, 2],
    ]);
    expect(nonDominated(dominated)).toEqual([1]);
    expect([...referencePoint(dominated, [undefined, undefined])]).toEqual([3 - 0.1 * 2, 2 - 0.1]);
    expect([...referencePoint(matrixFromRows([[4, 4]]), [undefined, undefined])]).toEqual([3.9, 3.9]);
  });
});
