import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stageFile, type WriteEffects, writeFileAtomic } from "../../src/adapters/write-file-atomic.js";
import { rejectionOf } from "../data/read-error.js";
import { temporaryFolder } from "./temporary-folder.js";
import { withoutPrivileges } from "./without-privileges.js";

/** A disk that takes the first half of the data and is full then. */
const fullDisk: WriteEffects = {
  writeDurably(path, data) {
    writeFileSync(path, data.slice(0, data.length / 2));
    return Promise.reject(Object.assign(new Error("no space left on device"), { code: "ENOSPC" }));
  },
  rename: () => Promise.reject(new Error("must not be reached")),
};

describe("writeFileAtomic", () => {
  it("writes a new file and replaces an old one, leaving nothing else behind", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "report.html");
    await writeFileAtomic(path, "first");
    await writeFileAtomic(path, new TextEncoder().encode("second, µ"));
    expect(readFileSync(path, "utf8")).toBe("second, µ");
    expect(readdirSync(folder)).toEqual(["report.html"]);
  });

  it("writes an empty file, and one of many megabytes", async () => {
    const path = join(temporaryFolder(), "file");
    await writeFileAtomic(path, "");
    expect(statSync(path).size).toBe(0);
    await writeFileAtomic(path, "x".repeat(20_000_000));
    expect(statSync(path).size).toBe(20_000_000);
  });

  it("keeps the permissions of the old file", async () => {
    const path = join(temporaryFolder(), "file");
    writeFileSync(path, "old");
    chmodSync(path, 0o600);
    await writeFileAtomic(path, "new");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("writes through a symbolic link", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "real"));
    writeFileSync(join(folder, "real", "file"), "old");
    symlinkSync(join("real", "file"), join(folder, "link"));
    await writeFileAtomic(join(folder, "link"), "new");
    expect(lstatSync(join(folder, "link")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, "real", "file"), "utf8")).toBe("new");
  });

  it("leaves the old file and no rubbish when the disk is full", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "suggestions.json");
    writeFileSync(path, "old");
    const error = await rejectionOf(writeFileAtomic(path, "new and longer", fullDisk), "FILE_UNWRITABLE");
    expect(error.message).toContain("The disk is full");
    expect(error.details["code"]).toBe("ENOSPC");
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["suggestions.json"]);
  });

  it("leaves the old file and no rubbish when the last step fails", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "file");
    writeFileSync(path, "old");
    const effects: WriteEffects = {
      writeDurably: (file, data) => {
        writeFileSync(file, data);
        return Promise.resolve();
      },
      rename: () => Promise.reject(Object.assign(new Error("read-only"), { code: "EROFS" })),
    };
    const error = await rejectionOf(writeFileAtomic(path, "new", effects), "FILE_UNWRITABLE");
    expect(error.message).toContain("read-only");
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  it("says what is wrong with a folder, a missing folder and a file in the way", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    const message = async (path: string): Promise<string> =>
      (await rejectionOf(writeFileAtomic(path, "x"), "FILE_UNWRITABLE")).message;
    expect(await message(folder)).toContain("It is a folder");
    expect(await message(join(folder, "missing", "file"))).toContain("does not exist");
    expect(await message(join(folder, "file", "below"))).toContain("not a folder");
    expect(await message(join(folder, "x".repeat(300)))).toContain("too long");
    expect(existsSync(join(folder, "missing"))).toBe(false);
  });

  it("says so where the user may not write, and leaves the old file", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "file");
    writeFileSync(path, "old");
    const error = await withoutPrivileges(folder, async () => {
      if (process.geteuid?.() === statSync(folder).uid) chmodSync(folder, 0o500);
      return rejectionOf(writeFileAtomic(path, "new"), "FILE_UNWRITABLE");
    });
    chmodSync(folder, 0o700);
    expect(error.message).toContain("You may not write there");
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  it("does not disguise a fault of the program as a fault of the disk", async () => {
    const effects: WriteEffects = {
      writeDurably: () => Promise.reject(new TypeError("a bug")),
      rename: () => Promise.resolve(),
    };
    await expect(writeFileAtomic(join(temporaryFolder(), "file"), "x", effects)).rejects.toThrow(TypeError);
  });
});

describe("stageFile", () => {
  it("keeps the old file until it is committed", async () => {
    const path = join(temporaryFolder(), "file");
    writeFileSync(path, "old");
    const staged = await stageFile(path, "new");
    expect(readFileSync(path, "utf8")).toBe("old");
    await staged.commit();
    expect(readFileSync(path, "utf8")).toBe("new");
  });

  it("leaves no trace when it is discarded", async () => {
    const folder = temporaryFolder();
    const staged = await stageFile(join(folder, "file"), "new");
    await staged.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("finds out at once that the disk is full", async () => {
    const folder = temporaryFolder();
    await rejectionOf(stageFile(join(folder, "file"), "new", fullDisk), "FILE_UNWRITABLE");
    expect(readdirSync(folder)).toEqual([]);
  });
});
