import { type Matrix, matrixFromRows } from "../math/matrix.js";

/** What a design can vary, in coded units: a number from −1 to 1, or one of `levels` choices by index. */
export interface Factor {
  readonly name: string;
  readonly levels: number | null;
}

/** Which terms a straight regression on the design would hold. */
export const MODEL_ORDERS = ["linear", "interactions", "quadratic"] as const;
export type ModelOrder = (typeof MODEL_ORDERS)[number];

/** One column of the regression. */
export interface ModelTerm {
  readonly name: string;
  /** 0 constant, 1 main effect, 2 interaction or square. */
  readonly order: number;
  valueAt(x: Float64Array): number;
}

/**
 * The terms of a regression: constant and main effects, then products of two factors, then squares of numbers. A choice
 * of L has L − 1 columns: 1 at its own level, −1 at the first, else 0.
 */
export function modelTerms(factors: readonly Factor[], order: ModelOrder): ModelTerm[] {
  const mains = factors.map(mainEffects);
  const terms: ModelTerm[] = [{ name: "1", order: 0, valueAt: () => 1 }, ...mains.flat()];
  if (order === "linear") return terms;
  terms.push(...products(mains));
  if (order === "quadratic")
    factors.forEach((factor, j) => {
      if (factor.levels === null)
        terms.push({ name: `${factor.name}²`, order: 2, valueAt: (x) => x[j]! * x[j]! });
    });
  return terms;
}

function mainEffects({ name, levels }: Factor, j: number): ModelTerm[] {
  if (levels === null) return [{ name, order: 1, valueAt: (x) => x[j]! }];
  return Array.from({ length: levels - 1 }, (_, k) => ({
    name: levels === 2 ? name : `${name}[${k + 2}]`,
    order: 1,
    valueAt: (x: Float64Array) => (x[j] === k + 1 ? 1 : x[j] === 0 ? -1 : 0),
  }));
}

function products(mains: readonly (readonly ModelTerm[])[]): ModelTerm[] {
  return mains.flatMap((first, i) =>
    mains.slice(i + 1).flatMap((second) =>
      first.flatMap((a) =>
        second.map((b) => ({
          name: `${a.name}·${b.name}`,
          order: 2,
          valueAt: (x: Float64Array) => a.valueAt(x) * b.valueAt(x),
        })),
      ),
    ),
  );
}

/** The regression matrix, [rows × terms]. */
export function modelMatrix(terms: readonly ModelTerm[], rows: readonly Float64Array[]): Matrix {
  return matrixFromRows(
    rows.map((x) => terms.map((term) => term.valueAt(x))),
    terms.length,
  );
}
