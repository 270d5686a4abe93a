import { exp } from "../math/elementary.js";
import type { Rng } from "../math/rng.js";

/** A column of simulated data; `decimals` are those that a gauge would print. */
export interface SimulatedColumn {
  readonly name: string;
  /** Absent for texts. */
  readonly unit?: string;
  readonly decimals?: number;
}

/** A value that was not measured is null. */
export type SimulatedRow = readonly (number | string | null)[];

/** Simulated rows in the form of a data file: every one of them says SYNTHETIC. */
export interface SimulatedTable {
  readonly columns: readonly SimulatedColumn[];
  readonly rows: readonly SimulatedRow[];
  /** What was simulated and with which noise: to be printed beside the rows. */
  readonly notes: readonly string[];
}

/** Whether values scatter as gauges and cells do; `none` is for tests and plots of the bare laws. */
export type SimulatedNoise = "stated" | "none";

/** The columns that every simulated file ends with. */
export const ENDING: readonly SimulatedColumn[] = [
  { name: "status" },
  { name: "reason" },
  { name: "origin" },
  { name: "comment" },
];

/** Draws that are zero where the noise is off, so that every other draw stays the same. */
export interface Scatter {
  /** value · e^(cv · z): a positive quantity with a coefficient of variation. */
  relative(value: number, coefficientOfVariation: number): number;
  /** value + sd · z. */
  absolute(value: number, stdDev: number): number;
  /** True with a probability; never where the noise is off. */
  happens(probability: number): boolean;
}

export function createScatter(rng: Rng, noise: SimulatedNoise): Scatter {
  const on = noise === "stated" ? 1 : 0;
  return {
    relative: (value, coefficientOfVariation) => value * exp(on * coefficientOfVariation * rng.normal()),
    absolute: (value, stdDev) => value + on * stdDev * rng.normal(),
    happens: (probability) => rng.uniform() < on * probability,
  };
}

/** The number as a gauge prints it. */
export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** The nearest multiple of a step. */
export function onGrid(value: number, step: number): number {
  return rounded(Math.round(value / step) * step, 9);
}
