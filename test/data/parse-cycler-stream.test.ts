import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CyclerRecord,
  joinCyclerRecords,
  parseCyclerStream,
} from "../../src/data/parse-cycler-stream.js";
import { CellwrightError } from "../../src/errors.js";
import { familyDefaults, formationProtocol } from "../../src/process/formation/protocol-family.js";
import { CYCLER_FILES, inPieces, syntheticTest } from "./cycler-files.js";

const { rows } = syntheticTest(
  formationProtocol({ ...familyDefaults({ upperVoltageV: 4.2, lowerVoltageV: 2.8 }), rest_ocv: 1 }),
);
const read = (bytes: Uint8Array, size = 4096): Promise<CyclerRecord> =>
  parseCyclerStream(inPieces(bytes, size), { source: "cell.csv" });
const text = (...lines: readonly string[]): Uint8Array => new TextEncoder().encode(`${lines.join("\n")}\n`);

async function problemsOf(bytes: Uint8Array): Promise<CellwrightError["problems"]> {
  const error: unknown = await read(bytes).then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof CellwrightError)) throw new Error("nothing was refused");
  expect(error.code).toBe("DATA_INVALID");
  return error.problems;
}

describe("parseCyclerStream", () => {
  it.each(Object.entries(CYCLER_FILES))("reads time, current and voltage of %s", async (name, write) => {
    const record = await read(write(rows), 997);
    expect(name).toContain(record.dialect);
    expect(record.rows).toBe(rows.length);
    rows.forEach((row, i) => {
      expect(Math.abs(record.timeS[i]! - row.seconds)).toBeLessThan(2e-4);
      expect(Math.abs(record.currentA[i]! - row.amps)).toBeLessThan(1e-6);
      expect(Math.abs(record.voltageV[i]! - row.volts)).toBeLessThan(1e-6);
    });
  });

  const HEAD = "Test Time / s,Current / A,Voltage / V";
  it.each([
    ["nothing", text(), "header", "an empty file"],
    ["no rows", text(HEAD), "line 1", "a header without rows"],
    ["other columns", text("a,b,c", "1,2,3"), "header", "no known header"],
    ["binary", new Uint8Array([0, 1, 2, 0, 10]), "file", "no lines of text"],
    ["NaN", text(HEAD, "0,0,3", "1,NaN,3"), "line 3, column Current / A", '"NaN"'],
    ["an empty cell", text(HEAD, "0,,3"), "line 2, column Current / A", '""'],
    ["hexadecimal", text(HEAD, "0,0x1,3"), "line 2, column Current / A", '"0x1"'],
    ["infinity", text(HEAD, "0,1e999,3"), "line 2, column Current / A", '"1e999"'],
    [
      "time going back",
      text(HEAD, "5,0,3", "4,0,3"),
      "line 3, column Test Time / s",
      '"4" after a later time',
    ],
    ["a unit that cannot be", text(HEAD, "0,0,3700"), "line 2, column Voltage / V", "3700 V"],
    ["a short line", text(HEAD, "0", "1,0,3"), "line 2", "1 of 3 cells"],
    ["decimal commas between commas", text(HEAD, "0,5,0,1,3,7"), "line 2", "6 of 3 cells"],
    [
      "two units",
      text("Test_Time(s),Current(A),Current(mA),Voltage(V)", "0,1,1,3"),
      "line 1",
      "current in 2 columns",
    ],
    [
      "a state against the sign",
      text("Test (Sec),Amps,Volts,State", "0,-1,3,C"),
      "line 2, column Amps",
      '-1 A while "C"',
    ],
    [
      "words for times",
      text("Total Time,Time,Current(A),Voltage(V)", "soon,0,1,3"),
      "line 2, column Total Time",
      '"soon"',
    ],
  ] as const)("refuses %s, saying where", async (_, bytes, where, found) => {
    const [problem] = await problemsOf(bytes);
    expect(problem!.where).toBe(where);
    expect(problem!.found).toContain(found);
    expect(problem!.remedy).toBeTruthy();
  });

  it("refuses a file that is cut off, and one that mixes decimal marks", async () => {
    const cut = new TextEncoder().encode(`${HEAD}\n0,0,3\n1,0`);
    expect((await problemsOf(cut))[0]).toMatchObject({
      where: "line 3",
      found: "2 of 3 cells, then the file ends",
    });
    const mixed = text("Test_Time(s);Current(A);Voltage(V)", "0,5;0,1;3,0", "1.5;0,1;3,0");
    expect((await problemsOf(mixed))[0]!.found).toBe('"1.5"');
  });

  it("lists every problem at once, and stops listing at two hundred", async () => {
    const bad = Array.from({ length: 300 }, (_, i) => `${i},x,y`);
    expect(await problemsOf(text(HEAD, "0,x,3", "1,0,y"))).toHaveLength(2);
    expect(await problemsOf(text(HEAD, ...bad))).toHaveLength(200);
  });

  it("answers any text with a record or with problems", async () => {
    const cell = fc.oneof(
      fc.constantFrom("", "1", "1,5", "1.5", "-0", "1e400", "NaN", "00:00:01", "C", '"', '""', "\u0000", "é"),
      fc.string({ maxLength: 6 }),
    );
    const head = fc.constantFrom(HEAD, "Test (Sec)\tAmps\tVolts\tState", "Time,Current(A),Voltage(V),Step");
    const lines = fc.array(fc.tuple(fc.array(cell, { maxLength: 6 }), fc.constantFrom(",", ";", "\t")));
    await fc.assert(
      fc.asyncProperty(head, lines, fc.integer({ min: 1, max: 50 }), async (first, rest, size) => {
        const bytes = text(first, ...rest.map(([cells, separator]) => cells.join(separator)));
        const answer: unknown = await read(bytes, size).catch((error: unknown) => error);
        if (answer instanceof Error) {
          expect(answer).toBeInstanceOf(CellwrightError);
          return;
        }
        const { timeS, currentA, voltageV } = answer as CyclerRecord;
        for (const column of [timeS, currentA, voltageV]) expect(column.every(Number.isFinite)).toBe(true);
        expect(timeS.every((t, i) => i === 0 || t >= timeS[i - 1]!)).toBe(true);
      }),
    );
  });

  it("joins parts of a test, the second starting where the first ended", async () => {
    const parts = [text(HEAD, "5,1,3", "7,1,3.1"), text(HEAD, "0,2,3.2", "4,2,3.3")];
    const joined = joinCyclerRecords(await Promise.all(parts.map((part) => read(part))));
    expect([...joined.timeS]).toEqual([0, 2, 2, 6]);
    expect([...joined.currentA]).toEqual([1, 1, 2, 2]);
  });
});
