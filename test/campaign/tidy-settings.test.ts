import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tidySettings } from "../../src/campaign/tidy-settings.js";
import { createRng } from "../../src/math/rng.js";
import { createFeasibleSet } from "../../src/space/feasible-set.js";
import { createSearchSpace } from "../../src/space/search-space.js";

const space = createSearchSpace({
  parameters: [
    { kind: "continuous", name: "load", unit: "N/mm", min: 200, max: 1600, scale: "log" },
    { kind: "continuous", name: "rate", unit: "C", min: 0.02, max: 1.5, scale: "log" },
    { kind: "continuous", name: "offset", unit: "um", min: 1000, max: 1000.1, scale: "linear" },
    { kind: "continuous", name: "temperature", unit: "degC", min: 25, max: 55, step: 5, scale: "linear" },
  ],
  context: [],
  constraints: [{ source: "rate <= 0.05 * (temperature - 5)" }],
});
const set = createFeasibleSet(space, { fixed: {}, context: {} }, createRng(1));
const tidied = (settings: Record<string, number>, isTaken = (): boolean => false): Record<string, unknown> =>
  space.decode(tidySettings(set, space.encode(settings, {}), isTaken)).parameters;

describe("tidySettings", () => {
  it("rounds settings without a step to four significant digits, finer in a narrow range", () => {
    const settings = { load: 883.4912, rate: 0.1039312, offset: 1000.0343219, temperature: 30 };
    expect(tidied(settings)).toEqual({ load: 883.5, rate: 0.1039, offset: 1000.0343, temperature: 30 });
  });

  it("comes to rest on a constraint's edge instead of just beside it", () => {
    expect(tidied({ load: 800, rate: 1.249984, offset: 1000, temperature: 30 })["rate"]).toBe(1.25);
  });

  it("keeps a value whose rounding would break a constraint or is taken", () => {
    const settings = { load: 883.4912, rate: 0.1039312, offset: 1000, temperature: 30 };
    expect(tidied(settings, () => true)).toEqual(space.decode(space.encode(settings, {})).parameters);
  });

  it("keeps every sampled point feasible", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const points = set.sample(8, createRng(seed));
        for (let i = 0; i < points.rows; i++) {
          const x = points.data.slice(i * points.cols, (i + 1) * points.cols);
          expect(set.contains(tidySettings(set, x, () => false))).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});
