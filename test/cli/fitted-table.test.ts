import { describe, expect, it } from "vitest";
import { fittedTable, tableOrColumns } from "../../src/cli/fitted-table.js";

const head = ["name", "figure", "what it is"];
const rows = [
  ["a-name-that-people-type", "12", "a long sentence that may be broken anywhere between its words"],
  ["b", "3", "short"],
];
const widest = (text: string): number => Math.max(...text.split("\n").map((line) => line.length));

describe("fittedTable", () => {
  it("is as wide as it needs where there is room", () => {
    expect(fittedTable({ head, rows }, { columns: 200 })).toContain("between its words");
  });

  it("breaks the widest columns first, never those that are copied", () => {
    const table = fittedTable({ head, rows, whole: [0] }, { columns: 60 });
    expect(widest(table)).toBeLessThanOrEqual(60);
    expect(table).toContain("a-name-that-people-type");
    expect(table).toMatch(/│ 12 +│/u);
  });
});

describe("tableOrColumns", () => {
  it("has a row each where they fit, else a column each", () => {
    expect(tableOrColumns(head, rows, { columns: 200 })).toMatch(/│ name +│ figure/u);
    const turned = tableOrColumns(
      ["trial", "gap", "porosity (%)"],
      [
        ["a", "70", "31"],
        ["b", "80", "32"],
      ],
      {
        columns: 28,
      },
    );
    expect(turned).toMatch(/│ porosity \(%\) │ +31 │/u);
    expect(widest(turned)).toBeLessThanOrEqual(28);
  });
});
