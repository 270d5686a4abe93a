import { CellwrightError } from "../errors.js";
import { conversionWarning, converter, createConversion } from "../units.js";
import { nearestName } from "./nearest-name.js";
import type { ParseOptions } from "./parse-options.js";
import type { ProblemList } from "./problem-list.js";
import { nameList, quoted } from "./quoted.js";
import { outcomeOfStandardError, withStandardColumns } from "./standard-columns.js";
import type { ColumnExpectation } from "./table.js";

/** One column of the table to be: which cell it is read from, and how. */
export interface ColumnTarget {
  readonly cell: number;
  readonly expectation: ColumnExpectation;
  /** Unit of the values in the table; empty where the expectation has none and the file states none. */
  readonly unit: string;
  /** From the unit of the file to `unit`; null where the values stay as they are. */
  readonly convert: ((value: number) => number) | null;
  /** Whether header or data package state the unit; where they do not, a fraction may stand for per cent. */
  readonly unitStated: boolean;
}

export interface ColumnPlan {
  readonly width: number;
  readonly targets: readonly ColumnTarget[];
  /** Cells of the header without a name: their columns must be empty. */
  readonly unnamed: readonly number[];
  readonly messages: readonly string[];
}

interface HeaderCell {
  readonly cell: number;
  readonly name: string;
  readonly unit: string | undefined;
}

/** Unknown columns for which a spelling is looked up. */
const SPELLING_LOOKUPS = 200;

/** Matches the header of a file with what is expected; every column that does not fit becomes a problem. */
export function matchColumns(
  header: readonly string[],
  line: number,
  options: ParseOptions,
  problems: ProblemList,
): ColumnPlan {
  const cells = header.map(readHeaderCell);
  const named = cells.filter(({ name }) => name !== "");
  const where = (name: string): string => `line ${line}, column ${name}`;
  refuseDuplicates(named, where, problems);
  const present = new Map(named.map((cell) => [cell.name, cell]));
  const expectations = new Map(withStandardColumns(options.expectations).map((one) => [one.name, one]));
  const messages: string[] = [];
  const targets: ColumnTarget[] = [];
  for (const expectation of expectations.values()) {
    const cell = present.get(expectation.name) ?? primaryKeyCell(expectation, present, options, messages);
    if (cell === undefined) continue;
    targets.push(
      planColumn(cell, expectation, { present, expectations, options, where, problems, messages }),
    );
  }
  reportUnmatched(present, expectations, options, line, problems, messages);
  return {
    width: header.length,
    targets,
    unnamed: cells.filter(({ name }) => name === "").map(({ cell }) => cell),
    messages,
  };
}

function readHeaderCell(text: string, cell: number): HeaderCell {
  const match = /^(.*?)\s*\[([^[\]]*)\]$/su.exec(text.trim());
  return match === null
    ? { cell, name: text.trim(), unit: undefined }
    : { cell, name: match[1]!.trim(), unit: match[2]!.trim() };
}

function refuseDuplicates(
  cells: readonly HeaderCell[],
  where: (name: string) => string,
  problems: ProblemList,
): void {
  const first = new Map<string, number>();
  for (const { name, cell } of cells) {
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, cell);
    else {
      problems.add({
        where: where(name),
        found: `the name twice (columns ${earlier + 1} and ${cell + 1})`,
        expected: "each column name once",
        remedy: "Rename or remove one of them.",
      });
    }
  }
}

/** The package's primary key stands in for the column `trial`. */
function primaryKeyCell(
  expectation: ColumnExpectation,
  present: ReadonlyMap<string, HeaderCell>,
  options: ParseOptions,
  messages: string[],
): HeaderCell | undefined {
  if (expectation.name !== "trial" || options.primaryKey === undefined) return undefined;
  const cell = present.get(options.primaryKey);
  if (cell !== undefined) messages.push(`Trials are named after the column ${cell.name}.`);
  return cell === undefined ? undefined : { ...cell, unit: undefined };
}

interface PlanContext {
  readonly present: ReadonlyMap<string, HeaderCell>;
  readonly expectations: ReadonlyMap<string, ColumnExpectation>;
  readonly options: ParseOptions;
  readonly where: (name: string) => string;
  readonly problems: ProblemList;
  readonly messages: string[];
}

