import { describe, expect, it } from "vitest";
import { rateCapability } from "../../../src/process/calendering/rate-capability.js";
import { golden } from "../read-golden.js";

/** Chen et al. (2020): cathode 75.6 um, anode 85.2 um of porosity .25, b = 1.5. */
const chen = (rateC: number, porosity: number, bruggeman = 1.5, arealCapacityMAhPerCm2 = 4.87) =>
  rateCapability({
    rateC,
    arealCapacityMAhPerCm2,
    cathode: { thicknessUm: 75.6, porosity, bruggeman },
    anode: { thicknessUm: 85.2, porosity: 0.25, bruggeman: 1.5 },
  });

describe("rateCapability", () => {
  it("gives the reference prototype's values", () => {
    for (const { C, areal, eps, Q } of golden.rate) {
      expect(chen(C, eps, areal === 4.87 ? 1.5 : 2, areal).share).toBeCloseTo(Q, 11);
    }
  });

  it("lies within its stated error of the simulations that it was fitted to", () => {
    // Delivered shares of the Doyle–Fuller–Newman runs, cathode porosity .20, .25, .30, .335, .40.
    const simulated = [
      [2, [0.591, 0.8, 0.945, 0.957, 0.962]],
      [3, [0.155, 0.238, 0.364, 0.465, 0.653]],
    ] as const;
    const porosities = [0.2, 0.25, 0.3, 0.335, 0.4];
    const errors = simulated.flatMap(([rate, shares]) =>
      shares.map((share, i) => chen(rate, porosities[i]!).share - share),
    );
    const rmse = Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length);
    expect(rmse).toBeLessThan(0.067);
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.31);
  });

  it("falls with the rate and rises with porosity", () => {
    expect(chen(3, 0.3).share).toBeLessThan(chen(2, 0.3).share);
    expect(chen(2, 0.35).share).toBeGreaterThan(chen(2, 0.3).share);
  });

  it("says where it was not fitted", () => {
    expect(chen(1, 0.19).withinFit).toBe(false);
    expect(chen(1, 0.2).withinFit).toBe(true);
  });
});
