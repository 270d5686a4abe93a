import { exp } from "../math/elementary.js";
import type { RadialKernel } from "./kernel.js";

/**
 * Squared exponential: ρ = e^(−r²/2) and g = ρ.
 *
 * @see Rasmussen & Williams (2006), eq. 4.9
 */
export const rbf: RadialKernel = {
  name: "rbf",
  evaluate(start, count, correlation, slope) {
    for (let j = start, end = start + count; j < end; j++) {
      const e = exp(-0.5 * correlation[j]!);
      correlation[j] = e;
      slope[j] = e;
    }
  },
};
