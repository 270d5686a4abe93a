import { randomUUID } from "node:crypto";
import { promises as fs } from "node:fs";
import { join } from "node:path";
import { CellwrightError } from "../errors.js";
import type { Diagnostics } from "../registry/diagnostics.js";
import {
  type ChangeNote,
  createLifecycle,
  type Lifecycle,
  type ModelStatus,
  promote,
  retire,
  rollback,
  statusOf,
} from "../registry/lifecycle.js";
import { parseLifecycle } from "../registry/lifecycle-record.js";
import { modelCard } from "../registry/model-card.js";
import { type ModelDraft, type ModelRecord, parseModelRecord } from "../registry/model-record.js";
import { unreadableFile, unwritableFile } from "./file-error.js";
import { writeFileAtomic } from "./write-file-atomic.js";

/** A saved model in a list; `record` is null if its file cannot be read, and `problem` says why. */
interface SavedModel {
  readonly version: string;
  readonly status: ModelStatus;
  readonly record: ModelRecord | null;
  readonly problem: string | null;
}

/** The saved models of one campaign: `<folder>/<campaign>/<version>/{model.json, card.md, diagnostics.json}`. */
export interface ModelFiles {
  /** Folder of this campaign's models. */
  readonly folder: string;
  /** Lock file for everything that changes these models (`retrain`, `promote`, `rollback`). */
  readonly lockPath: string;
  /** Writes a version whole or not at all, and returns it with its number. */
  save(draft: ModelDraft, diagnostics: Diagnostics): Promise<ModelRecord>;
  /** Oldest first. */
  list(): Promise<readonly SavedModel[]>;
  /** By version, by the number it begins with, or `champion`. */
  load(version: string): Promise<ModelRecord>;
  /** The champion, or null if there is none yet. */
  champion(): Promise<ModelRecord | null>;
  card(version: string): Promise<string>;
  diagnostics(version: string): Promise<Diagnostics>;
  lifecycle(): Promise<Lifecycle>;
  promote(version: string, note: ChangeNote): Promise<Lifecycle>;
  rollback(note: ChangeNote): Promise<Lifecycle>;
  retire(version: string, note: ChangeNote): Promise<Lifecycle>;
}

/** `0012-3fa9c1d2`: running number, first digits of the data's hash. */
const VERSION_PATTERN = /^(\d{4,})-[0-9a-f]{8}$/;
const STAGING_PREFIX = ".staging-";
const LIFECYCLE_FILE = "champion.json";
/** A staging folder this old was left by a run that died, milliseconds (assumption: no save takes a day). */
const STALE_STAGING_MS = 24 * 60 * 60 * 1000;

/**
 * Opens the models of a campaign. A version's folder is written aside and renamed when complete; the champion is named
 * by one small file that is replaced in one step, last: a kill at any point leaves the champion whole.
 *
 * Everything that knows the folder's layout is in this one file, long as it is: nobody else touches these paths.
 *
 * @param modelsFolder - Usually `models/` beside the campaign file; it need not exist yet.
 * @throws CellwrightError INVALID_OPTION if the campaign's name cannot be a folder's.
 */
export function openModelFiles(modelsFolder: string, campaign: string): ModelFiles {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(campaign)) {
    throw new CellwrightError("INVALID_OPTION", `${campaign} cannot be the name of a folder of models.`);
  }
  const folder = join(modelsFolder, campaign);
  const change = async (
    work: (lifecycle: Lifecycle, versions: readonly string[]) => Lifecycle,
  ): Promise<Lifecycle> => {
    const next = work(await readLifecycle(folder, campaign), await listVersions(folder));
    await writeLifecycle(folder, next);
    return next;
  };
  const find = (version: string): Promise<string> => resolveVersion(folder, campaign, version);
  const load = async (version: string): Promise<ModelRecord> =>
    readModel(folder, campaign, await find(version));
  return {
    folder,
    lockPath: join(folder, "run.lock"),
    save: (draft, diagnostics) => saveVersion(folder, draft, diagnostics),
    list: () => listModels(folder, campaign),
    load,
    champion: async () => {
      const { champion } = await readLifecycle(folder, campaign);
      return champion === null ? null : load(champion);
    },
    card: async (version) => readFile(join(folder, await find(version), "card.md")),
    diagnostics: async (version) => readDiagnostics(join(folder, await find(version), "diagnostics.json")),
    lifecycle: () => readLifecycle(folder, campaign),
    promote: async (version, note) => {
      const name = await find(version);
      await readModel(folder, campaign, name); // a damaged model never becomes champion
      return change((lifecycle, versions) => promote(lifecycle, versions, name, note));
    },
    rollback: async (note) => {
      const next = rollback(await readLifecycle(folder, campaign), await listVersions(folder), note);
      await readModel(folder, campaign, next.champion!);
      return change((lifecycle, versions) => rollback(lifecycle, versions, note));
    },
    retire: async (version, note) => {
      const name = await find(version);
      return change((lifecycle, versions) => retire(lifecycle, versions, name, note));
    },
  };
}

async function saveVersion(
  folder: string,
  draft: ModelDraft,
  diagnostics: Diagnostics,
): Promise<ModelRecord> {
  const staging = join(folder, `${STAGING_PREFIX}${process.pid}-${randomUUID()}`);
  try {
    await fs.mkdir(staging, { recursive: true });
    const record = await placeVersion(folder, staging, draft, diagnostics);
    await removeStaleStaging(folder);
    return record;
  } catch (error) {
    await fs.rm(staging, { recursive: true, force: true }).catch(() => undefined);
    throw unwritableFile(folder, error);
  }
}

