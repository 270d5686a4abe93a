import { createMatrix, type Matrix, matrixRow } from "../math/matrix.js";
import type { InputDimension } from "./surrogate.js";

/** Which prior variance a term shares: one per block. */
export const BLOCKS = ["intercept", "main", "quadratic", "interaction"] as const;

export interface QuadraticTerm {
  readonly name: string;
  /** Index into `BLOCKS`. */
  readonly block: number;
  /** Value at an encoded point. */
  readonly evaluate: (x: Float64Array) => number;
}

/**
 * The terms of a full quadratic response surface in coded units, −1 … 1 over each parameter's range: intercept, main
 * effects, squares, two-factor interactions. A categorical input has one main effect per level, and one slope per level
 * against each continuous input.
 *
 * @see Myers, Montgomery & Anderson-Cook (2016), Response Surface Methodology, eq. 1.3 and section 2.3 (coded variables)
 */
export function quadraticTerms(inputs: readonly InputDimension[]): QuadraticTerm[] {
  const mains = inputs.flatMap((input, k) => mainEffects(input, k).map((term) => ({ ...term, input: k })));
  const squares = mains
    .filter(({ input }) => inputs[input]!.kind === "continuous")
    .map(({ name, evaluate, input }) => ({
      name: `${name}²`,
      block: 2,
      input,
      // Less its average over the range, so that the intercept stays the level of the outcome.
      evaluate: (x: Float64Array) => evaluate(x) * evaluate(x) - 1 / 3,
    }));
  const interactions = mains.flatMap((a, i) =>
    mains
      .slice(i + 1)
      .filter((b) => a.input !== b.input && [a, b].some(({ input }) => inputs[input]!.kind === "continuous"))
      .map((b) => ({
        name: `${a.name} × ${b.name}`,
        block: 3,
        evaluate: (x: Float64Array) => a.evaluate(x) * b.evaluate(x),
      })),
  );
  return [{ name: "intercept", block: 0, evaluate: () => 1 }, ...mains, ...squares, ...interactions];
}

function mainEffects(input: InputDimension, k: number): QuadraticTerm[] {
  if (input.kind === "continuous") return [{ name: input.name, block: 1, evaluate: (x) => 2 * x[k]! - 1 }];
  return Array.from({ length: input.levels }, (_, level) => ({
    name: `${input.name} = level ${level}`,
    block: 1,
    evaluate: (x: Float64Array) => (x[k] === level ? 1 : 0),
  }));
}

/** Terms at every row of X, [n × p]. */
export function designMatrix(terms: readonly QuadraticTerm[], X: Matrix): Matrix {
  const Phi = createMatrix(X.rows, terms.length);
  for (let i = 0; i < X.rows; i++) {
    const x = matrixRow(X, i);
    terms.forEach((term, j) => (Phi.data[i * terms.length + j] = term.evaluate(x)));
  }
  return Phi;
}
