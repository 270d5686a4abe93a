import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/data/parse-csv.js";
import type { ParseOptions } from "../../src/data/parse-options.js";
import type { Table } from "../../src/data/table.js";
import { calendering, values } from "./columns.js";
import { errorOf, seen } from "./read-error.js";

const read = (text: string, options: Partial<ParseOptions> = {}): Table =>
  parseCsv(text, { source: "runs.csv", expectations: calendering, ...options });
const refusal = (text: string, options: Partial<ParseOptions> = {}) =>
  errorOf(() => read(text, options), "DATA_INVALID");

describe("parseCsv reads", () => {
  it("numbers, texts and choices by column, with the line of each row", () => {
    const table = read("line_load,coil,preheating,porosity\n500,A,on,31.5\n650,A,off,\n");
    expect(table.rowCount).toBe(2);
    expect(values(table, "line_load")).toEqual([500, 650]);
    expect(values(table, "coil")).toEqual(["A", "A"]);
    expect(values(table, "preheating")).toEqual(["on", "off"]);
    expect(values(table, "porosity")).toEqual([31.5, Number.NaN]);
    expect([...table.lines]).toEqual([2, 3]);
    expect(table.source).toBe("runs.csv");
    expect(table.refused).toBeUndefined();
  });

  it("the same table with comma, semicolon or tab, with LF, CRLF or CR, with and without BOM and last line end", () => {
    const plain = "line_load,coil,porosity\n500,A,31.5\n650,B,30\n";
    const expected = read(plain);
    for (const delimiter of [",", ";", "\t"]) {
      for (const lineEnd of ["\n", "\r\n", "\r"]) {
        for (const [start, end] of [
          ["", ""],
          ["\ufeff", lineEnd],
        ] as const) {
          const text = start + plain.trimEnd().replaceAll(",", delimiter).replaceAll("\n", lineEnd) + end;
          expect(read(text)).toEqual(expected);
        }
      }
    }
  });

  it("files whose lines end in both ways", () => {
    expect(values(read("line_load,coil\n500,A\r\n650,B\n"), "coil")).toEqual(["A", "B"]);
  });

  it("quoted cells with separators, quotes and line breaks, and counts lines as an editor does", () => {
    const table = read('line_load,coil\r\n500,"A, ""left""\r\nend"\r\n\r\n650,B\r\n');
    expect(values(table, "coil")).toEqual(['A, "left"\r\nend', "B"]);
    expect([...table.lines]).toEqual([2, 5]);
  });

  it("the separator that a spreadsheet declares in a line of its own", () => {
    const table = read("sep=;\nline_load;coil\n500;A,B\n");
    expect(values(table, "coil")).toEqual(["A,B"]);
    expect([...table.lines]).toEqual([3]);
  });

  it("units from the header before the schema before the expectation", () => {
    const text = "line_load,porosity\n1,30\n";
    expect(values(read(text), "line_load")).toEqual([1]);
    expect(values(read(text, { schemaUnits: { line_load: "N/m" } }), "line_load")).toEqual([0.001]);
    const both = read(text.replace("line_load", "line_load [MN/m]".replace("MN/m", "kN/mm")), {
      schemaUnits: { line_load: "N/m" },
    });
    expect(values(both, "line_load")).toEqual([1000]);
  });

  it("kN/m as N/mm without a word, and converted units with one", () => {
    expect(read("line_load [kN/m]\n500\n").messages).toEqual([]);
    const table = read("line_load,roll_temperature [K]\n500,353.15\n");
    expect(values(table, "roll_temperature")).toEqual([80]);
    expect(table.messages).toEqual(["Column roll_temperature was converted from K to degC."]);
  });

  it("fractions that say so as per cent, exactly", () => {
    const table = read("line_load,porosity [1]\n500,0.29\n500,0.57\n");
    expect(values(table, "porosity")).toEqual([29, 57]);
    expect(table.messages.join(" ")).toContain("fractions (unit 1) are converted to %");
  });

  it("standard errors in the unit of their outcome, without its zero", () => {
    const temperature = [{ name: "peak", kind: "number", unit: "degC", role: "outcome" } as const];
    const table = read("peak [K],peak_sem\n300,2\n", { expectations: temperature });
    expect(values(table, "peak")).toEqual([26.85]);
    expect(values(table, "peak_sem")).toEqual([2]);
    const fractions = read("line_load,porosity [1],porosity_sem\n500,0.31,0.004\n");
    expect(values(fractions, "porosity_sem")).toEqual([0.4]);
  });

  it("a decimal comma that is declared", () => {
    const table = read("line_load;porosity\n1,500;31,5\n", { decimal: "," });
    expect(values(table, "line_load")).toEqual([1.5]);
    expect(table.messages).toEqual([]);
  });

  it("a decimal comma that semicolons and other numbers make clear, and says so", () => {
    const table = read("line_load;porosity\n1,234;31,5\n");
    expect(values(table, "line_load")).toEqual([1.234]);
    expect(table.messages).toEqual(['Decimal commas were read, as in "31,5" (line 2, column porosity).']);
  });

  it("quoted decimal commas between commas when both are declared", () => {
    const table = read('line_load,porosity\n"1,5","31,5"\n', { decimal: ",", delimiter: "," });
    expect(values(table, "porosity")).toEqual([31.5]);
  });

  it("a header without rows as an empty table", () => {
    const table = read("line_load,porosity\n");
    expect(table.rowCount).toBe(0);
    expect(values(table, "line_load")).toEqual([]);
    expect(table.messages).toContain("runs.csv has a header but no rows.");
  });

  it("one row, and rows that are all equal", () => {
    expect(read("line_load\n500").rowCount).toBe(1);
    expect(values(read(`line_load\n${"500\n".repeat(50)}`), "line_load")).toEqual(Array(50).fill(500));
  });

  it("10,000 columns, naming only the first of those that it ignores", () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `sensor_${i}`);
    const text = `line_load,${names.join(",")}\n500,${names.map((_, i) => i).join(",")}\n`;
    const table = read(text);
    expect([...table.columns.keys()]).toEqual(["line_load"]);
    expect(table.messages).toHaveLength(1);
    expect(table.messages[0]).toMatch(/^Ignored columns: sensor_0, .* and 9990 more\.$/u);
  });

  it("the primary key as the trials' names where there is no column trial", () => {
    const table = read("cell,line_load\n7,500\n8,600\n", { primaryKey: "cell" });
    expect(values(table, "trial")).toEqual(["7", "8"]);
    expect(table.messages).toEqual(["Trials are named after the column cell."]);
    const own = read("trial,cell,line_load\na,7,500\n", { primaryKey: "cell" });
    expect(values(own, "trial")).toEqual(["a"]);
  });

  it("the columns that every file may have", () => {
    const table = read(
      "trial,line_load,status,reason,replicate,measured_at,origin,comment,adhesion_sem\na,500,failed,web tore,1,2025-04-21T14:30,measured,first coil,0.5\n",
    );
    expect(values(table, "status")).toEqual(["failed"]);
    expect(values(table, "reason")).toEqual(["web tore"]);
    expect(values(table, "replicate")).toEqual([1]);
    expect(values(table, "measured_at")).toEqual(["2025-04-21T14:30"]);
    expect(values(table, "origin")).toEqual(["measured"]);
    expect(values(table, "adhesion_sem")).toEqual([0.5]);
    expect(table.messages).toEqual([]);
  });

  it("empty rows and columns that spreadsheets leave behind", () => {
    const table = read("line_load,coil,,\n500,A,,\n,,,\n,,,\n");
    expect(table.rowCount).toBe(1);
    expect(table.messages).toEqual(["2 empty rows were passed over."]);
  });

  it("blanks around texts and numbers away, saying so for texts", () => {
    const table = read("line_load,coil\n 500 , A\n600,A\n");
    expect(values(table, "line_load")).toEqual([500, 600]);
    expect(values(table, "coil")).toEqual(["A", "A"]);
    expect(table.messages).toEqual(["Blanks around 1 texts in column coil were removed."]);
  });

  it("names that are also members of every object as plain names", () => {
    const table = read("line_load,constructor,__proto__\n500,1,2\n", { schemaUnits: { line_load: "N/mm" } });
    expect(table.messages).toEqual(["Ignored columns: constructor, __proto__."]);
  });
});

