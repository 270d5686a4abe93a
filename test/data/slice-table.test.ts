import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/data/parse-csv.js";
import { sliceTable } from "../../src/data/slice-table.js";

describe("sliceTable", () => {
  const table = parseCsv("trial,x [1]\na,1\nb,2\nc,3\n", {
    source: "t.csv",
    expectations: [
      { name: "trial", kind: "text", role: "id" },
      { name: "x", kind: "number", unit: "1", role: "parameter" },
    ],
  });

  it("keeps the rows with their lines, numbers and texts", () => {
    const slice = sliceTable(table, 1, 3);
    expect(slice.rowCount).toBe(2);
    expect([...slice.lines]).toEqual([3, 4]);
    expect([...slice.columns.get("x")!.values]).toEqual([2, 3]);
    expect([...slice.columns.get("trial")!.values]).toEqual(["b", "c"]);
  });

  it("ends where the table ends", () => {
    expect(sliceTable(table, 2, 100).rowCount).toBe(1);
    expect(sliceTable(table, 3, 100).rowCount).toBe(0);
  });
});
