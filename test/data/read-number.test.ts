import { describe, expect, it } from "vitest";
import { createNumberReader, numberProblem } from "../../src/data/read-number.js";

describe("createNumberReader", () => {
  it("reads numbers with a decimal point, and nothing that only resembles one", () => {
    const { read } = createNumberReader(".");
    const good: readonly (readonly [string, number])[] = [
      ["12", 12],
      ["-1.5", -1.5],
      ["+.5", 0.5],
      ["3.", 3],
      ["1e-3", 0.001],
      ["6.02E23", 6.02e23],
      ["007", 7],
    ];
    for (const [text, value] of good) expect(read(text, 1, "a")).toBe(value);
    for (const text of [
      "",
      ".",
      "e3",
      "1,5",
      "1 000",
      "0x1f",
      "1_000",
      "Infinity",
      "NaN",
      "1.2.3",
      "٣",
      "1e",
      "--1",
    ]) {
      expect(read(text, 1, "a")).toBeNaN();
    }
  });

  it("reads a declared decimal comma and no point", () => {
    const { read } = createNumberReader(",");
    expect([read("1,5", 1, "a"), read(",5", 1, "a"), read("2", 1, "a"), read("1,5e2", 1, "a")]).toEqual([
      1.5, 0.5, 2, 150,
    ]);
    expect(read("1.5", 1, "a")).toBeNaN();
    expect(read("1.000,5", 1, "a")).toBeNaN();
  });

  it("finds the decimal mark out: comma, point, both, or open", () => {
    const verdict = (...texts: readonly string[]) => {
      const reader = createNumberReader("detect");
      texts.forEach((text, i) => reader.read(text, i + 2, "load"));
      return reader.verdict();
    };
    expect(verdict("1", "2e3")).toEqual({});
    expect(verdict("1.5", "2")).toEqual({});
    expect(verdict("0,125").message).toContain('"0,125" (line 2, column load)');
    expect(verdict("1,234", "1,5").message).toContain('"1,5" (line 3, column load)');
    expect(verdict("1,234").problem?.found).toContain("thousands separator");
    expect(verdict("1,234", "1.5").problem?.found).toContain("thousands separator");
    expect(verdict("1,5", "1.5").problem?.expected).toBe("one decimal mark in the whole file");
  });

  it("has no verdict on a declared mark", () => {
    const reader = createNumberReader(",");
    reader.read("1,234", 2, "load");
    expect(reader.verdict()).toEqual({});
  });
});

describe("numberProblem", () => {
  it.each([
    ["NA", ".", "Leave the cell empty"],
    ["#DIV/0!", ".", "Leave the cell empty"],
    ["-", ".", "Leave the cell empty"],
    ["Inf", ".", "Leave the cell empty"],
    ["1,5", ".", "Declare the decimal comma"],
    ["1.5", ",", "Declare the decimal point"],
    ["1 234", ".", "thousands separators"],
    ["1'234.5", ".", "thousands separators"],
    ["12 µm", ".", "unit into the header"],
    ["80°C", ".", "unit into the header"],
    ["thick", ".", "Correct the cell"],
  ] as const)("says of %s what to do", (text, decimal, remedy) => {
    expect(numberProblem(text, decimal).remedy).toContain(remedy);
  });
});
