import { describe, expect, it } from "vitest";
import { isIsoDate, outcomeOfStandardError, withStandardColumns } from "../../src/data/standard-columns.js";
import type { ColumnExpectation } from "../../src/data/table.js";

const porosity: ColumnExpectation = {
  name: "porosity",
  kind: "number",
  unit: "%",
  role: "outcome",
  maximum: 100,
};

describe("withStandardColumns", () => {
  it("adds a standard error for numeric outcomes, in their unit and not below 0", () => {
    const grade: ColumnExpectation = { name: "grade", kind: "text", role: "outcome" };
    const load: ColumnExpectation = { name: "load", kind: "number", unit: "N/mm", role: "parameter" };
    const all = withStandardColumns([porosity, grade, load]);
    expect(all.filter(({ name }) => name.endsWith("_sem"))).toEqual([
      { name: "porosity_sem", kind: "number", role: "metadata", minimum: 0, unit: "%" },
    ]);
  });

  it("leaves a column alone that the reader asks for itself", () => {
    const status: ColumnExpectation = { name: "status", kind: "text", role: "parameter" };
    expect(withStandardColumns([status]).filter(({ name }) => name === "status")).toEqual([status]);
  });
});

describe("outcomeOfStandardError", () => {
  it("names the outcome, and only an outcome", () => {
    const known = new Map([[porosity.name, porosity]]);
    expect(outcomeOfStandardError("porosity_sem", known)).toBe("porosity");
    expect(outcomeOfStandardError("load_sem", known)).toBeUndefined();
    expect(outcomeOfStandardError("porosity", known)).toBeUndefined();
  });
});

describe("isIsoDate", () => {
  it.each([
    "2025-04-21",
    "2024-02-29",
    "2025-04-21T14:30",
    "2025-04-21 14:30:05.25",
    "2025-04-21T14:30Z",
    "2025-12-31T23:59:60+01:00",
  ])("takes %s", (text) => expect(isIsoDate(text)).toBe(true));

  it.each([
    "21.04.2025",
    "04/21/2025",
    "2025-4-21",
    "2025-02-29",
    "1900-02-29",
    "2025-13-01",
    "2025-00-10",
    "2025-04-00",
    "2025-04-21T24:30",
    "2025-04-21T14",
    "20250421",
    "45768",
    "",
  ])("does not take %s", (text) => expect(isIsoDate(text)).toBe(false));
});
