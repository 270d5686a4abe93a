import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModelFiles } from "../../src/adapters/model-files.js";
import { CellwrightError } from "../../src/errors.js";
import { diagnostics, modelDraft } from "../registry/model-fixture.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cellwright-models-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let counter = 0;
const freshFiles = () => openModelFiles(join(folder, `models-${++counter}`), "test-calendering");
const note = { time: "2026-02-01T03:00:00.000Z", reason: "test" };

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "no error";
  } catch (error) {
    return error instanceof CellwrightError ? error.code : String(error);
  }
}

describe("openModelFiles", () => {
  it("saves versions with running numbers, card and diagnostics, and loads what it saved", async () => {
    const files = freshFiles();
    expect(await files.list()).toEqual([]);
    expect(await files.champion()).toBeNull();
    const first = await files.save(modelDraft(), diagnostics);
    const second = await files.save(modelDraft({ dataHash: "ab12cd34".repeat(8), seed: 2 }), diagnostics);
    expect([first.version, second.version]).toEqual(["0001-dddddddd", "0002-ab12cd34"]);
    expect(readdirSync(files.folder).sort()).toEqual(["0001-dddddddd", "0002-ab12cd34"]);
    expect(readdirSync(join(files.folder, first.version)).sort()).toEqual([
      "card.md",
      "diagnostics.json",
      "model.json",
    ]);
    expect(await files.load(first.version)).toEqual(first);
    expect((await files.load("2")).seed).toBe(2);
    expect((await files.load("0002")).seed).toBe(2);
    expect(await files.card("1")).toContain("model 0001-dddddddd");
    expect(await files.diagnostics("1")).toEqual(diagnostics);
    expect((await files.list()).map(({ version, status }) => [version, status])).toEqual([
      ["0001-dddddddd", "candidate"],
      ["0002-ab12cd34", "candidate"],
    ]);
  });

  it("promotes and rolls back without touching the models", async () => {
    const files = freshFiles();
    await files.save(modelDraft(), diagnostics);
    await files.save(modelDraft({ seed: 2 }), diagnostics);
    await files.promote("1", note);
    await files.promote("2", note);
    expect((await files.champion())?.seed).toBe(2);
    await files.rollback(note);
    expect((await files.load("champion")).seed).toBe(1);
    expect((await files.list()).map(({ status }) => status)).toEqual(["champion", "retired"]);
    expect((await files.lifecycle()).history.map(({ action }) => action)).toEqual([
      "promoted",
      "promoted",
      "rolled-back",
    ]);
  });

  it("gives every save its own version when several save at once", async () => {
    const files = freshFiles();
    const records = await Promise.all(
      Array.from({ length: 6 }, (_, seed) => files.save(modelDraft({ seed }), diagnostics)),
    );
    const numbers = records.map(({ version }) => version.slice(0, 4)).sort();
    expect(numbers).toEqual(["0001", "0002", "0003", "0004", "0005", "0006"]);
    expect(new Set((await files.list()).map(({ record }) => record?.seed)).size).toBe(6);
  });

  it("names versions that do not exist and campaigns that cannot be folders", async () => {
    const files = freshFiles();
    expect(await codeOf(() => files.load("champion"))).toBe("MODEL_NOT_FOUND");
    await files.save(modelDraft(), diagnostics);
    for (const asked of ["0002-dddddddd", "2", "0001-eeeeeeee", "latest", "../0001-dddddddd", ""]) {
      expect(await codeOf(() => files.load(asked))).toBe("MODEL_NOT_FOUND");
    }
    expect(() => openModelFiles(folder, "../elsewhere")).toThrow(CellwrightError);
  });

  it("lists a damaged model with its problem, and never promotes it", async () => {
    const files = freshFiles();
    const { version } = await files.save(modelDraft(), diagnostics);
    writeFileSync(join(files.folder, version, "model.json"), '{"schema":"cellwright.mod');
    const [saved] = await files.list();
    expect(saved?.record).toBeNull();
    expect(saved?.problem).toContain("is no JSON");
    expect(await codeOf(() => files.load(version))).toBe("MODEL_INVALID");
    expect(await codeOf(() => files.promote(version, note))).toBe("MODEL_INVALID");
    rmSync(join(files.folder, version, "model.json"));
    expect(await codeOf(() => files.load(version))).toBe("MODEL_INVALID");
  });

  it("refuses a model whose folder was renamed, and a damaged pointer", async () => {
    const files = freshFiles();
    const { version } = await files.save(modelDraft(), diagnostics);
    renameSync(join(files.folder, version), join(files.folder, "0007-dddddddd"));
    expect(await codeOf(() => files.load("7"))).toBe("MODEL_INVALID");
    writeFileSync(join(files.folder, "champion.json"), "{}");
    expect(await codeOf(() => files.lifecycle())).toBe("MODEL_INVALID");
  });

  it("removes what a run left a day ago, and nothing younger", async () => {
    const files = freshFiles();
    const old = join(files.folder, ".staging-1-old");
    const young = join(files.folder, ".staging-1-young");
    mkdirSync(old, { recursive: true });
    mkdirSync(young);
    utimesSync(old, new Date("2020-01-01"), new Date("2020-01-01"));
    await files.save(modelDraft(), diagnostics);
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
  });

  it("says so where a file stands in the way", async () => {
    writeFileSync(join(folder, "a-file"), "");
    expect(
      await codeOf(() => openModelFiles(join(folder, "a-file"), "x").save(modelDraft(), diagnostics)),
    ).toBe("FILE_UNWRITABLE");
  });
});

