import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { createPredictor } from "../../src/registry/predict.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { modelDraft } from "./model-fixture.js";

/** Porosity at noise levels by context: precise at 40 %, six times as noisy at 48 %. */
function record(inputs: readonly string[] = ["line_load", "initial_porosity"]) {
  const X = matrixFromRows([
    [0, 0],
    [0, 0],
    [0.5, 0],
    [1, 1],
    [1, 1],
    [0.5, 1],
  ]);
  const surrogate = fitGaussianProcess({
    inputs: inputs.map((name) => ({ name, kind: "continuous" as const })),
    X,
    y: Float64Array.of(40, 40.1, 35, 30, 32, 34),
    noiseLevel: Int32Array.of(0, 0, 0, 1, 1, 1),
  });
  const [outcome] = modelDraft().outcomes;
  const noise = {
    variable: "initial_porosity",
    scale: "linear" as const,
    levels: [40, 48],
    stdDevs: [0.07, 1.4],
    pValue: 0.001,
  };
  return {
    ...modelDraft({
      outcomes: [{ ...outcome!, surrogate: surrogate.toJSON(), noise, knownNoiseVariance: 0 }],
    }),
    version: "0001-dddddddd",
  };
}

const row = (line_load: number, initial_porosity: number) => ({
  parameters: { line_load },
  context: { initial_porosity },
});

describe("createPredictor", () => {
  it("encodes by the record alone, and gives each row the noise of its context", () => {
    const { porosity } = createPredictor(record()).predict([row(200, 40), row(200, 41), row(1600, 48)]);
    const width = (i: number): number => porosity![i]!.interval95[1] - porosity![i]!.interval95[0];
    expect(porosity![0]!.mean).toBeCloseTo(40, 0);
    expect(porosity![2]!.mean).toBeCloseTo(31, 0);
    expect(width(2)).toBeGreaterThan(2 * width(0));
  });

  it("lists every row that it cannot encode", () => {
    try {
      createPredictor(record()).predict([row(200, 40), row(-5, 40), { parameters: {}, context: {} }]);
      expect.unreachable();
    } catch (error) {
      expect((error as CellwrightError).code).toBe("DATA_INVALID");
      expect((error as CellwrightError).problems.map(({ where }) => where)).toEqual([
        "row 2, parameters.line_load",
        "row 3, parameters.line_load",
        "row 3, context.initial_porosity",
      ]);
    }
  });

  it("refuses a surrogate that does not fit its encoding", () => {
    expect(() => createPredictor(record(["roll_gap", "initial_porosity"]))).toThrow(CellwrightError);
  });
});
