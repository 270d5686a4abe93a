import { CellwrightError } from "../errors.js";
import { converter } from "../units.js";
import {
  CYCLER_DIALECTS,
  type CyclerColumn,
  type CyclerColumns,
  matchCyclerHeader,
  splitLine,
} from "./cycler-columns.js";
import { clockSeconds, createMarkedNumbers, stateDirection } from "./cycler-values.js";
import type { DecimalMark } from "./parse-options.js";
import { createProblemList, dataInvalid } from "./problem-list.js";
import { quoted } from "./quoted.js";

/** A test as a cycler recorded it: charging currents are positive. */
export interface CyclerRecord {
  readonly dialect: string;
  readonly rows: number;
  /** Seconds since the start, never falling, [rows]. */
  readonly timeS: Float64Array;
  readonly currentA: Float64Array;
  readonly voltageV: Float64Array;
}

export interface ParseCyclerOptions {
  /** Name of the file as the user knows it, for messages. */
  readonly source: string;
  readonly decimal?: DecimalMark | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Lines that may stand before the header. */
const MAX_PREAMBLE = 300;
/** Longest line: beyond it the file is no text. */
const MAX_LINE = 1_000_000;
/** Rows that are read: 24 bytes each are kept. */
const MAX_ROWS = 20_000_000;
/** No cell has this voltage: the unit is another one, V. */
const MAX_VOLTS = 10;

/**
 * Reads a cycler's export chunk by chunk: Battery Data Format, Neware, Arbin, Maccor or BioLogic text, found out by its
 * header. UTF-8, UTF-16 and Latin-1; decimal point or comma; of the columns only time, current and voltage stay in memory.
 *
 * @throws CellwrightError DATA_INVALID with every problem (line, column, found, expected, remedy); TOO_MANY_ROWS;
 * CANCELLED.
 */
export async function parseCyclerStream(
  chunks: AsyncIterable<Uint8Array>,
  options: ParseCyclerOptions,
): Promise<CyclerRecord> {
  const reader = createLineReader(options);
  let decode: ((chunk: Uint8Array, last: boolean) => string) | undefined;
  let rest = "";
  for await (const chunk of chunks) {
    if (options.signal?.aborted === true)
      throw new CellwrightError("CANCELLED", `Reading ${options.source} was cancelled.`);
    decode ??= decoderFor(chunk);
    const text = rest + decode(chunk, false);
    const end = text.lastIndexOf("\n");
    for (let from = 0; from <= end; ) {
      const to = text.indexOf("\n", from);
      reader.line(text.charCodeAt(to - 1) === 13 ? text.slice(from, to - 1) : text.slice(from, to), true);
      from = to + 1;
    }
    rest = text.slice(end + 1);
    if (rest.length > MAX_LINE) throw noText(options.source);
  }
  rest += decode?.(new Uint8Array(0), true) ?? "";
  if (rest !== "") reader.line(rest, false);
  return reader.finish();
}

const noText = (source: string): CellwrightError =>
  dataInvalid(source, [
    {
      where: "file",
      found: "no lines of text",
      expected: "a text export of a cycler",
      remedy: "Export it as CSV or text: binary files (.nda, .res, .mpr) are not read.",
    },
  ]);

/** UTF-16 where the file says so; Latin-1 else, in which the ASCII of numbers and titles reads the same as in UTF-8. */
function decoderFor(first: Uint8Array): (chunk: Uint8Array, last: boolean) => string {
  const wide = first[0] === 0xff && first[1] === 0xfe;
  if (wide || (first[0] === 0xfe && first[1] === 0xff)) {
    const decoder = new TextDecoder(wide ? "utf-16le" : "utf-16be");
    return (chunk, last) => decoder.decode(chunk, { stream: !last });
  }
  let skip = first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf ? 3 : 0;
  return (chunk) => {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1", skip);
    skip = 0;
    return text;
  };
}

interface LineReader {
  line(text: string, complete: boolean): void;
  finish(): CyclerRecord;
}

function createLineReader(options: ParseCyclerOptions): LineReader {
  const preamble: string[] = [];
  let rows: RowReader | undefined;
  let number = 0;
  return {
    line(text, complete) {
      number += 1;
      if (rows !== undefined) {
        rows.read(text, number, complete);
        return;
      }
      if (number === 1 && text.includes("\0")) throw noText(options.source);
      const found = matchCyclerHeader(text);
      if (found !== null && "where" in found)
        throw dataInvalid(options.source, [{ ...found, where: `line ${number}` }]);
      if (found !== null) rows = createRowReader(found, options);
      else if (preamble.push(text.slice(0, 200)) > MAX_PREAMBLE) throw noHeader(options.source, preamble);
    },
    finish() {
      if (rows === undefined) throw noHeader(options.source, preamble);
      return rows.finish(number);
    },
  };
}

function noHeader(source: string, lines: readonly string[]): CellwrightError {
  const widest = [...lines].sort((a, b) => b.split(/[,;\t]/u).length - a.split(/[,;\t]/u).length)[0];
  return dataInvalid(source, [
    {
      where: "header",
      found:
        widest === undefined || widest === ""
          ? "an empty file"
          : `no known header; the widest line is ${quoted(widest.slice(0, 120))}`,
      expected: `columns of time, current and voltage as in files of ${CYCLER_DIALECTS.join(", ")}`,
      remedy:
        "Export with units in the header, or rename the columns: Test Time / s, Current / A, Voltage / V.",
    },
  ]);
}

interface RowReader {
  read(text: string, line: number, complete: boolean): void;
  finish(lines: number): CyclerRecord;
}

function createRowReader(header: CyclerColumns, options: ParseCyclerOptions): RowReader {
  const { columns, delimiter, width } = header;
  const problems = createProblemList();
  const numbers = createMarkedNumbers(options.decimal);
  const store = createGrowingColumns();
  const clock = createClock(columns, (text) => numbers.read(text));
  const needed = Math.max(...Object.values(columns).map(({ index }) => index)) + 1;
  const toAmps = scaleOf(columns.current!, "A");
  const toVolts = scaleOf(columns.voltage!, "V");
  const bad = (line: number, title: string, found: string, expected: string, remedy: string): void =>
    problems.add({ where: `line ${line}, column ${title}`, found, expected, remedy });
  const value = (cells: readonly string[], column: CyclerColumn, line: number): number => {
    const text = cells[column.index]!.trim();
    const read = numbers.read(text);
    if (Number.isNaN(read)) {
      const remedy = numbers.mixed
        ? "One file has one decimal mark: export it again, or say --decimal."
        : "Correct the cell or export the file again.";
      bad(line, column.title, quoted(text), `a finite number in ${column.unit}`, remedy);
    }
    return read;
  };
  return {
    read(text, line, complete) {
      if (text.trim() === "") return;
      const cells = splitLine(text, delimiter);
      // a separator at the end of a line is common, and some leave it out of the header or of the rows alone
      const least = complete ? Math.max(needed, width - 1) : width;
      if (cells.length < least || cells.length > width + 1) {
        problems.add({
          where: `line ${line}`,
          found: `${cells.length} of ${width} cells${complete ? "" : ", then the file ends"}`,
          expected: `${width} cells as in the header`,
          remedy: complete
            ? "Correct the line; decimal commas need another separator or quotes."
            : "The file is cut off: export it again.",
        });
        return;
      }
      const seconds = clock(cells, line, bad);
      const amps = value(cells, columns.current!, line) * toAmps;
      const volts = value(cells, columns.voltage!, line) * toVolts;
      if (Math.abs(volts) > MAX_VOLTS)
        bad(
          line,
          columns.voltage!.title,
          `${volts} V`,
          `at most ${MAX_VOLTS} V`,
          "Correct the unit in the header.",
        );
      const state = columns.state === undefined ? undefined : cells[columns.state.index]!.trim();
      const signed = directed(amps, state);
      if (Number.isNaN(signed) && !Number.isNaN(amps))
        bad(
          line,
          columns.current!.title,
          `${amps} A while ${quoted(state!)}`,
          "a current that charges",
          "Correct the sign.",
        );
      store.push(seconds, signed, volts);
      if (store.rows > MAX_ROWS)
        throw new CellwrightError("TOO_MANY_ROWS", `${options.source} has more than ${MAX_ROWS} rows.`);
    },
    finish(lines) {
      if (store.rows === 0 && problems.count === 0)
        problems.add({
          where: `line ${lines}`,
          found: "a header without rows",
          expected: "at least two rows",
          remedy: "Export the test again.",
        });
      if (problems.count > 0) throw dataInvalid(options.source, problems.listed, problems.count);
      return { dialect: header.dialect, ...store.finish() };
    },
  };
}

/** Charging positive: by the state where there is one, since some write magnitudes. NaN where both contradict. */
function directed(amps: number, state: string | undefined): number {
  if (state === undefined) return amps;
  const direction = stateDirection(state);
  if (direction < 0) return -Math.abs(amps);
  return direction > 0 && amps < 0 ? Number.NaN : amps;
}

const scaleOf = (column: CyclerColumn, to: string): number => converter(column.unit, to).scale;

type Bad = (line: number, title: string, found: string, expected: string, remedy: string) => void;

/** Seconds since the start of the test: from its own column, else from step times that begin anew with each step. */
function createClock(
  { time, stepTime, step }: CyclerColumns["columns"],
  readNumber: (text: string) => number,
): (cells: readonly string[], line: number, bad: Bad) => number {
  const column = (time ?? stepTime)!;
  const byStep = time === undefined;
  const scale = column.unit === "clock" ? Number.NaN : scaleOf(column, "s");
  let [last, offset, lastStep] = [-Infinity, 0, ""];
  return (cells, line, bad) => {
    const text = cells[column.index]!.trim();
    let seconds = clockSeconds(text);
    if (Number.isNaN(seconds) && !Number.isNaN(scale)) seconds = readNumber(text) * scale;
    if (Number.isNaN(seconds)) {
      bad(line, column.title, quoted(text), "a time", "Correct the cell or export the file again.");
      return seconds;
    }
    const name = step === undefined ? "" : cells[step.index]!;
    const anew =
      byStep && last > -Infinity && (name !== lastStep || (step === undefined && seconds < last - offset));
    if (anew) offset = last;
    lastStep = name;
    const total = byStep ? offset + seconds : seconds;
    if (total < last) {
      bad(
        line,
        column.title,
        `${quoted(text)} after a later time`,
        "times that never go back",
        "The rows are out of order, or two tests are in one file: export them apart.",
      );
      return total;
    }
    last = total;
    return total;
  };
}

function createGrowingColumns() {
  let capacity = 65_536;
  let columns = [0, 1, 2].map(() => new Float64Array(capacity));
  let rows = 0;
  return {
    get rows() {
      return rows;
    },
    push(...values: readonly [number, number, number]) {
      if (rows === capacity) {
        capacity *= 2;
        columns = columns.map((old) => {
          const grown = new Float64Array(capacity);
          grown.set(old);
          return grown;
        });
      }
      columns.forEach((column, i) => {
        column[rows] = values[i]!;
      });
      rows += 1;
    },
    finish: (): Omit<CyclerRecord, "dialect"> => {
      const [timeS, currentA, voltageV] = columns.map((column) => column.subarray(0, rows));
      return { rows, timeS: timeS!, currentA: currentA!, voltageV: voltageV! };
    },
  };
}

/** Parts of one test after each other, the second starting where the first ended. */
export function joinCyclerRecords(records: readonly CyclerRecord[]): CyclerRecord {
  const [only, more] = records;
  if (only !== undefined && more === undefined) return only;
  const rows = records.reduce((sum, record) => sum + record.rows, 0);
  const joined = {
    timeS: new Float64Array(rows),
    currentA: new Float64Array(rows),
    voltageV: new Float64Array(rows),
  };
  let [at, offset] = [0, 0];
  for (const record of records) {
    const start = record.timeS[0]!;
    joined.timeS.set(
      record.timeS.map((t) => offset + t - start),
      at,
    );
    joined.currentA.set(record.currentA, at);
    joined.voltageV.set(record.voltageV, at);
    at += record.rows;
    offset = joined.timeS[at - 1]!;
  }
  return { dialect: [...new Set(records.map(({ dialect }) => dialect))].join(", "), rows, ...joined };
}