describe("parseCsv suggests a spelling", () => {
  it("for an optional column as a message", () => {
    expect(read("line_load,Porosity (%)\n500,31\n").messages).toEqual([
      'Column "Porosity (%)" is not known and was ignored. If "Porosity (%)" is meant, write its header as porosity [%].',
    ]);
  });

  it("for a required column as the remedy", () => {
    const [problem] = refusal("line_laod,porosity\n500,31\n").problems;
    expect(problem?.found).toBe("no column line_load");
    expect(problem?.remedy).toContain('"line_laod"');
  });

  it("for a choice", () => {
    const [problem] = refusal("line_load,preheating\n500,On\n").problems;
    expect(problem).toEqual({
      where: "line 2, column preheating",
      found: '"On"',
      expected: "one of off, on",
      remedy: 'Did you mean "on"?',
    });
  });
});

describe("parseCsv refuses", () => {
  it("an empty file and one of blank lines", () => {
    for (const text of ["", "\ufeff", "\n\n", " \n,,\n"]) {
      const error = refusal(text);
      expect(error.problems[0]?.expected).toContain("names of the columns");
    }
  });

  it("texts, words for nothing, units and thousands in a numeric column, each with its own remedy", () => {
    const cells = [
      "abc",
      "NaN",
      "-inf",
      "n/a",
      "12 µm",
      '"1,500"',
      '"1,500.5"',
      "0x10",
      "1e400",
      "1e308",
      "−5",
      ".",
    ];
    const error = refusal(`line_load\n${cells.join("\n")}\n`);
    expect(error.problems.map(({ where }) => where)).toEqual(
      cells.map((_, i) => `line ${i + 2}, column line_load`),
    );
    const remedies = error.problems.map(({ remedy }) => remedy ?? "");
    expect(remedies[1]).toContain("Leave the cell empty");
    expect(remedies[3]).toContain("Leave the cell empty");
    expect(remedies[4]).toContain("name [unit]");
    expect(remedies[5]).toContain("decimal comma");
    expect(remedies[6]).toContain("thousands separators");
    expect(error.problems[8]?.expected).toContain("1e+30");
    expect(error.problems[9]?.expected).toContain("1e+30");
  });

  it("a pressure as a line load, with the reason", () => {
    const [problem] = refusal("line_load [MPa]\n50\n").problems;
    expect(problem?.where).toBe("line 1, column line_load");
    expect(problem?.found).toBe('the unit "MPa"');
    expect(problem?.remedy).toContain("contact length");
  });

  it("the C-rate as a temperature, and an unknown unit with the nearest one", () => {
    const error = refusal("line_load [N/mn],roll_temperature [C]\n50,80\n");
    expect(error.problems.map(({ found }) => found)).toEqual(['the unit "N/mn"', 'the unit "C"']);
    expect(error.problems[0]?.remedy).toContain("Did you mean");
    expect(error.problems[1]?.remedy).toContain("degC");
  });

  it("fractions where per cent are expected and no unit is stated", () => {
    const [problem] = refusal("line_load,porosity\n500,0.31\n600,0.28\n").problems;
    expect(problem?.where).toBe("column porosity");
    expect(problem?.expected).toBe("per cent, not fractions");
    expect(problem?.remedy).toContain("porosity [1]");
  });

  it("no per cent that say so, nor zeros, nor a value above 1, nor standard errors below 1", () => {
    expect(values(read("line_load,porosity [%]\n500,0.31\n"), "porosity")).toEqual([0.31]);
    expect(values(read("line_load,porosity\n500,0\n"), "porosity")).toEqual([0]);
    expect(values(read("line_load,porosity\n500,0.9\n500,1.1\n"), "porosity")).toEqual([0.9, 1.1]);
    expect(values(read("line_load,porosity,porosity_sem\n500,31,0.4\n"), "porosity_sem")).toEqual([0.4]);
  });

  it("per cent where a fraction up to 1 is expected, with the way out", () => {
    const expectations = [
      { name: "share", kind: "number", unit: "1", role: "outcome", minimum: 0, maximum: 1 } as const,
    ];
    const [problem] = refusal("share\n31\n", { expectations }).problems;
    expect(problem?.expected).toBe("0 to 1");
    expect(problem?.remedy).toContain("share [%]");
    expect(values(read("share [%]\n31\n", { expectations }), "share")).toEqual([0.31]);
  });

  it("values outside the possible range after conversion, and keeps the ones on it", () => {
    const error = refusal("line_load,porosity [1]\n500,1\n500,1.01\n500,-0.01\n");
    expect(seen(error.problems)).toEqual([
      ["line 3, column porosity", '"1.01" (101 %)'],
      ["line 4, column porosity", '"-0.01" (-1 %)'],
    ]);
    expect(error.problems[0]?.expected).toBe("0 to 100 %");
  });

  it("a negative standard error, a broken integer, an unknown status and origin, and a date that is none", () => {
    const error = refusal(
      "line_load,passes,status,origin,measured_at,adhesion_sem\n500,1.5,done,simulated,21.04.2025,-1\n",
    );
    expect(seen(error.problems)).toEqual([
      ["line 2, column passes", '"1.5"'],
      ["line 2, column adhesion_sem", '"-1"'],
      ["line 2, column status", '"done"'],
      ["line 2, column measured_at", '"21.04.2025"'],
      ["line 2, column origin", '"simulated"'],
    ]);
  });

  it("two columns of one name, whatever their units", () => {
    const error = refusal("line_load,porosity,porosity [1]\n500,31,0.3\n");
    expect(seen(error.problems)).toEqual([["line 1, column porosity", "the name twice (columns 2 and 3)"]]);
  });

  it("an id that comes again, naming the first line", () => {
    const error = refusal("trial,line_load\na,500\nb,500\na,600\n");
    expect(seen(error.problems)).toEqual([["line 4, column trial", '"a" again (first in line 2)']]);
  });

  it("an empty cell where every row needs a value", () => {
    const expectations = [
      { name: "coil", kind: "text", role: "group", complete: true } as const,
      { name: "load", kind: "number", role: "parameter", complete: true } as const,
    ];
    const error = refusal("coil,load\n,1\nA,\n", { expectations });
    expect(seen(error.problems)).toEqual([
      ["line 2, column coil", "an empty cell"],
      ["line 3, column load", "an empty cell"],
    ]);
  });

  it("rows with too few or too many cells, but not trailing blanks", () => {
    const error = refusal("line_load,coil\n500\n500,A,3\n500,A,,\n");
    expect(seen(error.problems)).toEqual([
      ["line 2", "1 cells"],
      ["line 3", "3 cells"],
    ]);
  });

  it("values under a heading without a name", () => {
    expect(seen(refusal("line_load,\n500,7\n").problems)).toEqual([["line 2, column 2", '"7"']]);
  });

  it("a decimal comma that may be a thousands separator, and a file that uses both marks", () => {
    expect(refusal("line_load;coil\n1,234;A\n").problems[0]?.found).toContain("thousands separator");
    expect(refusal("line_load;coil\n1,23;A\n4.5;B\n").problems[0]?.found).toContain("decimal points");
    expect(refusal("line_load;coil\n1,234;A\n4.5;B\n").problems[0]?.found).toContain("thousands separator");
  });

  it("decimal points where the comma is declared", () => {
    const [problem] = refusal("line_load;coil\n1.5;A\n", { decimal: "," }).problems;
    expect(problem?.expected).toBe("a number with a decimal comma");
  });

  it("two separators that fit alike", () => {
    expect(refusal("line_load,coil;x\n500,A;x\n").problems[0]?.found).toContain('"," and ";"');
  });

  it("NUL bytes, with their line", () => {
    expect(seen(refusal("line_load\n500\n6\0\n").problems)).toEqual([["line 3", "a NUL byte"]]);
  });

  it("a quotation mark inside a cell as a bad row, and reads on", () => {
    const error = refusal('line_load,coil\n500,5" gap\n600,A\nx,B\n');
    expect(error.problems.map(({ where }) => where)).toEqual(["line 2", "line 4, column line_load"]);
  });

  it("text behind a closing quotation mark, and a mark that is never closed, with the row where it begins", () => {
    const behind = refusal('line_load,coil\n500,A\n500,"A" left\n600,B\n');
    expect(seen(behind.problems)).toEqual([["line 3", "text behind a closing quotation mark"]]);
    const open = refusal('line_load,coil\nx,A\n500,"A\n600,B\n700,C\n');
    expect(seen(open.problems)).toEqual([
      ["line 3", "a quotation mark that is never closed"],
      ["line 2, column line_load", '"x"'],
    ]);
  });

  it("a cell of 100 MB", () => {
    const error = refusal(`line_load,coil\n500,${"x".repeat(100_000_000)}\n600,B\n`);
    expect(seen(error.problems)).toEqual([["line 2", "a row of more than 1000000 characters"]]);
  });

  it("everything at once, the file's faults first", () => {
    const error = refusal("line_load [MPa],porosity,status\nx,0.3,done\ny,0.2,completed\n");
    expect(error.problems.map(({ where }) => where)).toEqual([
      "line 1, column line_load",
      "column porosity",
      "line 2, column line_load",
      "line 2, column status",
      "line 3, column line_load",
    ]);
    expect(error.message).toMatch(
      /^runs\.csv: 5 problems, nothing was imported\. The first: line 1, column line_load: found/u,
    );
  });

  it("a thousand bad rows with the first 200 listed and all counted", () => {
    const error = refusal(`line_load\n${"x\n".repeat(1000)}`);
    expect(error.problems).toHaveLength(200);
    expect(error.details["problemCount"]).toBe(1000);
    expect(error.message).toContain("1000 problems (the first 200 are listed)");
  });
});

