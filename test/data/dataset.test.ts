import { describe, expect, it } from "vitest";
import { chooseInputs, chooseOutcome, completeRows, type Dataset, valueAt } from "../../src/data/dataset.js";
import { parseCsv } from "../../src/data/parse-csv.js";

const table = parseCsv("load,speed,line,porosity,note\n200,5,a,31,x\n300,5,b,,y\n,5,a,29,z\n", {
  source: "runs.csv",
  expectations: [
    { name: "load", kind: "number", unit: "N/mm", role: "parameter" },
    { name: "speed", kind: "number", unit: "m/min", role: "parameter" },
    { name: "line", kind: "text", role: "parameter" },
    { name: "porosity", kind: "number", unit: "%", role: "outcome" },
    { name: "note", kind: "text", role: "metadata" },
  ],
});
const dataset: Dataset = {
  name: "runs",
  table,
  inputs: ["load", "speed", "line"],
  outcomes: ["porosity"],
};

describe("a data set's columns", () => {
  it("are read cell by cell, empty ones as null", () => {
    expect([valueAt(table, "load", 0), valueAt(table, "load", 2), valueAt(table, "line", 1)]).toEqual([
      200,
      null,
      "b",
    ]);
  });

  it("give the rows in which all of them have a value", () => {
    expect(completeRows(table, ["load"])).toEqual([0, 1]);
    expect(completeRows(table, ["load", "porosity"])).toEqual([0]);
  });

  it("are inputs by default where they vary", () => {
    expect(chooseInputs(dataset, {}, "porosity")).toEqual(["load", "line"]);
    expect(() => chooseInputs(dataset, { inputs: ["porosity"] }, "porosity")).toThrow(
      "inputs: found porosity",
    );
  });

  it("hold the outcome that is named, or the only one, if it is a number", () => {
    expect(chooseOutcome(dataset, {})).toBe("porosity");
    expect(() => chooseOutcome(dataset, { outcome: "note" })).toThrow('"note" is not a numeric column');
  });
});
