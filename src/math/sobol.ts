import { CellwrightError } from "../errors.js";
import { createMatrix, type Matrix } from "./matrix.js";
import { normalQuantile } from "./normal.js";
import type { Rng } from "./rng.js";
import { DIMENSIONS_OF_DEGREE, PACKED_DIRECTIONS } from "./sobol-directions.js";

/** A low-discrepancy sequence. */
export interface SobolSequence {
  /** The next point, [d]. */
  next(): Float64Array;
  /** The next n points, [n × d]. */
  points(n: number): Matrix;
}

/** Digits of a coordinate. */
const BITS = 32;
const TWO_POW_32 = 4294967296;

/** Dimensions for which there are direction numbers. */
export const MAX_SOBOL_DIMENSION = DIMENSIONS_OF_DEGREE.reduce((sum, count) => sum + count, 1);

/**
 * A scrambled Sobol sequence with coordinates in (0, 1): Matoušek's random linear scramble and a digital shift.
 *
 * The first 2^k points of every projection stay balanced; each point alone is uniform.
 *
 * @throws CellwrightError INVALID_OPTION if there are no direction numbers for the dimension (at most 3,667).
 * @see Sobol' (1967); Joe & Kuo (2008), SIAM J. Sci. Comput. 30, 2635–2654; Matoušek (1998), J. Complexity 14, 527–556
 */
export function createSobol(dimension: number, rng: Rng): SobolSequence {
  const directions = directionNumbers(dimension);
  const word = (): number => rng.integer(TWO_POW_32);
  const start = new Uint32Array(dimension).map(word);
  const scramble = scrambleColumns(dimension, word);
  const column = (bit: number): Uint32Array => applyScramble(directions, dimension, bit, scramble);
  return sequence(dimension, start, column, 0.5); // the middle of each cell: never 0 or 1
}

/**
 * The plain Sobol sequence in [0, 1), from the origin, in Gray-code order.
 *
 * @throws CellwrightError INVALID_OPTION as `createSobol`.
 */
export function createUnscrambledSobol(dimension: number): SobolSequence {
  const directions = directionNumbers(dimension);
  const column = (bit: number): Uint32Array => directions.subarray(bit * dimension, (bit + 1) * dimension);
  return sequence(dimension, new Uint32Array(dimension), column, 0);
}

/**
 * Standard normal draws with the low discrepancy of a scrambled Sobol sequence, [n × d].
 *
 * @throws CellwrightError INVALID_OPTION as `createSobol`.
 */
export function sobolNormals(n: number, dimension: number, rng: Rng): Matrix {
  const points = createSobol(dimension, rng).points(n);
  for (let i = 0; i < points.data.length; i++) points.data[i] = normalQuantile(points.data[i]!);
  return points;
}

/**
 * Points in Gray-code order: each differs from the last by one column of direction numbers.
 *
 * @see Antonov & Saleev (1979), USSR Comput. Math. Math. Phys. 19, 252–256
 */
function sequence(
  dimension: number,
  start: Uint32Array,
  column: (bit: number) => Uint32Array,
  offset: number,
): SobolSequence {
  const state = start.slice();
  const columns: Uint32Array[] = [];
  let index = 0;
  const write = (out: Float64Array, at: number): void => {
    for (let j = 0; j < dimension; j++) out[at + j] = (state[j]! + offset) / TWO_POW_32;
    const bit = 31 - Math.clz32(~index & (index + 1)); // lowest zero bit of the index
    index++;
    const directions = (columns[bit] ??= column(bit));
    for (let j = 0; j < dimension; j++) state[j] = state[j]! ^ directions[j]!;
  };
  return {
    next() {
      const point = new Float64Array(dimension);
      write(point, 0);
      return point;
    },
    points(n) {
      const matrix = createMatrix(n, dimension);
      for (let i = 0; i < n; i++) write(matrix.data, i * dimension);
      return matrix;
    },
  };
}

/** Columns of one random lower triangular binary matrix per dimension, unit diagonal, [d × 32]. */
function scrambleColumns(dimension: number, word: () => number): Uint32Array {
  const columns = new Uint32Array(dimension * BITS);
  for (let j = 0; j < dimension; j++) {
    for (let i = 0; i < BITS; i++) {
      const diagonal = 0x80000000 >>> i;
      columns[j * BITS + i] = diagonal | (word() & (diagonal - 1));
    }
  }
  return columns;
}

/** One column of direction numbers, each multiplied by its dimension's scramble over GF(2), [d]. */
function applyScramble(
  directions: Uint32Array,
  dimension: number,
  bit: number,
  scramble: Uint32Array,
): Uint32Array {
  const scrambled = new Uint32Array(dimension);
  for (let j = 0; j < dimension; j++) {
    let rest = directions[bit * dimension + j]!;
    let product = 0;
    while (rest !== 0) {
      const digit = Math.clz32(rest);
      product ^= scramble[j * BITS + digit]!;
      rest ^= 0x80000000 >>> digit;
    }
    scrambled[j] = product;
  }
  return scrambled;
}

/** Direction numbers v_1 … v_32 of every dimension, aligned to 32 digits, [32 × d]. */
function directionNumbers(dimension: number): Uint32Array {
  if (!(dimension >= 1 && dimension <= MAX_SOBOL_DIMENSION && Math.floor(dimension) === dimension)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `A Sobol sequence needs from 1 to ${MAX_SOBOL_DIMENSION} dimensions, found ${dimension}.`,
    );
  }
  const directions = new Uint32Array(BITS * dimension);
  for (let i = 0; i < BITS; i++) directions[i * dimension] = 0x80000000 >>> i;
  const read = bitReader(PACKED_DIRECTIONS);
  let j = 1;
  for (let degree = 1; j < dimension; degree++) {
    for (let k = DIMENSIONS_OF_DEGREE[degree]!; k > 0 && j < dimension; k--, j++) {
      fillDimension(directions, dimension, j, degree, read);
    }
  }
  return directions;
}

/** Reads one dimension's polynomial and first numbers, and continues them (Joe & Kuo 2008, equation (2)). */
function fillDimension(
  directions: Uint32Array,
  dimension: number,
  j: number,
  degree: number,
  read: (count: number) => number,
): void {
  const inner = read(degree - 1); // coefficients a_1 … a_(s−1)
  for (let i = 0; i < BITS; i++) {
    let v: number;
    if (i < degree) {
      v = (read(i) * 2 + 1) << (BITS - 1 - i); // the odd number m_(i+1), aligned
    } else {
      const oldest = directions[(i - degree) * dimension + j]!;
      v = oldest ^ (oldest >>> degree);
      for (let k = 1; k < degree; k++) {
        if ((inner >>> (degree - 1 - k)) & 1) v ^= directions[(i - k) * dimension + j]!;
      }
    }
    directions[i * dimension + j] = v;
  }
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Reads numbers of up to 16 bits from base64 digits, most significant bit first. */
function bitReader(packed: string): (count: number) => number {
  const values = new Uint8Array(128);
  for (let i = 0; i < DIGITS.length; i++) values[DIGITS.charCodeAt(i)] = i;
  let position = 0;
  let held = 0;
  let heldBits = 0;
  return (count) => {
    while (heldBits < count) {
      held = (held << 6) | values[packed.charCodeAt(position++)]!;
      heldBits += 6;
    }
    heldBits -= count;
    const value = held >>> heldBits;
    held &= (1 << heldBits) - 1;
    return value;
  };
}
