import type { LineCounter, YAMLError } from "yaml";
import type { Problem } from "../errors.js";

/** One mistake confuses the reader about what follows: more would be noise. */
const LISTED = 5;
const SHOWN_CHARACTERS = 60;

type Words = Pick<Problem, "found" | "expected" | "remedy">;

/** What is wrong with the YAML or JSON of a file, in words and with lines. */
export function yamlProblems(errors: readonly YAMLError[], text: string, lines: LineCounter): Problem[] {
  const byLine = new Map<number, Problem>();
  for (const error of errors) {
    const { line } = lines.linePos(error.pos[0]);
    if (!byLine.has(line))
      byLine.set(line, { where: `line ${line}`, ...wordsFor(error, text, lineAt(text, line)) });
  }
  return [...byLine.values()].slice(0, LISTED);
}

function lineAt(text: string, line: number): string {
  const found = (text.split(/\r\n|\r|\n/u)[line - 1] ?? "").trim();
  return found === "" ? "the end of the file" : quotedShort(found);
}

const quotedShort = (text: string): string =>
  `"${text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text}"`;

function wordsFor(error: YAMLError, text: string, line: string): Words {
  const at = text.slice(error.pos[0], error.pos[0] + 200);
  switch (error.code) {
    case "DUPLICATE_KEY":
      return {
        found: `${quotedShort(/^(?:"([^"]*)"|'([^']*)'|([^:\s,}]+))/u.exec(at)?.slice(1).find(Boolean) ?? line)} again`,
        expected: "each name once",
        remedy: "Remove or rename one of them.",
      };
    case "TAB_AS_INDENT":
      return {
        found: "a tab before the first word",
        expected: "blanks",
        remedy: "Indent with blanks, not with tabs.",
      };
    case "BAD_INDENT":
      return {
        found: line,
        expected: "the indentation of its neighbours",
        remedy: "Align it with the lines around it.",
      };
    case "BAD_SCALAR_START":
    case "BAD_ALIAS":
    case "BAD_DIRECTIVE":
      return { found: line, expected: 'quotation marks around %, *, @ and the like, as in unit: "%"' };
    case "MULTIPLE_DOCS":
      return {
        found: "a second campaign, behind ---",
        expected: "one campaign in a file",
        remedy: "Write a file for each.",
      };
    case "BLOCK_AS_IMPLICIT_KEY":
    case "MULTILINE_IMPLICIT_KEY":
      return {
        found: line,
        expected: "one name and one value",
        remedy: "Quote text that holds a colon, or begin a new line.",
      };
    case "BLOCK_IN_FLOW":
      return {
        found: line,
        expected: "a comma between the entries of { } and [ ]",
        remedy: "Add the comma, or close the bracket.",
      };
    case "MISSING_CHAR":
      return missingCharacter(error, line);
    case "RESOURCE_EXHAUSTION":
      return { found: "nesting without end", expected: "a flat file", remedy: "Remove the nesting." };
    default:
      return error.message.startsWith("Maximum call stack")
        ? { found: "nesting without end", expected: "a flat file", remedy: "Remove the nesting." }
        : {
            found: line,
            expected: "YAML or JSON",
            remedy: "Look for a missing quotation mark, comma or bracket.",
          };
  }
}

function missingCharacter(error: YAMLError, line: string): Words {
  if (error.message.includes("quote"))
    return { found: "a quotation mark that is never closed", expected: "two of a kind", remedy: "Close it." };
  if (error.message.includes("doc-start") || error.message.includes("directives-end"))
    return {
      found: line,
      expected: "a campaign in YAML or JSON",
      remedy: "Is it another kind of file? `cellwright init` writes one to start from.",
    };
  return {
    found: line,
    expected: "a comma, a colon or a closing bracket",
    remedy: "Add what is missing in or above this line.",
  };
}

/** A comment as JavaScript has it: JSON has none, and this reader takes the one of YAML. */
export function foreignComment(text: string, lines: LineCounter): Problem | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"|(?<=^|[\s,{[])(\/\/|\/\*)[^\n]*/gu)) {
    if (match[1] === undefined) continue;
    return {
      where: `line ${lines.linePos(match.index).line}`,
      found: `the comment ${quotedShort(match[0].trim())}`,
      expected: "comments that begin with #",
      remedy: `Write # in place of ${match[1]}, or remove the comments.`,
    };
  }
  return undefined;
}
