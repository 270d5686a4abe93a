import { CellwrightError } from "../errors.js";

/**
 * JSON with one spelling per value: keys sorted by UTF-16 code unit, no white space, shortest numbers.
 *
 * Properties that are undefined are left out, as in JSON.stringify; −0 is written 0.
 *
 * @throws CellwrightError NON_FINITE if a number is not finite, INVALID_OPTION if a value is not plain JSON.
 * @see RFC 8785, JSON Canonicalization Scheme
 */
export function canonicalJson(value: unknown): string {
  return write(value, "$", []);
}

function write(value: unknown, path: string, ancestors: readonly object[]): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (Math.abs(value) < Infinity) return JSON.stringify(value);
    throw new CellwrightError("NON_FINITE", `${path} is ${value}; canonical JSON holds finite numbers only.`);
  }
  if (typeof value !== "object") {
    throw new CellwrightError("INVALID_OPTION", `${path} is a ${typeof value}, which JSON cannot hold.`);
  }
  if (ancestors.includes(value)) {
    throw new CellwrightError("INVALID_OPTION", `${path} contains itself, which JSON cannot hold.`);
  }
  const inside = [...ancestors, value];
  if (Array.isArray(value)) {
    return `[${value.map((item, i) => write(item, `${path}[${i}]`, inside)).join(",")}]`;
  }
  return writeObject(value, path, inside);
}

function writeObject(value: object, path: string, inside: readonly object[]): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `${path} is not a plain object; convert it to arrays and objects first.`,
    );
  }
  const fields = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${write(item, `${path}.${key}`, inside)}`);
  return `{${fields.join(",")}}`;
}
