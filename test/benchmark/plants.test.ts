import { describe, expect, it } from "vitest";
import { calenderingPlant } from "../../src/benchmark/calendering-plant.js";
import { closedLoop } from "../../src/benchmark/closed-loop.js";
import { formationPlant } from "../../src/benchmark/formation-plant.js";
import { responseSurfaceSearch } from "../../src/benchmark/response-surface-search.js";
import { randomSearch, spreadSettings } from "../../src/benchmark/strategies.js";
import { createRng } from "../../src/math/rng.js";

const plants = [calenderingPlant(3), formationPlant()];

describe("SYNTHETIC plants", () => {
  it.each(plants)(
    "$name: no allowed settings beat the best recipe, and more runs never widen the gap",
    (plant) => {
      const settings = spreadSettings(plant.campaign(), 40, createRng(2));
      const single = settings.map((one) => plant.gap([one]));
      expect(Math.min(...single)).toBeGreaterThanOrEqual(0);
      expect(plant.gap(settings)).toBe(Math.min(...single));
      expect(plant.cost!(settings)).toBeGreaterThan(plant.cost!(settings.slice(0, 20)));
    },
  );

  it("calendering: runs of one coil share its density, and seeds are lines of their own", () => {
    const [settings] = spreadSettings(plants[0]!.campaign(), 1, createRng(2));
    const density = (seed: number, index: number): number =>
      Number(calenderingPlant(seed).run(settings!, index, createRng(1)).context!["initial_porosity"]);
    expect(density(3, 0)).toBe(density(3, 4));
    expect(density(3, 0)).not.toBe(density(3, 5));
    expect(density(3, 0)).not.toBe(density(4, 0));
  });

  it("formation: a response surface comes closer than random settings", async () => {
    const plant = formationPlant();
    const options = { first: [], evaluations: plant.budget, rng: createRng(1) };
    const surface = await closedLoop(plant, responseSurfaceSearch, options);
    const random = await closedLoop(plant, randomSearch, options);
    expect(surface.gap.at(-1)!).toBeLessThan(random.gap.at(-1)!);
    expect(surface.gap).toHaveLength(plant.budget);
  });
});
