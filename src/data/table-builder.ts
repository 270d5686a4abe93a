import type { Problem } from "../errors.js";
import type { ColumnBuilder, RawCell } from "./column-builder.js";
import { createNumberStore } from "./column-store.js";
import { type ColumnPlan, type ColumnTarget, matchColumns } from "./match-columns.js";
import { createNumberColumn } from "./number-column.js";
import type { DecimalMark, ParseOptions } from "./parse-options.js";
import {
  createProblemList,
  dataInvalid,
  leftOutMessages,
  LISTED_PROBLEMS,
  type ProblemList,
} from "./problem-list.js";
import { quoted } from "./quoted.js";
import { createNumberReader, type NumberReader } from "./read-number.js";
import type { RefusedRows, Table } from "./table.js";
import { createTextColumn } from "./text-column.js";

/** Turns the records of any kind of file into a validated table; the first record is the header. */
export interface TableBuilder {
  /** Takes one record and the line on which it starts. */
  add(cells: readonly RawCell[], line: number): void;
  /** Counts a record that could not be split into cells as a refused row. */
  refuseRow(problem: Problem): void;
  /** Notes what makes the file as a whole unreadable. */
  refuseFile(problem: Problem): void;
  /** Rows taken so far. */
  readonly rowCount: number;
  /** @throws CellwrightError DATA_INVALID with every problem found. */
  finish(): Table;
}

interface TableBuilderOptions {
  readonly decimal: DecimalMark | "detect";
  readonly doubtStatedPercent?: boolean;
  readonly messages?: readonly string[];
}

interface Columns {
  readonly plan: ColumnPlan;
  readonly builders: readonly { readonly cell: number; readonly column: ColumnBuilder }[];
  readonly ids: readonly IdCheck[];
}

export function createTableBuilder(options: ParseOptions, settings: TableBuilderOptions): TableBuilder {
  const fileProblems = createProblemList();
  const rowProblems = createProblemList();
  const numbers = createNumberReader(settings.decimal);
  const lines = createNumberStore();
  let columns: Columns | undefined;
  let rowCount = 0;
  let refusedRows = 0;
  let lastRefused: string | undefined;
  let blankRows = 0;
  const addRow = (cells: readonly RawCell[], line: number, { plan, builders, ids }: Columns): void => {
    const before = rowProblems.count;
    checkWidth(cells, plan, line, rowProblems);
    if (rowProblems.count === before) {
      for (const id of ids) id(cells, line, rowProblems);
      for (const { cell, column } of builders) {
        const problem = column.accept(cells[cell] ?? null, line);
        if (problem !== undefined) rowProblems.add(problem);
      }
    }
    if (rowProblems.count > before) refusedRows += 1;
    else {
      for (const { column } of builders) column.keep();
      lines.push(line);
      rowCount += 1;
    }
  };
  return {
    add(cells, line) {
      if (cells.every(isBlank)) blankRows += columns === undefined ? 0 : 1;
      else if (columns !== undefined) addRow(cells, line, columns);
      else columns = startColumns(cells, line, options, settings, numbers, fileProblems);
    },
    refuseRow(problem) {
      // A record with several faults is met once for each.
      if (problem.where === lastRefused) return;
      lastRefused = problem.where;
      rowProblems.add(problem);
      refusedRows += 1;
    },
    refuseFile: (problem) => fileProblems.add(problem),
    get rowCount() {
      return rowCount;
    },
    finish() {
      const verdict = numbers.verdict();
      if (verdict.problem !== undefined) fileProblems.add(verdict.problem);
      const explained = fileProblems.count > 0 || (refusedRows > 0 && options.skipInvalid !== true);
      if (columns === undefined && !explained) fileProblems.add(noHeader());
      for (const { column } of columns?.builders ?? [])
        column.problems().forEach((one) => fileProblems.add(one));
      throwProblems(options, fileProblems, rowProblems);
      const refused: RefusedRows = {
        rows: refusedRows,
        problemCount: rowProblems.count,
        problems: rowProblems.listed,
      };
      const { plan, builders } = columns!;
      return {
        rowCount,
        columns: new Map(
          builders.map(({ column }) => column.finish()).map((column) => [column.name, column]),
        ),
        lines: Uint32Array.from(lines.take()),
        source: options.source,
        messages: [
          ...(settings.messages ?? []),
          ...plan.messages,
          ...(verdict.message === undefined ? [] : [verdict.message]),
          ...builders.flatMap(({ column }) => column.messages()),
          ...countMessages(options.source, rowCount, blankRows, refused),
        ],
        ...(refusedRows > 0 ? { refused } : {}),
      };
    },
  };
}

