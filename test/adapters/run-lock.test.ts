import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  acquireRunLock,
  isProvablyDead,
  type LockOwner,
  type LockSystem,
  thisSystem,
} from "../../src/adapters/run-lock.js";
import { CellwrightError } from "../../src/errors.js";
import { codeOf } from "../error-code.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cellwright-lock-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let counter = 0;
const freshPath = (): string => join(folder, `nested-${++counter}`, "run.lock");

function fakeSystem(changes: Partial<LockSystem> = {}): LockSystem {
  return {
    pid: 100,
    host: "line-3",
    machine: "machine-a",
    boot: "boot-1",
    namespace: "pid:[1]",
    isAlive: () => true,
    processStart: () => "5000",
    now: () => new Date("2026-02-01T03:00:00Z"),
    ...changes,
  };
}

describe("acquireRunLock", () => {
  it("gives the lock to one, refuses the second with the owner's name, and frees it on release", () => {
    const path = freshPath();
    const lock = acquireRunLock(path);
    try {
      acquireRunLock(path);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(CellwrightError);
      const { code, details } = error as CellwrightError;
      expect(code).toBe("LOCK_HELD");
      expect(details).toMatchObject({
        path,
        pid: process.pid,
        host: lock.owner.host,
        since: lock.owner.since,
      });
    }
    lock.release();
    acquireRunLock(path).release();
    expect(readdirSync(join(path, ".."))).toEqual([]);
  });

  it("takes over a lock whose process is dead on this machine, and leaves nothing beside it", () => {
    const path = freshPath();
    acquireRunLock(path, fakeSystem());
    const lock = acquireRunLock(path, fakeSystem({ pid: 200, isAlive: (pid) => pid === 200 }));
    expect((JSON.parse(readFileSync(path, "utf8")) as LockOwner).pid).toBe(200);
    expect(readdirSync(join(path, ".."))).toEqual(["run.lock"]);
    lock.release();
    expect(readdirSync(join(path, ".."))).toEqual([]);
  });

  it("never takes over a lock of another machine, a living process or an unreadable file", () => {
    const dead = { pid: 200, isAlive: () => false };
    const foreign = freshPath();
    acquireRunLock(foreign, fakeSystem({ host: "line-4" }));
    expect(codeOf(() => acquireRunLock(foreign, fakeSystem(dead)))).toBe("LOCK_HELD");
    const living = freshPath();
    acquireRunLock(living, fakeSystem());
    expect(codeOf(() => acquireRunLock(living, fakeSystem({ pid: 200 })))).toBe("LOCK_HELD");
    const damaged = freshPath();
    acquireRunLock(damaged, fakeSystem());
    writeFileSync(damaged, "{");
    expect(codeOf(() => acquireRunLock(damaged, fakeSystem(dead)))).toBe("LOCK_HELD");
  });

  it("does not release a lock that is not its own any more", () => {
    const path = freshPath();
    const first = acquireRunLock(path, fakeSystem());
    acquireRunLock(path, fakeSystem({ pid: 200, isAlive: (pid) => pid === 200 }));
    first.release();
    expect((JSON.parse(readFileSync(path, "utf8")) as LockOwner).pid).toBe(200);
  });

  it("takes over although a run died in the middle of a take-over", () => {
    const path = freshPath();
    acquireRunLock(path, fakeSystem());
    acquireRunLock(`${path}.takeover`, fakeSystem({ pid: 150 }));
    acquireRunLock(path, fakeSystem({ pid: 200, isAlive: (pid) => pid === 200 }));
    expect(readdirSync(join(path, ".."))).toEqual(["run.lock"]);
  });

  it("says so where the folder cannot be written", () => {
    const path = freshPath();
    acquireRunLock(path);
    expect(codeOf(() => acquireRunLock(join(path, "below", "run.lock")))).toBe("FILE_UNWRITABLE");
  });
});

describe("isProvablyDead", () => {
  const owner: LockOwner = {
    token: "t",
    pid: 100,
    host: "line-3",
    machine: "machine-a",
    boot: "boot-1",
    namespace: "pid:[1]",
    processStart: "5000",
    since: "2026-02-01T03:00:00.000Z",
  };
  it.each([
    ["its process id is free", { isAlive: () => false }, true],
    ["its process id belongs to a process that started later", { processStart: () => "9000" }, true],
    ["the machine was restarted since", { boot: "boot-2" }, true],
    ["it runs", {}, false],
    ["it ran on another host", { host: "line-4", isAlive: () => false }, false],
    ["another machine has the same host name", { machine: "machine-b", isAlive: () => false }, false],
    ["it ran in another container of this host", { namespace: "pid:[2]", isAlive: () => false }, false],
    [
      "a restart cannot be told from a namesake",
      { machine: null, boot: "boot-2", isAlive: () => false },
      false,
    ],
  ] satisfies [string, Partial<LockSystem>, boolean][])("when %s: %#", (_, changes, expected) => {
    const machine = "machine" in changes && changes.machine === null ? { ...owner, machine: null } : owner;
    expect(isProvablyDead(machine, fakeSystem(changes))).toBe(expected);
  });

  it("sees this very process alive, and an ended child dead", async () => {
    const system = thisSystem();
    const child = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => child.once("exit", resolve));
    expect(system.isAlive(process.pid)).toBe(true);
    expect(system.isAlive(child.pid!)).toBe(false);
  });
});

describe("several processes", () => {
  it("never hold the lock together, also when holders are killed", { timeout: 30_000 }, async () => {
    const script = join(folder, "contender.mjs");
    await build({
      stdin: {
        contents: `
          import { acquireRunLock } from ${JSON.stringify(join(import.meta.dirname, "../../src/adapters/run-lock.ts"))};
          import { openSync, closeSync, unlinkSync, appendFileSync } from "node:fs";
          const [path, log] = process.argv.slice(2);
          const end = Date.now() + 1500;
          while (Date.now() < end) {
            let lock;
            try { lock = acquireRunLock(path); } catch (error) {
              if (error.code !== "LOCK_HELD") throw error;
              Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
              continue;
            }
            appendFileSync(log, "+" + process.pid + "\\n");
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1 + Math.random() * 3);
            if (Math.random() < 0.1) process.kill(process.pid, "SIGKILL");
            appendFileSync(log, "-" + process.pid + "\\n");
            lock.release();
          }`,
        resolveDir: folder,
        loader: "ts",
      },
      bundle: true,
      platform: "node",
      format: "esm",
      outfile: script,
    });
    const path = freshPath();
    const log = join(folder, "log.txt");
    writeFileSync(log, "");
    const run = (): Promise<string | null> =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [script, path, log], {
          stdio: ["ignore", "ignore", "inherit"],
        });
        child.once("exit", (code, signal) => resolve(signal ?? String(code)));
      });
    const ends = await Promise.all(Array.from({ length: 8 }, run));
    expect(ends.every((end) => end === "0" || end === "SIGKILL")).toBe(true);
    expect(ends).toContain("SIGKILL");
    let holder: string | null = null;
    const killed = new Set<string>();
    const overlaps: string[] = [];
    for (const line of readFileSync(log, "utf8").trim().split("\n")) {
      const pid = line.slice(1);
      if (line.startsWith("+")) {
        if (holder !== null) killed.add(holder); // must never be heard of again
        if (killed.has(pid)) overlaps.push(line);
        holder = pid;
      } else {
        if (holder !== pid) overlaps.push(line);
        holder = null;
      }
    }
    expect(overlaps).toEqual([]);
    expect(killed.size).toBeGreaterThan(0);
  });
});
