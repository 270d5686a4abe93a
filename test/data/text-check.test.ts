import { describe, expect, it } from "vitest";
import { createTextCheck, foreignFormat } from "../../src/data/text-check.js";
import { errorOf } from "./read-error.js";

const check = (...chunks: readonly (readonly number[])[]): void => {
  const next = createTextCheck("runs.csv");
  chunks.forEach((chunk, i) => next(Uint8Array.from(chunk), i === chunks.length - 1));
};

describe("createTextCheck", () => {
  it("lets UTF-8 pass, with and without BOM, characters cut by chunks included", () => {
    expect(() => check([0xef, 0xbb, 0xbf, 0x61])).not.toThrow();
    expect(() => check([0x61, 0xe6, 0x97], [0xa5, 0x0a])).not.toThrow();
    expect(() => check([])).not.toThrow();
  });

  it.each([
    ["UTF-16", [0xff, 0xfe, 0x61, 0x00]],
    ["UTF-16", [0xfe, 0xff, 0x00, 0x61]],
    ["ZIP", [0x50, 0x4b, 0x03, 0x04]],
    [".xls", [0xd0, 0xcf, 0x11, 0xe0]],
    ["gzip", [0x1f, 0x8b, 0x08]],
  ])("names %s for what it is", (name, bytes) => {
    expect(errorOf(() => check(bytes), "DATA_INVALID").problems[0]?.found).toContain(name);
    expect(foreignFormat(Uint8Array.from(bytes))?.found).toContain(name);
  });

  it("names a NUL byte with its line, counted over chunks", () => {
    const error = errorOf(() => check([0x61, 0x0a, 0x0a], [0x61, 0x0a, 0x00]), "DATA_INVALID");
    expect(error.problems[0]).toMatchObject({ where: "line 4", found: "a NUL byte" });
  });

  it("names the line of a bad byte in a later chunk that begins inside a character", () => {
    const error = errorOf(() => check([0x61, 0x0a, 0xe6, 0x97], [0xa5, 0x0a, 0xff, 0x0a]), "DATA_INVALID");
    expect(error.problems[0]?.where).toBe("line 3");
  });
});
