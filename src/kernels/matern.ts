import { exp } from "../math/elementary.js";
import type { RadialKernel } from "./kernel.js";

const SQRT3 = Math.sqrt(3);
const SQRT5 = Math.sqrt(5);

/**
 * Matérn with ν = 1/2, the exponential: ρ = e^(−r), g = e^(−r)/r.
 *
 * Not differentiable in the inputs where two points coincide; there g is set to 0, one of its one-sided choices.
 *
 * @see Rasmussen & Williams (2006), eq. 4.18
 */
export const matern12: RadialKernel = {
  name: "matern-1/2",
  evaluate(start, count, correlation, slope) {
    for (let j = start, end = start + count; j < end; j++) {
      const r = Math.sqrt(correlation[j]!);
      const e = exp(-r);
      correlation[j] = e;
      slope[j] = r > 0 ? e / r : 0;
    }
  },
};

/**
 * Matérn with ν = 3/2: ρ = (1 + √3 r) e^(−√3 r), g = 3 e^(−√3 r).
 *
 * @see Rasmussen & Williams (2006), eq. 4.17
 */
export const matern32: RadialKernel = {
  name: "matern-3/2",
  evaluate(start, count, correlation, slope) {
    for (let j = start, end = start + count; j < end; j++) {
      const a = SQRT3 * Math.sqrt(correlation[j]!);
      const e = exp(-a);
      correlation[j] = (1 + a) * e;
      slope[j] = 3 * e;
    }
  },
};

/**
 * Matérn with ν = 5/2: ρ = (1 + √5 r + 5r²/3) e^(−√5 r), g = (5/3)(1 + √5 r) e^(−√5 r).
 *
 * @see Rasmussen & Williams (2006), eq. 4.17
 */
export const matern52: RadialKernel = {
  name: "matern-5/2",
  evaluate(start, count, correlation, slope) {
    for (let j = start, end = start + count; j < end; j++) {
      const r2 = correlation[j]!;
      const a = SQRT5 * Math.sqrt(r2);
      const e = exp(-a);
      const linear = 1 + a;
      correlation[j] = (linear + (5 / 3) * r2) * e;
      slope[j] = (5 / 3) * linear * e;
    }
  },
};
