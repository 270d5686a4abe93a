import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { wasmKernels } from "../../../src/math/wasm/kernels.js";

/** What these tests use of the engine's own. */
interface NativeWebAssembly {
  readonly Module: new (bytes: Uint8Array) => object;
  instantiate(bytes: Uint8Array): Promise<object>;
}

const native = (globalThis as unknown as { WebAssembly: NativeWebAssembly }).WebAssembly;
const script = join(fileURLToPath(new URL("../../../scripts", import.meta.url)), "build-wasm.mjs");

describe("the compiled kernels", () => {
  it("are, byte for byte, what their sources compile to", () => {
    expect(() => execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" })).not.toThrow();
  });

  it("are loaded once", () => {
    expect(wasmKernels()).toBe(wasmKernels());
  });
});

describe("prepareKernels", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it("lets ask run where a page may not compile synchronously", async () => {
    const refuse = vi.fn(() => {
      throw new Error("too large to be compiled on the main thread");
    });
    vi.resetModules();
    vi.stubGlobal("WebAssembly", {
      Module: refuse,
      Instance: refuse,
      instantiate: (bytes: Uint8Array<ArrayBuffer>) => native.instantiate(bytes),
    });
    const { ask } = await import("../../../src/campaign/ask.js");
    const { withTrials } = await import("../../../src/campaign/campaign.js");
    const fixtures = await import("../../campaign/campaign-fixtures.js");
    const campaign = withTrials(fixtures.twoParameterCampaign(), fixtures.bowlTrials(20));
    expect((await ask(campaign, { count: 1 })).suggestions).toHaveLength(1);
    expect(refuse).not.toHaveBeenCalled();
  });

  it("leaves it to the first use to tell of an engine without the kernels", async () => {
    vi.resetModules();
    vi.stubGlobal("WebAssembly", {
      Module: native.Module,
      Instance: function refuse() {
        throw new Error("no vectors");
      },
      instantiate: () => Promise.reject(new Error("no vectors")),
    });
    const fresh = await import("../../../src/math/wasm/kernels.js");
    await fresh.prepareKernels();
    expect(() => fresh.wasmKernels()).toThrow(expect.objectContaining({ code: "INTERNAL" }));
  });
});
