import { describe, expect, it } from "vitest";
import type { Dataset } from "../src/data/dataset.js";
import { parseCsv } from "../src/data/parse-csv.js";
import { CellwrightError } from "../src/errors.js";
import { fitSurrogate, fitSurrogatesJointly, fitSurrogateWithSources } from "../src/fit-dataset.js";
import { createRng } from "../src/math/rng.js";

/** SYNTHETIC: two lines a level apart; density was measured in every second run. */
function dataset(): Dataset {
  const rng = createRng(4);
  const lines = ["line,line_load [N/mm],roll_temperature [degC],porosity [%],density [g/cm3]"];
  for (let i = 0; i < 40; i++) {
    const line = i < 30 ? "old" : "new";
    const [load, temperature] = [200 + 1400 * rng.uniform(), 25 + 95 * rng.uniform()];
    const porosity = 44 - 0.01 * load - 0.03 * temperature + (line === "new" ? 2 : 0) + 0.2 * rng.normal();
    const density = i % 2 === 0 ? 4.2 * (1 - porosity / 100) + 0.01 * rng.normal() : "";
    lines.push([line, load, temperature, porosity, density].join(","));
  }
  const table = parseCsv(lines.join("\n"), {
    source: "runs.csv",
    expectations: [
      { name: "line", kind: "text", role: "metadata" },
      { name: "line_load", kind: "number", unit: "N/mm", role: "parameter" },
      { name: "roll_temperature", kind: "number", unit: "degC", role: "parameter" },
      { name: "porosity", kind: "number", unit: "%", role: "outcome" },
      { name: "density", kind: "number", unit: "g/cm3", role: "outcome" },
    ],
  });
  return {
    name: "runs",
    table,
    inputs: ["line", "line_load", "roll_temperature"],
    outcomes: ["porosity", "density"],
  };
}

const point = { line_load: 900, roll_temperature: 70 };

describe("fitting outcomes of a data set jointly", () => {
  it("learns outcomes from one another, with cells missing, and takes settings by name", async () => {
    const inputs = ["line_load", "roll_temperature", "line"];
    const { surrogates, correlations } = await fitSurrogatesJointly(dataset(), { inputs });
    expect(surrogates.map(({ outcome, unit }) => [outcome, unit])).toEqual([
      ["porosity", "%"],
      ["density", "g/cm3"],
    ]);
    expect(surrogates[1]!.surrogate.trainingRows).toBe(20);
    expect(correlations[0]![1]).toBeLessThan(-0.9);
    const porosity = surrogates[0]!.predict([{ ...point, line: "old" }]).mean[0]!;
    expect(Math.abs(porosity - (44 - 9 - 2.1))).toBeLessThan(0.5);
  });
});

describe("fitting one source with the help of others", () => {
  it("uses an earlier line where it helps, and says so", async () => {
    const options = { outcome: "porosity", source: "line", target: "new" };
    const fitted = await fitSurrogateWithSources(dataset(), options);
    const { verdicts, inputs } = fitted;
    expect(inputs).toEqual(["line_load", "roll_temperature"]);
    expect(verdicts).toHaveLength(1);
    expect(verdicts[0]!.used).toBe(true);
    expect(verdicts[0]!.words).toContain("With old, the log density of left-out settings of new rises by");
    expect(Math.abs(fitted.predict([point]).mean[0]! - (44 - 9 - 2.1 + 2))).toBeLessThan(0.5);
  });

  it("refuses a target that does not occur", async () => {
    const options = { outcome: "porosity", source: "line", target: "third" };
    await expect(fitSurrogateWithSources(dataset(), options)).rejects.toThrow(CellwrightError);
    await expect(fitSurrogateWithSources(dataset(), options)).rejects.toThrow("expected one of new, old");
  });
});

describe("asking a fitted surrogate for more than its moments", () => {
  const options = {
    outcome: "porosity",
    inputs: ["line_load", "roll_temperature"],
    kind: "gaussian-process",
  } as const;
  const points = [point, { line_load: 950, roll_temperature: 70 }];

  it("draws joint samples and whole functions in raw units, the same for the same seed", async () => {
    const model = await fitSurrogate(dataset(), options);
    const samples = model.samples(points, { count: 512 });
    const { mean, stdDev } = model.predict(points);
    const average = samples.reduce((sum, row) => sum + row[0]!, 0) / 512;
    expect(samples).toHaveLength(512);
    expect(Math.abs(average - mean[0]!)).toBeLessThan(0.1 * stdDev[0]!);
    expect(model.samples(points, { count: 512 })).toEqual(samples);
    const [first] = model.sampleFunctions({ count: 2, seed: 3 });
    expect(Math.abs(first!(point) - mean[0]!)).toBeLessThan(6 * stdDev[0]!);
    expect(model.sampleFunctions({ count: 1, seed: 3 })[0]!(point)).toBe(first!(point));
  });

  it("predicts as if further results were known", async () => {
    const model = await fitSurrogate(dataset(), options);
    const before = model.predict([point]);
    const after = model.given([{ settings: point, outcome: before.mean[0]! + 1 }]);
    expect(after.predict([point]).mean[0]).toBeGreaterThan(before.mean[0]!);
    expect(after.predict([point]).stdDev[0]).toBeLessThan(before.stdDev[0]!);
    expect(after.given([{ settings: point, outcome: 33 }]).samples(points, { count: 2 })).toHaveLength(2);
  });

  it("says so where a kind of surrogate cannot", async () => {
    const forest = await fitSurrogate(dataset(), { ...options, kind: "random-forest" });
    const expected = { code: "INVALID_OPTION" };
    expect(() => forest.samples(points, { count: 2 })).toThrow(expect.objectContaining(expected));
    expect(() => forest.sampleFunctions({ count: 2 })).toThrow(expect.objectContaining(expected));
    expect(() => forest.given([])).toThrow(expect.objectContaining(expected));
  });
});

describe("asking for a kernel or a shape", () => {
  it("is for a Gaussian process, whose description names them, and refused of other kinds", async () => {
    const shape = { kernel: "rbf", inputWarp: true, mean: "linear", structure: "sum" } as const;
    const options = { outcome: "porosity", ...shape };
    const { surrogate } = await fitSurrogate(dataset(), { ...options, kind: "gaussian-process" });
    expect(surrogate.describe()).toMatchObject({
      kernel: "rbf",
      "input warp": "kumaraswamy",
      mean: "linear",
      structure: "sum",
    });
    await expect(fitSurrogate(dataset(), { ...options, kind: "random-forest" })).rejects.toMatchObject({
      code: "INVALID_OPTION",
    });
  });
});

describe("asking for drawn hyperparameters", () => {
  it("gives the mixture for nuts, and for auto only where that pays", async () => {
    const options = { kind: "gaussian-process", outcome: "porosity" } as const;
    const drawn = await fitSurrogate(dataset(), { ...options, inference: "nuts" });
    expect(drawn.surrogate.kind).toBe("bayesian-gaussian-process");
    const auto = await fitSurrogate(dataset(), { ...options, inference: "auto" });
    expect(["gaussian-process", "bayesian-gaussian-process"]).toContain(auto.surrogate.kind);
    const { mean } = auto.predict([{ ...point, line: "old" }]);
    expect(Math.abs(mean[0]! - (44 - 9 - 2.1))).toBeLessThan(0.5);
  });
});
