import { chmodSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { AskResult } from "../../src/campaign/suggestion.js";
import { withoutPrivileges } from "../adapters/without-privileges.js";
import { campaignYaml, csvText, scratchFolder } from "./scratch-folder.js";

const folder = scratchFolder();
const STORE = ".cellwright/hostile.db";
const RUN = "a1,c1,500,80,1,on,44,30.5,16.5";

async function suggest(...argv: readonly string[]): Promise<AskResult> {
  const { code, out, err } = await folder.run(["suggest", "c.yaml", "-n", "1", "--format", "json", ...argv]);
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out) as AskResult;
}

/** Runs work in the folder as a user who may not write there. */
async function readOnly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await withoutPrivileges(folder.path(), async () => {
      chmodOf(0o555);
      return work();
    });
  } finally {
    chmodOf(0o755);
  }
}

/** The helper opens the folder to others; its owner closes it again. */
function chmodOf(mode: number): void {
  const euid = process.geteuid?.();
  process.seteuid?.(process.getuid?.() ?? 0);
  for (const name of [".", ".cellwright"]) chmodSync(folder.path(name), mode);
  if (euid !== undefined) process.seteuid?.(euid);
}

describe("--out", () => {
  it.each([
    ["a folder", ".", "It is a folder: name a file"],
    ["a missing folder", "no/such/next.csv", "The folder does not exist"],
    ["a file in place of a folder", "c.yaml/next.csv", "a file, not a folder"],
    ["a name without end", `${"x".repeat(300)}.csv`, "The name is too long"],
  ])("into %s is refused, and nothing is remembered", async (_, out, message) => {
    folder.write("c.yaml", campaignYaml());
    const err = await folder.refused("suggest", "c.yaml", "--out", out);
    expect(err).toContain(message);
    expect(err).toContain("Nothing was changed");
    expect((await suggest()).suggestions[0]!.trial).toMatch(/^s1-/u);
  });

  it("leaves the old file as it was where the user may not write", async () => {
    folder.write("c.yaml", campaignYaml());
    folder.write("runs.csv", csvText(RUN));
    folder.write("next.json", "old");
    await suggest();
    const err = await readOnly(() =>
      folder.refused("suggest", "c.yaml", "--data", "runs.csv", "--out", "next.json"),
    );
    expect(err).toContain("You may not write there");
    expect(folder.read("next.json")).toBe("old");
  });

  it("leaves no temporary file behind", async () => {
    folder.write("c.yaml", campaignYaml());
    await folder.run(["suggest", "c.yaml", "--out", "next.json"]);
    await folder.refused("suggest", "c.yaml", "--out", ".");
    expect(readdirSync(folder.path()).toSorted()).toEqual([".cellwright", "c.yaml", "next.json"]);
  });
});

describe("a report that cannot be written", () => {
  it.each([
    [["report", "c.yaml", "--out", "no/report.html"], "The folder does not exist"],
    [["report", "c.yaml", "--plots", "c.yaml"], "The folder c.yaml cannot be made"],
    [["demo", "--out", "no/report.html"], "The folder does not exist"],
  ])("%j says so before the work is done", async (argv, message) => {
    folder.write("c.yaml", campaignYaml());
    expect(await folder.refused(...argv)).toContain(message);
    expect(readdirSync(folder.path())).toEqual(["c.yaml"]);
  });
});

describe("files that the user may not read", () => {
  it.each([
    ["c.yaml", ["suggest", "c.yaml"]],
    ["runs.csv", ["data", "check", "c.yaml", "--data", "runs.csv"]],
  ])("are named (%s)", async (name, argv) => {
    folder.write("c.yaml", campaignYaml());
    folder.write("runs.csv", csvText(RUN));
    chmodSync(folder.path(name), 0);
    expect(await withoutPrivileges(folder.path(), () => folder.refused(...argv))).toMatch(
      new RegExp(`${name} cannot be read. You may not read it`, "u"),
    );
  });
});

