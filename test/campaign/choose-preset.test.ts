import { describe, expect, it } from "vitest";
import { isClear, presetGain } from "../../src/campaign/choose-preset.js";
import { createMatrix } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { fitGaussianProcess, type GaussianProcess } from "../../src/surrogates/gaussian-process.js";

/** A plane in six inputs far from zero: priors that expect longer lengthscales in more dimensions know better. */
function plane(rows: number): Parameters<typeof fitGaussianProcess>[0] {
  const rng = createRng(3);
  const X = createMatrix(rows, 6);
  X.data.forEach((_, k) => (X.data[k] = rng.uniform()));
  const y = Float64Array.from({ length: rows }, (_, i) => {
    let sum = 50;
    for (let k = 0; k < 6; k++) sum += (k + 1) * X.data[i * 6 + k]!;
    return sum + 0.3 * rng.normal();
  });
  return {
    inputs: Array.from({ length: 6 }, (_, k) => ({ name: `x${k}`, kind: "continuous" as const })),
    X,
    y,
  };
}

describe("presetGain", () => {
  const data = plane(20);
  const fit = (preset: "default" | "hvarfner-2024"): GaussianProcess => fitGaussianProcess(data, { preset });

  it("is zero between a fit and itself, and changes its sign with the order", () => {
    const [a, b] = [fit("default"), fit("hvarfner-2024")];
    expect(presetGain(a, a)).toEqual({ mean: 0, standardError: 0 });
    expect(presetGain(a, b).mean).toBe(-presetGain(b, a).mean);
  });

  it("calls a gain clear from one standard error on", () => {
    expect(isClear({ mean: 0.11, standardError: 0.1 })).toBe(true);
    expect(isClear({ mean: 0.09, standardError: 0.1 })).toBe(false);
    expect(isClear({ mean: 0, standardError: 0 })).toBe(false);
  });
});
