import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTable } from "../../src/adapters/read-table.js";
import { calendering, values } from "../data/columns.js";
import { rejectionOf } from "../data/read-error.js";
import { temporaryFolder } from "./temporary-folder.js";
import { createWorkbook } from "./workbook.js";
import { withoutPrivileges } from "./without-privileges.js";

function fileWith(text: string | Uint8Array, name = "runs.csv"): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

describe("readTable", () => {
  it("reads a CSV with progress up to its size", async () => {
    const path = fileWith("line_load,porosity\n500,31\n");
    const reports: (readonly [number, number])[] = [];
    const table = await readTable(path, {
      expectations: calendering,
      onProgress: (...report) => reports.push(report),
    });
    expect(values(table, "line_load")).toEqual([500]);
    expect(table.source).toBe(path);
    expect(reports).toEqual([[26, 26]]);
  });

  it("calls the file what the user calls it", async () => {
    const path = fileWith("");
    const error = await rejectionOf(
      readTable(path, { expectations: calendering, source: "my runs" }),
      "DATA_INVALID",
    );
    expect(error.message).toMatch(/^my runs: 1 problem/u);
  });

  it("reads a workbook by its ending", async () => {
    const path = fileWith(createWorkbook({ Runs: [["line_load [N/m]"], [5000]] }), "runs.XLSX");
    expect(values(await readTable(path, { expectations: calendering }), "line_load")).toEqual([5]);
  });

  it("takes units and the trials' names from a data package beside the file, header first", async () => {
    const path = fileWith("cell,line_load,roll_temperature [degC]\nx,5,80\n");
    const field = (name: string, unit: string) => ({ name, unit, type: "number" });
    const fields = [
      { name: "cell", type: "string", unit: "" },
      field("line_load", "N/m"),
      field("roll_temperature", "K"),
    ];
    const pkg = {
      resources: [{ path: "other.csv" }, { path: "runs.csv", schema: { fields, primaryKey: "cell" } }],
    };
    writeFileSync(join(path, "..", "datapackage.json"), JSON.stringify(pkg));
    const table = await readTable(path, { expectations: calendering });
    expect(values(table, "line_load")).toEqual([0.005]);
    expect(values(table, "roll_temperature")).toEqual([80]);
    expect(values(table, "trial")).toEqual(["x"]);
  });

  it.each(["{", "[]", '{"resources":[{"path":"other.csv"}]}'])(
    "is not disturbed by the data package %s",
    async (text) => {
      const path = fileWith("line_load\n5\n");
      writeFileSync(join(path, "..", "datapackage.json"), text);
      expect(values(await readTable(path, { expectations: calendering }), "line_load")).toEqual([5]);
    },
  );

  it("says that there is no such file, that it is a folder, or that a file stands in the way", async () => {
    const path = fileWith("");
    mkdirSync(join(path, "..", "folder"));
    const message = async (name: string): Promise<string> =>
      (await rejectionOf(readTable(name, { expectations: calendering }), "FILE_UNREADABLE")).message;
    expect(await message(`${path}x`)).toContain("There is no such file");
    expect(await message(join(path, "..", "folder"))).toContain("It is a folder");
    expect(await message(join(path, "below"))).toContain("not a folder");
  });

  it("says that the user may not read it", async () => {
    const path = fileWith("line_load\n5\n");
    chmodSync(path, 0o000);
    const error = await withoutPrivileges(join(path, ".."), () =>
      rejectionOf(readTable(path, { expectations: calendering }), "FILE_UNREADABLE"),
    );
    expect(error.message).toContain("You may not read it");
  });

  it("names a workbook that is called CSV, and text that is called a workbook", async () => {
    const workbook = fileWith(createWorkbook({ Runs: [["line_load"]] }));
    const zip = await rejectionOf(readTable(workbook, { expectations: calendering }), "DATA_INVALID");
    expect(zip.problems[0]?.remedy).toContain(".xlsx");
    const text = fileWith("line_load\n5\n", "runs.xlsx");
    const none = await rejectionOf(readTable(text, { expectations: calendering }), "DATA_INVALID");
    expect(none.problems[0]?.found).toContain("no Excel workbook");
  });

  it("can be cancelled", async () => {
    const path = fileWith("line_load\n5\n");
    await rejectionOf(
      readTable(path, { expectations: calendering, signal: AbortSignal.abort() }),
      "CANCELLED",
    );
  });
});
