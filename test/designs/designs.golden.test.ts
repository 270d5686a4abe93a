import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dOptimal, gram } from "../../src/designs/d-optimal.js";
import { designQuality } from "../../src/designs/design-quality.js";
import { type Factor, modelMatrix, modelTerms } from "../../src/designs/model-terms.js";
import { boxBehnken, centralComposite, type CodedRun } from "../../src/designs/response-surface-designs.js";
import { fractionOfResolution } from "../../src/designs/two-level.js";
import { tTestPower } from "../../src/designs/t-test-power.js";
import { cholesky, logDetFromCholesky } from "../../src/math/cholesky.js";
import { createMatrix, selectRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";

interface Golden {
  ccd_rotatable: Record<string, number[][]>;
  ccd_face: Record<string, number[][]>;
  box_behnken: Record<string, number[][]>;
  fractions: { factors: number; resolution: number; runs: number }[];
  quality: {
    rows: number[][];
    region: number[][];
    d: number;
    g: number;
    mean: number;
    standard_errors: number[];
  }[];
  power: { delta: number; freedom: number; power: number }[];
  d_optimal: { candidates: number[][]; runs: number; log_det: number }[];
}
const golden = JSON.parse(
  readFileSync(new URL("../golden/designs.pydoe3-1.6.2.json", import.meta.url), "utf8"),
) as Golden;

const numbers = (k: number): Factor[] =>
  Array.from({ length: k }, (_, j) => ({ name: `x${j + 1}`, levels: null }));
/** Rows as texts in one order, so that designs are compared as sets. */
const asSet = (rows: readonly ArrayLike<number>[]): string[] =>
  rows.map((row) => Array.from(row, (v) => (Math.abs(v) < 1e-12 ? 0 : v).toFixed(9)).join(" ")).sort();
const xs = (rows: readonly CodedRun[]): Float64Array[] => rows.map(({ x }) => x);
const points = (rows: readonly number[][]): Float64Array[] => rows.map((row) => Float64Array.from(row));

describe("designs beside pyDOE3, numpy and scipy", () => {
  it.each(Object.entries(golden.ccd_rotatable))(
    "has its rotatable composite design of %s factors",
    (k, rows) => {
      expect(asSet(xs(centralComposite(Number(k), "rotatable")))).toEqual(asSet(rows));
    },
  );

  it.each(Object.entries(golden.ccd_face))(
    "has its face-centred composite design of %s factors",
    (k, rows) => {
      expect(asSet(xs(centralComposite(Number(k), "face")))).toEqual(asSet(rows));
    },
  );

  it.each(Object.entries(golden.box_behnken).filter(([k]) => Number(k) <= 5))(
    "has its Box–Behnken design of %s factors",
    (k, rows) => {
      expect(asSet(xs(boxBehnken(Number(k))))).toEqual(asSet(rows));
    },
  );

  it.each(golden.fractions)("needs no more runs than the table: %o", ({ factors, resolution, runs }) => {
    const fraction = fractionOfResolution(factors, resolution)!;
    expect(1 << fraction.basic).toBeLessThanOrEqual(runs);
    expect(fraction.resolution).toBeGreaterThanOrEqual(resolution);
  });

  it("measures efficiency, prediction variance and standard errors", () => {
    for (const { rows, region, d, g, mean, standard_errors } of golden.quality) {
      const terms = modelTerms(numbers(rows[0]!.length), "quadratic");
      const quality = designQuality(terms, points(rows), points(region))!;
      expect(quality.dEfficiency).toBeCloseTo(d, 9);
      expect(quality.gEfficiency).toBeCloseTo(g, 9);
      expect(quality.meanVariance).toBeCloseTo(mean, 11);
      quality.terms.forEach((term, i) => expect(term.standardError).toBeCloseTo(standard_errors[i]!, 11));
    }
  });

  it.each(golden.power)("has the power of the t test: %o", ({ delta, freedom, power }) => {
    const tolerance = freedom < 5 ? 1e-3 : 1e-6;
    expect(Math.abs(tTestPower(freedom, 0.05)(delta) - power)).toBeLessThan(tolerance);
  });

  it.each(golden.d_optimal.map((one, i) => [i, one] as const))(
    "reaches the determinant of a longer search, case %i",
    (_, { candidates, runs, log_det }) => {
      const terms = modelTerms(numbers(candidates[0]!.length), "quadratic");
      const X = modelMatrix(terms, points(candidates));
      const chosen = dOptimal({
        ...{ runs, candidates: X, given: createMatrix(0, X.cols), rng: createRng(1) },
      });
      const factor = cholesky(gram(selectRows(X, chosen)));
      expect(factor.ok).toBe(true);
      if (factor.ok) expect(logDetFromCholesky(factor.L)).toBeGreaterThan(log_det - 1e-6);
    },
  );
});
