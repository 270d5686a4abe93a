import { type Matrix, matrixRow } from "../math/matrix.js";

/** Whether `a` is at least as large as `b` everywhere and larger somewhere. */
function dominates(a: Float64Array, b: Float64Array): boolean {
  let larger = false;
  for (let m = 0; m < a.length; m++) {
    if (a[m]! < b[m]!) return false;
    if (a[m]! > b[m]!) larger = true;
  }
  return larger;
}

function equals(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, m) => value === b[m]);
}

/**
 * Indices, ascending, of the rows of `utilities` [n × M] that no other row dominates; larger is better. Of equal rows
 * the first is kept.
 */
export function nonDominated(utilities: Matrix): number[] {
  let front: number[] = [];
  for (let i = 0; i < utilities.rows; i++) {
    const row = matrixRow(utilities, i);
    const beaten = front.some((j) => {
      const other = matrixRow(utilities, j);
      return dominates(other, row) || equals(other, row);
    });
    if (beaten) continue;
    front = front.filter((j) => !dominates(row, matrixRow(utilities, j)));
    front.push(i);
  }
  return front;
}
