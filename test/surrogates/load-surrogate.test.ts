import { describe, expect, it } from "vitest";
import type { CellwrightError } from "../../src/errors.js";
import { type Problem } from "../../src/errors.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import { loadSurrogate } from "../../src/surrogates/load-surrogate.js";
import type { SurrogateRecord } from "../../src/surrogates/surrogate.js";
import { contractData } from "./surrogate-contract.js";

const record = JSON.parse(JSON.stringify(fitGaussianProcess(contractData(8, 1)))) as SurrogateRecord;

function problemsOf(damaged: unknown): readonly Problem[] {
  try {
    loadSurrogate(damaged as SurrogateRecord);
  } catch (error) {
    expect((error as CellwrightError).code).toBe("MODEL_INVALID");
    return (error as CellwrightError).problems;
  }
  return [];
}

describe("loading a surrogate", () => {
  it("takes back what was saved, with its fitted hyperparameters and settings", () => {
    expect(problemsOf(record)).toEqual([]);
    expect(JSON.stringify(loadSurrogate(record))).toBe(JSON.stringify(record));
  });

  it.each([null, 7, "text", [], {}])("refuses %j", (value) => {
    expect(problemsOf(value).map(({ where }) => where)).toEqual(["schema", "kind"]);
  });

  it("refuses another version of the schema", () => {
    expect(problemsOf({ ...record, schema: "cellwright.surrogate/2" })[0]).toMatchObject({
      where: "schema",
      found: '"cellwright.surrogate/2"',
    });
  });

  it("lists every damaged field at once", () => {
    const damaged = {
      ...record,
      kernel: "periodic",
      trainingRows: "8",
      transform: { kind: "identity", center: null, spread: 0 },
      hyperparameters: { lengthscales: [1, 2], signalVariance: -1, noiseVariance: [0.1] },
    };
    expect(
      problemsOf(damaged)
        .map(({ where }) => where)
        .sort(),
    ).toEqual([
      "hyperparameters.lengthscales",
      "hyperparameters.signalVariance",
      "kernel",
      "trainingRows",
      "transform.center",
      "transform.spread",
    ]);
  });

  it("refuses settings of the wrong shape or of a noise level that has no variance", () => {
    const settings = record["settings"] as Record<string, number[]>;
    const where = (changed: Record<string, unknown>): string[] =>
      problemsOf({ ...record, settings: { ...settings, ...changed } }).map((problem) => problem.where);
    expect(where({ X: settings["X"]!.slice(1) })).toEqual(["settings.X"]);
    expect(where({ count: settings["count"]!.map(() => 0) })).toEqual(["settings.count"]);
    expect(where({ noiseLevel: settings["noiseLevel"]!.map(() => 3) })).toEqual(["settings.noiseLevel"]);
    expect(where({ scatter: settings["scatter"]!.map(() => null) })).toEqual(["settings.scatter"]);
  });

  it("refuses inputs that are not inputs", () => {
    expect(
      problemsOf({ ...record, inputs: [{ name: "a", kind: "odd" }] }).map(({ where }) => where),
    ).toContain("inputs[0]");
  });
});
