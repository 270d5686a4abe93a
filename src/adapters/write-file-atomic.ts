import { randomUUID } from "node:crypto";
import { open, realpath, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CellwrightError } from "../errors.js";

/** What writing touches; a test puts a full disk in its place. */
export interface WriteEffects {
  /** Writes a new file and returns when it is on the disk, not only in memory. */
  writeDurably(path: string, data: string | Uint8Array, mode: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
}

/** Permissions of a new file, before the umask. */
const DEFAULT_MODE = 0o666;

/** Remedies by the operating system's error code. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: free some space and try again.",
  EDQUOT: "Your disk quota is used up: free some space and try again.",
  EFBIG: "The file would be larger than allowed here: write it elsewhere.",
  EACCES: "You may not write there: choose another place or ask for permission.",
  EPERM: "You may not write there: choose another place or ask for permission.",
  EROFS: "The disk is read-only: choose another place.",
  ENOENT: "The folder does not exist: make it first, or correct the path.",
  ENOTDIR: "A part of the path is a file, not a folder: correct the path.",
  EISDIR: "It is a folder: name a file.",
  ENAMETOOLONG: "The name is too long: choose a shorter one.",
};

/**
 * Writes a whole file or nothing: into a temporary file in the same folder, onto the disk, then renamed over the old
 * one. If anything fails, or the program is killed, the old file is as it was.
 *
 * @throws CellwrightError FILE_UNWRITABLE with the reason and a remedy.
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  effects: WriteEffects = diskEffects,
): Promise<void> {
  try {
    const { target, mode } = await resolveTarget(path);
    const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
    try {
      await effects.writeDurably(temporary, data, mode);
      await effects.rename(temporary, target);
    } catch (cause) {
      await unlink(temporary).catch(() => undefined); // it may not have been made; the first error counts
      throw cause;
    }
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** The file behind a symbolic link, and the permissions that a replacement keeps. */
async function resolveTarget(path: string): Promise<{ target: string; mode: number }> {
  try {
    const target = await realpath(path);
    const old = await stat(target);
    if (old.isDirectory()) throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
    return { target, mode: old.mode & 0o777 };
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    return { target: path, mode: DEFAULT_MODE };
  }
}

const diskEffects: WriteEffects = {
  async writeDurably(path, data, mode) {
    const file = await open(path, "wx", mode);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  async rename(from, to) {
    await rename(from, to);
    await syncFolder(dirname(to));
  },
};

/** Makes a rename survive a power cut; some systems cannot open folders, and the rename is whole without it. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, "r");
    await folder.sync().finally(() => folder.close());
  } catch {
    // durability of the name only: the file itself was synced before
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function unwritable(path: string, cause: unknown): CellwrightError {
  const code = errorCode(cause);
  if (code === undefined) throw cause;
  const remedy = REMEDIES[code] ?? "Choose another place.";
  const untouched = "Nothing was changed.";
  return new CellwrightError(
    "FILE_UNWRITABLE",
    `${path} cannot be written (${code}). ${remedy} ${untouched}`,
    {
      problems: [{ where: path, found: code, expected: "a place that can be written to", remedy }],
      details: { path, code },
      cause,
    },
  );
}