describe("a process that is killed while it writes", () => {
  let script: string;
  beforeAll(async () => {
    script = join(folder, "writer.mjs");
    const source = (path: string): string => JSON.stringify(join(import.meta.dirname, path));
    await build({
      stdin: {
        contents: `
          import { promises as fs } from "node:fs";
          import { syncBuiltinESMExports } from "node:module";
          import { openModelFiles } from ${source("../../src/adapters/model-files.ts")};
          import { diagnostics, modelDraft } from ${source("../registry/model-fixture.ts")};
          const [models, killAt] = process.argv.slice(2);
          let calls = 0;
          const step = () => { if (++calls === Number(killAt)) process.kill(process.pid, "SIGKILL"); };
          for (const name of ["mkdir", "open", "rename", "rm", "unlink", "stat", "realpath", "readdir", "readFile"]) {
            const original = fs[name];
            fs[name] = async (...args) => {
              step(); // the end of the one before is this beginning
              const result = await original(...args);
              if (name !== "open") return result;
              const write = result.writeFile.bind(result);
              result.writeFile = async (text, ...rest) => {
                await write(text.slice(0, text.length / 2), ...rest);
                step();
                await write(text.slice(text.length / 2), ...rest);
              };
              return result;
            };
          }
          syncBuiltinESMExports(); // also for those who import single functions
          const files = openModelFiles(models, "test-calendering");
          const note = { time: "2026-02-02T03:00:00.000Z", reason: "child" };
          const { version } = await files.save(modelDraft({ seed: 2 }), diagnostics);
          await files.promote(version, note);
          process.stdout.write(String(calls));`,
        resolveDir: folder,
        loader: "ts",
      },
      bundle: true,
      platform: "node",
      format: "esm",
      outfile: script,
    });
  });

  const runChild = (models: string, killAt: number): Promise<{ killed: boolean; output: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [script, models, String(killAt)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.once("exit", (_, signal) => resolve({ killed: signal === "SIGKILL", output }));
    });

  it("leaves the old champion or the new one, whole, at every single step", { timeout: 60_000 }, async () => {
    const prepare = async () => {
      const models = join(folder, `models-${++counter}`);
      const files = openModelFiles(models, "test-calendering");
      const { version } = await files.save(modelDraft(), diagnostics);
      await files.promote(version, note);
      return { models, files };
    };
    const whole = await prepare();
    const steps = Number((await runChild(whole.models, 0)).output);
    expect(steps).toBeGreaterThan(20);
    const champions = new Set<number>();
    const check = async (killAt: number): Promise<void> => {
      const { models, files } = await prepare();
      expect((await runChild(models, killAt)).killed).toBe(true);
      const champion = await files.champion();
      champions.add(champion!.seed);
      const listed = await files.list();
      expect(listed.filter(({ problem }) => problem !== null)).toEqual([]);
      expect(listed.filter(({ status }) => status === "champion").length).toBe(1);
      await files.card("champion");
      await files.diagnostics("champion");
      const next = await files.save(modelDraft({ seed: 3 }), diagnostics);
      await files.promote(next.version, note);
      expect((await files.champion())?.seed).toBe(3);
    };
    const pending = Array.from({ length: steps }, (_, i) => i + 1);
    await Promise.all(
      Array.from({ length: 2 }, async () => {
        for (let killAt = pending.shift(); killAt !== undefined; killAt = pending.shift())
          await check(killAt);
      }),
    );
    expect([...champions].sort()).toEqual([1, 2]);
  });
});
