import { createMatrix, matrixRow } from "../math/matrix.js";
import type { TrainingRows } from "./training-rows.js";

/** Rows of which some are settings of their own. */
export interface UnmergedRows {
  readonly rows: TrainingRows;
  /** Setting of each chosen row, in the order of the choice. */
  readonly settings: Int32Array;
}

/**
 * Takes chosen rows out of the settings that they share with others, so that each can have a noise variance of its own;
 * without a choice everything stays as it was, bit for bit.
 *
 * @param positions - Positions in `rows.y`, ascending, each once.
 */
export function unmergeRows(rows: TrainingRows, positions: readonly number[]): UnmergedRows {
  const chosen = new Set(positions);
  const order: number[] = [];
  const starts: number[] = [];
  const sources: number[] = [];
  const settingOf = new Map<number, number>();
  for (let g = 0; g + 1 < rows.groupStart.length; g++) {
    const all = Array.from(
      { length: rows.groupStart[g + 1]! - rows.groupStart[g]! },
      (_, k) => rows.groupStart[g]! + k,
    );
    const kept = all.filter((position) => !chosen.has(position));
    if (kept.length > 0) {
      starts.push(order.length);
      sources.push(g);
      order.push(...kept);
    }
    for (const position of all.filter((candidate) => chosen.has(candidate))) {
      settingOf.set(position, starts.length);
      starts.push(order.length);
      sources.push(g);
      order.push(position);
    }
  }
  const X = createMatrix(starts.length, rows.X.cols);
  sources.forEach((g, k) => X.data.set(matrixRow(rows.X, g), k * X.cols));
  return {
    rows: {
      X,
      y: Float64Array.from(order, (position) => rows.y[position]!),
      groupStart: Int32Array.from([...starts, order.length]),
      knownNoiseVariance: Float64Array.from(sources, (g) => rows.knownNoiseVariance[g]!),
      noiseLevel: Int32Array.from(sources, (g) => rows.noiseLevel[g]!),
      levels: rows.levels,
      order: Int32Array.from(order, (position) => rows.order[position]!),
    },
    settings: Int32Array.from(positions, (position) => settingOf.get(position)!),
  };
}

/** The rows that were not chosen; settings of which every row was chosen are gone. */
export function rowsWithout(rows: TrainingRows, positions: readonly number[]): TrainingRows {
  const { rows: split, settings } = unmergeRows(rows, positions);
  const dropped = new Set(settings);
  const kept = Array.from({ length: split.X.rows }, (_, g) => g).filter((g) => !dropped.has(g));
  const X = createMatrix(kept.length, split.X.cols);
  kept.forEach((g, k) => X.data.set(matrixRow(split.X, g), k * X.cols));
  const members = kept.map((g) =>
    Array.from(
      { length: split.groupStart[g + 1]! - split.groupStart[g]! },
      (_, k) => split.groupStart[g]! + k,
    ),
  );
  const starts = [0];
  for (const { length } of members) starts.push(starts.at(-1)! + length);
  return {
    X,
    y: Float64Array.from(members.flat(), (position) => split.y[position]!),
    groupStart: Int32Array.from(starts),
    knownNoiseVariance: Float64Array.from(kept, (g) => split.knownNoiseVariance[g]!),
    noiseLevel: Int32Array.from(kept, (g) => split.noiseLevel[g]!),
    levels: split.levels,
    order: Int32Array.from(members.flat(), (position) => split.order[position]!),
  };
}
