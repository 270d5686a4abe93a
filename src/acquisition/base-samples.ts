import { createMatrix, type Matrix } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import { sobolNormals } from "../math/sobol.js";

/** Dimensions for which direction numbers are sure to be there (Joe & Kuo 2008, as `math/sobol` carries them). */
const SOBOL_DIMENSIONS = 1024;

/**
 * Standard normals for the joint draws of `outcomes` models at `points` base points: one [draws × points] each.
 *
 * One scrambled Sobol sequence over all of them where its dimensions suffice, one per outcome where only that does,
 * independent normals beyond.
 */
export function baseSamples(draws: number, points: number, outcomes: number, rng: Rng): Matrix[] {
  if (points * outcomes <= SOBOL_DIMENSIONS) {
    return columnBlocks(
      sobolNormals(draws, Math.max(points * outcomes, 1), rng.fork("joint")),
      points,
      outcomes,
    );
  }
  return Array.from({ length: outcomes }, (_, k) => {
    const own = rng.fork(`outcome ${k}`);
    return points <= SOBOL_DIMENSIONS ? sobolNormals(draws, points, own) : independent(draws, points, own);
  });
}

function columnBlocks(all: Matrix, width: number, blocks: number): Matrix[] {
  return Array.from({ length: blocks }, (_, k) => {
    const block = createMatrix(all.rows, width);
    for (let s = 0; s < all.rows; s++) {
      const from = s * all.cols + k * width;
      block.data.set(all.data.subarray(from, from + width), s * width);
    }
    return block;
  });
}

function independent(rows: number, cols: number, rng: Rng): Matrix {
  const matrix = createMatrix(rows, cols);
  for (let i = 0; i < matrix.data.length; i++) matrix.data[i] = rng.normal();
  return matrix;
}
