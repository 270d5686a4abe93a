import { cholesky, choleskyInverse, choleskySolve, logDetFromCholesky } from "../math/cholesky.js";
import { exp } from "../math/elementary.js";
import { type Matrix, matrixRow, multiply, transpose } from "../math/matrix.js";
import { gram } from "./d-optimal.js";
import type { ModelTerm } from "./model-terms.js";
import { modelMatrix } from "./model-terms.js";
import { tTestPower } from "./t-test-power.js";

/** What a straight regression on a design would know. */
export interface DesignQuality {
  /** 100 · |XᵀX / n|^(1/p): 100 for an orthogonal two-level design. */
  readonly dEfficiency: number;
  /** 100 · p / (n · largest prediction variance over the allowed settings). */
  readonly gEfficiency: number;
  /** Mean prediction variance over the allowed settings, in units of the scatter of one run. */
  readonly meanVariance: number;
  readonly terms: readonly TermQuality[];
}

export interface TermQuality {
  readonly term: string;
  /** Standard error of its coefficient, in units of the scatter of one run. */
  readonly standardError: number;
  /** Chance to find a change of two scatters from low to high (coefficient 1) at 5 %; null without spare runs. */
  readonly power: number | null;
}

/** The effect whose power is told: twice the scatter of one run between the ends of a factor, coefficient 1. */
const EFFECT = 1;
const LEVEL = 0.05;

/**
 * Efficiency, prediction variance and power of a design for a model; null where the model cannot be fitted from it.
 *
 * @param region - Settings that the campaign allows, coded.
 * @see Atkinson, Donev & Tobias (2007), Optimum Experimental Designs, with SAS, chapters 10 and 11
 */
export function designQuality(
  terms: readonly ModelTerm[],
  rows: readonly Float64Array[],
  region: readonly Float64Array[],
): DesignQuality | null {
  const X = modelMatrix(terms, rows);
  const information = gram(X);
  const factor = cholesky(information);
  const [n, p] = [rows.length, terms.length];
  if (!factor.ok || n < p || isNearlySingular(information, factor.L)) return null;
  const variances = [...region, ...rows].map((x) => predictionVariance(factor.L, terms, x));
  const inRegion = variances.slice(0, region.length);
  const inverse = choleskyInverse(factor.L);
  const largest = variances.reduce((a, b) => Math.max(a, b), 0);
  const powerOf = n > p ? tTestPower(n - p, LEVEL) : null;
  return {
    dEfficiency: (100 * exp(logDetFromCholesky(factor.L) / p)) / n,
    gEfficiency: (100 * p) / (n * largest),
    meanVariance: inRegion.reduce((sum, v) => sum + v, 0) / Math.max(inRegion.length, 1),
    terms: terms.slice(1).map(({ name }, k) => {
      const standardError = Math.sqrt(inverse.data[(k + 1) * (p + 1)]!);
      return { term: name, standardError, power: powerOf?.(EFFECT / standardError) ?? null };
    }),
  };
}

/** Pivots below this share of their diagonal are rounding: the columns depend on one another. */
const LEAST_PIVOT = 1e-9;

function isNearlySingular(information: Matrix, L: Matrix): boolean {
  return Array.from({ length: L.rows }, (_, k) => k).some((k) => {
    const pivot = matrixRow(L, k)[k]!;
    return pivot * pivot < LEAST_PIVOT * matrixRow(information, k)[k]!;
  });
}

function predictionVariance(L: Matrix, terms: readonly ModelTerm[], x: Float64Array): number {
  const f = Float64Array.from(terms, (term) => term.valueAt(x));
  return choleskySolve(L, f).reduce((sum, value, k) => sum + value * f[k]!, 0);
}

/** How much of a left-out term is taken for one that is fitted. */
export interface Alias {
  readonly term: string;
  readonly leftOut: string;
  /** Bias of the term's coefficient per unit of the left-out one. */
  readonly share: number;
}

/** Shares below this are not listed (assumption). */
const LEAST_SHARE = 0.05;

/**
 * The alias matrix (XᵀX)⁻¹XᵀZ of fitted terms and terms that are left out; empty where the fitted ones cannot be told.
 *
 * @see Box & Wilson (1951), J. R. Stat. Soc. B 13(1), section 3
 */
export function aliases(
  fitted: readonly ModelTerm[],
  leftOut: readonly ModelTerm[],
  rows: readonly Float64Array[],
): Alias[] {
  if (leftOut.length === 0 || rows.length === 0) return [];
  const X = modelMatrix(fitted, rows);
  const information = gram(X);
  const factor = cholesky(information);
  if (!factor.ok || isNearlySingular(information, factor.L)) return [];
  const crossed = multiply(transpose(X), modelMatrix(leftOut, rows));
  return leftOut.flatMap((term, j) => {
    const column = Float64Array.from({ length: fitted.length }, (_, i) => matrixRow(crossed, i)[j]!);
    return [...choleskySolve(factor.L, column)].flatMap((share, i) =>
      fitted[i]!.order > 0 && Math.abs(share) >= LEAST_SHARE
        ? [{ term: fitted[i]!.name, leftOut: term.name, share }]
        : [],
    );
  });
}
