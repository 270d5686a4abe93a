import type { Problem } from "../errors.js";
import type { ColumnBuilder, RawCell } from "./column-builder.js";
import { createNumberStore } from "./column-store.js";
import type { ColumnTarget } from "./match-columns.js";
import { numberProblem, type NumberReader } from "./read-number.js";
import { quoted } from "./quoted.js";
import { createShareCheck } from "./share-check.js";

/**
 * Larger magnitudes are refused. Assumption: nothing that a cell line measures reaches 1e30 in any unit, and the
 * squares of a million of them still sum to a finite double.
 */
export const LARGEST_MAGNITUDE = 1e30;

interface NumberColumnOptions {
  readonly numbers: NumberReader;
  /** Spreadsheets show 0.35 as 35 %: there a stated per cent is doubted, too. */
  readonly doubtStatedPercent: boolean;
}

/** Reads one numeric column: number, unit conversion, whole numbers, possible range, per cent against fraction. */
export function createNumberColumn(target: ColumnTarget, options: NumberColumnOptions): ColumnBuilder {
  const { expectation, convert } = target;
  const { name, minimum = -Infinity, maximum = Infinity } = expectation;
  const store = createNumberStore();
  const whole = expectation.kind === "integer";
  let pending = Number.NaN;
  const shares = createShareCheck(target, options.doubtStatedPercent);
  const read = (cell: string | number, line: number): Problem | undefined => {
    const raw = typeof cell === "number" ? cell : options.numbers.read(cell, line, name);
    if (!(Math.abs(raw) <= LARGEST_MAGNITUDE))
      return refuseNumber(target, line, String(cell), raw, options.numbers);
    shares.see(raw);
    pending = convert === null ? raw : convert(raw);
    if (whole && !Number.isInteger(pending)) {
      return {
        where: place(name, line),
        found: quoted(String(cell)),
        expected: "a whole number",
        remedy: "Correct the cell.",
      };
    }
    return pending >= minimum && pending <= maximum
      ? undefined
      : rangeProblem(target, line, String(cell), pending);
  };
  return {
    accept(cell: RawCell, line) {
      pending = Number.NaN;
      const trimmed = typeof cell === "string" ? cell.trim() : cell;
      if (trimmed !== null && trimmed !== "") return read(trimmed, line);
      return expectation.complete === true ? emptyProblem(name, line) : undefined;
    },
    keep: () => store.push(pending),
    problems: () => shares.problems(),
    messages: () => shares.messages(),
    finish: () => ({ kind: "number", name, unit: target.unit, values: store.take() }),
  };
}

function place(column: string, line: number): string {
  return `line ${line}, column ${column}`;
}

export function emptyProblem(column: string, line: number): Problem {
  return { where: place(column, line), found: "an empty cell", expected: "a value in every row" };
}

function refuseNumber(
  target: ColumnTarget,
  line: number,
  text: string,
  raw: number,
  numbers: NumberReader,
): Problem {
  const start = { where: place(target.expectation.name, line), found: quoted(text) };
  if (Number.isNaN(raw)) return { ...start, ...numberProblem(text, numbers.decimal) };
  const remedy = "Leave the cell empty where nothing was measured.";
  return { ...start, expected: `a number of magnitude at most ${LARGEST_MAGNITUDE}`, remedy };
}

function rangeProblem(target: ColumnTarget, line: number, text: string, value: number): Problem {
  const { name, minimum = -Infinity, maximum = Infinity } = target.expectation;
  const unit = target.unit === "" || target.unit === "1" ? "" : ` ${target.unit}`;
  const found = target.convert === null ? quoted(text) : `${quoted(text)} (${value}${unit})`;
  const range =
    minimum === -Infinity
      ? `at most ${maximum}`
      : maximum === Infinity
        ? `at least ${minimum}`
        : `${minimum} to ${maximum}`;
  const looksPercent = target.unit === "1" && maximum <= 2 && value > maximum && value <= 100 * maximum;
  const remedy = looksPercent
    ? `If these are per cent, write the header as: ${name} [%].`
    : "Correct the cell, or state its unit in the header, as in: name [unit].";
  return { where: place(name, line), found, expected: `${range}${unit}`, remedy };
}
