import { readFileSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { type Document, LineCounter, isMap, parseDocument } from "yaml";
import { createTextCheck } from "../data/text-check.js";
import { CellwrightError, type ErrorCode, type Problem } from "../errors.js";
import { systemCode, unreadableFile } from "./file-error.js";
import { foreignComment, yamlProblems } from "./yaml-problems.js";

/** A campaign file as read: the plain object, and the lines of its entries for messages. */
export interface CampaignFile {
  /** Absolute path. */
  readonly path: string;
  /** The path as the user typed it, for messages. */
  readonly name: string;
  /** Folder that relative names in the file refer to. */
  readonly folder: string;
  readonly content: unknown;
  /** The error with the file's name, and with the line of each problem's path; other errors as they are. */
  located(error: unknown): unknown;
}

/** Errors whose problems may lie in the campaign file. */
const LOCATED: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["CAMPAIGN_INVALID", "SPACE_UNSATISFIABLE"]);
const DATA_FILE = /\.(?:csv|tsv|xlsx?|db)$/iu;
/** A campaign file is written by hand; a megabyte is a mistake or an attack (assumption). */
const MAX_BYTES = 1_000_000;
/** Enough for hand-made anchors, too few for an exponential expansion. */
const MAX_ALIASES = 20;

/**
 * Reads a campaign file (YAML 1.2 or JSON, which is YAML).
 *
 * @throws CellwrightError FILE_UNREADABLE if there is no such readable file; CAMPAIGN_INVALID if it is not YAML.
 */
export function readCampaignFile(path: string, cwd: string): CampaignFile {
  const absolute = resolve(cwd, path);
  const text = readText(absolute, path);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const comment = foreignComment(text, lines);
  if (comment !== undefined) throw invalid(path, [comment]);
  if (document.errors.length > 0) throw invalid(path, yamlProblems(document.errors, text, lines));
  if (document.contents === null) throw invalid(path, [EMPTY]);
  return {
    path: absolute,
    name: path,
    folder: dirname(absolute),
    content: plainObject(document, path),
    located(error) {
      if (!(error instanceof CellwrightError) || !LOCATED.has(error.code)) return error;
      const problems = inOrderOfLines(error.problems.map((problem) => withLine(problem, document, lines)));
      const { summary } = error.details;
      const details =
        typeof summary === "string" ? { ...error.details, summary: `${path}: ${summary}` } : error.details;
      return new CellwrightError(error.code, `${path}: ${error.message}`, {
        problems,
        details,
        cause: error,
      });
    },
  };
}

const EMPTY: Problem = {
  where: "file",
  found: "nothing",
  expected: "a campaign",
  remedy: "Start from the file that `cellwright init` writes.",
};

function readText(absolute: string, shown: string): string {
  const bytes = readBytes(absolute, shown);
  try {
    createTextCheck(shown)(bytes, true);
  } catch (cause) {
    if (!(cause instanceof CellwrightError)) throw cause;
    const expected = "UTF-8 text";
    const remedy = "Save the campaign as plain UTF-8 text.";
    throw invalid(
      shown,
      cause.problems.map((problem) => ({ ...problem, expected, remedy })),
      cause,
    );
  }
  return new TextDecoder().decode(bytes); // drops a byte order mark
}

function readBytes(absolute: string, shown: string): Uint8Array {
  try {
    const { size } = statSync(absolute);
    if (size > MAX_BYTES || DATA_FILE.test(absolute)) {
      throw new CellwrightError(
        "CAMPAIGN_INVALID",
        `${shown} is no campaign file${size > MAX_BYTES ? `: it has ${size} bytes, and a campaign at most ${MAX_BYTES}` : ""}. Is it the data? Name the campaign first and the data with --data.`,
      );
    }
    return readFileSync(absolute);
  } catch (cause) {
    throw unreadable(shown, cause);
  }
}

function unreadable(shown: string, cause: unknown): unknown {
  const why: Readonly<Record<string, string>> = {
    ENOENT: `There is no file ${shown}. Correct the path, or make one with: cellwright init calendering`,
    EISDIR: `${shown} is a folder, not a campaign file. Name the *.campaign.yaml inside it.`,
  };
  const code = systemCode(cause);
  if (code === undefined || !Object.hasOwn(why, code)) return unreadableFile(shown, cause);
  return new CellwrightError("FILE_UNREADABLE", why[code]!, { details: { path: shown, code }, cause });
}

function plainObject(document: Document.Parsed, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw invalid(path, [aliasProblem(path, (cause as Error).message)], cause);
  }
}

/** The reader knows two faults of aliases: one that stands for nothing, and too many. */
function aliasProblem(path: string, message: string): Problem {
  const name = /^Unresolved alias.*: (.+)$/u.exec(message)?.[1];
  return name === undefined
    ? {
        where: basename(path),
        found: "more",
        expected: `at most ${MAX_ALIASES} uses of YAML aliases`,
        remedy: "Write the repeated part out.",
      }
    : {
        where: basename(path),
        found: `*${name}`,
        expected: `&${name} above it`,
        remedy: "Write the value out, or quote a text that begins with *.",
      };
}

function invalid(path: string, problems: readonly Problem[], cause?: unknown): CellwrightError {
  return new CellwrightError("CAMPAIGN_INVALID", `${path} cannot be read as a campaign.`, {
    problems,
    cause,
  });
}

/** The line of the deepest part of `parameters.line_load.max` that the file holds. */
function withLine(problem: Problem, document: Document.Parsed, lines: LineCounter): Problem {
  const path = problem.where.replace(/\[(\d+)\]/g, ".$1").split(".");
  for (let length = path.length; length > 0; length--) {
    const keys = path.slice(0, length).map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    const offset = keyOffset(document, keys);
    if (offset !== undefined)
      return { ...problem, where: `line ${lines.linePos(offset).line}, ${problem.where}` };
  }
  return problem;
}

/** As a person works through a file: top down, what has no line last. */
function inOrderOfLines(problems: readonly Problem[]): readonly Problem[] {
  const line = ({ where }: Problem): number => Number(/^line (\d+)/u.exec(where)?.[1] ?? Infinity);
  return problems.toSorted((a, b) => {
    const [first, second] = [line(a), line(b)];
    return first === second ? 0 : first - second;
  });
}

function keyOffset(document: Document.Parsed, keys: readonly (string | number)[]): number | undefined {
  const parent = keys.length === 1 ? document.contents : document.getIn(keys.slice(0, -1), true);
  const last = keys.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => String(item.key) === String(last));
    const key = pair?.key as { range?: [number, number, number] } | undefined;
    return key?.range?.[0];
  }
  const node = document.getIn(keys, true) as { range?: [number, number, number] } | undefined;
  return node?.range?.[0];
}
