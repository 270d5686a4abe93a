import { CellwrightError, type Problem } from "../errors.js";
import type { InputDimension, SurrogateRecord } from "./surrogate.js";
import type { TransformRecord } from "./transform.js";

const KINDS: readonly unknown[] = [
  "gaussian-process",
  "bayesian-gaussian-process",
  "response-surface",
  "random-forest",
  "multi-task-gaussian-process",
  "multi-fidelity-gaussian-process",
];

/** Reads fields of a saved model, collecting everything that is wrong; `finish` throws once. */
export interface RecordReader {
  number(path: string, least?: number): number;
  /** Finite numbers between `least` and `most`; `length` null takes any number of them. */
  numbers(path: string, length: number | null, least?: number, most?: number): Float64Array;
  oneOf<T extends string>(path: string, choices: readonly T[]): T;
  inputs(): readonly InputDimension[];
  /** The warp under `path`, by default `transform`. */
  transform(path?: string): TransformRecord;
  list(path: string): readonly unknown[];
  /** Notes a problem that only the caller can see. */
  reject(path: string, found: unknown, expected: string): void;
  /** @throws CellwrightError MODEL_INVALID if anything was wrong */
  finish(): void;
}

/** @throws CellwrightError MODEL_INVALID unless `record` is a record of this schema and a known kind. */
export function requireRecord(record: unknown): asserts record is SurrogateRecord {
  const fields = typeof record === "object" && record !== null ? (record as Record<string, unknown>) : {};
  const problems: Problem[] = [];
  if (fields["schema"] !== "cellwright.surrogate/1") {
    problems.push({
      where: "schema",
      found: shown(fields["schema"]),
      expected: "cellwright.surrogate/1",
      remedy: "Train the model again with this version.",
    });
  }
  if (!KINDS.includes(fields["kind"])) {
    problems.push({ where: "kind", found: shown(fields["kind"]), expected: KINDS.join(", ") });
  }
  if (problems.length > 0)
    throw new CellwrightError("MODEL_INVALID", "This is not a saved surrogate.", { problems });
}

export function createRecordReader(record: SurrogateRecord): RecordReader {
  const problems: Problem[] = [];
  const reject = (where: string, found: unknown, expected: string): void => {
    problems.push({
      where,
      found: shown(found),
      expected,
      remedy: "The file was changed or cut off: train again.",
    });
  };
  const reader: RecordReader = {
    number(path, least = Number.NEGATIVE_INFINITY) {
      const value = valueAt(record, path);
      if (isNumber(value) && value >= least) return value;
      reject(
        path,
        value,
        least === Number.NEGATIVE_INFINITY ? "a finite number" : `a number of ${least} or more`,
      );
      return Number.NaN;
    },
    numbers(path, length, least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY) {
      const value = valueAt(record, path);
      const fits = Array.isArray(value) && (length === null || value.length === length);
      if (fits && value.every((element) => isNumber(element) && element >= least && element <= most)) {
        return Float64Array.from(value);
      }
      reject(path, value, `${length === null ? "" : `${length} `}finite numbers from ${least} to ${most}`);
      return new Float64Array(length ?? 0);
    },
    oneOf<T extends string>(path: string, choices: readonly T[]): T {
      const value = valueAt(record, path);
      const choice = choices.find((candidate) => candidate === value);
      if (choice === undefined) reject(path, value, choices.join(", "));
      return choice ?? choices[0]!;
    },
    list(path) {
      const value = valueAt(record, path);
      if (Array.isArray(value)) return value as readonly unknown[];
      reject(path, value, "a list");
      return [];
    },
    inputs: () =>
      reader.list("inputs").flatMap((value, k) => {
        if (isInput(value)) return [value];
        reject(`inputs[${k}]`, value, "a continuous or categorical input with a name");
        return [];
      }),
    transform: (path = "transform") => readTransform(reader, path),
    reject,
    finish() {
      if (problems.length === 0) return;
      throw new CellwrightError("MODEL_INVALID", "The saved surrogate is damaged.", { problems });
    },
  };
  return reader;
}

function readTransform(reader: RecordReader, path: string): TransformRecord {
  const kind = reader.oneOf(`${path}.kind`, ["identity", "log", "yeo-johnson"]);
  const center = reader.number(`${path}.center`);
  const spread = reader.number(`${path}.spread`, Number.MIN_VALUE);
  if (kind !== "yeo-johnson") return { kind, center, spread };
  return {
    kind,
    center,
    spread,
    lambda: reader.number(`${path}.lambda`, 0),
    warpedCenter: reader.number(`${path}.warpedCenter`),
    warpedSpread: reader.number(`${path}.warpedSpread`, Number.MIN_VALUE),
  };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isInput(value: unknown): value is InputDimension {
  if (typeof value !== "object" || value === null) return false;
  const { name, kind, levels } = value as Record<string, unknown>;
  if (typeof name !== "string") return false;
  return kind === "continuous" || (kind === "categorical" && isNumber(levels) && levels >= 1);
}

/** The value under a dotted path, or undefined. */
function valueAt(record: unknown, path: string): unknown {
  let value = record;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
