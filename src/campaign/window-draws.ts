import type { KnownOutcome } from "../acquisition/outcome-terms.js";
import { type Matrix, matrixRow } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import type { Surrogate } from "../surrogates/surrogate.js";
import { inputsAt, keepsConstraints, type WindowRegion } from "./window-region.js";

/** Draws as bits: word w of point i at i · words + w; a set bit is a draw that leaves its specification there. */
export interface DrawnFailures {
  readonly points: readonly Float64Array[];
  readonly words: number;
  readonly draws: number;
  readonly bits: Uint32Array;
}

/** What judges a specification: a surrogate with a joint posterior, or a formula. */
export type WindowModel = (Pick<Surrogate, "predict"> & Required<Pick<Surrogate, "samples">>) | KnownOutcome;

/** Limits that an outcome must keep, raw units; either may be infinite. */
export interface WindowTerm {
  readonly outcome: string;
  readonly min: number;
  readonly max: number;
  readonly model: WindowModel;
}

export function isFormula(model: WindowModel): model is KnownOutcome {
  return "kind" in model && model.kind === "known";
}

/**
 * The latent outcome drawn jointly at encoded inputs, raw units, [draws × points].
 *
 * @param exaggeration - By how much draws lie farther from their median than they do.
 */
export function drawOutcome(
  model: WindowModel,
  X: Matrix,
  draws: number,
  rng: Rng,
  exaggeration = 1,
): Matrix {
  if (!isFormula(model)) {
    const values = model.samples(X, draws, rng, "raw");
    return exaggeration === 1
      ? values
      : exaggerated(values, model.predict(X).quantile(0.5, "latent"), exaggeration);
  }
  const data = new Float64Array(draws * X.rows);
  const values = Array.from({ length: X.rows }, (_, i) => model.evaluate(matrixRow(X, i)));
  const errors = values.map((value) => model.error?.(value) ?? 0);
  for (let s = 0; s < draws; s++) {
    // A formula is wrong in the same way everywhere: one deviate a draw.
    const deviate = exaggeration * rng.normal();
    for (let i = 0; i < X.rows; i++) data[s * X.rows + i] = values[i]! + deviate * errors[i]!;
  }
  return { data, rows: draws, cols: X.rows };
}

function exaggerated({ data, rows, cols }: Matrix, medians: ArrayLike<number>, by: number): Matrix {
  const farther = data.map((value, i) => medians[i % cols]! + by * (value - medians[i % cols]!));
  return { data: farther, rows, cols };
}

/**
 * In which joint draws some specification is broken, point by point; where a constraint is broken, in all of them.
 *
 * @param rng - One stream a purpose: equal streams give equal draws.
 * @param exaggeration - As `drawOutcome` takes it.
 */
export function drawFailures(
  region: WindowRegion,
  specifications: readonly WindowTerm[],
  points: readonly Float64Array[],
  draws: number,
  rng: Rng,
  exaggeration = 1,
): DrawnFailures {
  const words = Math.ceil(draws / 32);
  const bits = new Uint32Array(points.length * words);
  const kept = points.map((point) => keepsConstraints(region, point));
  const asked = points.flatMap((_, i) => (kept[i]! ? [i] : []));
  points.forEach((_, i) => {
    if (!kept[i]!) for (let s = 0; s < draws; s++) setBit(bits, i * words, s);
  });
  if (asked.length === 0) return { points, words, draws, bits };
  const X = inputsAt(
    region,
    asked.map((i) => points[i]!),
  );
  for (const { outcome, model, min, max } of specifications) {
    const values = drawOutcome(model, X, draws, rng.fork(outcome), exaggeration);
    for (let s = 0; s < draws; s++) {
      const row = matrixRow(values, s);
      asked.forEach((i, column) => {
        const value = row[column]!;
        if (!(value >= min && value <= max)) setBit(bits, i * words, s);
      });
    }
  }
  return { points, words, draws, bits };
}

function setBit(bits: Uint32Array, at: number, s: number): void {
  bits[at + (s >>> 5)] = bits[at + (s >>> 5)]! | (1 << (s & 31));
}

/** Set bits of a word (Warren, Hacker's Delight, figure 5-2). */
export function countBits(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Draws that fail at one point. */
export function failuresAt({ bits, words }: DrawnFailures, i: number): number {
  let count = 0;
  for (let w = 0; w < words; w++) count += countBits(bits[i * words + w]!);
  return count;
}

/** Draws that fail at any point. */
export function failuresAnywhere(failures: DrawnFailures): number {
  const { bits, words, points } = failures;
  let count = 0;
  for (let w = 0; w < words; w++) {
    let union = 0;
    for (let i = 0; i < points.length; i++) union |= bits[i * words + w]!;
    count += countBits(union);
  }
  return count;
}
