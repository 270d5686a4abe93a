import type { Problem } from "../errors.js";
import { quoted } from "./quoted.js";
import type { DecimalMark } from "./parse-options.js";

const POINT_NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/u;
const COMMA_NUMBER = /^[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?$/u;
/** `1,234` may be 1.234 or 1234; `0,234` and `1,23` can only be a decimal comma. */
const THOUSANDS_OR_COMMA = /^[+-]?[1-9]\d{0,2},\d{3}$/u;

/** Where a number was met whose decimal mark says something about the file. */
interface Evidence {
  readonly text: string;
  readonly line: number;
  readonly column: string;
}

/** Reads the numbers of one file with its decimal mark, declared or found out on the way. */
export interface NumberReader {
  /** The number that a trimmed text writes, or NaN where it writes none (`numberProblem` says why). */
  readonly read: (text: string, line: number, column: string) => number;
  readonly decimal: DecimalMark | "detect";
  /** What a whole file tells about its decimal mark: a problem if it stays open, a message if it was the comma. */
  verdict(): { readonly problem?: Problem; readonly message?: string };
}

/** @param decimal - `detect` where the file may use either mark; a file that uses both, or leaves it open, is refused. */
export function createNumberReader(decimal: DecimalMark | "detect"): NumberReader {
  let point: Evidence | undefined;
  let comma: Evidence | undefined;
  let open: Evidence | undefined;
  const readEither = (text: string, line: number, column: string): number => {
    if (POINT_NUMBER.test(text)) {
      if (point === undefined && text.includes(".")) point = { text, line, column };
      return Number(text);
    }
    if (!COMMA_NUMBER.test(text)) return Number.NaN;
    if (THOUSANDS_OR_COMMA.test(text)) open ??= { text, line, column };
    else comma ??= { text, line, column };
    return Number(text.replace(",", "."));
  };
  const readComma = (text: string): number => {
    if (COMMA_NUMBER.test(text)) return Number(text.replace(",", "."));
    return POINT_NUMBER.test(text) && !text.includes(".") ? Number(text) : Number.NaN;
  };
  return {
    decimal,
    read(text, line, column) {
      if (decimal === ".") return POINT_NUMBER.test(text) ? Number(text) : Number.NaN;
      return decimal === "," ? readComma(text) : readEither(text, line, column);
    },
    verdict: () => (decimal === "detect" ? judgeDecimal(point, comma, open) : {}),
  };
}

function judgeDecimal(
  point?: Evidence,
  comma?: Evidence,
  open?: Evidence,
): ReturnType<NumberReader["verdict"]> {
  const remedy =
    "Declare the decimal mark (--decimal point or comma), and write numbers without thousands separators.";
  const at = ({ text, line, column }: Evidence): string => `${quoted(text)} (line ${line}, column ${column})`;
  if (comma !== undefined && point !== undefined) {
    const found = `decimal commas, as in ${at(comma)}, and decimal points, as in ${at(point)}`;
    return { problem: { where: "numbers", found, expected: "one decimal mark in the whole file", remedy } };
  }
  if (open !== undefined && comma === undefined) {
    const found = `${at(open)}, which may be a decimal comma or a thousands separator`;
    return { problem: { where: "numbers", found, expected: "numbers that can be read in one way", remedy } };
  }
  return comma === undefined ? {} : { message: `Decimal commas were read, as in ${at(comma)}.` };
}

const MISSING_WORD = /^(?:n\/?a|nil|none|null|missing|-+|\?|#.*)$/iu;
const NON_FINITE_WORD = /^[+-]?(?:nan|inf|infinity|∞)$/iu;
const NUMBER_WITH_UNIT = /^[+-]?[\d.,]+\s*[^\d\s.,eE+-][^\d]*$/u;
const GROUPED_NUMBER = /^[+-]?\d{1,3}(?:[ ,.'\u00a0\u202f]\d{3})+(?:[.,]\d+)?$/u;

/** Why a text is not a number, with what to do about it. */
export function numberProblem(
  text: string,
  decimal: DecimalMark | "detect",
): Pick<Problem, "expected" | "remedy"> {
  if (NON_FINITE_WORD.test(text) || MISSING_WORD.test(text)) {
    return { expected: "a finite number", remedy: "Leave the cell empty where nothing was measured." };
  }
  if (decimal === "." && COMMA_NUMBER.test(text)) {
    return {
      expected: "a number with a decimal point",
      remedy: "Declare the decimal comma: --decimal comma.",
    };
  }
  if (decimal === "," && POINT_NUMBER.test(text)) {
    return {
      expected: "a number with a decimal comma",
      remedy: "Declare the decimal point: --decimal point.",
    };
  }
  if (GROUPED_NUMBER.test(text)) {
    return { expected: "a number", remedy: "Write numbers without thousands separators." };
  }
  if (NUMBER_WITH_UNIT.test(text)) {
    return { expected: "a number", remedy: "Write the unit into the header, as in: name [unit]." };
  }
  return { expected: "a number", remedy: "Correct the cell, or leave it empty where nothing was measured." };
}
