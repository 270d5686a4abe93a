import { describe, expect, it } from "vitest";
import { parseCsv } from "../src/data/parse-csv.js";
import { CellwrightError } from "../src/errors.js";
import { type Dataset, fitSurrogatesJointly, fitSurrogateWithSources } from "../src/fit-dataset.js";
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
