import type { z } from "zod";
import type { Problem } from "../errors.js";

/** Problems of a damaged file that are listed: nobody mends a record by hand, and one fault makes many. */
const LISTED = 5;
const SHOWN_CHARACTERS = 60;

/** What a record holds where its schema expects something else, in words. */
export function recordProblems(issues: readonly z.core.$ZodIssue[], root: unknown): Problem[] {
  return issues.slice(0, LISTED).map((issue) => ({
    where: issue.path.length === 0 ? "the file" : issue.path.map(String).join("."),
    found: shown(valueAt(root, issue.path)),
    expected: issue.message
      .replace(/^Invalid (?:input|option): expected /u, "")
      .replace(/, received .*$/u, "")
      .replaceAll('"|"', '", "'),
  }));
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Readonly<Record<PropertyKey, unknown>>)[key]
        : undefined,
    root,
  );
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
