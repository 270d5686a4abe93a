import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { type Generated, Kysely, SqliteDialect, sql } from "kysely";
import { z } from "zod";
import type { Trial } from "../campaign/trial.js";
import { CellwrightError } from "../errors.js";
import { unmakeableFolder } from "./file-error.js";

/** What happened to a trial, as the audit trail names it. */
export type TrialAction = "suggested" | "recorded" | "corrected" | "abandoned" | "limits-changed";

/** A trial as it shall stand in the store, and why. */
export interface TrialChange {
  readonly action: TrialAction;
  readonly trial: Trial;
  readonly reason?: string;
}

/** All trials in the order of their first appearance, and the revision at which they were read. */
export interface StoredTrials {
  readonly trials: readonly Trial[];
  readonly revision: number;
}

/** One entry of the append-only trail. */
export interface AuditEntry {
  readonly revision: number;
  readonly at: string;
  readonly action: TrialAction;
  readonly trial: string;
  readonly reason: string | null;
}

/** The trials of one campaign in one SQLite file, safe for several processes. */
export interface TrialStore {
  load(): Promise<StoredTrials>;
  /**
   * Writes all changes or none, provided that nobody wrote since `expectedRevision`.
   *
   * @returns false if another process wrote in between: load again and decide anew.
   */
  save(changes: readonly TrialChange[], options: { expectedRevision: number; at: Date }): Promise<boolean>;
  /** Adds which safety limits the campaign file replaces to the trail, whenever that is another than before. */
  auditLimits(changes: readonly string[], at: Date): Promise<void>;
  audit(): Promise<readonly AuditEntry[]>;
  close(): Promise<void>;
}

interface StoreTables {
  trials: { sequence: Generated<number>; id: string; status: string; body: string };
  audit: {
    revision: Generated<number>;
    at: string;
    action: TrialAction;
    trial: string;
    reason: string | null;
    body: string;
  };
}

const settingsSchema = z.record(z.string(), z.union([z.number(), z.string()]));
const trialSchema = z.strictObject({
  id: z.string(),
  status: z.enum(["suggested", "running", "completed", "failed", "abandoned"]),
  parameters: settingsSchema,
  context: settingsSchema,
  observations: z.record(
    z.string(),
    z.strictObject({ value: z.number(), standardError: z.number().optional() }),
  ),
  group: z.string().optional(),
  wholePlot: z.string().optional(),
  reason: z.string().optional(),
  origin: z.enum(["measured", "SYNTHETIC"]),
  measuredAt: z.string().optional(),
  comment: z.string().optional(),
});

/** Schema steps; `user_version` counts those that were done. Never edit one that was released: append. */
const MIGRATIONS: readonly string[][] = [
  [
    `create table trials (
       sequence integer primary key autoincrement,
       id text not null unique,
       status text not null,
       body text not null
     )`,
    `create table audit (
       revision integer primary key autoincrement,
       at text not null,
       action text not null,
       trial text not null,
       reason text,
       body text not null
     )`,
    `create trigger audit_is_append_only_update before update on audit
       begin select raise(abort, 'the audit trail is append-only'); end`,
    `create trigger audit_is_append_only_delete before delete on audit
       begin select raise(abort, 'the audit trail is append-only'); end`,
  ],
];

/** How long a process waits for another one's write, in milliseconds (assumption: no write takes a second). */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens the store, creating it (and its folder) unless `create` is false.
 *
 * Where the folder is read-only and nothing shall be created, what is there can still be read.
 *
 * @returns null if it does not exist and `create` is false.
 * @throws CellwrightError FILE_UNWRITABLE if the folder cannot be made or written; STORE_INVALID if the file is no store.
 */
export async function openTrialStore(path: string, options: { create: boolean }): Promise<TrialStore | null> {
  if (!existsSync(path)) {
    if (!options.create) return null;
    makeFolderOf(path);
  }
  const { default: Database } = await import("better-sqlite3");
  const open = async (file: string | Buffer): Promise<TrialStore> => {
    const connection = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      if (typeof file === "string") connection.pragma("journal_mode = WAL");
      connection.pragma("synchronous = FULL"); // a recorded result survives a power cut
      const db = new Kysely<StoreTables>({ dialect: new SqliteDialect({ database: connection }) });
      await migrate(db, path);
      return createStore(db, path);
    } catch (error) {
      connection.close();
      throw error;
    }
  };
  try {
    return await open(path).catch((error: unknown) => {
      if (options.create || !isUnwritable(error)) throw error;
      return open(snapshot(path));
    });
  } catch (error) {
    throw storeError(path, error);
  }
}

/** Bytes 18 and 19 of the header say whether a write-ahead log belongs to the file (https://sqlite.org/fileformat2.html, 1.3.3). */
const JOURNAL_BYTES = [18, 19] as const;
const NO_LOG = 1;

/** The store's content in memory, for a folder in which SQLite cannot make the files that it needs beside the store. */
function snapshot(path: string): Buffer {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  if (log !== undefined && log.size > 0) {
    throw new CellwrightError(
      "FILE_UNWRITABLE",
      `${path} was not closed by its last user and its folder is read-only. Copy the folder to a place that can be written to.`,
    );
  }
  const bytes = readFileSync(path);
  for (const at of JOURNAL_BYTES) bytes[at] = NO_LOG;
  return bytes;
}

