import { erfc, exp, log } from "../math/elementary.js";
import type { SettingValue } from "../space/parameter.js";

/** A variable whose levels may differ in scatter: one value per row. */
export interface NoiseVariable {
  readonly name: string;
  readonly scale: "linear" | "log";
  readonly values: readonly SettingValue[];
}

/** The variable whose levels scatter differently, its levels in ascending order, and the pooled standard deviations. */
export interface NoiseLevels {
  readonly variable: string;
  readonly scale: "linear" | "log";
  readonly levels: readonly SettingValue[];
  /** Pooled replicate standard deviation per level, on the scale of the test. */
  readonly stdDevs: readonly number[];
  readonly pValue: number;
}

/** Smallest number of degrees of freedom from which a level's scatter is judged (assumption). */
export const MIN_DEGREES_OF_FREEDOM = 4;
/** More levels than this would share too few replicates each (assumption). */
const MAX_LEVELS = 6;
/** Significance of Bartlett's test, divided by the number of variables that were tried (Bonferroni). */
const SIGNIFICANCE = 0.01;
/** Scatter that differs by less is not worth a parameter of its own (assumption). */
const MIN_RATIO = 2;
/** Scatter below this share of the largest value is rounding: such a level has no noise to compare. */
const ROUNDING = 1e-9;

/**
 * Finds the variable whose levels differ in replicate scatter, if any: Bartlett's test on the pooled within-replicate
 * variances at p < .01 (Bonferroni over the variables), ratio of standard deviations at least 2, at least 4 degrees
 * of freedom in each level. The smallest p wins.
 *
 * @param y - Outcomes on the scale where the surrogate is Gaussian, [n].
 * @param replicateOf - Which setting each row repeats, [n]: rows with the same number are replicates.
 * @see Bartlett (1937), Proc. R. Soc. A 160, 268; Snedecor & Cochran (1989), section 13.10
 */
export function findNoiseLevels(
  y: ArrayLike<number>,
  replicateOf: ArrayLike<number>,
  variables: readonly NoiseVariable[],
): NoiseLevels | null {
  const tested = variables.flatMap((variable) => {
    const result = testVariable(y, replicateOf, variable);
    return result === null ? [] : [result];
  });
  const eligible = tested
    .filter((t) => t.pValue < SIGNIFICANCE / tested.length)
    .filter((t) => Math.max(...t.stdDevs) >= MIN_RATIO * Math.min(...t.stdDevs));
  return eligible.reduce<NoiseLevels | null>(
    (best, t) => (best === null || t.pValue < best.pValue ? t : best),
    null,
  );
}

/** The level that a value belongs to: itself where it was measured, else the nearest. */
export function noiseLevelOf(noise: NoiseLevels, value: SettingValue | undefined): number {
  const exact = noise.levels.findIndex((level) => level === value);
  if (exact >= 0 || typeof value !== "number") return Math.max(exact, 0);
  const at = (v: number): number => (noise.scale === "log" && v > 0 ? log(v) : v);
  let nearest = 0;
  noise.levels.forEach((level, i) => {
    const distance = (l: SettingValue): number => Math.abs(at(Number(l)) - at(value));
    if (distance(level) < distance(noise.levels[nearest]!)) nearest = i;
  });
  return nearest;
}

function testVariable(
  y: ArrayLike<number>,
  replicateOf: ArrayLike<number>,
  variable: NoiseVariable,
): NoiseLevels | null {
  const levels = [...new Set(variable.values)].sort(compareLevels);
  if (levels.length < 2 || levels.length > MAX_LEVELS) return null;
  const pooled = levels.map((level) => pooledVariance(y, replicateOf, (i) => variable.values[i] === level));
  const rounding = ROUNDING * Array.from(y, Math.abs).reduce((a, b) => Math.max(a, b), 0);
  if (!pooled.every((p) => p.degreesOfFreedom >= MIN_DEGREES_OF_FREEDOM && p.variance > rounding * rounding))
    return null;
  return {
    variable: variable.name,
    scale: variable.scale,
    levels,
    stdDevs: pooled.map((p) => Math.sqrt(p.variance)),
    pValue: bartlettPValue(pooled),
  };
}

function compareLevels(a: SettingValue, b: SettingValue): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [s, t] = [String(a), String(b)];
  return s < t ? -1 : s > t ? 1 : 0;
}

interface PooledVariance {
  readonly variance: number;
  readonly degreesOfFreedom: number;
}

/** Variance within replicates of the rows that `belongs` selects: Σ(y − replicate mean)² / Σ(count − 1). */
export function pooledVariance(
  y: ArrayLike<number>,
  replicateOf: ArrayLike<number>,
  belongs: (row: number) => boolean,
): PooledVariance {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < y.length; i++) {
    if (!belongs(i)) continue;
    const rows = groups.get(replicateOf[i]!);
    if (rows === undefined) groups.set(replicateOf[i]!, [y[i]!]);
    else rows.push(y[i]!);
  }
  let squares = 0;
  let degreesOfFreedom = 0;
  for (const values of groups.values()) {
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    for (const v of values) squares += (v - mean) * (v - mean);
    degreesOfFreedom += values.length - 1;
  }
  return { variance: degreesOfFreedom === 0 ? 0 : squares / degreesOfFreedom, degreesOfFreedom };
}

/** P(T ≥ observed) of Bartlett's statistic, chi-squared with (levels − 1) degrees of freedom. */
export function bartlettPValue(pooled: readonly PooledVariance[]): number {
  const total = pooled.reduce((sum, p) => sum + p.degreesOfFreedom, 0);
  const variance = pooled.reduce((sum, p) => sum + p.degreesOfFreedom * p.variance, 0) / total;
  let statistic = total * log(variance);
  let reciprocals = -1 / total;
  for (const p of pooled) {
    statistic -= p.degreesOfFreedom * log(p.variance);
    reciprocals += 1 / p.degreesOfFreedom;
  }
  const correction = 1 + reciprocals / (3 * (pooled.length - 1));
  return chiSquaredUpperTail(Math.max(statistic, 0) / correction, pooled.length - 1);
}

/**
 * P(χ²_k ≥ x) for whole k, by the finite sums.
 *
 * @see Abramowitz & Stegun (1964), 26.4.4 (odd k) and 26.4.5 (even k)
 */
export function chiSquaredUpperTail(x: number, k: number): number {
  const half = x / 2;
  const odd = k % 2 === 1;
  let term = odd ? Math.sqrt(x) * 0.7978845608028654 * exp(-half) : exp(-half); // sqrt(2/π)
  let sum = odd ? erfc(Math.sqrt(half)) : 0;
  for (let j = odd ? 1 : 0; j <= k - 2; j += 2) {
    sum += term;
    term *= x / (j + 2);
  }
  return sum;
}
