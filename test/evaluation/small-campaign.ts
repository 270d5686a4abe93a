import { type Campaign, createCampaign } from "../../src/campaign/campaign.js";
import type { Trial } from "../../src/campaign/trial.js";
import { createRng } from "../../src/math/rng.js";

/** A campaign of two parameters and a context of two levels; `noise_only` has nothing to do with any of them. */
export const smallSpec = {
  campaign: "small-calendering",
  group: "condition",
  parameters: {
    line_load: { unit: "N/mm", min: 200, max: 1600 },
    roll_temperature: { unit: "degC", min: 25, max: 120 },
  },
  context: { coating_weight: { unit: "g/m2", min: 100, max: 200, value: 180 } },
  outcomes: {
    porosity: { unit: "%", spec: { min: 28, max: 36 } },
    noise_only: { unit: "1", goal: "maximize" },
    cost: { unit: "1", goal: "minimize", formula: "0.001 * line_load" },
  },
};

export interface SmallOptions {
  readonly groups?: number;
  readonly replicates?: number;
  readonly seed?: number;
  /** First group's number. */
  readonly from?: number;
}

/** SYNTHETIC runs: porosity falls with load, less at higher temperature, and differs by coating weight. */
export function smallTrials({
  groups = 14,
  replicates = 2,
  seed = 1,
  from = 0,
}: SmallOptions = {}): readonly Trial[] {
  const trials: Trial[] = [];
  for (let g = from; g < from + groups; g++) {
    const rng = createRng(seed).fork(`group ${g}`);
    const load = 200 + 1400 * rng.uniform();
    const temperature = 25 + 95 * rng.uniform();
    const weight = g % 2 === 0 ? 120 : 180;
    for (let r = 0; r < replicates; r++) {
      trials.push({
        id: `T${String(g).padStart(3, "0")}-${r}`,
        status: "completed",
        group: `G${String(g).padStart(3, "0")}`,
        parameters: { line_load: load, roll_temperature: temperature },
        context: { coating_weight: weight },
        observations: {
          porosity: {
            value:
              44 - 0.01 * load - 0.03 * (temperature - 25) + (weight === 180 ? 3 : 0) + 0.3 * rng.normal(),
          },
          noise_only: { value: 10 + rng.normal() },
        },
        origin: "SYNTHETIC",
      });
    }
  }
  return trials;
}

export function smallCampaign(options: SmallOptions = {}, spec: unknown = smallSpec): Campaign {
  return createCampaign(spec, { trials: smallTrials(options) });
}

export const gaussianProcess = { kind: "gaussian-process", preset: "hvarfner-2024" } as const;
