import { randomUUID } from "node:crypto";
import { open, realpath, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { systemCode, unwritableFile } from "./file-error.js";

/** What writing touches; a test puts a full disk in its place. */
export interface WriteEffects {
  /** Writes a new file and returns when it is on the disk, not only in memory. */
  writeDurably(path: string, data: string | Uint8Array, mode: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
}

/** Permissions of a new file, before the umask. */
const DEFAULT_MODE = 0o666;

/** A file that is whole on the disk beside its target, and takes its place in one step. */
export interface StagedFile {
  commit(): Promise<void>;
  /** Leaves no trace, unless it was committed. */
  discard(): Promise<void>;
}

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
  await (await stageFile(path, data, effects)).commit();
}

/**
 * The first half of `writeFileAtomic`, for writes that must happen together with something else: almost everything
 * that can fail fails here.
 *
 * @throws CellwrightError FILE_UNWRITABLE with the reason and a remedy, also from `commit`.
 */
export async function stageFile(
  path: string,
  data: string | Uint8Array,
  effects: WriteEffects = diskEffects,
): Promise<StagedFile> {
  const attempt = async <T>(work: () => Promise<T>, temporary?: string): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      // It may not have been made; the first error counts.
      if (temporary !== undefined) await unlink(temporary).catch(() => undefined);
      throw unwritableFile(path, cause);
    }
  };
  const { target, mode } = await attempt(() => resolveTarget(path));
  const temporary = join(dirname(target), `.${basename(target).slice(0, 40)}.${randomUUID()}.tmp`);
  await attempt(() => effects.writeDurably(temporary, data, mode), temporary);
  return {
    commit: () => attempt(() => effects.rename(temporary, target), temporary),
    discard: () => unlink(temporary).catch(() => undefined),
  };
}

/**
 * Makes sure that a file can be written before the work that fills it is done.
 *
 * @throws CellwrightError FILE_UNWRITABLE as the writing itself would.
 */
export async function requireWritable(path: string): Promise<void> {
  await (await stageFile(path, "")).discard();
}

/** The file behind a symbolic link, and the permissions that a replacement keeps. */
async function resolveTarget(path: string): Promise<{ target: string; mode: number }> {
  try {
    const target = await realpath(path);
    const old = await stat(target);
    if (old.isDirectory()) throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
    return { target, mode: old.mode & 0o777 };
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
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
