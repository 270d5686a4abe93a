import { describe, expect, it } from "vitest";
import { createWorkbook } from "../adapters/workbook.js";
import { campaignYaml, csvText, HEADER, scratchFolder } from "./scratch-folder.js";

const folder = scratchFolder();

const RUN = "a1,c1,500,80,1,on,44,30.5,16.5";
const RUNS = csvText(RUN, "a2,c2,600,85,2,off,45,31.5,15.5");

async function refusal(content: string | Uint8Array, ...more: readonly string[]): Promise<string> {
  folder.write("c.yaml", campaignYaml());
  folder.write("runs.csv", content);
  return folder.refused("data", "check", "c.yaml", "--data", "runs.csv", ...more);
}

async function accepted(content: string | Uint8Array, ...more: readonly string[]): Promise<string> {
  folder.write("c.yaml", campaignYaml());
  folder.write("runs.csv", content);
  const { code, out, err } = await folder.run(["data", "check", "c.yaml", "--data", "runs.csv", ...more]);
  expect([code, err]).toEqual([0, ""]);
  return out;
}

describe("a data file", () => {
  it.each([
    ["nothing", "", "expected a first line with the names of the columns"],
    ["blank lines", "\n\n  \n", "expected a first line with the names of the columns"],
    ["a web page", "<!doctype html><html></html>\n", "found no column line_load"],
    ["JSON", '{"a":1}\n', "line 1: found a quotation mark"],
    ["another table", "a,b\n1,2\n", "found no column roll_temperature"],
    [
      "a quotation mark that is never closed",
      RUNS.replace("a2", '"a2'),
      "line 3: found a quotation mark that is never closed",
    ],
    ["a short row", csvText("a1,c1,500,80,1,on,44,30.5"), "line 2: found 8 cells, expected 9"],
    ["a long row", csvText(`${RUN},7`), "line 2: found 10 cells, expected 9"],
    [
      "a cell of two megabytes",
      csvText(`${RUN}${"x".repeat(2_000_000)}`),
      "row of more than 1000000 characters",
    ],
    ["UTF-16", Buffer.from(`\ufeff${RUNS}`, "utf16le"), "found UTF-16 text"],
    ["UTF-16 without a mark", Buffer.from(RUNS, "utf16le"), "found a NUL byte"],
    ["Latin-1", Buffer.from(RUNS.replace("degC", "°C"), "latin1"), "line 1: found bytes that are not UTF-8"],
    ["a workbook of another name", createWorkbook({ a: [["x"]] }), "Name an Excel workbook .xlsx"],
  ])("of %s is refused in words", async (_, content, message) => {
    expect(await refusal(content)).toContain(message);
  });

  it("is accepted with a header alone, with one row, with equal rows and with ten thousand columns", async () => {
    expect(await accepted(`${HEADER}\n`)).toContain("0 rows");
    expect(await accepted(csvText(RUN))).toContain("1 measured");
    expect(await accepted(csvText(RUN, RUN.replace("a1", "a2"), RUN.replace("a1", "a3")))).toContain(
      "3 measured",
    );
    const extra = Array.from({ length: 10_000 }, (_, i) => i);
    const wide = `${HEADER},${extra.map((i) => `x${i}`).join(",")}\n${RUN},${extra.join(",")}\n`;
    expect(await accepted(wide)).toMatch(/Ignored columns: x0, x1, .* and 9990 more/u);
  });

  it.each([
    ["a byte order mark", `\ufeff${RUNS}`],
    ["Windows line ends", RUNS.replaceAll("\n", "\r\n")],
    ["old Macintosh line ends", RUNS.replaceAll("\n", "\r")],
    ["tabs", RUNS.replaceAll(",", "\t")],
    ["semicolons and decimal commas", RUNS.replaceAll(",", ";").replaceAll(".", ",")],
    ["names that are no names elsewhere", RUNS.replace("a1", "__proto__").replace("a2", "🔋")],
    ["columns named like object members", `${HEADER},__proto__,constructor\n${RUN},1,2\n`],
  ])("reads with %s", async (_, content) => {
    expect(await accepted(content)).toMatch(/porosity: [12] measured/u);
  });

  it("reads as a workbook, and names its problems by row", async () => {
    folder.write("c.yaml", campaignYaml());
    const rows = [HEADER.split(","), ["a1", "c1", "high", 80, 1, "on", 44, 30.5, 16]];
    folder.write("bad.xlsx", createWorkbook({ Runs: rows }));
    expect(await folder.refused("data", "check", "c.yaml", "--data", "bad.xlsx")).toContain(
      'line 2, column line_load: found "high", expected a number',
    );
    rows[1]![2] = 500;
    folder.write("good.xlsx", createWorkbook({ Runs: rows }));
    expect((await folder.run(["data", "check", "c.yaml", "--data", "good.xlsx"])).out).toContain(
      "1 measured",
    );
    folder.write("none.xlsx", "hello");
    expect(await folder.refused("data", "check", "c.yaml", "--data", "none.xlsx")).toContain(
      "no Excel workbook",
    );
  });
});