/** Two processes may want the same number: the rename fails for one of them, which takes the next. */
async function placeVersion(
  folder: string,
  staging: string,
  draft: ModelDraft,
  diagnostics: Diagnostics,
): Promise<ModelRecord> {
  await writeFileAtomic(join(staging, "diagnostics.json"), toJson(diagnostics));
  for (;;) {
    const record = parseModelRecord(
      { ...draft, version: await nextVersion(folder, draft.dataHash) },
      "The new model",
    );
    await writeFileAtomic(join(staging, "model.json"), toJson(record));
    await writeFileAtomic(join(staging, "card.md"), modelCard(record));
    const target = join(folder, record.version);
    try {
      await fs.rename(staging, target);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOTEMPTY" || code === "EEXIST") continue;
      throw error;
    }
    await syncFolder(folder);
    return record;
  }
}

async function nextVersion(folder: string, dataHash: string): Promise<string> {
  const numbers = (await listVersions(folder)).map((version) => Number(VERSION_PATTERN.exec(version)?.[1]));
  const next = 1 + numbers.reduce((a, b) => Math.max(a, b), 0);
  return `${String(next).padStart(4, "0")}-${dataHash.slice(0, 8)}`;
}

async function listVersions(folder: string): Promise<readonly string[]> {
  const names = await readNames(folder);
  const number = (version: string): number => Number(VERSION_PATTERN.exec(version)![1]);
  return names
    .filter((name) => VERSION_PATTERN.test(name))
    .sort((a, b) => number(a) - number(b) || (a < b ? -1 : 1));
}

async function readNames(folder: string): Promise<readonly string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw unreadableFile(folder, error);
  }
}

async function listModels(folder: string, campaign: string): Promise<readonly SavedModel[]> {
  const lifecycle = await readLifecycle(folder, campaign);
  const versions = await listVersions(folder);
  return Promise.all(
    versions.map(async (version): Promise<SavedModel> => {
      const status = statusOf(lifecycle, version);
      try {
        return { version, status, record: await readModel(folder, campaign, version), problem: null };
      } catch (error) {
        if (!(error instanceof CellwrightError)) throw error;
        return { version, status, record: null, problem: error.message };
      }
    }),
  );
}

async function resolveVersion(folder: string, campaign: string, asked: string): Promise<string> {
  if (asked === "champion") {
    const { champion } = await readLifecycle(folder, campaign);
    if (champion !== null) return champion;
    throw new CellwrightError(
      "MODEL_NOT_FOUND",
      `${campaign} has no champion yet. Make one with: cellwright train CAMPAIGN`,
    );
  }
  const versions = await listVersions(folder);
  const matches = versions.filter(
    (version) =>
      version === asked || Number(VERSION_PATTERN.exec(version)![1]) === Number(asked.split("-")[0]),
  );
  const exact = matches.find((version) => version === asked);
  if (exact !== undefined) return exact;
  const [only, second] = matches;
  if (only !== undefined && second === undefined && /^\d+$/.test(asked)) return only;
  const known = versions.length === 0 ? "none is saved" : `saved: ${versions.join(", ")}`;
  throw new CellwrightError("MODEL_NOT_FOUND", `${campaign} has no model ${asked} (${known}).`);
}

async function readModel(folder: string, campaign: string, version: string): Promise<ModelRecord> {
  const path = join(folder, version, "model.json");
  const record = parseModelRecord(parseJson(await readFile(path), path), path);
  if (record.version === version && record.campaign === campaign) return record;
  throw new CellwrightError(
    "MODEL_INVALID",
    `${path} says that it is ${record.campaign} ${record.version}. Folders of models cannot be renamed or mixed.`,
  );
}

async function readDiagnostics(path: string): Promise<Diagnostics> {
  const value = parseJson(await readFile(path), path) as Partial<Diagnostics> | null;
  if (value?.schema === "cellwright.diagnostics/1" && Array.isArray(value.outcomes))
    return value as Diagnostics;
  throw new CellwrightError("MODEL_INVALID", `${path} does not hold diagnostics that this version can read.`);
}

async function readLifecycle(folder: string, campaign: string): Promise<Lifecycle> {
  const path = join(folder, LIFECYCLE_FILE);
  let text: string;
  try {
    text = await fs.readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return createLifecycle(campaign);
    throw unreadableFile(path, error);
  }
  return parseLifecycle(parseJson(text, path), path);
}

async function writeLifecycle(folder: string, lifecycle: Lifecycle): Promise<void> {
  await writeFileAtomic(join(folder, LIFECYCLE_FILE), toJson(lifecycle));
}

async function removeStaleStaging(folder: string): Promise<void> {
  for (const name of await readNames(folder)) {
    if (!name.startsWith(STAGING_PREFIX) && !name.startsWith(`.${LIFECYCLE_FILE}.`)) continue;
    const path = join(folder, name);
    const stat = await fs.stat(path).catch(() => null);
    if (stat === null || Date.now() - stat.mtimeMs < STALE_STAGING_MS) continue;
    await fs.rm(path, { recursive: true, force: true });
  }
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

/** How to go on without a file that cannot be read. */
function remedyOf(path: string): string {
  return path.endsWith(LIFECYCLE_FILE)
    ? "Restore a copy; or delete it, and name the champion with: cellwright models promote CAMPAIGN VERSION"
    : "Restore a copy, train again, or go back with: cellwright models rollback CAMPAIGN";
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CellwrightError("MODEL_INVALID", `${path} is damaged: it is no JSON. ${remedyOf(path)}`, {
      cause,
    });
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return; // folders cannot be opened there
  const handle = await fs.open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readFile(path: string): Promise<string> {
  try {
    return await fs.readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new CellwrightError(
        "MODEL_INVALID",
        `${path} is missing: the model is not complete. Train again or roll back.`,
      );
    }
    throw unreadableFile(path, error);
  }
}
