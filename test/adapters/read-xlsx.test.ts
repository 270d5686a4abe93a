import { describe, expect, it } from "vitest";
import { readXlsx, type XlsxOptions } from "../../src/adapters/read-xlsx.js";
import type { Table } from "../../src/data/table.js";
import { calendering, values } from "../data/columns.js";
import { rejectionOf, seen } from "../data/read-error.js";
import { createWorkbook, type WorkbookCell } from "./workbook.js";

const read = (
  rows: readonly (readonly WorkbookCell[])[],
  options: Partial<XlsxOptions> = {},
): Promise<Table> =>
  readXlsx(createWorkbook({ Runs: rows }), { source: "runs.xlsx", expectations: calendering, ...options });

describe("readXlsx", () => {
  it("reads numbers, texts and choices by the rules of a CSV", async () => {
    const table = await read([
      ["trial", "line_load [kN/m]", "preheating", "coil", "porosity [%]"],
      [1, 500, "on", "A", 31.5],
      ["b", 650.25, "off", 7, null],
    ]);
    expect(values(table, "trial")).toEqual(["1", "b"]);
    expect(values(table, "line_load")).toEqual([500, 650.25]);
    expect(values(table, "coil")).toEqual(["A", "7"]);
    expect(values(table, "porosity")).toEqual([31.5, Number.NaN]);
    expect([...table.lines]).toEqual([2, 3]);
  });

  it("counts lines as the sheet does, past empty rows", async () => {
    const table = await read([[], ["line_load"], [500], [], [600], []]);
    expect([...table.lines]).toEqual([3, 5]);
    const error = await rejectionOf(read([[], ["line_load"], [500], [], ["x"]]), "DATA_INVALID");
    expect(seen(error.problems)).toEqual([["line 5, column line_load", '"x"']]);
  });

  it("reads the values of formulas, and errors and formulas without a value as empty", async () => {
    const table = await read([
      ["line_load", "porosity", "coil"],
      [{ formula: "A9*2", value: 500 }, { error: "#DIV/0!" }, { formula: 'A1&"x"', value: "A" }],
      [600, { formula: "B9" }, null],
    ]);
    expect(values(table, "line_load")).toEqual([500, 600]);
    expect(values(table, "porosity")).toEqual([Number.NaN, Number.NaN]);
    expect(values(table, "coil")).toEqual(["A", null]);
    expect(table.messages.join(" ")).toContain("cells that show an error such as #N/A count as empty");
  });

  it("reads dates, and refuses them where a number belongs", async () => {
    const day = new Date(Date.UTC(2025, 3, 21));
    const time = new Date(Date.UTC(2025, 3, 21, 14, 30));
    const table = await read([
      ["line_load", "measured_at"],
      [500, day],
      [600, time],
    ]);
    expect(values(table, "measured_at")).toEqual(["2025-04-21", "2025-04-21T14:30:00"]);
    const error = await rejectionOf(read([["line_load"], [day]]), "DATA_INVALID");
    expect(seen(error.problems)).toEqual([["line 2, column line_load", '"2025-04-21"']]);
  });

  it("refuses fractions where per cent are expected, even under a header that says per cent", async () => {
    const percentCells = await rejectionOf(
      read([
        ["line_load", "porosity [%]"],
        [500, 0.31],
      ]),
      "DATA_INVALID",
    );
    expect(percentCells.problems[0]?.remedy).toContain("Cells formatted as percentages hold fractions");
    expect(
      values(
        await read([
          ["line_load", "porosity [1]"],
          [500, 0.31],
        ]),
        "porosity",
      ),
    ).toEqual([31]);
  });

  it("reads numbers that a program stored as text, with either decimal mark", async () => {
    expect(values(await read([["line_load"], ["500,5"], ["600"]]), "line_load")).toEqual([500.5, 600]);
    expect(values(await read([["line_load"], ["500.5"]]), "line_load")).toEqual([500.5]);
  });

  it("refuses TRUE in a numeric column, and infinite or huge numbers", async () => {
    const error = await rejectionOf(read([["line_load"], [true], [1e308]]), "DATA_INVALID");
    expect(seen(error.problems)).toEqual([
      ["line 2, column line_load", '"TRUE"'],
      ["line 3, column line_load", '"1e+308"'],
    ]);
  });

  it("reads a named or numbered sheet, and names the sheets there are", async () => {
    const bytes = createWorkbook({ Notes: [["coil"], ["A"]], Runs: [["line_load"], [500]] });
    const options = { source: "runs.xlsx", expectations: calendering };
    expect(values(await readXlsx(bytes, { ...options, sheet: "Runs" }), "line_load")).toEqual([500]);
    expect(values(await readXlsx(bytes, { ...options, sheet: 2 }), "line_load")).toEqual([500]);
    for (const sheet of ["Run", 3]) {
      const error = await rejectionOf(readXlsx(bytes, { ...options, sheet }), "DATA_INVALID");
      expect(error.problems[0]?.found).toBe(`no sheet "${sheet}"`);
    }
    const error = await rejectionOf(readXlsx(bytes, { ...options, sheet: "Run" }), "DATA_INVALID");
    expect(error.problems[0]?.remedy).toContain("Notes, Runs");
  });

  it("refuses an empty sheet, an empty file, a damaged file and one that is too large", async () => {
    const options = { source: "runs.xlsx", expectations: calendering };
    expect((await rejectionOf(read([]), "DATA_INVALID")).problems[0]?.expected).toContain(
      "names of the columns",
    );
    const whole = createWorkbook({ Runs: [["line_load"], [500]] });
    for (const bytes of [
      new Uint8Array(0),
      whole.subarray(0, 200),
      new TextEncoder().encode("a,b\n1,2\n".repeat(20)),
    ]) {
      const error = await rejectionOf(readXlsx(bytes, options), "DATA_INVALID");
      expect(error.problems[0]?.where).toBe("workbook");
    }
    const large = await rejectionOf(readXlsx(new Uint8Array(40_000_000), options), "DATA_INVALID");
    expect(large.problems[0]?.remedy).toContain("CSV UTF-8");
  });
});
