import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type CyclerRecord, parseCyclerStream } from "../data/parse-cycler-stream.js";
import type { DecimalMark } from "../data/parse-options.js";
import { unreadableFile } from "./file-error.js";

/** Bytes read at a time. */
const CHUNK_BYTES = 1 << 20;

/**
 * Reads a cycler's text export.
 *
 * @throws CellwrightError FILE_UNREADABLE, DATA_INVALID with every problem, TOO_MANY_ROWS, CANCELLED.
 */
export async function readCyclerFile(
  path: string,
  options: {
    readonly cwd: string;
    readonly decimal?: DecimalMark | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<CyclerRecord> {
  const file = resolve(options.cwd, path);
  try {
    if ((await stat(file)).isDirectory())
      throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
    const stream = createReadStream(file, { highWaterMark: CHUNK_BYTES });
    return await parseCyclerStream(stream as AsyncIterable<Uint8Array>, {
      source: path,
      decimal: options.decimal,
      signal: options.signal,
    });
  } catch (cause) {
    throw unreadableFile(path, cause);
  }
}
