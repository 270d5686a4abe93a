import { describe, expect, it } from "vitest";
import { unpackedSize } from "../../src/adapters/zip-size.js";
import { rejectionOf } from "../data/read-error.js";
import { readXlsx } from "../../src/adapters/read-xlsx.js";
import { createWorkbook } from "./workbook.js";

/** The bytes of a workbook whose directory claims another size for its first file. */
function claiming(size: number): Uint8Array {
  const bytes = createWorkbook({ Runs: [["trial"], ["a"]] });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 4 < bytes.length; at++) {
    if (view.getUint32(at, true) !== 0x02014b50) continue;
    view.setUint32(at + 24, size, true);
    return bytes;
  }
  throw new Error("The workbook has no directory.");
}

describe("unpackedSize", () => {
  it("adds up what the directory says", () => {
    const before = unpackedSize(createWorkbook({ Runs: [["trial"]] }))!;
    expect(before).toBeGreaterThan(500);
    expect(unpackedSize(createWorkbook({ Runs: [["trial and more"]] }))).toBe(before + " and more".length);
  });

  it("is beyond counting for an archive of more than 4 GB, and null where there is no directory", () => {
    expect(unpackedSize(claiming(0xffffffff))).toBe(Infinity);
    expect(unpackedSize(new TextEncoder().encode("no archive"))).toBeNull();
    expect(unpackedSize(new Uint8Array())).toBeNull();
  });

  it.each([
    [1_500_000_000, "1500 MB when unpacked"],
    [0xffffffff, "more than 4 GB when unpacked"],
  ])("keeps a workbook of %i bytes from being unpacked", async (size, found) => {
    const error = await rejectionOf(
      readXlsx(claiming(size), { source: "runs.xlsx", expectations: [] }),
      "DATA_INVALID",
    );
    expect(error.problems[0]?.found).toContain(found);
  });
});
