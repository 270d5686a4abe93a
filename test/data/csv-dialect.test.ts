import { describe, expect, it } from "vitest";
import { findDialect } from "../../src/data/csv-dialect.js";
import type { ParseOptions } from "../../src/data/parse-options.js";
import { errorOf } from "./read-error.js";

const find = (text: string, options: Partial<ParseOptions> = {}) =>
  findDialect(text, { source: "runs.csv", expectations: [], ...options });

describe("findDialect", () => {
  it("takes the separator that splits header and rows alike", () => {
    expect(find("a,b,c\n1,2,3\n").delimiter).toBe(",");
    expect(find("a;b\n1,5;2,5\n").delimiter).toBe(";");
    expect(find("a\tb\n1,5\t2\n").delimiter).toBe("\t");
    expect(find("pressure, dry;b\n1;2\n3;4\n").delimiter).toBe(";");
  });

  it("does not look inside quotation marks", () => {
    expect(find('"a;b;c",d\n"1;2;3",4\n').delimiter).toBe(",");
    expect(find('a,b\n"x\ny;z",4\n').delimiter).toBe(",");
  });

  it("takes the widest where several fit, and refuses a draw", () => {
    expect(find("a,b,c;d\n1,2,3;4\n").delimiter).toBe(",");
    expect(errorOf(() => find("a,b;c\n1,2;3\n"), "DATA_INVALID").problems[0]?.remedy).toContain(
      "Declare the separator",
    );
  });

  it("takes the widest where none fits all rows: the rows are then named as bad", () => {
    expect(find("a,b,c\n1,2\n").delimiter).toBe(",");
  });

  it("reads a single column as separated by commas, or semicolons where commas are decimal", () => {
    expect(find("a\n1\n").delimiter).toBe(",");
    expect(find("a\n1,5\n", { decimal: "," }).delimiter).toBe(";");
  });

  it("takes what is declared, and what a spreadsheet declares in a first line", () => {
    expect(find("a,b\n1,2\n", { delimiter: ";" }).delimiter).toBe(";");
    expect(find("SEP=\t\r\na,b\tc\r\n")).toEqual({ delimiter: "\t", decimal: "detect", skippedLines: 1 });
    expect(find("\ufeffsep=;\na;b\n").skippedLines).toBe(1);
    expect(find("sep=;\na,b\n", { delimiter: "," })).toEqual({
      delimiter: ",",
      decimal: ".",
      skippedLines: 1,
    });
  });

  it("looks for a decimal comma only where commas do not separate", () => {
    expect(find("a,b\n").decimal).toBe(".");
    expect(find("a;b\n").decimal).toBe("detect");
    expect(find("a\tb\n").decimal).toBe("detect");
    expect(find("a;b\n", { decimal: "." }).decimal).toBe(".");
  });
});
