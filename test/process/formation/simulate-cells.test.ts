import { describe, expect, it } from "vitest";
import { CELL_CHEMISTRIES } from "../../../src/process/formation/chemistries.js";
import { simulateCells } from "../../../src/process/formation/simulate-cells.js";

const chemistry = "NMC622/graphite";
type Table = ReturnType<typeof simulateCells>;
const columnOf = (table: Table, name: string): (number | string | null)[] => {
  const at = table.columns.findIndex((c) => c.name === name);
  return table.rows.map((row) => row[at]!);
};
const standardDeviation = (values: readonly number[]): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
};

describe("simulateCells", () => {
  it("says SYNTHETIC in every row, with simulator, world and seed", () => {
    const table = simulateCells({ chemistry, rows: 9, seed: 4, world: "an" });
    expect(new Set(columnOf(table, "origin"))).toEqual(new Set(["SYNTHETIC"]));
    for (const comment of columnOf(table, "comment")) expect(comment).toBe("formation@1 an seed 4");
  });

  it("gives three cells to a protocol and the same rows for the same seed", () => {
    const table = simulateCells({ chemistry, rows: 8, seed: 1 });
    expect(columnOf(table, "protocol")).toEqual(["P1", "P1", "P1", "P2", "P2", "P2", "P3", "P3"]);
    expect(columnOf(table, "replicate")).toEqual([1, 2, 3, 1, 2, 3, 1, 2]);
    expect(simulateCells({ chemistry, rows: 8, seed: 1 }).rows).toEqual(table.rows);
    expect(simulateCells({ chemistry, rows: 8, seed: 2 }).rows).not.toEqual(table.rows);
  });

  it("scatters as measured: life 8.5 %, first-cycle efficiency .01", () => {
    const table = simulateCells({ chemistry, rows: 900, seed: 7 });
    const lives = columnOf(table, "cycle_life").flatMap((v, i) =>
      typeof v === "number" ? [v / table.cells[i]!.meanLife] : [],
    );
    expect(standardDeviation(lives)).toBeCloseTo(0.085, 1);
    expect(Math.abs(standardDeviation(lives) - 0.085)).toBeLessThan(0.008);
    const efficiency = columnOf(table, "first_cycle_efficiency").flatMap((v, i) =>
      typeof v === "number" ? [v / 100 - table.cells[i]!.result.firstCycleEfficiency!] : [],
    );
    expect(Math.abs(standardDeviation(efficiency) - 0.0095)).toBeLessThan(0.0015);
  });

  it("writes the model's values where the noise is off", () => {
    const table = simulateCells({ chemistry, rows: 30, seed: 1, noise: "none" });
    columnOf(table, "lithium_loss").forEach((value, i) => {
      expect(value as number).toBeCloseTo(table.cells[i]!.result.lithiumLoss, 3);
    });
    expect(columnOf(table, "reason").filter((r) => r === "cycler channel failed")).toEqual([]);
  });

  it("fails cells whose protocol plates lithium, without a cycle life", () => {
    const table = simulateCells({ chemistry, rows: 450, seed: 2 });
    const plated = table.rows.filter((row) => row.at(-3) === "lithium plating");
    expect(plated.length).toBeGreaterThan(2);
    const life = table.columns.findIndex((c) => c.name === "cycle_life");
    for (const row of plated) expect([row[life], row.at(-4)]).toEqual([null, "failed"]);
  });

  it("gives other lives in other worlds and the same formation", () => {
    const [neutral, an] = (["neutral", "an"] as const).map((world) =>
      simulateCells({ chemistry, rows: 30, seed: 1, world }),
    );
    expect(columnOf(neutral!, "formation_time")).toEqual(columnOf(an!, "formation_time"));
    expect(columnOf(neutral!, "cycle_life")).not.toEqual(columnOf(an!, "cycle_life"));
  });

  it("simulates every chemistry, and says what its model cell is worth", () => {
    for (const { name } of CELL_CHEMISTRIES) {
      const table = simulateCells({ chemistry: name, rows: 6, seed: 1 });
      expect(table.rows).toHaveLength(6);
      expect(table.notes[0]).toMatch(/calibrated|preset/);
    }
  });

  it("refuses an unknown chemistry, and a world about voltages that LFP never reaches", () => {
    expect(() => simulateCells({ chemistry: "LTO", rows: 1, seed: 1 })).toThrow(/LTO/);
    expect(() => simulateCells({ chemistry: "LFP/graphite", rows: 1, seed: 1, world: "an" })).toThrow(
      /neutral/,
    );
  });
});