describe("a store in a read-only folder", () => {
  it("refuses what would be remembered, and says how to do without", async () => {
    folder.write("c.yaml", campaignYaml());
    await suggest();
    for (const argv of [
      ["suggest", "c.yaml"],
      [
        "record",
        "c.yaml",
        "line_load=500",
        "roll_temperature=80",
        "passes=1",
        "preheating=on",
        "porosity=30",
      ],
    ]) {
      const err = await readOnly(() => folder.refused(...argv));
      expect(err).toContain("cannot be written");
      expect(err).toContain("Nothing was changed");
    }
  });

  it("can still be read", async () => {
    folder.write("c.yaml", campaignYaml());
    const [first] = (await suggest()).suggestions;
    await folder.run(["record", "c.yaml", `trial=${first!.trial}`, "porosity=31", "adhesion=12"]);
    mkdirSync(folder.path("elsewhere"));
    chmodSync(folder.path("elsewhere"), 0o777);
    const { code, err } = await readOnly(() =>
      folder.run(["report", "c.yaml", "--out", "elsewhere/report.html", "-n", "1"]),
    );
    expect([code, err]).toEqual([0, expect.stringContaining("Wrote the report")]);
    expect(folder.read("elsewhere/report.html")).toContain(first!.trial);
  });
});

describe("a damaged store", () => {
  it.each([
    ["text", () => folder.write(STORE, "hello, this is no database at all, only text of some length")],
    ["half of one", () => folder.write(STORE, "SQLite format 3\0".padEnd(5000, "x"))],
    ["one without its tables", () => change("drop table trials")],
    ["one with a trial that is no JSON", () => change("update trials set body = '{'")],
    ["one with an empty trial", () => change("update trials set body = '{}'")],
  ])("(%s) is named, kept, and never written to", async (_, damage) => {
    folder.write("c.yaml", campaignYaml());
    await suggest();
    damage();
    const before = folder.read(STORE);
    for (const argv of [
      ["suggest", "c.yaml"],
      ["record", "c.yaml", "trial=s1-0000", "porosity=3"],
    ]) {
      const err = await folder.refused(...argv);
      expect(err).toContain("hostile.db");
      expect(err).toMatch(/is damaged/u);
      expect(err).toContain("Restore a copy");
    }
    expect(folder.read(STORE)).toBe(before);
  });

  it("of a newer program is left alone", async () => {
    folder.write("c.yaml", campaignYaml());
    await suggest();
    change("pragma user_version = 99");
    expect(await folder.refused("suggest", "c.yaml")).toContain("Update Cellwright");
  });

  it("is a folder", async () => {
    folder.write("c.yaml", campaignYaml());
    mkdirSync(folder.path(STORE), { recursive: true });
    expect(await folder.refused("suggest", "c.yaml")).toContain("cannot be written to");
  });

  it("cannot be made where a file is in the way of its folder", async () => {
    folder.write("c.yaml", campaignYaml());
    folder.write(".cellwright", "");
    expect(await folder.refused("suggest", "c.yaml")).toContain("A file of that name is in the way");
  });

  it("of another campaign with the same name is noticed", async () => {
    folder.write("c.yaml", campaignYaml());
    await suggest();
    folder.write("d.yaml", campaignYaml().replaceAll("passes", "rounds"));
    const { err } = await folder.run(["suggest", "d.yaml", "-n", "1"]);
    expect(err).toContain("1 stored trial has no value for a parameter of the campaign file");
    expect(err).toContain("the campaign file does not know (passes)");
  });

  /** Changes the store behind the program's back. */
  function change(statement: string): void {
    const raw = new Database(folder.path(STORE));
    raw.exec(statement);
    raw.pragma("wal_checkpoint(truncate)");
    raw.close();
    rmSync(folder.path(`${STORE}-wal`), { force: true });
  }
});
