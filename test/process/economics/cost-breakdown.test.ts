import { describe, expect, it } from "vitest";
import {
  type BreakdownRow,
  calenderingBreakdown,
  formationBreakdown,
  referenceCalendering,
} from "../../../src/process/economics/cost-breakdown.js";
import { overrideEconomics, REFERENCE_ECONOMICS } from "../../../src/process/economics/economic-constants.js";

const cell = (rows: readonly BreakdownRow[], section: string, label: string): BreakdownRow =>
  rows.find((r) => r.section === section && r.label === label)!;

describe("calenderingBreakdown", () => {
  it("has parts that sum to the step, per cell and per year", () => {
    const { rows } = calenderingBreakdown(
      { ...referenceCalendering(REFERENCE_ECONOMICS), lineSpeedMPerMin: 40 },
      REFERENCE_ECONOMICS,
    );
    for (const section of ["per cell", "per year"]) {
      for (const side of ["baseline", "setting"] as const) {
        const parts = ["labour", "capital", "floor"].map((label) => cell(rows, section, label)[side].value);
        expect(parts.reduce((a, b) => a + b, 0)).toBeCloseTo(
          cell(rows, section, "calendering")[side].value,
          12,
        );
      }
    }
    expect(cell(rows, "per year", "calendering").baseline.value).toBeCloseTo(4.849, 12);
  });

  it("changes nothing at the reference plant's own settings", () => {
    const { rows } = calenderingBreakdown(referenceCalendering(REFERENCE_ECONOMICS), REFERENCE_ECONOMICS);
    for (const row of rows) expect(row.setting).toEqual(row.baseline);
  });

  it("says that cost and energy are of different cells", () => {
    expect(
      calenderingBreakdown(referenceCalendering(REFERENCE_ECONOMICS), REFERENCE_ECONOMICS).notes.join(" "),
    ).toContain("not of the cells of the cost");
  });
});

describe("formationBreakdown", () => {
  it("shows a range and asks for the cycling share until it is stated", () => {
    const open = formationBreakdown({ cyclerHours: 14, ageingHours: 336 }, REFERENCE_ECONOMICS);
    expect(cell(open.rows, "per cell", "formation and ageing").setting.range).toBeDefined();
    expect(open.notes[0]).toContain("--set cycling_share");
    const { economics } = overrideEconomics({ cycling_share: 0.45 });
    const stated = formationBreakdown({ cyclerHours: 14, ageingHours: 336 }, economics);
    expect(cell(stated.rows, "per cell", "formation and ageing").setting.range).toBeUndefined();
    expect(stated.notes.join(" ")).not.toContain("--set cycling_share");
  });

  it("has parts that sum to the total", () => {
    const { rows } = formationBreakdown({ cyclerHours: 30, ageingHours: 100 }, REFERENCE_ECONOMICS);
    const parts = ["cycling: labour", "cycling: capital and floor", "ageing"].map(
      (label) => cell(rows, "per year", label).setting.value,
    );
    expect(parts.reduce((a, b) => a + b, 0)).toBeCloseTo(
      cell(rows, "per year", "formation and ageing").setting.value,
      12,
    );
  });
});
