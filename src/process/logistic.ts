import { exp } from "../math/elementary.js";

/** The logistic function 1/(1 + e^−x). */
export function logistic(x: number): number {
  return 1 / (1 + exp(-x));
}
