import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import type { Trial } from "../../src/campaign/trial.js";
import { createRng } from "../../src/math/rng.js";

export const MATURES = {
  signals: { first_cycle_efficiency: 30, low_soc_resistance: 80 },
  hours: 1500,
  elapsed: "test_hours",
};

/** A campaign whose cycle life takes 1,500 h and is told of early by two signals. */
export function maturingCampaign(
  life: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
  outcomes: Readonly<Record<string, unknown>> = {},
): Campaign {
  return createCampaign({
    campaign: "maturing",
    parameters: {
      c_rate: { unit: "C", min: 0.1, max: 2 },
      temperature: { unit: "degC", min: 25, max: 55 },
    },
    outcomes: {
      cycle_life: { unit: "1", goal: "maximize", matures: MATURES, ...life },
      first_cycle_efficiency: { unit: "%" },
      low_soc_resistance: { unit: "1" },
      test_hours: { unit: "h" },
      ...outcomes,
    },
    ...more,
  });
}

/** Mean life of SYNTHETIC cells, cycles: ridges that a few cells alone do not show. */
export function meanLife(cRate: number, temperature: number): number {
  const [a, b] = [(cRate - 0.7) / 1.2, (temperature - 47) / 24];
  return 900 - 160 * a * a - 100 * b * b + 90 * Math.sin(5 * cRate + temperature / 6);
}

/**
 * SYNTHETIC cells at random settings: the first are mature, the others run and have early signals. Resistance falls as
 * life rises; efficiency tells nothing.
 */
export function maturingTrials(seed: number, mature: number, running: number): readonly Trial[] {
  const rng = createRng(seed);
  return Array.from({ length: mature + running }, (_, i): Trial => {
    const c_rate = Number((0.1 + 1.9 * rng.uniform()).toFixed(3));
    const temperature = Number((25 + 30 * rng.uniform()).toFixed(1));
    const life = meanLife(c_rate, temperature);
    const early = {
      first_cycle_efficiency: { value: 84 + Math.cos(9 * c_rate + temperature) + 0.2 * rng.normal() },
      low_soc_resistance: { value: 2 - (life - 800) / 500 + 0.01 * rng.normal() },
    };
    const isMature = i < mature;
    const end = { cycle_life: { value: Math.round(life + 12 * rng.normal()) } };
    return {
      id: `C${String(i + 1).padStart(2, "0")}`,
      status: isMature ? "completed" : "running",
      parameters: { c_rate, temperature },
      context: {},
      observations: isMature ? { ...early, ...end } : { ...early, test_hours: { value: 100 } },
      origin: "SYNTHETIC",
    };
  });
}

/** The campaign with such cells. */
export function maturingCells(
  seed: number,
  mature: number,
  running: number,
  campaign = maturingCampaign(),
): Campaign {
  return withTrials(campaign, maturingTrials(seed, mature, running));
}