function planColumn(cell: HeaderCell, expectation: ColumnExpectation, context: PlanContext): ColumnTarget {
  const identity = { cell: cell.cell, expectation, convert: null };
  if (expectation.kind === "text" || expectation.kind === "choice") {
    return { ...identity, unit: "", unitStated: true };
  }
  const stated = statedUnit(cell, context);
  const expected = expectation.unit;
  if (stated === "" && expected !== undefined) {
    context.problems.add({
      where: context.where(cell.name),
      found: "brackets without a unit",
      expected: `${cell.name} [${expected}], or no brackets`,
      remedy: "Correct the header.",
    });
  }
  if (stated === undefined || stated === "") return { ...identity, unit: expected ?? "", unitStated: false };
  if (stated === expected) return { ...identity, unit: expected, unitStated: true };
  if (expected === undefined) return { ...identity, unit: stated, unitStated: true };
  const convert = conversion(cell.name, stated, expected, context);
  return { ...identity, unit: expected, unitStated: true, convert };
}

/** Header, else data package; a standard error without a unit of its own takes that of its outcome's column. */
function statedUnit(cell: HeaderCell, context: PlanContext): string | undefined {
  const own = cell.unit ?? unitInPackage(cell.name, context.options);
  if (own !== undefined) return own;
  const outcome = outcomeOfStandardError(cell.name, context.expectations);
  if (outcome === undefined) return undefined;
  return context.present.get(outcome)?.unit ?? unitInPackage(outcome, context.options);
}

function unitInPackage(name: string, { schemaUnits }: ParseOptions): string | undefined {
  return schemaUnits !== undefined && Object.hasOwn(schemaUnits, name) ? schemaUnits[name] : undefined;
}

/** The conversion of one column; null where there is nothing to convert or the units do not fit (a problem then). */
function conversion(
  name: string,
  from: string,
  to: string,
  context: PlanContext,
): ((value: number) => number) | null {
  try {
    const { scale, offset } = converter(from, to);
    if (scale === 1 && offset === 0) return null;
    context.messages.push(`Column ${name} was converted from ${from} to ${to}.`);
    const warning = conversionWarning(from, to);
    if (warning !== null) context.messages.push(`Column ${name}: ${warning}.`);
    const isError = outcomeOfStandardError(name, context.expectations) !== undefined;
    return isError && offset !== 0 ? (value) => value * scale : createConversion(from, to);
  } catch (error) {
    if (!(error instanceof CellwrightError)) throw error;
    context.problems.add({
      where: context.where(name),
      found: `the unit ${quoted(from)}`,
      expected: `a unit that converts to ${to}`,
      remedy: error.problems[0]?.remedy ?? error.message,
    });
    return null;
  }
}

/** `temp (degC)` and `temp [degC` are written `temp [degC]`. */
function renameRemedy(name: string, written: string): string {
  const unit = /^[^([{]*[([{]\s*([^)\]}]*?)\s*[)\]}]?$/u.exec(written)?.[1];
  if (unit === undefined || unit === "")
    return `If ${quoted(written)} is meant, rename that column to ${name}.`;
  return `If ${quoted(written)} is meant, write its header as ${name} [${unit}].`;
}

function reportUnmatched(
  present: ReadonlyMap<string, HeaderCell>,
  expectations: ReadonlyMap<string, ColumnExpectation>,
  options: ParseOptions,
  line: number,
  problems: ProblemList,
  messages: string[],
): void {
  const ignored = [...present.keys()].filter(
    (name) => !expectations.has(name) && name !== options.primaryKey,
  );
  const absent = [...expectations.keys()].filter((name) => !present.has(name));
  const meant = new Map<string, string>();
  for (const name of ignored.slice(0, SPELLING_LOOKUPS)) {
    const near = nearestName(name, absent);
    if (near !== undefined) meant.set(near, name);
  }
  for (const name of absent) {
    const written = meant.get(name);
    if (expectations.get(name)?.required === true) {
      problems.add({
        where: `line ${line}`,
        found: `no column ${name}`,
        expected: `a column ${name}`,
        remedy: written === undefined ? "Add the column." : renameRemedy(name, written),
      });
    } else if (written !== undefined) {
      messages.push(`Column ${quoted(written)} is not known and was ignored. ${renameRemedy(name, written)}`);
    }
  }
  const guessed = new Set(meant.values());
  const others = ignored.filter((name) => !guessed.has(name));
  if (others.length > 0) messages.push(`Ignored columns: ${nameList(others)}.`);
}
