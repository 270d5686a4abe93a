import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/data/parse-csv.js";
import { parseCsvStream } from "../../src/data/parse-csv-stream.js";
import type { ParseOptions } from "../../src/data/parse-options.js";
import type { Table } from "../../src/data/table.js";
import { CellwrightError } from "../../src/errors.js";
import { calendering, values } from "./columns.js";
import { errorOf, rejectionOf, seen } from "./read-error.js";

async function* chunksOf(
  parts: readonly (Uint8Array | string)[],
  onTake?: () => void,
): AsyncGenerator<Uint8Array | string> {
  for (const part of parts) {
    await Promise.resolve();
    onTake?.();
    yield part;
  }
}

/** Bytes cut into pieces of the given sizes, again and again. */
function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let start = 0, i = 0; start < bytes.length; i += 1) {
    const size = sizes[i % sizes.length]!;
    parts.push(bytes.subarray(start, start + size));
    start += size;
  }
  return parts;
}

const options: ParseOptions = { source: "runs.csv", expectations: calendering };
const read = (parts: readonly (Uint8Array | string)[], more: Partial<ParseOptions> = {}): Promise<Table> =>
  parseCsvStream(chunksOf(parts), { ...options, ...more });
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const awkward = '\ufeffline_load;coil;porosity\r\n500;"A;""µ""\r\nб";31,5\r\n\r\n650;日本;30\r\n700;𝛑;29,25';

describe("parseCsvStream", () => {
  it("reads the same table as parseCsv however the bytes are cut", async () => {
    const expected = parseCsv(awkward, options);
    expect(expected.rowCount).toBe(3);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        async (sizes) => {
          expect(await read(cut(bytesOf(awkward), sizes))).toEqual(expected);
        },
      ),
    );
  });

  it("reads the same beyond the characters that it looks at first", async () => {
    const rows = Array.from(
      { length: 9000 },
      (_, i) => `${500 + i},"coil µ${i % 7}\n${i}",${30 + (i % 50) / 10}\n`,
    );
    const text = `line_load,coil,porosity\n${rows.join("")}`;
    expect(text.length).toBeGreaterThan(150_000);
    const expected = parseCsv(text, options);
    for (const size of [1021, 65_536, 1_000_000])
      expect(await read(cut(bytesOf(text), [size]))).toEqual(expected);
    expect(expected.lines.at(-1)).toBe(2 + 2 * 8999);
  });

  it("takes chunks of text, too", async () => {
    expect(await read(Array.from(awkward))).toEqual(parseCsv(awkward, options));
  });

  it("refuses what parseCsv refuses, with the same problems", async () => {
    for (const text of [
      "",
      "porosity\n1\n",
      "line_load\nx\n1e308\n",
      'line_load,coil\n1,"A\n2,B\n',
      "line_load,coil;x\n1,A;x\n",
    ]) {
      const expected = errorOf(() => parseCsv(text, options), "DATA_INVALID");
      const found = await rejectionOf(read(cut(bytesOf(text), [5])), "DATA_INVALID");
      expect([found.message, found.problems]).toEqual([expected.message, expected.problems]);
    }
  });

  it("reads or refuses any text as parseCsv does, and never fails in another way", async () => {
    const piece = fc.constantFrom(
      "line_load",
      "coil",
      "trial",
      "porosity",
      ",",
      ";",
      "\t",
      '"',
      '""',
      "\n",
      "\r\n",
      "\r",
      " ",
      "1",
      "0.5",
      "1,5",
      "1,234",
      "[%]",
      "[1]",
      "x",
      "µ",
      "NaN",
      "=",
    );
    const outcome = async (work: () => Table | Promise<Table>): Promise<unknown> => {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof CellwrightError)) throw error;
        return [error.code, error.message, error.problems];
      }
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 60 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 20 }),
        async (pieces, skipInvalid, size) => {
          const text = `${pieces.length % 2 === 0 ? "line_load,coil\n" : ""}${pieces.join("")}`;
          const all = { ...options, skipInvalid };
          const expected = await outcome(() => parseCsv(text, all));
          expect(await outcome(() => read(cut(bytesOf(text), [size]), { skipInvalid }))).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("reports how far it is", async () => {
    const seenBytes: (readonly [number, number])[] = [];
    const onProgress = (done: number, total: number): void => void seenBytes.push([done, total]);
    await read(["line_load\n", "500\n", "600\n"], { onProgress, totalBytes: 18 });
    expect(seenBytes).toEqual([
      [10, 18],
      [14, 18],
      [18, 18],
    ]);
  });

  it("stops when it is cancelled", async () => {
    const controller = new AbortController();
    const parts = ["line_load\n", "500\n", "600\n"];
    let taken = 0;
    const chunks = chunksOf(parts, () => {
      taken += 1;
      if (taken === 2) controller.abort();
    });
    const error = await rejectionOf(
      parseCsvStream(chunks, { ...options, signal: controller.signal }),
      "CANCELLED",
    );
    expect(error.message).toContain("runs.csv");
    expect(taken).toBe(2);
  });

  it("stops reading a file that cannot be split any more", async () => {
    let taken = 0;
    const parts = [
      `line_load,coil\n500,"${"x".repeat(70_000)}`,
      ...Array<string>(1000).fill("y".repeat(100_000)),
    ];
    const error = await rejectionOf(
      parseCsvStream(
        chunksOf(parts, () => (taken += 1)),
        options,
      ),
      "DATA_INVALID",
    );
    expect(seen(error.problems)).toEqual([["line 2", "a row of more than 1000000 characters"]]);
    expect(taken).toBeLessThan(15);
  });

  it("passes on an error of its source", async () => {
    async function* broken(): AsyncGenerator<string> {
      yield "line_load\n";
      await Promise.resolve();
      throw new Error("cable pulled");
    }
    await expect(parseCsvStream(broken(), options)).rejects.toThrow("cable pulled");
  });

  it("refuses bytes that are not UTF-8 with their line, wherever the chunks end", async () => {
    const latin = new Uint8Array([
      ...bytesOf("line_load,coil\n500,µ\n600,"),
      0xb5,
      0x0a,
      ...bytesOf("700,A\n"),
    ]);
    for (const size of [1, 2, 3, 7, 1000]) {
      const error = await rejectionOf(read(cut(latin, [size])), "DATA_INVALID");
      expect(error.problems[0]?.where).toBe("line 3");
      expect(error.problems[0]?.remedy).toContain("CSV UTF-8");
    }
  });

  it("refuses a character that the end of the file cuts off", async () => {
    const error = await rejectionOf(
      read([new Uint8Array([...bytesOf("line_load,coil\n500,"), 0xc2])]),
      "DATA_INVALID",
    );
    expect(error.problems[0]?.found).toContain("not UTF-8");
  });
});

describe("parseCsvStream, on rows left out", () => {
  it("keeps the good ones", async () => {
    const table = await read(["line_load\n5", "00\nx\n600\n"], { skipInvalid: true });
    expect(values(table, "line_load")).toEqual([500, 600]);
    expect(table.refused?.rows).toBe(1);
  });
});
