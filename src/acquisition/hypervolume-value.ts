import { type Matrix, matrixRow } from "../math/matrix.js";

/**
 * Exact hypervolume that the rows of `utilities` [n × M] dominate above `reference` [M]; larger is better.
 *
 * Two objectives by a sweep; more as the sum of what each point adds to those after it.
 *
 * @see While, Bradstreet & Barone (2012), IEEE Trans. Evol. Comput. 16(1), section III
 */
export function hypervolume(utilities: Matrix, reference: Float64Array): number {
  const points: Float64Array[] = [];
  for (let i = 0; i < utilities.rows; i++) {
    const row = matrixRow(utilities, i);
    if (row.every((value, m) => value > reference[m]!)) points.push(row);
  }
  return reference.length === 2 ? sweep(points, reference) : exclusiveSum(points, reference);
}

function sweep(points: readonly Float64Array[], reference: Float64Array): number {
  const sorted = [...points].sort((a, b) => b[0]! - a[0]!);
  let height = reference[1]!;
  let area = 0;
  for (const point of sorted) {
    if (!(point[1]! > height)) continue;
    area += (point[0]! - reference[0]!) * (point[1]! - height);
    height = point[1]!;
  }
  return area;
}

function exclusiveSum(points: readonly Float64Array[], reference: Float64Array): number {
  let volume = 0;
  points.forEach((point, i) => {
    const limited = points.slice(i + 1).map((other) => other.map((value, m) => Math.min(value, point[m]!)));
    volume += box(point, reference) - exclusiveSum(withoutDominated(limited), reference);
  });
  return volume;
}

function box(point: Float64Array, reference: Float64Array): number {
  return point.reduce((product, value, m) => product * (value - reference[m]!), 1);
}

function withoutDominated(points: readonly Float64Array[]): Float64Array[] {
  const kept: Float64Array[] = [];
  for (const point of points) {
    if (kept.some((other) => covers(other, point))) continue;
    for (let k = kept.length - 1; k >= 0; k--) if (covers(point, kept[k]!)) kept.splice(k, 1);
    kept.push(point);
  }
  return kept;
}

function covers(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, m) => value >= b[m]!);
}
