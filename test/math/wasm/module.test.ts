import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { wasmKernels } from "../../../src/math/wasm/kernels.js";

const script = join(fileURLToPath(new URL("../../../scripts", import.meta.url)), "build-wasm.mjs");

describe("the compiled kernels", () => {
  it("are, byte for byte, what their sources compile to", () => {
    expect(() => execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" })).not.toThrow();
  });

  it("are loaded once", () => {
    expect(wasmKernels()).toBe(wasmKernels());
  });
});
