import { describe, expect, it } from "vitest";
import { checkMassBalance } from "../../../src/process/calendering/mass-balance.js";
import { ELECTRODE_MATERIALS, findMaterial } from "../../../src/process/calendering/materials.js";
import { simulateRuns } from "../../../src/process/calendering/simulate-runs.js";

const nmc = findMaterial("NMC622")!;
const columnOf = (table: ReturnType<typeof simulateRuns>, name: string): (number | string | null)[] => {
  const at = table.columns.findIndex((c) => c.name === name);
  return table.rows.map((row) => row[at]!);
};
const standardDeviation = (values: readonly number[]): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
};

describe("simulateRuns", () => {
  it("says SYNTHETIC in every row, with simulator and seed", () => {
    const table = simulateRuns({ material: nmc, rows: 40, seed: 3 });
    expect(new Set(columnOf(table, "origin"))).toEqual(new Set(["SYNTHETIC"]));
    for (const comment of columnOf(table, "comment")) expect(comment).toMatch(/^calendering@1 seed 3/);
    expect(table.notes[0]).toContain("SYNTHETIC");
  });

  it("gives the same rows for the same seed and others for another", () => {
    const rows = (seed: number) => simulateRuns({ material: nmc, rows: 30, seed }).rows;
    expect(rows(1)).toEqual(rows(1));
    expect(rows(1)).not.toEqual(rows(2));
  });

  it("begins longer files with the rows of shorter ones, but for the width of their names", () => {
    const settings = (rows: number) =>
      simulateRuns({ material: nmc, rows, seed: 1 })
        .rows.slice(0, 8)
        .map((row) => row.slice(2));
    expect(settings(90)).toEqual(settings(8));
  });

  it("scatters as it states", () => {
    const noisy = simulateRuns({ material: nmc, rows: 2000, seed: 5 });
    const ratios = (name: string, truth: (i: number) => number): number[] =>
      columnOf(noisy, name).flatMap((v, i) => (typeof v === "number" ? [Math.log(v / truth(i))] : []));
    expect(standardDeviation(ratios("adhesion", (i) => noisy.runs[i]!.electrode.adhesionNPerM))).toBeCloseTo(
      0.08,
      2,
    );
    expect(standardDeviation(ratios("tortuosity", (i) => noisy.runs[i]!.electrode.tortuosity))).toBeCloseTo(
      0.04,
      2,
    );
    const gauge = columnOf(noisy, "thickness").flatMap((v, i) =>
      typeof v === "number" ? [v - noisy.runs[i]!.electrode.thicknessUm] : [],
    );
    const near = gauge.filter((e) => Math.abs(e) < 3);
    expect(standardDeviation(near)).toBeCloseTo(0.7, 1);
    const outliers = 1 - near.length / gauge.length;
    expect(outliers).toBeGreaterThan(0.003);
    expect(outliers).toBeLessThan(0.02);
    const measured = columnOf(noisy, "status").filter((s) => s === "completed").length;
    const missing = columnOf(noisy, "adhesion").filter(
      (v, i) => v === null && noisy.rows[i]!.at(-4) === "completed",
    ).length;
    expect(missing / measured).toBeGreaterThan(0.01);
    expect(missing / measured).toBeLessThan(0.035);
  });

  it("writes what the laws give where the noise is off", () => {
    const bare = simulateRuns({ material: nmc, rows: 50, seed: 1, noise: "none" });
    columnOf(bare, "porosity").forEach((value, i) => {
      if (typeof value === "number") expect(value).toBeCloseTo(100 * bare.runs[i]!.electrode.porosity, 1);
    });
    expect(bare.notes.at(-1)).toBe("Noise: none.");
  });

  it("leaves the outcomes of a failed run empty and says why it failed", () => {
    for (const material of ELECTRODE_MATERIALS) {
      const table = simulateRuns({ material, rows: 300, seed: 1 });
      const failed = table.rows.filter((row) => row.at(-4) === "failed");
      expect(failed.length).toBeGreaterThan(5);
      for (const row of failed) {
        expect(["wrinkles", "bending cracks", "foil elongation"]).toContain(row.at(-3));
        expect(row.slice(8, 15)).toEqual(Array.from({ length: 7 }, () => null));
      }
    }
  });

  it("keeps the mass balance of every completed run within the gauge's error", () => {
    const table = simulateRuns({ material: nmc, rows: 200, seed: 1 });
    const [weight, thickness, density, porosity] = ["coating_weight", "thickness", "density", "porosity"].map(
      (n) => columnOf(table, n),
    );
    table.rows.forEach((row, i) => {
      if (row.at(-4) !== "completed") return;
      const coating = {
        coatingWeightGPerM2: weight![i] as number,
        thicknessUm: thickness![i] as number,
        densityGPerCm3: density![i] as number,
        porosityPercent: porosity![i] as number,
        solidDensityGPerCm3: nmc.solidDensityGPerCm3,
      };
      expect(checkMassBalance(coating)).toEqual([]);
    });
  });
});
