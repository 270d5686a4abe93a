import type { Problem } from "../errors.js";
import { dataInvalid } from "./problem-list.js";

const LF = 0x0a;

/** First bytes of files that are no UTF-8 text, and what to do about them. */
const SIGNATURES: readonly {
  readonly bytes: readonly number[];
  readonly found: string;
  readonly remedy: string;
}[] = [
  { bytes: [0xff, 0xfe], found: "UTF-16 text", remedy: 'Save the file as "CSV UTF-8".' },
  { bytes: [0xfe, 0xff], found: "UTF-16 text", remedy: 'Save the file as "CSV UTF-8".' },
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    found: "a ZIP file",
    remedy: "Name an Excel workbook .xlsx, or unpack the archive.",
  },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0],
    found: "an Excel 97 workbook (.xls)",
    remedy: "Save it as .xlsx or as CSV UTF-8.",
  },
  { bytes: [0x1f, 0x8b], found: "a gzip file", remedy: "Unpack it first." },
];

/** What a file is if its first bytes give it away as something else than UTF-8 text. */
export function foreignFormat(
  start: Uint8Array,
): { readonly found: string; readonly remedy: string } | undefined {
  return SIGNATURES.find(({ bytes }) => bytes.every((byte, i) => start[i] === byte));
}

export function nulProblem(line: number): Problem {
  return {
    where: `line ${line}`,
    found: "a NUL byte",
    expected: "UTF-8 text",
    remedy: 'The file is binary or UTF-16: save it as "CSV UTF-8".',
  };
}

/**
 * A check of a file's bytes, chunk by chunk: UTF-8 and no NUL. Decoders replace bad bytes in silence, so they are
 * refused before anything is decoded.
 *
 * @throws CellwrightError DATA_INVALID (from the returned function) with the line and what the file probably is.
 */
export function createTextCheck(source: string): (chunk: Uint8Array, isLast: boolean) => void {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let linesBefore = 0;
  let isFirst = true;
  return (chunk, isLast) => {
    const foreign = isFirst ? foreignFormat(chunk) : undefined;
    if (foreign !== undefined) {
      throw dataInvalid(source, [
        { where: "file", expected: "UTF-8 text separated by , ; or tab", ...foreign },
      ]);
    }
    if (chunk.length > 0) isFirst = false;
    const nul = chunk.indexOf(0);
    if (nul >= 0)
      throw dataInvalid(source, [nulProblem(linesBefore + countLines(chunk.subarray(0, nul)) + 1)]);
    try {
      decoder.decode(chunk, { stream: !isLast });
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      throw dataInvalid(source, [encodingProblem(linesBefore + linesBeforeBadByte(chunk) + 1)]);
    }
    linesBefore += countLines(chunk);
  };
}

function encodingProblem(line: number): Problem {
  return {
    where: `line ${line}`,
    found: "bytes that are not UTF-8 (often Windows-1252 or Latin-1: µ, °, ², ä)",
    expected: "UTF-8 text",
    remedy: 'Save the file as "CSV UTF-8".',
  };
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let i = bytes.indexOf(LF); i >= 0; i = bytes.indexOf(LF, i + 1)) count += 1;
  return count;
}

/**
 * Whole lines before the one that cannot be decoded. The chunk may begin and end inside a character; where every whole
 * line of it decodes, the fault lies where it joins the previous chunk.
 */
function linesBeforeBadByte(chunk: Uint8Array): number {
  let start = 0;
  while (start < Math.min(3, chunk.length) && (chunk[start]! & 0xc0) === 0x80) start += 1;
  for (let lines = 0; ; lines += 1) {
    const end = chunk.indexOf(LF, start);
    const line = chunk.subarray(start, end < 0 ? chunk.length : end);
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(line, { stream: end < 0 });
    } catch {
      return lines;
    }
    if (end < 0) return 0;
    start = end + 1;
  }
}
