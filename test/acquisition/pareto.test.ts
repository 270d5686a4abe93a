import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nonDominated } from "../../src/acquisition/pareto.js";
import { matrixFromRows } from "../../src/math/matrix.js";

describe("nonDominated", () => {
  it("keeps a row if and only if nothing dominates it and no equal row comes before it", () => {
    const row = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
        const kept = rows.flatMap((a, i) => {
          const beaten = rows.some((b, j) => {
            const noWorse = b.every((value, m) => value >= a[m]!);
            const equal = b.every((value, m) => value === a[m]);
            return equal ? j < i : noWorse;
          });
          return beaten ? [] : [i];
        });
        expect(nonDominated(matrixFromRows(rows, 3))).toEqual(kept);
      }),
    );
  });

  it("is the maximum for one objective", () => {
    expect(nonDominated(matrixFromRows([[1], [4], [2], [4]]))).toEqual([1]);
  });
});
