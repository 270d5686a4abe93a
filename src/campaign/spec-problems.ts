import { z } from "zod";
import { nearestName } from "../data/nearest-name.js";
import type { Problem } from "../errors.js";
import { campaignSpecSchema } from "./campaign-spec.js";

/** Deepest nesting of a campaign file: the format needs five levels, materials may add some (assumption). */
const MAX_DEPTH = 10;
/** Most values in a campaign file (assumption: a hundred parameters of a thousand choices each fit). */
const MAX_VALUES = 150_000;
const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

/** What a value is, in a few words, for messages. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "an empty value";
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}…` : value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") {
    const keys = Object.keys(value);
    return keys.length === 0
      ? "an empty object"
      : `an object with ${keys.slice(0, 6).join(", ")}${keys.length > 6 ? ", …" : ""}`;
  }
  return typeof value === "number" || typeof value === "boolean" ? String(value) : `a ${typeof value}`;
}

/** `parameters.line_load.values[2]` from the keys that lead there. */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = "";
  for (const key of path) {
    text += typeof key === "number" ? `[${key}]` : `${text === "" ? "" : "."}${String(key)}`;
  }
  return text === "" ? "the campaign" : text;
}

/**
 * What no campaign holds, found before any field is looked at: foreign kinds of values, keys that could reach an
 * object's prototype, nesting without end, sizes that no campaign has, numbers that are none. Only the last are not
 * fatal: beside them the fields can be read, and their problems listed too.
 */
export function hostileProblems(raw: unknown): {
  readonly problems: readonly Problem[];
  readonly fatal: boolean;
} {
  const problems: Problem[] = [];
  let harmless = 0;
  let values = 0;
  const visit = (value: unknown, path: readonly PropertyKey[]): void => {
    values++;
    if (values > MAX_VALUES || problems.length >= 20) return;
    if (path.length > MAX_DEPTH) problems.push(tooDeep(path));
    else if (Array.isArray(value)) for (const [i, entry] of value.entries()) visit(entry, [...path, i]);
    else if (isPlainObject(value)) {
      for (const key of Object.keys(value)) {
        if (FORBIDDEN_KEYS.has(key)) problems.push(forbiddenName([...path, key]));
        else visit(value[key], [...path, key]);
      }
    } else if (!isScalar(value)) {
      if (typeof value === "number") harmless++;
      const expected =
        typeof value === "number" ? "a finite number" : "text, a number, true or false, a list or an object";
      problems.push({ where: formatPath(path), found: describeValue(value), expected });
    }
  };
  visit(raw, []);
  if (values > MAX_VALUES) {
    const remedy = "Is it the data? Name that with `data:`.";
    problems.push({
      where: "the campaign",
      found: `more than ${MAX_VALUES} values`,
      expected: `at most ${MAX_VALUES}`,
      remedy,
    });
  }
  return { problems, fatal: problems.length > harmless };
}

function tooDeep(path: readonly PropertyKey[]): Problem {
  const where = formatPath(path.slice(0, 4));
  return {
    where,
    found: `more than ${MAX_DEPTH} levels`,
    expected: "a flat file",
    remedy: "Remove the nesting.",
  };
}

function forbiddenName(path: readonly PropertyKey[]): Problem {
  const found = `the name ${String(path.at(-1))}`;
  return { where: formatPath(path), found, expected: "another name", remedy: "Rename it." };
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function isScalar(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || value === undefined || typeof value === "string" || typeof value === "boolean";
}

/** Every place where the file's shape is not the schema's, with what was found and a remedy. */
export function shapeProblems(raw: unknown): Problem[] {
  const parsed = campaignSpecSchema.safeParse(raw);
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => issueProblems(issue, raw));
}

function issueProblems(issue: z.core.$ZodIssue, raw: unknown): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(campaignSpecSchema, issue.path);
    return issue.keys.map((key) => {
      const near = nearestName(key, known);
      return {
        where: formatPath([...issue.path, key]),
        found: `the unknown name ${describeValue(key)}`,
        expected: `one of ${known.join(", ")}`,
        ...(near === undefined ? {} : { remedy: `Did you mean ${near}?` }),
      };
    });
  }
  const found = valueAt(raw, issue.path);
  const missing = found === undefined || found === null;
  const remedy = missing ? { remedy: `Add ${String(issue.path.at(-1) ?? "it")}.` } : {};
  return [{ where: formatPath(issue.path), found: describeValue(found), expected: issue.message, ...remedy }];
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** Names that the schema allows in the object at `path`. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodOptional) return keysAt(schema.unwrap(), path);
  const [key, ...rest] = path;
  if (schema instanceof z.ZodObject) {
    if (key === undefined) return Object.keys(schema.shape);
    const inner = (schema.shape as Record<PropertyKey, z.core.$ZodType>)[key];
    return inner === undefined ? [] : keysAt(inner, rest);
  }
  if (schema instanceof z.ZodRecord && key !== undefined) return keysAt(schema.valueType, rest);
  if (schema instanceof z.ZodArray && key !== undefined) return keysAt(schema.element, rest);
  return [];
}
