import { readFileSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { type Document, LineCounter, isMap, parseDocument } from "yaml";
import { CellwrightError, type Problem } from "../errors.js";

/** A campaign file as read: the plain object, and the lines of its entries for messages. */
export interface CampaignFile {
  /** Absolute path. */
  readonly path: string;
  /** Folder that relative names in the file refer to. */
  readonly folder: string;
  readonly content: unknown;
  /** Adds the line of each problem's path to it. */
  locate(problems: readonly Problem[]): readonly Problem[];
}

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
  if (document.errors.length > 0) {
    throw invalid(
      path,
      document.errors.map((error) => ({
        where: `line ${lines.linePos(error.pos[0]).line}`,
        found: error.message.replace(/\s+/g, " "),
        expected: "valid YAML or JSON",
      })),
    );
  }
  return {
    path: absolute,
    folder: dirname(absolute),
    content: plainObject(document, path),
    locate: (problems) => problems.map((problem) => withLine(problem, document, lines)),
  };
}

function readText(absolute: string, shown: string): string {
  try {
    const { size } = statSync(absolute);
    if (size > MAX_BYTES) {
      throw new CellwrightError(
        "CAMPAIGN_INVALID",
        `${shown} has ${size} bytes; a campaign file has at most ${MAX_BYTES}. Is it the data? Name that with --data.`,
      );
    }
    return readFileSync(absolute, "utf8");
  } catch (cause) {
    if (cause instanceof CellwrightError) throw cause;
    throw new CellwrightError("FILE_UNREADABLE", unreadable(shown, cause as NodeJS.ErrnoException), {
      cause,
    });
  }
}

function unreadable(shown: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "ENOENT":
      return `There is no file ${shown}. Make one with: cellwright init calendering`;
    case "EISDIR":
      return `${shown} is a folder, not a campaign file. Name the *.campaign.yaml inside it.`;
    case "EACCES":
      return `No permission to read ${shown}.`;
    default:
      return `Cannot read ${shown}: ${error.message}`;
  }
}

function plainObject(document: Document.Parsed, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw invalid(
      path,
      [
        {
          where: basename(path),
          found: (cause as Error).message,
          expected: `at most ${MAX_ALIASES} uses of YAML aliases`,
          remedy: "Write the repeated part out.",
        },
      ],
      cause,
    );
  }
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
