import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { CellwrightError } from "../errors.js";
import { unmakeableFolder, unwritableFile } from "./file-error.js";

/** Who holds a lock, in enough detail to prove later that the holder is gone. */
export interface LockOwner {
  /** Names this very lock; no two locks share one. */
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  /** Identity of the operating system's installation, of its present start, and of the process's namespace. */
  readonly machine: string | null;
  readonly boot: string | null;
  readonly namespace: string | null;
  /** When the process started (clock ticks since the boot): tells a reused process id from the same process. */
  readonly processStart: string | null;
  /** ISO 8601. */
  readonly since: string;
}

/** What the lock asks of the machine it runs on; tests pass fakes. */
export interface LockSystem {
  readonly pid: number;
  readonly host: string;
  readonly machine: string | null;
  readonly boot: string | null;
  readonly namespace: string | null;
  isAlive(pid: number): boolean;
  processStart(pid: number): string | null;
  now(): Date;
}

export interface RunLock {
  readonly path: string;
  readonly owner: LockOwner;
  /** Gives the lock back; does nothing if it is no longer ours. */
  release(): void;
}

/** Locks that guard the take-over of a stale lock may be stale themselves; deeper than this nobody takes over. */
const MAX_TAKEOVER_DEPTH = 3;

/**
 * Takes the lock file `path`, or refuses at once if somebody holds it.
 *
 * The file appears whole (written aside, then linked: the link fails if the name exists). A lock left behind by a
 * process that is provably dead on this machine is taken over, under a second lock, so that of two who find it only
 * one replaces it. A lock of another machine is never taken over.
 *
 * @throws CellwrightError LOCK_HELD with the owner's pid, host and start in `details`; FILE_UNWRITABLE.
 */
export function acquireRunLock(path: string, system: LockSystem = thisSystem()): RunLock {
  return acquire(path, system, 0);
}

function acquire(path: string, system: LockSystem, depth: number): RunLock {
  const owner = createOwner(system);
  const aside = `${path}.${owner.token}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (cause) {
    throw unmakeableFolder(dirname(path), cause);
  }
  try {
    writeFileSync(aside, JSON.stringify(owner), { flag: "wx" });
  } catch (cause) {
    throw unwritable(path, cause);
  }
  try {
    if (!place(aside, path)) takeOver(aside, path, system, depth);
  } finally {
    rmSync(aside, { force: true });
  }
  return { path, owner, release: () => release(path, owner) };
}

/** Gives the prepared file its name; false if the name is taken. */
function place(aside: string, path: string): boolean {
  try {
    linkSync(aside, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw unwritable(path, error);
    return create(readFileSync(aside, "utf8"), path); // a file system without hard links
  }
}

function create(content: string, path: string): boolean {
  try {
    writeFileSync(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw unwritable(path, error);
  }
}

/**
 * Replaces a lock whose owner is provably dead. Only the holder of `path.takeover` may, and it looks again after it
 * got that; a dead owner cannot release, and everybody else waits for the name to be free: nobody can come between.
 */
function takeOver(aside: string, path: string, system: LockSystem, depth: number): void {
  const holder = readOwner(path);
  if (holder === "free") {
    if (!place(aside, path)) throw held(path, readOwner(path)); // released just now, and taken by another
    return;
  }
  if (holder === "unreadable" || depth >= MAX_TAKEOVER_DEPTH || !isProvablyDead(holder, system)) {
    throw held(path, holder);
  }
  const guard = acquire(`${path}.takeover`, system, depth + 1);
  try {
    const still = readOwner(path);
    if (typeof still === "string" || still.token !== holder.token) throw held(path, still);
    renameSync(aside, path);
  } finally {
    guard.release();
  }
}

function readOwner(path: string): LockOwner | "free" | "unreadable" {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isOwner(value) ? value : "unreadable";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "free" : "unreadable";
  }
}

function isOwner(value: unknown): value is LockOwner {
  if (typeof value !== "object" || value === null) return false;
  const { token, pid, host } = value as Record<string, unknown>;
  return typeof token === "string" && typeof pid === "number" && typeof host === "string";
}

/** Whether the owner cannot be running any more; in doubt, no. */
export function isProvablyDead(owner: LockOwner, system: LockSystem): boolean {
  if (owner.host !== system.host || owner.machine !== system.machine) return false;
  if (owner.boot !== system.boot) return owner.machine !== null && owner.boot !== null; // restarted since
  if (owner.namespace !== system.namespace) return false; // another container: its process ids say nothing here
  if (!system.isAlive(owner.pid)) return true;
  const start = system.processStart(owner.pid);
  return owner.processStart !== null && start !== null && start !== owner.processStart; // the id was given anew
}

function release(path: string, owner: LockOwner): void {
  const holder = readOwner(path);
  if (typeof holder === "string" || holder.token !== owner.token) return;
  rmSync(path, { force: true });
}

function createOwner(system: LockSystem): LockOwner {
  const { pid, host, machine, boot, namespace } = system;
  const processStart = system.processStart(pid);
  return {
    token: randomUUID(),
    pid,
    host,
    machine,
    boot,
    namespace,
    processStart,
    since: system.now().toISOString(),
  };
}

function held(path: string, owner: LockOwner | "free" | "unreadable"): CellwrightError {
  const who =
    typeof owner === "string" ? "another run" : `process ${owner.pid} on ${owner.host}, since ${owner.since}`;
  const { pid, host, since } = typeof owner === "string" ? {} : (owner as Partial<LockOwner>);
  return new CellwrightError(
    "LOCK_HELD",
    `The lock ${path} is held by ${who}. Wait until it is done; if you are certain that it no longer runs, delete the file.`,
    { details: { path, pid, host, since } },
  );
}

function unwritable(path: string, cause: unknown): unknown {
  return unwritableFile(`The lock ${path}`, cause);
}

/** The machine this process runs on; where it does not tell (outside Linux), the details are null. */
export function thisSystem(): LockSystem {
  return {
    pid: process.pid,
    host: hostname(),
    machine: readText("/etc/machine-id"),
    boot: readText("/proc/sys/kernel/random/boot_id"),
    namespace: readLink("/proc/self/ns/pid"),
    isAlive,
    processStart,
    now: () => new Date(),
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Field 22 of /proc/PID/stat (proc(5)); the name before it may hold spaces and parentheses. */
function processStart(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`);
  return stat === null ? null : (stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null);
}

function readText(path: string): string | null {
  try {
    const text = readFileSync(path, "utf8").trim();
    return text === "" ? null : text;
  } catch {
    return null;
  }
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
