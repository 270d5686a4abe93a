import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { parseModelRecord } from "../../src/registry/model-record.js";
import { modelDraft } from "./model-fixture.js";

const record = () => ({ ...modelDraft(), version: "0001-dddddddd" });

function problemsOf(value: unknown): readonly string[] {
  try {
    parseModelRecord(value, "model.json");
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(CellwrightError);
    expect((error as CellwrightError).code).toBe("MODEL_INVALID");
    return (error as CellwrightError).problems.map(({ where }) => where);
  }
}

describe("parseModelRecord", () => {
  it("takes a model back from JSON unchanged", () => {
    expect(parseModelRecord(JSON.parse(JSON.stringify(record())), "model.json")).toEqual(record());
  });

  it("lists every problem with its place", () => {
    const damaged = {
      ...record(),
      seed: "one",
      dataHash: "",
      outcomes: [{ ...record().outcomes[0], rows: null, surrogate: { schema: "cellwright.surrogate/9" } }],
    };
    expect(problemsOf(damaged)).toEqual(
      expect.arrayContaining(["seed", "dataHash", "outcomes.0.rows", "outcomes.0.surrogate.schema"]),
    );
  });

  it.each([
    ["another schema version", { ...record(), schema: "cellwright.model/2" }],
    ["a field that it does not know", { ...record(), extra: 1 }],
    ["no outcome", { ...record(), outcomes: [] }],
    ["an infinite number", { ...record(), seed: Number.POSITIVE_INFINITY }],
    ["no object at all", null],
  ])("refuses %s", (_, value) => {
    expect(problemsOf(value).length).toBeGreaterThan(0);
  });
});
