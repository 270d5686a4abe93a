import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { createRng } from "../../src/math/rng.js";
import { diagnoseChains } from "../../src/math/sampler-diagnostics.js";

interface GoldenChains {
  readonly name: string;
  readonly chains: readonly (readonly number[])[];
  readonly rHat: number;
  readonly bulkEss: number;
  readonly tailEss: number;
}

const folder = new URL("../golden/", import.meta.url);
const file = readdirSync(folder).find((name) => name.startsWith("nuts-diagnostics.arviz-"))!;
const golden = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as readonly GoldenChains[];

describe("the diagnostics of chains", () => {
  it.each(golden)("agree with ArviZ: $name", ({ chains, rHat, bulkEss, tailEss }) => {
    const ours = diagnoseChains(chains.map((chain) => Float64Array.from(chain)));
    expect(ours.rHat).toBeCloseTo(rHat, 9);
    expect(ours.bulkEss / bulkEss).toBeCloseTo(1, 6);
    // ArviZ interpolates the 5 % and 95 % quantiles by another definition, which can move a draw across the threshold.
    expect(Math.abs(ours.tailEss / tailEss - 1)).toBeLessThan(0.15);
  });

  it("see chains that have not met", () => {
    const rng = createRng(1);
    const chain = (shift: number): Float64Array =>
      Float64Array.from({ length: 100 }, () => rng.normal() + shift);
    expect(diagnoseChains([chain(0), chain(0)]).rHat).toBeLessThan(1.05);
    expect(diagnoseChains([chain(0), chain(3)]).rHat).toBeGreaterThan(1.5);
  });

  it("see chains of equal centre and different spread", () => {
    const rng = createRng(2);
    const chain = (spread: number): Float64Array =>
      Float64Array.from({ length: 200 }, () => spread * rng.normal());
    expect(diagnoseChains([chain(1), chain(5)]).rHat).toBeGreaterThan(1.2);
  });

  it("count nothing twice where nothing moves, and trust no chains that are stuck apart", () => {
    const constant = (value: number): Float64Array => new Float64Array(100).fill(value);
    expect(diagnoseChains([constant(2), constant(2)])).toEqual({ rHat: 1, bulkEss: 200, tailEss: 200 });
    const stuck = diagnoseChains([constant(1), constant(2)]);
    expect(stuck.rHat).toBeGreaterThan(1e6);
    expect(stuck.bulkEss).toBeLessThan(5);
  });

  it("refuse chains of different lengths, short ones and none", () => {
    for (const chains of [[], [new Float64Array(3)], [new Float64Array(8), new Float64Array(9)]]) {
      expect(() => diagnoseChains(chains)).toThrow(CellwrightError);
    }
  });
});
