import { afterEach, describe, expect, it, vi } from "vitest";
import { createMatrix, multiplyTransposed } from "../../../src/math/matrix.js";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** Modules of their own: the change to relaxed kernels is for good. */
async function freshModules() {
  vi.resetModules();
  const kernels = await import("../../../src/math/wasm/kernels.js");
  const { choleskyWasm } = await import("../../../src/math/wasm/linear-algebra.js");
  return { ...kernels, choleskyWasm };
}

function positiveDefinite(n: number) {
  const A = createMatrix(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) A.data[i * n + j] = 1 / (1 + Math.abs(i - j)) + (i === j ? 1 : 0);
  return A;
}

describe("the relaxed kernels", () => {
  it("factorise as exactly as the strict ones, also where those were used before", async () => {
    const { choleskyWasm, kernelBuild, useRelaxedKernels } = await freshModules();
    const A = positiveDefinite(137);
    const strict = choleskyWasm(A);
    expect(kernelBuild()).toBe("strict");
    await useRelaxedKernels();
    expect(kernelBuild()).toBe("relaxed");
    const relaxed = choleskyWasm(A);
    if (!strict.ok || !relaxed.ok) throw new Error("the matrix is positive definite");
    const back = multiplyTransposed(relaxed.L, relaxed.L);
    let [error, size] = [0, 0];
    A.data.forEach((value, at) => {
      error += (value - back.data[at]!) ** 2;
      size += value ** 2;
    });
    expect(Math.sqrt(error / size)).toBeLessThan(1e-13);
    relaxed.L.data.forEach((value, at) => expect(value).toBeCloseTo(strict.L.data[at]!, 12));
  });

  it("are told of in the provenance of an answer", async () => {
    const { useRelaxedKernels } = await freshModules();
    const { ask } = await import("../../../src/campaign/ask.js");
    const { withTrials } = await import("../../../src/campaign/campaign.js");
    const fixtures = await import("../../campaign/campaign-fixtures.js");
    const campaign = withTrials(fixtures.twoParameterCampaign(), fixtures.bowlTrials(20));
    expect((await ask(campaign, { count: 1 })).provenance.kernels).toBeUndefined();
    await useRelaxedKernels();
    expect((await ask(campaign, { count: 1 })).provenance.kernels).toBe("relaxed");
  });

  it("are refused by an engine that has no relaxed operations, and the strict ones stay", async () => {
    const { kernelBuild, useRelaxedKernels, wasmKernels } = await freshModules();
    const before = wasmKernels();
    vi.stubGlobal("WebAssembly", { instantiate: () => Promise.reject(new Error("invalid opcode")) });
    await expect(useRelaxedKernels()).rejects.toMatchObject({ code: "INVALID_OPTION" });
    expect(kernelBuild()).toBe("strict");
    expect(wasmKernels()).toBe(before);
  });
});
