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
  return write(value, { keys: [], ancestors: [] });
}

/** The way from the whole to the value that is being written; a path is spelled only for an error. */
interface Place {
  readonly keys: (string | number)[];
  readonly ancestors: object[];
}

function write(value: unknown, place: Place): string {
  if (typeof value === "number") {
    if (Math.abs(value) < Infinity) return `${value}`; // as JSON.stringify: −0 too is 0
    throw new CellwrightError(
      "NON_FINITE",
      `${pathOf(place)} is ${value}; canonical JSON holds finite numbers only.`,
    );
  }
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") {
    throw new CellwrightError(
      "INVALID_OPTION",
      `${pathOf(place)} is a ${typeof value}, which JSON cannot hold.`,
    );
  }
  if (place.ancestors.includes(value)) {
    throw new CellwrightError("INVALID_OPTION", `${pathOf(place)} contains itself, which JSON cannot hold.`);
  }
  place.ancestors.push(value);
  const text = Array.isArray(value) ? writeArray(value, place) : writeObject(value, place);
  place.ancestors.pop();
  return text;
}

function writeArray(value: readonly unknown[], place: Place): string {
  let text = "[";
  for (let i = 0; i < value.length; i++) {
    place.keys.push(i);
    text += `${i === 0 ? "" : ","}${write(value[i], place)}`;
    place.keys.pop();
  }
  return `${text}]`;
}

function writeObject(value: object, place: Place): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `${pathOf(place)} is not a plain object; convert it to arrays and objects first.`,
    );
  }
  let text = "{";
  for (const key of Object.keys(value).sort()) {
    const item = (value as Readonly<Record<string, unknown>>)[key];
    if (item === undefined) continue;
    place.keys.push(key);
    text += `${text === "{" ? "" : ","}${JSON.stringify(key)}:${write(item, place)}`;
    place.keys.pop();
  }
  return `${text}}`;
}

function pathOf({ keys }: Place): string {
  return keys.reduce<string>(
    (path, key) => (typeof key === "number" ? `${path}[${key}]` : `${path}.${key}`),
    "$",
  );
}
