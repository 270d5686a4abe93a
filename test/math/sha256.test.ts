import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "../../src/math/sha256.js";

const reference = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

describe("SHA-256", () => {
  it("gives the digests of FIPS 180-4's examples", () => {
    expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(sha256Hex("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("agrees with Node's at every length around the block size", () => {
    for (let length = 0; length <= 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => i * 37);
      expect(sha256Hex(bytes), `${length} bytes`).toBe(reference(bytes));
    }
  });

  it("agrees with Node's on any bytes and any text", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => sha256Hex(bytes) === reference(bytes)),
    );
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => sha256Hex(text) === reference(text)));
  });
});
