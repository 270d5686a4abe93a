import { describe, expect, it } from "vitest";
import { createCampaign } from "../../src/campaign/campaign.js";
import { CellwrightError } from "../../src/errors.js";
import { parseModelRecord } from "../../src/registry/model-record.js";
import { spaceRecord } from "../../src/registry/space-record.js";
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

  it("takes the space of a campaign that says everything of its parameters and context", () => {
    const change = { effort: "hard", minutes: 45, scrap: 30 };
    const campaign = createCampaign({
      campaign: "everything",
      parameters: {
        load: { unit: "N/mm", min: 200, max: 1600, step: 50, tolerance: 5, max_move: 100, was: 300, change },
        gap: { unit: "um", min: 100, max: 160, scale: "log", tolerance: 1, max_move: 10 },
        passes: { type: "integer", min: 1, max: 3, max_move: 1, change },
        speed: { unit: "m/min", values: [5, 10, 20], tolerance: 0.5, max_move: 5, change },
        web: { choices: ["off", "on"], was: "off", change },
      },
      context: {
        porosity: { unit: "%", min: 35, max: 60, value: 44 },
        coil: { choices: ["k1"], value: "k1" },
      },
      outcomes: { y: { unit: "1", goal: "maximize" } },
    });
    const space = spaceRecord(campaign);
    expect(parseModelRecord({ ...record(), space }, "model.json").space).toEqual(space);
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
