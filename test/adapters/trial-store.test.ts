import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TrialStore, openTrialStore } from "../../src/adapters/trial-store.js";
import type { Trial } from "../../src/campaign/trial.js";

const at = new Date("2026-01-02T03:04:05Z");
const trial = (id: string, status: Trial["status"] = "suggested"): Trial => ({
  id,
  status,
  parameters: { line_load: 400 },
  context: {},
  observations: status === "completed" ? { porosity: { value: 31.5, standardError: 0.25 } } : {},
  origin: "measured",
});

let folder: string;
let path: string;
const open: TrialStore[] = [];
const openStore = async (): Promise<TrialStore> => {
  const store = await openTrialStore(path, { create: true });
  open.push(store!);
  return store!;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cellwright-store-"));
  path = join(folder, ".cellwright", "a.db");
});
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("openTrialStore", () => {
  it("returns null where nothing was stored and nothing may be created", async () => {
    expect(await openTrialStore(path, { create: false })).toBeNull();
  });

  it("gives back what was saved, in the order of first appearance", async () => {
    const store = await openStore();
    const { revision } = await store.load();
    const changes = [trial("S002"), trial("S001")].map((t) => ({ action: "suggested" as const, trial: t }));
    expect(await store.save(changes, { expectedRevision: revision, at })).toBe(true);
    const after = await store.load();
    await store.save([{ action: "recorded", trial: trial("S002", "completed") }], {
      expectedRevision: after.revision,
      at,
    });
    expect((await (await openStore()).load()).trials).toEqual([trial("S002", "completed"), trial("S001")]);
  });

  it("refuses a write that was decided on an older state, and writes nothing of it", async () => {
    const [one, two] = [await openStore(), await openStore()];
    const seenByBoth = (await one.load()).revision;
    expect(
      await one.save([{ action: "suggested", trial: trial("S001") }], { expectedRevision: seenByBoth, at }),
    ).toBe(true);
    expect(
      await two.save([{ action: "suggested", trial: trial("S009") }], { expectedRevision: seenByBoth, at }),
    ).toBe(false);
    expect((await two.load()).trials.map((t) => t.id)).toEqual(["S001"]);
  });

  it("keeps an append-only trail with time and reason", async () => {
    const store = await openStore();
    await store.save([{ action: "suggested", trial: trial("S001") }], { expectedRevision: 0, at });
    await store.save([{ action: "corrected", trial: trial("S001", "completed"), reason: "typing error" }], {
      expectedRevision: 1,
      at,
    });
    expect(await store.audit()).toEqual([
      { revision: 1, at: at.toISOString(), action: "suggested", trial: "S001", reason: null },
      { revision: 2, at: at.toISOString(), action: "corrected", trial: "S001", reason: "typing error" },
    ]);
    const raw = new Database(path);
    expect(() => raw.exec("delete from audit")).toThrow("append-only");
    expect(() => raw.exec("update audit set reason = 'x'")).toThrow("append-only");
    raw.close();
  });

  it("keeps which safety limits were replaced, once per change", async () => {
    const store = await openStore();
    await store.auditLimits([], at);
    for (const changes of [["temperature: 58 degC (A. Person)"], ["temperature: 58 degC (A. Person)"], []])
      await store.auditLimits(changes, at);
    expect((await store.audit()).map(({ action, reason }) => [action, reason])).toEqual([
      ["limits-changed", "temperature: 58 degC (A. Person)"],
      ["limits-changed", ""],
    ]);
  });

  it("names a file that is not a store", async () => {
    await (await openStore()).close();
    open.length = 0;
    rmSync(path);
    rmSync(`${path}-wal`, { force: true });
    writeFileSync(path, "this is not a database, only text that is long enough to look like a header page");
    await expect(openTrialStore(path, { create: true })).rejects.toMatchObject({ code: "STORE_INVALID" });
  });

  it("names a damaged trial instead of using it", async () => {
    const store = await openStore();
    await store.save([{ action: "suggested", trial: trial("S001") }], { expectedRevision: 0, at });
    const raw = new Database(path);
    raw.exec(`update trials set body = '{"id":"S001"}'`);
    raw.close();
    await expect(store.load()).rejects.toMatchObject({ code: "STORE_INVALID" });
    await expect(store.load()).rejects.toThrow("S001");
  });

  it("refuses a store of a newer program", async () => {
    await openStore();
    const raw = new Database(path);
    raw.pragma("user_version = 99");
    raw.close();
    await expect(openTrialStore(path, { create: true })).rejects.toMatchObject({ code: "STORE_INVALID" });
    await expect(openTrialStore(path, { create: true })).rejects.toThrow("newer");
  });
});