function isBlank(cell: RawCell): boolean {
  return cell === null || (typeof cell === "string" && cell.trim() === "");
}

function noHeader(): Problem {
  return {
    where: "file",
    found: "nothing",
    expected: "a first line with the names of the columns",
    remedy: "Start from the template that `cellwright init` writes.",
  };
}

function startColumns(
  header: readonly RawCell[],
  line: number,
  options: ParseOptions,
  settings: TableBuilderOptions,
  numbers: NumberReader,
  problems: ProblemList,
): Columns {
  const names = header.map((cell) => (cell === null ? "" : String(cell)));
  const plan = matchColumns(names, line, options, problems);
  const numeric = { numbers, doubtStatedPercent: settings.doubtStatedPercent === true };
  const isText = ({ kind }: ColumnTarget["expectation"]): boolean => kind === "text" || kind === "choice";
  const builders = plan.targets.map((target) => ({
    cell: target.cell,
    column: isText(target.expectation) ? createTextColumn(target) : createNumberColumn(target, numeric),
  }));
  const idCells = new Map(
    plan.targets
      .filter(({ expectation }) => expectation.role === "id")
      .map(({ cell, expectation }) => [cell, expectation.name]),
  );
  return { plan, builders, ids: [...idCells].map(([cell, name]) => createIdCheck(cell, name)) };
}

type IdCheck = (cells: readonly RawCell[], line: number, problems: ProblemList) => void;

/** Refuses an id that an earlier row has. */
function createIdCheck(cell: number, name: string): IdCheck {
  const firstLine = new Map<string, number>();
  return (cells, line, problems) => {
    const id = String(cells[cell] ?? "").trim();
    const earlier = firstLine.get(id);
    if (id === "") return;
    if (earlier === undefined) firstLine.set(id, line);
    else {
      problems.add({
        where: `line ${line}, column ${name}`,
        found: `${quoted(id)} again (first in line ${earlier})`,
        expected: "each id once",
        remedy: "Give the row an id of its own, or remove the copy.",
      });
    }
  };
}

function checkWidth(cells: readonly RawCell[], plan: ColumnPlan, line: number, problems: ProblemList): void {
  const extra = cells.length > plan.width && !cells.slice(plan.width).every(isBlank);
  if (cells.length < plan.width || extra) {
    problems.add({
      where: `line ${line}`,
      found: `${cells.length} cells`,
      expected: `${plan.width}, as in the header`,
      remedy:
        "Quote cells that hold the separator (a decimal comma, too), or declare the separator: sep=; as the first line.",
    });
    return;
  }
  for (const cell of plan.unnamed) {
    if (isBlank(cells[cell] ?? null)) continue;
    const where = `line ${line}, column ${cell + 1}`;
    problems.add({
      where,
      found: quoted(String(cells[cell])),
      expected: "nothing: the header has no name there",
      remedy: "Name the column.",
    });
  }
}

/** @throws CellwrightError DATA_INVALID unless only rows are bad and the caller asked to skip them. */
function throwProblems(options: ParseOptions, file: ProblemList, rows: ProblemList): void {
  if (file.count === 0 && (rows.count === 0 || options.skipInvalid === true)) return;
  const listed = [...file.listed, ...rows.listed].slice(0, LISTED_PROBLEMS);
  throw dataInvalid(options.source, listed, file.count + rows.count);
}

function countMessages(
  source: string,
  rowCount: number,
  blankRows: number,
  refused: RefusedRows,
): readonly string[] {
  const messages: string[] = [];
  if (blankRows > 0)
    messages.push(
      blankRows === 1 ? "1 empty row was passed over." : `${blankRows} empty rows were passed over.`,
    );
  messages.push(...leftOutMessages(refused.rows, refused.problems, refused.problemCount));
  if (rowCount === 0)
    messages.push(refused.rows > 0 ? `${source} has no valid row.` : `${source} has a header but no rows.`);
  return messages;
}
