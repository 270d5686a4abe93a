import { exp, tanh } from "../../math/elementary.js";

/**
 * Open-circuit potentials against lithium, V, over the stoichiometry x. Published fits, found in PyBaMM's parameter
 * sets; valid for 0 < x < 1, and steep just outside, which is what ends a charge or discharge.
 */

/** Graphite: Mohtat et al. (2020), J. Electrochem. Soc. 167, 110561; shifted so that an empty electrode is at x = 0. */
export function graphitePotentialV(x: number): number {
  const s = (1 + 0.01185456) * x - 0.01185456;
  return (
    0.063 +
    0.8 * exp(-75 * (s + 0.001)) -
    0.012 * tanh((s - 0.127) / 0.016) -
    0.0118 * tanh((s - 0.155) / 0.016) -
    0.0035 * tanh((s - 0.22) / 0.02) -
    0.0095 * tanh((s - 0.19) / 0.013) -
    0.0145 * tanh((s - 0.49) / 0.02) -
    0.08 * tanh((s - 1.03) / 0.055)
  );
}

/** NMC622 (and 532): Mohtat et al. (2020). */
export function nmc622PotentialV(x: number): number {
  const polynomial = 4.3452 + x * (-1.6518 + x * (1.6225 + x * (-2.0843 + x * (3.5146 - 2.2166 * x))));
  return polynomial - 0.5623e-4 * exp(Math.min(109.451 * x - 100.006, 60));
}

/** NMC811: Chen et al. (2020), J. Electrochem. Soc. 167, 080534. */
export function nmc811PotentialV(x: number): number {
  return (
    -0.809 * x +
    4.4875 -
    0.0428 * tanh(18.5138 * (x - 0.5542)) -
    17.7326 * tanh(15.789 * (x - 0.3117)) +
    17.5842 * tanh(15.9308 * (x - 0.312))
  );
}

/** LFP: Prada et al. (2013), J. Electrochem. Soc. 160, A616. */
export function lfpPotentialV(x: number): number {
  return 3.4077 - 0.020269 * x + 0.5 * exp(-150 * x) - 0.9 * exp(-30 * (1 - x));
}

/** LCO: Marquis et al. (2019), J. Electrochem. Soc. 166, A3693. */
export function lcoPotentialV(x: number): number {
  const s = 1.062 * x;
  return (
    2.16216 +
    0.07645 * tanh(30.834 - 54.4806 * s) +
    2.1581 * tanh(52.294 - 50.294 * s) -
    0.14169 * tanh(11.0923 - 19.8543 * s) +
    0.2051 * tanh(1.4684 - 5.4888 * s) +
    0.2531 * tanh((0.56478 - s) / 0.1316) -
    0.02167 * tanh((s - 0.525) / 0.006)
  );
}

/** Volumetric strain of graphite over its stoichiometry: staged, after Weng et al. (2023). */
export function graphiteStrain(x: number): number {
  if (x < 0.12) return 0.2 * x;
  if (x < 0.18) return 0.16 * x + 0.0048;
  if (x < 0.24) return 0.17 * x + 0.003;
  if (x < 0.5) return 0.05 * x + 0.0318;
  return 0.15 * x - 0.0182;
}