function makeFolderOf(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (cause) {
    throw unmakeableFolder(dirname(path), cause);
  }
}

function storeError(path: string, error: unknown): CellwrightError {
  if (error instanceof CellwrightError) return error;
  const message = (error as Error).message;
  return isUnwritable(error)
    ? new CellwrightError(
        "FILE_UNWRITABLE",
        `The campaign's trials cannot be written to ${path} (${message}). Nothing was changed. Check permissions and free space; to suggest without remembering, name the data with --data.`,
        { cause: error },
      )
    : new CellwrightError(
        "STORE_INVALID",
        `${path}, which holds the campaign's trials, is damaged (${message}). Restore a copy of it, or move it aside to start without its trials.`,
        { cause: error },
      );
}

function isUnwritable(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? "";
  return ["SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR"].some((one) =>
    code.startsWith(one),
  );
}

/** Runs `work` with the write lock held from its first read on. */
async function immediately<T>(
  db: Kysely<StoreTables>,
  work: (c: Kysely<StoreTables>) => Promise<T>,
): Promise<T> {
  return db.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection);
    try {
      const result = await work(connection);
      await sql`commit`.execute(connection);
      return result;
    } catch (error) {
      await sql`rollback`.execute(connection);
      throw error;
    }
  });
}

async function schemaVersion(db: Kysely<StoreTables>): Promise<number> {
  const result = await sql<{ user_version: number }>`pragma user_version`.execute(db);
  return result.rows[0]?.user_version ?? 0;
}

async function migrate(db: Kysely<StoreTables>, path: string): Promise<void> {
  if ((await schemaVersion(db)) === MIGRATIONS.length) return;
  await immediately(db, async (connection) => {
    const done = await schemaVersion(connection);
    if (done > MIGRATIONS.length) {
      throw new CellwrightError(
        "STORE_INVALID",
        `${path} was written by a newer Cellwright (schema ${done}, this one knows ${MIGRATIONS.length}). Update Cellwright.`,
      );
    }
    for (const statements of MIGRATIONS.slice(done)) {
      for (const statement of statements) await sql.raw(statement).execute(connection);
    }
    await sql.raw(`pragma user_version = ${MIGRATIONS.length}`).execute(connection);
  });
}

async function currentRevision(db: Kysely<StoreTables>): Promise<number> {
  const row = await db
    .selectFrom("audit")
    .select((e) => e.fn.max("revision").as("revision"))
    .executeTakeFirst();
  return row?.revision ?? 0;
}

function createStore(db: Kysely<StoreTables>, path: string): TrialStore {
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storeError(path, error);
    }
  };
  return {
    load: () =>
      guarded(async () => {
        const revision = await currentRevision(db);
        const rows = await db.selectFrom("trials").select(["id", "body"]).orderBy("sequence").execute();
        return { revision, trials: rows.map((row) => parseTrial(row.id, row.body, path)) };
      }),
    save: (changes, { expectedRevision, at }) =>
      guarded(() =>
        immediately(db, async (connection) => {
          if ((await currentRevision(connection)) !== expectedRevision) return false;
          for (const change of changes) await writeChange(connection, change, at);
          return true;
        }),
      ),
    auditLimits: (changes, at) => guarded(() => writeLimits(db, changes.join("\n"), at)),
    audit: () =>
      guarded(() =>
        db
          .selectFrom("audit")
          .select(["revision", "at", "action", "trial", "reason"])
          .orderBy("revision")
          .execute(),
      ),
    close: () => db.destroy(),
  };
}

async function writeChange(db: Kysely<StoreTables>, change: TrialChange, at: Date): Promise<void> {
  const body = JSON.stringify(change.trial);
  const { id, status } = change.trial;
  await db
    .insertInto("trials")
    .values({ id, status, body })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ status, body }))
    .execute();
  await db
    .insertInto("audit")
    .values({ at: at.toISOString(), action: change.action, trial: id, reason: change.reason ?? null, body })
    .execute();
}

/** The entry names no trial; what stands in force is its reason, empty where all limits are back. */
async function writeLimits(db: Kysely<StoreTables>, reason: string, at: Date): Promise<void> {
  await immediately(db, async (connection) => {
    const last = await connection
      .selectFrom("audit")
      .select("reason")
      .where("action", "=", "limits-changed")
      .orderBy("revision", "desc")
      .limit(1)
      .executeTakeFirst();
    if ((last?.reason ?? "") === reason) return;
    await connection
      .insertInto("audit")
      .values({ at: at.toISOString(), action: "limits-changed", trial: "", reason, body: "{}" })
      .execute();
  });
}

function parseTrial(id: string, body: string, path: string): Trial {
  const parsed = trialSchema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data as Trial;
  throw new CellwrightError(
    "STORE_INVALID",
    `${path}: what is stored of trial ${id} is damaged. Restore a copy of the file, or move it aside to start without its trials.`,
    { details: { path, trial: id, issues: parsed.error.issues.map((issue) => issue.message) } },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it, and the message names the trial
  }
}
