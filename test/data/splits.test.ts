import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupedFolds, leaveOneGroupOut } from "../../src/data/splits.js";
import { createRng } from "../../src/math/rng.js";
import { errorOf } from "./read-error.js";

const groupLists = fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"), {
  minLength: 2,
  maxLength: 80,
});

/** Fold of each group; fails if a group is in two. */
function foldsByGroup(groups: readonly string[], folds: Int32Array): Map<string, number> {
  const foldOf = new Map<string, number>();
  groups.forEach((group, i) => {
    const known = foldOf.get(group);
    if (known !== undefined) expect(folds[i]).toBe(known);
    foldOf.set(group, folds[i]!);
  });
  return foldOf;
}

describe("groupedFolds", () => {
  it("never splits a group, uses every fold, and does not depend on the order of the rows", () => {
    fc.assert(
      fc.property(
        groupLists,
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 0, max: 1e6 }),
        (groups, folds, seed) => {
          fc.pre(new Set(groups).size >= folds);
          const assigned = groupedFolds(groups, folds, createRng(seed));
          const foldOf = foldsByGroup(groups, assigned);
          expect([...new Set(foldOf.values())].sort()).toEqual(Array.from({ length: folds }, (_, i) => i));
          const reversed = groups.toReversed();
          expect(foldsByGroup(reversed, groupedFolds(reversed, folds, createRng(seed)))).toEqual(
            new Map([...foldOf].reverse()),
          );
        },
      ),
    );
  });

  it("differs in rows between folds by no more than the largest group", () => {
    fc.assert(
      fc.property(groupLists, fc.integer({ min: 2, max: 6 }), (groups, folds) => {
        fc.pre(new Set(groups).size >= folds);
        const rows = Array<number>(folds).fill(0);
        for (const fold of groupedFolds(groups, folds, createRng(1))) rows[fold] = rows[fold]! + 1;
        const largest = Math.max(
          ...[...new Set(groups)].map((group) => groups.filter((one) => one === group).length),
        );
        expect(Math.max(...rows) - Math.min(...rows)).toBeLessThanOrEqual(largest);
      }),
    );
  });

  it("is even for groups of one size, the same for a seed, and another for another seed", () => {
    const groups = Array.from({ length: 54 }, (_, i) => `EXP_${String(i % 18).padStart(2, "0")}`);
    const folds = groupedFolds(groups, 6, createRng(3));
    expect(Array.from({ length: 6 }, (_, fold) => folds.filter((one) => one === fold).length)).toEqual(
      Array(6).fill(9),
    );
    expect(groupedFolds(groups, 6, createRng(3))).toEqual(folds);
    const others = [4, 5, 6].map((seed) => groupedFolds(groups, 6, createRng(seed)));
    expect(others.some((other) => other.some((fold, i) => fold !== folds[i]))).toBe(true);
  });

  it("refuses fewer groups than folds, and folds that are no count", () => {
    for (const folds of [1, 3, 2.5, Number.NaN]) {
      const error = errorOf(() => groupedFolds(["a", "a", "b"], folds, createRng(1)), "INVALID_OPTION");
      expect(error.message).toContain("2 groups");
    }
  });
});

describe("leaveOneGroupOut", () => {
  it("gives each group a fold of its own in the order of the names", () => {
    expect([...leaveOneGroupOut(["b", "a", "b", "Z"])]).toEqual([2, 1, 2, 0]);
  });
});
