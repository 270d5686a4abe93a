import { MOST_EXACT_SETTINGS } from "./fit-gaussian-process.js";
import type { SurrogateKind } from "./surrogate.js";

/**
 * Milliseconds that a fit takes on one core of 2020 or so, within a factor of two or three, by number of rows n.
 *
 * Measured (five inputs): Gaussian process 2.3 ms at n = 30, 13 at 120, 78 at 240, 660 at 500; sampled 430 ms at 30, 970
 * at 60; forest 4.4 ms at 30, 130 at 500; response surface 1 ms at 12, 14 at 500. The others are taken for ten Gaussian
 * processes, and a row beyond the exact ones for 3 ms (assumption).
 */
export function fitWork(kind: SurrogateKind, n: number): number {
  switch (kind) {
    case "gaussian-process":
      return processWork(n);
    case "bayesian-gaussian-process":
      return 400 + 0.15 * n * n;
    case "response-surface":
      return 1 + 0.03 * n;
    case "random-forest":
      return 2 + 0.25 * n;
    case "multi-task-gaussian-process":
    case "multi-fidelity-gaussian-process":
      return 10 * processWork(n);
  }
}

function processWork(n: number): number {
  return n > MOST_EXACT_SETTINGS ? 3 * n : 2 + 6e-4 * n * n + 4e-6 * n * n * n;
}
