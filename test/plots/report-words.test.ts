import { describe, expect, it } from "vitest";
import {
  outcomeStdDev,
  predictionTexts,
  readableText,
  settingsText,
  stateText,
} from "../../src/plots/report-words.js";
import { sampleReport } from "./sample-report.js";

const data = sampleReport();

describe("readableText", () => {
  it("writes labels and units as people do", () => {
    expect(
      readableText(
        data,
        "capacity_5c_volumetric 189 mAh/cm3 [99.1 to 278] at target_density 3.1 g/cm3, roll_temperature 145 degC (R² -0.72).",
      ),
    ).toBe(
      "capacity 5C volumetric 189 mAh/cm³ [99.1 to 278] at target density 3.1 g/cm³, roll temperature 145 °C (R² −0.72).",
    );
  });

  it("leaves parts of longer names, other words and bare units alone", () => {
    expect(readableText(data, "x_target_density, my.roll_temperature, target_density_2, g/cm3")).toBe(
      "x_target_density, my.roll_temperature, target_density_2, g/cm3",
    );
  });

  it("does with names full of signs, and with no names at all", () => {
    const odd = { ...data, inputs: [{ ...data.inputs[0]!, name: "a(+[b]", label: "odd" }] };
    expect(readableText(odd, "at a(+[b] 3 g/cm3")).toBe("at odd 3 g/cm³");
    expect(readableText({ ...data, inputs: [], outcomes: [] }, "5 g/cm3")).toBe("5 g/cm3");
  });
});

describe("words of a report", () => {
  it("name settings with their units, as finely as they can be set", () => {
    expect(settingsText(data, { target_density: 2.9, roll_temperature: 120 })).toBe(
      "target density 2.90 g/cm³, roll temperature 120 °C",
    );
    expect(stateText(data)).toBe("target coating weight 182.73 g/m²");
    expect(settingsText(data, { unknown_name: "on" })).toBe("unknown name on");
  });

  it("give all predictions of an outcome the same decimals", () => {
    expect(predictionTexts(data, "porosity_after").map((text) => text?.mean)).toEqual([
      "34.8",
      "32.9",
      "32.3",
      "35.5",
    ]);
    expect(predictionTexts(data, "unknown")).toEqual([undefined, undefined, undefined, undefined]);
    expect(outcomeStdDev(data, "unknown")).toBe(0);
  });
});
