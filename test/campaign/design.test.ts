import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { createCampaign } from "../../src/campaign/campaign.js";
import { design } from "../../src/campaign/design.js";
import { DESIGN_KINDS, type DesignOptions } from "../../src/campaign/design-request.js";
import { CellwrightError } from "../../src/errors.js";

const campaign = (more: Record<string, unknown> = {}) =>
  createCampaign({
    campaign: "design",
    parameters: {
      load: { unit: "N/mm", min: 200, max: 1600, step: 50 },
      temperature: { unit: "degC", min: 20, max: 120, step: 5, change: { effort: "hard" } },
      speed: { unit: "m/min", min: 1, max: 60, scale: "log" },
    },
    outcomes: { density: { unit: "g/cm3", goal: "maximize" } },
    ...more,
  });
const cut = campaign({ constraints: ["load + 10 * temperature <= 2000", "speed * temperature <= 4000"] });

function refusal(work: () => unknown): CellwrightError {
  try {
    work();
  } catch (error) {
    if (error instanceof CellwrightError) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}

describe("a design for a campaign", () => {
  it("keeps every constraint and step in every kind, for any seed", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DESIGN_KINDS),
        fc.nat({ max: 1000 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        (kind, seed, blocks, center) => {
          const answer = design(cut, { kind, seed, blocks, center });
          expect(answer.runs.length).toBeGreaterThan(3);
          for (const { parameters, context } of answer.runs)
            expect(cut.space.violations(parameters, context)).toEqual([]);
          const settings = answer.runs.map(({ parameters }) => JSON.stringify(parameters));
          answer.runs.forEach((run, i) => {
            const first = settings.indexOf(settings[i]!);
            expect(run.repeats).toBe(first === i ? undefined : answer.runs[first]!.trial);
          });
          expect(new Set(answer.runs.map(({ trial }) => trial)).size).toBe(answer.runs.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("is the same for a seed, and runs in another order for another", () => {
    const options: DesignOptions = { kind: "ccd", seed: 5 };
    expect(design(cut, options)).toEqual(design(cut, options));
    const other = design(cut, { ...options, seed: 6 });
    expect(other.runs.map(({ standard }) => standard)).not.toEqual(
      design(cut, options).runs.map(({ standard }) => standard),
    );
  });

  it("says which rows the constraints moved or dropped", () => {
    const { messages, runs } = design(cut, { kind: "factorial", levels: 2 });
    const moved = runs.filter((run) => run.moved);
    expect(moved.length).toBeGreaterThan(0);
    expect(messages.some((m) => m.startsWith("Moved to the nearest allowed setting"))).toBe(true);
    expect(design(campaign(), { kind: "factorial" }).runs.every((run) => !run.moved)).toBe(true);
  });

  it("is orthogonal where nothing is moved, and prints its aliases", () => {
    const { quality, fraction, runs } = design(campaign(), { kind: "fractional", runs: 4 });
    expect(runs).toHaveLength(4);
    expect(quality?.dEfficiency).toBeCloseTo(100, 9);
    expect(fraction?.resolution).toBe(3);
    expect(fraction?.generators).toEqual(["speed = load·temperature"]);
    expect(fraction?.aliasChains).toEqual([
      "load = temperature·speed",
      "temperature = load·speed",
      "speed = load·temperature",
    ]);
  });

  it("puts as many center points into every block and keeps blocks clear of main effects", () => {
    const { runs, mixedWithBlocks } = design(campaign(), { kind: "factorial", center: 4, blocks: 2 });
    expect(mixedWithBlocks).toEqual([]);
    for (const block of [1, 2]) {
      expect(runs.filter((run) => run.block === block && run.type === "center")).toHaveLength(2);
      expect(runs.filter((run) => run.block === block)).toHaveLength(6);
    }
    expect(runs.map(({ block }) => block)).toEqual(runs.map(({ block }) => block).sort());
  });

  it("takes choices into D-optimal designs", () => {
    const withRolls = campaign({
      parameters: {
        load: { unit: "N/mm", min: 200, max: 1600 },
        roll: { choices: ["steel", "rubber", "ceramic"] },
      },
    });
    const { runs, quality, model } = design(withRolls, { kind: "d-optimal", runs: 9, model: "quadratic" });
    expect(model).toBe("quadratic");
    expect(new Set(runs.map((run) => run.parameters["roll"])).size).toBe(3);
    expect(quality).not.toBeNull();
  });

  it("adds to the runs that are there", () => {
    const trials = design(campaign(), { kind: "factorial" }).runs.map((run) => ({
      ...{ id: run.trial, status: "completed" as const, parameters: run.parameters, context: {} },
      ...{ observations: { density: { value: 3 } }, origin: "measured" as const },
    }));
    const { runs, quality } = design(
      { ...campaign(), trials },
      { kind: "d-optimal", augment: true, runs: 6, model: "quadratic" },
    );
    // Corners are there: squares need middles.
    expect(runs.every(({ type }) => type === "optimal")).toBe(true);
    expect(runs.some(({ parameters }) => parameters["load"] !== 200 && parameters["load"] !== 1600)).toBe(
      true,
    );
    expect(quality?.terms).toHaveLength(9);
  });

  it("warns where its order keeps changing what is hard to change", () => {
    const { messages } = design(campaign(), { kind: "factorial" });
    expect(messages.some((m) => m.startsWith("temperature is hard to change"))).toBe(true);
  });

  it("lists everything that a request has wrong", () => {
    const error = refusal(() => design(campaign(), { kind: "ccd", runs: 7, blocks: 0, center: 1.5 }));
    expect(error.code).toBe("INVALID_OPTION");
    expect(error.problems.map(({ where }) => where).sort()).toEqual(["blocks", "center", "runs"]);
  });

  it("names the fractions that there are", () => {
    const error = refusal(() => design(campaign(), { kind: "fractional", runs: 6 }));
    expect(error.problems[0]?.expected).toBe("3 factors in 4 (resolution 3), 8 (full) runs");
  });

  it("refuses a D-optimal design with fewer runs than terms", () => {
    const error = refusal(() => design(campaign(), { kind: "d-optimal", runs: 5 }));
    expect(error.problems[0]?.expected).toContain("at least 10");
  });
});
