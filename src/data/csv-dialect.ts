import type { DecimalMark, Delimiter, ParseOptions } from "./parse-options.js";
import { dataInvalid } from "./problem-list.js";
import { quoted } from "./quoted.js";

/** How a CSV is written: what separates its cells, which decimal mark it uses, and how many lines precede the header. */
export interface CsvDialect {
  readonly delimiter: Delimiter;
  readonly decimal: DecimalMark | "detect";
  /** 1 where the file opens with the line `sep=;` of spreadsheet programs. */
  readonly skippedLines: 0 | 1;
}

const DELIMITERS: readonly Delimiter[] = [",", ";", "\t"];
/** Records after the header on which a separator is tried. */
const TRIED_RECORDS = 20;
/** Characters of a file that `findDialect` wants to see. */
export const PREVIEW_CHARACTERS = 65_536;

/**
 * Finds how a CSV is written from its first characters; what the options declare is taken as it is.
 *
 * A decimal comma is detected only where `;` or tab separate the cells: in files separated by commas it is declared.
 *
 * @throws CellwrightError DATA_INVALID if two separators fit equally well.
 */
export function findDialect(preview: string, options: ParseOptions): CsvDialect {
  const text = preview.startsWith("\ufeff") ? preview.slice(1) : preview;
  const hint = /^sep=([,;\t])\r?(?:\n|$)/iu.exec(text);
  const body = hint === null ? text : text.slice(hint[0].length);
  const delimiter =
    options.delimiter ?? (hint?.[1] as Delimiter | undefined) ?? detectDelimiter(body, options);
  const decimal = options.decimal ?? (delimiter === "," ? "." : "detect");
  return { delimiter, decimal, skippedLines: hint === null ? 0 : 1 };
}

function detectDelimiter(text: string, options: ParseOptions): Delimiter {
  if (options.decimal !== ",") return bestDelimiter(text, DELIMITERS, options) ?? ",";
  // A file may separate cells by commas and quote its decimal commas; unquoted ones would split numbers.
  return bestDelimiter(text, [";", "\t"], options) ?? bestDelimiter(text, [","], options) ?? ";";
}

function bestDelimiter(
  text: string,
  candidates: readonly Delimiter[],
  options: ParseOptions,
): Delimiter | undefined {
  const tried = candidates
    .map((delimiter) => ({ delimiter, widths: recordWidths(text, delimiter) }))
    .map(({ delimiter, widths }) => ({
      delimiter,
      width: widths[0] ?? 1,
      even: widths.every((one) => one === widths[0]),
    }))
    .filter(({ width }) => width > 1);
  const even = tried.filter((one) => one.even);
  const pool = even.length > 0 ? even : tried;
  const best = Math.max(...pool.map(({ width }) => width));
  const [first, second] = pool.filter(({ width }) => width === best);
  if (second === undefined) return first?.delimiter;
  throw dataInvalid(options.source, [
    {
      where: "line 1",
      found: `a header that ${quoted(first!.delimiter)} and ${quoted(second.delimiter)} split into ${best} cells alike`,
      expected: "one separator of cells",
      remedy: "Declare the separator: sep=; (or sep=,) as the first line of the file.",
    },
  ]);
}

/** Cells in each of the first records when `delimiter` separates them; a record cut by the end of the preview is left out. */
function recordWidths(text: string, delimiter: Delimiter): readonly number[] {
  const widths: number[] = [];
  let width = 1;
  let inQuotes = false;
  let empty = true;
  for (let i = 0; i < text.length && widths.length <= TRIED_RECORDS; i += 1) {
    const character = text[i];
    if (character === '"') inQuotes = !inQuotes;
    else if (inQuotes) continue;
    else if (character === "\n" || character === "\r") {
      if (!empty) widths.push(width);
      width = 1;
      empty = true;
      continue;
    } else if (character === delimiter) width += 1;
    empty = false;
  }
  const complete = text.length < PREVIEW_CHARACTERS;
  if (!empty && !inQuotes && (complete || widths.length === 0)) widths.push(width);
  return widths;
}