describe("a cell", () => {
  it("that is no number is refused with line, column and remedy, all at once", async () => {
    const err = await refusal(
      csvText(
        "a1,c1,high,80,1,on,44,NaN,1e308",
        "a2,c1,-Infinity,80,1,on,44,#N/A,-",
        'a3,c1,1 000,80,1,on,44,1.2.3,"1,234.5"',
        "a4,c1,500,80,1.5,on,44,30 %,16",
      ),
    );
    expect(err).toContain("11 problems, nothing was imported");
    for (const place of [
      'line 2, column line_load: found "high", expected a number',
      'line 2, column porosity: found "NaN", expected a finite number',
      'line 2, column adhesion: found "1e308"',
      'line 3, column line_load: found "-Infinity", expected a finite number',
      'line 3, column adhesion: found "-"',
      'line 4, column line_load: found "1 000", expected a number. Write numbers without thousands separators.',
      'line 5, column passes: found "1.5", expected a whole number',
      'line 5, column porosity: found "30 %", expected a number. Write the unit into the header',
    ]) {
      expect(err).toContain(place);
    }
  });

  it("that is wrong in every row is counted, not printed without end", async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => `a${i},c1,high,80,1,on,44,30,16`);
    const err = await refusal(csvText(...rows));
    expect(err).toContain("1000 problems, nothing was imported");
    expect(err).toContain("… and 950 more");
    expect(err.trimEnd().split("\n")).toHaveLength(52);
  });

  it.each([
    ["On", 'Did you mean "on"?'],
    ["maybe", "expected one of off, on"],
  ])("of a choice that is %s is refused", async (choice, help) => {
    expect(await refusal(csvText(RUN.replace("on", choice)))).toContain(help);
  });

  it.each([
    ["0", "a number above 0 for scale: log"],
    ["-5", "a number above 0 for scale: log"],
  ])("of %s on a log scale is refused", async (load, expected) => {
    expect(await refusal(csvText(RUN.replace("500", load)))).toContain(
      `line 2, column line_load: found ${load}, expected ${expected}`,
    );
  });

  it("with another status, origin, date or a negative standard error is refused", async () => {
    const more = `${HEADER},status,origin,measured_at,porosity_sem\n`;
    const err = await refusal(
      `${more}${RUN},done,simulated,2025-02-30,-0.1\n${RUN.replace("a1", "a2")},failed,measured,21.04.2025,0.1\n`,
    );
    for (const found of ['"done"', '"simulated"', '"2025-02-30"', '"-0.1"', '"21.04.2025"']) {
      expect(err).toContain(`found ${found}`);
    }
  });
});

describe("trial ids and origins", () => {
  it("that come twice are refused with both lines", async () => {
    expect(await refusal(csvText(RUN, RUN))).toContain(
      'line 3, column trial: found "a1" again (first in line 2)',
    );
  });

  it("that are longer than anybody types, or hold line breaks, are refused", async () => {
    expect(await refusal(csvText(RUN.replace("a1", "x".repeat(101))))).toContain("at most 100 characters");
    expect(await refusal(csvText(RUN.replace("a1", '"a\n1"')))).toContain("line breaks");
  });

  it("that mix measured and SYNTHETIC rows are refused unless asked for", async () => {
    const mixed = `${HEADER},origin\n${RUN},measured\n${RUN.replace("a1", "a2")},SYNTHETIC\n`;
    const err = await refusal(mixed);
    expect(err).toContain("runs.csv: Measured and SYNTHETIC trials are mixed");
    expect(err).toContain("--mix-origins");
    expect(await accepted(mixed, "--mix-origins")).toContain("2 rows");
  });
});