describe("parseCsv with skipInvalid", () => {
  it("takes the good rows and reports the others", () => {
    const table = read("trial,line_load,coil\na,500,A\nb,x,B\na,600,C\nd,700,D,1\ne,800,E\n", {
      skipInvalid: true,
    });
    expect(values(table, "line_load")).toEqual([500, 800]);
    expect(values(table, "coil")).toEqual(["A", "E"]);
    expect([...table.lines]).toEqual([2, 6]);
    expect(table.refused?.rows).toBe(3);
    expect(table.refused?.problems.map(({ where }) => where)).toEqual([
      "line 3, column line_load",
      "line 4, column trial",
      "line 5",
    ]);
    expect(table.messages[0]).toContain("3 rows were refused and left out");
  });

  it("still refuses what concerns the whole file", () => {
    expect(refusal("line_load [MPa]\n5\n", { skipInvalid: true }).problems).toHaveLength(1);
    expect(refusal('line_load,coil\n5,"A\n', { skipInvalid: true }).problems).toHaveLength(1);
    expect(refusal("line_load,porosity\n5,0.3\nx,0.2\n", { skipInvalid: true }).problems[0]?.where).toBe(
      "column porosity",
    );
  });
});

describe("parseCsv properties", () => {
  const cell = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('"', ",", ";", "\n", "\r\n", "a\tb", "é", "日本"),
  );
  const texts = cell.filter((text) => !text.includes("\0")).map((text) => text.trim());
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

  it("gives back every text that was written, in each dialect", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(texts, fc.integer()), { minLength: 1 }),
        fc.constantFrom(",", ";", "\t"),
        (rows, delimiter) => {
          const body = rows.map(([text, load]) => [quote(text), String(load)].join(delimiter));
          const table = read(`${["coil", "line_load"].join(delimiter)}\n${body.join("\n")}\n`, { delimiter });
          expect(values(table, "coil")).toEqual(rows.map(([text]) => (text === "" ? null : text)));
          expect(values(table, "line_load")).toEqual(rows.map(([, load]) => load));
        },
      ),
    );
  });

  it("gives back every number that JavaScript writes, below the largest magnitude", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e30, max: 1e30, noNaN: true }), { minLength: 1 }),
        (numbers) => {
          const table = read(`line_load\n${numbers.map(String).join("\n")}\n`);
          expect(values(table, "line_load")).toEqual(numbers.map((one) => (Object.is(one, -0) ? 0 : one)));
        },
      ),
    );
  });
});
