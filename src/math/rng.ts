import { CellwrightError } from "../errors.js";
import { normalQuantile } from "./normal.js";
import { sha256Hex } from "./sha256.js";

/** A seeded stream of random numbers. */
export interface Rng {
  /** Algorithm and version: the same name and seed give the same stream for ever. */
  readonly name: string;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal, by the inverse distribution function of a uniform in (0, 1). */
  normal(): number;
  /** Uniform integer in 0 … n − 1, without bias; 1 ≤ n ≤ 2^53. @throws CellwrightError INVALID_OPTION */
  integer(n: number): number;
  /**
   * An independent stream that depends on this stream's seed and the labels only, not on how much was drawn:
   * the same label twice gives the same stream.
   */
  fork(label: string): Rng;
}

const NAME = "xoshiro128**/1";
const TWO_POW_32 = 4294967296;
const TWO_POW_53 = 9007199254740992;

/**
 * A stream from a seed: xoshiro128** whose state is a SHA-256 of name and seed.
 *
 * @throws CellwrightError INVALID_OPTION if the seed is not a safe integer.
 * @see Blackman & Vigna (2021), "Scrambled linear pseudorandom number generators", ACM TOMS 47(4)
 */
export function createRng(seed: number): Rng {
  if (!Number.isSafeInteger(seed)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `A seed must be a whole number below 2^53 in size, found ${seed}.`,
    );
  }
  return streamOf(sha256Hex(`${NAME} ${seed}`));
}

/** The stream that belongs to a key of 64 hexadecimal digits. */
function streamOf(key: string): Rng {
  const next = xoshiro128(key);
  const below53 = (): number => (next() >>> 5) * 67108864 + (next() >>> 6);
  return {
    name: NAME,
    uniform: () => below53() / TWO_POW_53,
    // 52 bits and a half: symmetric about ½, never 0 or 1.
    normal: () => normalQuantile(((next() >>> 6) * 67108864 + (next() >>> 6) + 0.5) / (TWO_POW_53 / 2)),
    integer: (n) => boundedInteger(n, next, below53),
    fork: (label) => streamOf(sha256Hex(`${key} ${label}`)),
  };
}

/** Uniform 32-bit integers. */
function xoshiro128(key: string): () => number {
  let a = Number.parseInt(key.slice(0, 8), 16);
  let b = Number.parseInt(key.slice(8, 16), 16);
  let c = Number.parseInt(key.slice(16, 24), 16);
  let d = Number.parseInt(key.slice(24, 32), 16);
  return () => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
}

/** Draws until the value falls below the largest multiple of n, so that every remainder is equally likely. */
function boundedInteger(n: number, next: () => number, below53: () => number): number {
  if (!(n >= 1 && n <= TWO_POW_53 && Math.floor(n) === n)) {
    throw new CellwrightError("INVALID_OPTION", `A count must be a whole number from 1 to 2^53, found ${n}.`);
  }
  const range = n <= TWO_POW_32 ? TWO_POW_32 : TWO_POW_53;
  const draw = n <= TWO_POW_32 ? next : below53;
  const limit = range - (range % n);
  let value = draw();
  while (value >= limit) value = draw();
  return value % n;
}

/** A uniformly random order of 0 … n − 1 (Fisher & Yates). @throws CellwrightError INVALID_OPTION */
export function permutation(rng: Rng, n: number): Int32Array {
  if (!(n >= 0 && n < TWO_POW_32 / 2 && Math.floor(n) === n)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `The length of a permutation must be a whole number, found ${n}.`,
    );
  }
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  for (let i = n - 1; i > 0; i--) {
    const j = rng.integer(i + 1);
    const value = order[i]!;
    order[i] = order[j]!;
    order[j] = value;
  }
  return order;
}