describe("columns and units", () => {
  const headed = (from: string, to: string): string => RUNS.replace(from, to);

  it.each([
    ["a pressure for a line load", "[N/mm]", "[MPa]", "a pressure becomes one only with the contact length"],
    ["C for a temperature", "[degC]", "[C]", "C is the C-rate: write degC for a temperature"],
    ["an unknown unit", "[degC]", "[bananas]", "Write a unit of the table"],
    ["a slip of the shift key", "[N/mm]", "[kn/mm]", "Did you mean kN/mm?"],
    ["brackets without a unit", "[degC]", "[]", "expected roll_temperature [degC], or no brackets"],
    [
      "round brackets",
      "roll_temperature [degC]",
      "roll_temperature (degC)",
      "write its header as roll_temperature [degC]",
    ],
    [
      "an unclosed bracket",
      "roll_temperature [degC]",
      "roll_temperature [degC",
      "write its header as roll_temperature [degC]",
    ],
    ["another spelling", "line_load", "Line load", 'If "Line load [N/mm]" is meant'],
    ["a name twice", "adhesion", "porosity", "found the name twice (columns 8 and 9)"],
    [
      "per cent in the unit 1",
      "porosity [%],",
      "porosity [1],",
      "found only values of 2 and more in the unit 1",
    ],
  ])("with %s are refused", async (_, from, to, message) => {
    expect(await refusal(headed(from, to))).toContain(message.replace(" [N/mm]", ""));
  });

  it("convert degF, and count what lies outside the bounds then", async () => {
    const out = await accepted(headed("[degC]", "[degF]").replace(",80,", ",176,").replace(",85,", ",68,"));
    expect(out).toContain("Column roll_temperature was converted from degF to degC");
    expect(out).toContain("1 row outside the bounds");
  });

  it("that hold fractions in place of per cent are refused, or doubted where the header says %", async () => {
    const fractions = RUNS.replaceAll("30.5", "0.305").replaceAll("31.5", "0.315");
    expect(await refusal(fractions.replace(",porosity [%],", ",porosity,"))).toContain(
      "expected per cent, not fractions",
    );
    expect(await accepted(fractions)).toContain("If they are fractions, write its header as porosity [1]");
    expect(await accepted(fractions.replace(",porosity [%],", ",porosity [1],"))).toContain(
      "converted from 1 to %",
    );
  });
});

describe("a decimal comma", () => {
  const quoted = csvText('a1,c1,500,80,1,on,44,"30,5","16,5"');

  it("between quotation marks is refused until it is declared", async () => {
    expect(await refusal(quoted)).toContain("Declare the decimal comma: --decimal comma");
    expect(await accepted(quoted, "--decimal", "comma")).toContain("1 measured");
  });

  it("that may be a thousands separator is refused until it is declared", async () => {
    const open = RUNS.replaceAll(",", ";").replaceAll(".5", ",500");
    expect(await refusal(open)).toContain("may be a decimal comma or a thousands separator");
    expect(await accepted(open, "--decimal", "comma")).toContain("2 measured");
  });

  it("beside a decimal point is refused", async () => {
    const both = RUNS.replaceAll(",", ";").replace("30.5", "30,5");
    expect(await refusal(both)).toContain("expected one decimal mark in the whole file");
  });
});

describe("--skip-invalid", () => {
  it("leaves rows out wherever they fail, and says which and why", async () => {
    const out = await accepted(
      csvText(RUN, "a2,c1,high,80,1,on,44,30,16", "a3,c1,0,80,1,on,44,30,16"),
      "--skip-invalid",
    );
    expect(out).toContain("1 rows, 1 with results");
    expect(out).toContain('Left out: line 3, column line_load: found "high"');
    expect(out).toContain("Left out: line 4, column line_load: found 0, expected a number above 0");
  });

  it("does not say that a file is empty whose rows are all invalid", async () => {
    expect(await accepted(csvText("a1,c1,high,80,1,on,44,30,16"), "--skip-invalid")).toContain(
      "runs.csv has no valid row",
    );
  });
});
