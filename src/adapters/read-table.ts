import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { z } from "zod";
import { parseCsvStream } from "../data/parse-csv-stream.js";
import type { ParseOptions } from "../data/parse-options.js";
import type { Table } from "../data/table.js";
import { unreadableFile } from "./file-error.js";

/** Bytes read at a time: large enough to be fast, small enough that cancelling and progress feel immediate. */
const CHUNK_BYTES = 256 * 1024;

interface ReadTableOptions extends Omit<ParseOptions, "source" | "totalBytes"> {
  /** Name for messages; the path when absent. */
  readonly source?: string | undefined;
  /** Sheet of an Excel workbook by name or number from 1; the first one when absent. */
  readonly sheet?: string | number | undefined;
}

/**
 * Reads a CSV or `.xlsx` file into a validated table. Units come from the header, else from a `datapackage.json`
 * beside the file that describes it, else from the expectations; the package's primary key names the trials.
 *
 * @throws CellwrightError FILE_UNREADABLE if there is no such file or it may not be read; DATA_INVALID with every
 * problem of its content; CANCELLED.
 */
export async function readTable(path: string, options: ReadTableOptions): Promise<Table> {
  const source = options.source ?? path;
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
    const described = await descriptionBeside(path);
    const reading = { ...described, ...definedOnly(options), source, expectations: options.expectations };
    if (extname(path).toLowerCase() === ".xlsx") {
      const { readXlsx } = await import("./read-xlsx.js"); // its library takes a while to load
      return await readXlsx(await readFile(path), reading);
    }
    const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES });
    return await parseCsvStream(stream as AsyncIterable<Uint8Array>, { ...reading, totalBytes: info.size });
  } catch (cause) {
    throw unreadableFile(source, cause);
  }
}

/** Options without the ones that are undefined, so that they do not hide what the package says. */
function definedOnly<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Of a data package by anyone, only what describes columns; Cellwright's own ones say more. */
const describedSchema = z.object({
  resources: z.array(
    z.object({
      path: z.string(),
      schema: z
        .object({
          fields: z.array(
            z.object({ name: z.string(), type: z.string().optional(), unit: z.string().optional() }),
          ),
          primaryKey: z.union([z.string(), z.array(z.string())]).optional(),
        })
        .optional(),
    }),
  ),
});

/** What a `datapackage.json` in the file's folder says of it; nothing where there is none or it is about other files. */
async function descriptionBeside(path: string): Promise<Pick<ParseOptions, "schemaUnits" | "primaryKey">> {
  const text = await readFile(join(dirname(path), "datapackage.json"), "utf8").catch(() => null);
  const parsed = describedSchema.safeParse(text === null ? null : parseJson(text));
  const schema = parsed.data?.resources.find((resource) => resource.path === basename(path))?.schema;
  if (schema === undefined) return {};
  const units = schema.fields.flatMap(({ name, type, unit }) =>
    unit === undefined || unit === "" || unit.startsWith("see ") || type === "string"
      ? []
      : [[name, unit] as const],
  );
  const keys = schema.primaryKey === undefined ? [] : [schema.primaryKey].flat();
  return {
    schemaUnits: Object.fromEntries(units),
    ...(keys.length === 1 ? { primaryKey: keys[0] } : {}),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a package that cannot be read describes nothing; the file's own header still does
  }
}
