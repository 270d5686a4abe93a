import { CellwrightError } from "../errors.js";
import { permutation, type Rng } from "../math/rng.js";

/**
 * Assigns rows to folds so that no group is split and the folds are as even in rows as a greedy choice makes them:
 * groups in descending size (equal sizes in seeded random order) go to the fold with the fewest rows so far.
 * The assignment depends on the names of the groups and the seed, not on the order of the rows.
 *
 * @param groups - Group of each row, [n].
 * @param folds - Number of folds, 2 … number of groups.
 * @returns Fold of each row, [n], 0 … folds − 1; every fold holds at least one group.
 * @throws CellwrightError INVALID_OPTION if there are fewer groups than folds.
 * @see Graham (1969), SIAM J. Appl. Math. 17(2), 416-429 (longest processing time first)
 */
export function groupedFolds(groups: readonly string[], folds: number, rng: Rng): Int32Array {
  const names = distinctNames(groups);
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= names.length)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `Cross-validation: found ${folds} folds for ${names.length} groups, expected a whole number from 2 to the number of groups. Take fewer folds or leave one group out.`,
      { details: { folds, groups: names.length } },
    );
  }
  const size = new Map(names.map((name) => [name, 0]));
  for (const group of groups) size.set(group, size.get(group)! + 1);
  const shuffled = Array.from(permutation(rng, names.length), (i) => names[i]!);
  const bySize = shuffled.toSorted((a, b) => size.get(b)! - size.get(a)!); // stable: ties stay shuffled
  const rows = new Int32Array(folds);
  const foldOf = new Map<string, number>();
  for (const name of bySize) {
    let fold = 0;
    for (let i = 1; i < folds; i += 1) if (rows[i]! < rows[fold]!) fold = i;
    foldOf.set(name, fold);
    rows[fold] = rows[fold]! + size.get(name)!;
  }
  return Int32Array.from(groups, (group) => foldOf.get(group)!);
}

/**
 * Assigns each group a fold of its own, in code-unit order of the names.
 *
 * @param groups - Group of each row, [n].
 * @returns Fold of each row, [n], 0 … number of groups − 1.
 */
export function leaveOneGroupOut(groups: readonly string[]): Int32Array {
  const foldOf = new Map(distinctNames(groups).map((name, fold) => [name, fold]));
  return Int32Array.from(groups, (group) => foldOf.get(group)!);
}

function distinctNames(groups: readonly string[]): readonly string[] {
  return [...new Set(groups)].sort(); // by code unit: the same on every machine
}
