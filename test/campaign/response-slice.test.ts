import { describe, expect, it } from "vitest";
import { createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { fitOutcomes } from "../../src/campaign/fit-outcomes.js";
import { responseSlice } from "../../src/campaign/response-slice.js";
import { completed } from "./campaign-fixtures.js";

const campaign = withTrials(
  createCampaign({
    campaign: "c",
    parameters: {
      rate: { unit: "C", min: 0.02, max: 2, scale: "log" },
      temperature: { unit: "degC", min: 25, max: 55, step: 5 },
      mode: { choices: ["a", "b"] },
    },
    context: { rest: { unit: "h" } },
    outcomes: {
      life: { unit: "1", goal: "maximize" },
      time: { unit: "h", formula: "1 h * 1 C / rate", error: "10 %" },
    },
  }),
  Array.from({ length: 12 }, (_, i) => {
    const parameters = {
      rate: 0.02 * 100 ** (i / 11),
      temperature: 25 + 5 * (i % 7),
      mode: i % 2 === 0 ? "a" : "b",
    };
    return completed(
      `t${i}`,
      parameters,
      { life: 500 + 20 * parameters.temperature + 30 * (i % 3) },
      { context: { rest: 4 * i } },
    );
  }),
);
const life = (await fitOutcomes(campaign)).fitted.get("life")!;
const base = { parameters: { rate: 0.2, temperature: 40, mode: "a" }, context: { rest: 10 } };

describe("responseSlice", () => {
  it("gives mean and bands along a parameter, with the others held", () => {
    const slice = responseSlice(campaign, { outcome: life, parameter: "temperature", ...base });
    expect(slice).toMatchObject({
      outcome: "life",
      parameter: "temperature",
      held: { rate: 0.2, mode: "a", rest: 10 },
    });
    expect(slice.at).toEqual([25, 30, 35, 40, 45, 50, 55]);
    slice.at.forEach((temperature, i) => {
      const x = campaign.space.encode({ ...base.parameters, temperature }, base.context);
      expect(slice.mean[i]).toBe(life.model.predict({ rows: 1, cols: x.length, data: x }).mean[0]);
      const [latent, observed] = [slice.latent95[i]!, slice.observed95[i]!];
      expect(observed[0]).toBeLessThan(latent[0]);
      expect(latent[0]).toBeLessThan(slice.mean[i]!);
      expect(latent[1]).toBeLessThan(observed[1]);
    });
  });

  it("spaces numbers evenly on the parameter's own scale, choices as they are, and context by the data", () => {
    const { at } = responseSlice(campaign, { outcome: life, parameter: "rate", points: 3, ...base });
    [0.02, 0.2, 2].forEach((rate, i) => expect(at[i]).toBeCloseTo(rate, 9));
    expect(responseSlice(campaign, { outcome: life, parameter: "mode", ...base }).at).toEqual(["a", "b"]);
    expect(responseSlice(campaign, { outcome: life, parameter: "rest", points: 2, ...base }).at).toEqual([
      0, 44,
    ]);
  });

  it("shows a known outcome without latent doubt, its error in the band of a run", () => {
    const slice = responseSlice(campaign, { outcome: "time", parameter: "rate", points: 3, ...base });
    expect(slice.mean[1]).toBeCloseTo(5, 9);
    expect(slice.latent95[1]).toEqual([slice.mean[1], slice.mean[1]]);
    expect(slice.observed95[1]![1]).toBeCloseTo(5 + 1.96 * 0.5, 3);
  });

  it("refuses names that the campaign does not have", () => {
    expect(() => responseSlice(campaign, { outcome: life, parameter: "tmperature", ...base })).toThrow(
      "Did you mean temperature?",
    );
    expect(() => responseSlice(campaign, { outcome: "tim", parameter: "rate", ...base })).toThrow(
      "no outcome tim",
    );
  });
});
