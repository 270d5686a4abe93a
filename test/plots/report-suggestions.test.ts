import { describe, expect, it } from "vitest";
import type { Suggestion } from "../../src/campaign/suggestion.js";
import { reportHtml } from "../../src/plots/report-html.js";
import { riskWords } from "../../src/plots/risk-words.js";
import { sampleReport } from "./sample-report.js";

const sample = sampleReport();

function textOf(changes: Partial<Suggestion>): string {
  const suggestions = sample.suggestions.map((one) => ({ ...one, ...changes }));
  const page = reportHtml([{ data: { ...sample, suggestions }, figures: [], drawings: new Map() }]);
  return page
    .replace(/<style[\s\S]*?<\/style>/gu, "")
    .replace(/<[^>]*>/gu, " ")
    .replace(/&gt;/gu, ">")
    .replace(/\s+/gu, " ");
}

describe("the suggestions in the report", () => {
  it("show how likely a run succeeds, and the risk by reason, the greatest first", () => {
    const risks = { delamination: 0.04, wrinkles: 0.1, dust: 0.0001 };
    const text = textOf({ success: { probability: 0.86, risks } });
    expect(text).toContain("86 % 10 % wrinkles 4 % delamination");
    expect(text).not.toContain("dust");
  });

  it("show the objective under tolerance and single desirabilities beside the prediction", () => {
    const prediction = {
      mean: 188,
      stdDev: 20,
      interval95: [150, 226],
      unit: "mAh/cm3",
      source: "composite",
    };
    const text = textOf({
      risk: { measure: "cvar", level: 0.9, objectives: { capacity_5c_volumetric: prediction as never } },
      desirabilities: { capacity_0p2c_volumetric: 0.6 },
      safety: { probability: 0.97, floor: 0.95 },
    });
    expect(text).toContain("196 143 to 249 188 mean of the worst 10 % in tolerance (CVaR)");
    expect(text).toContain("desirability 0.60");
    expect(text).toMatch(/meets all specifications .*safe/u);
  });

  it("fold away what would change the advice, each reason by itself", () => {
    const sentences = ["Worst of single steps: target_density 3 g/cm3.", "roll_temperature is at its bound."];
    const text = textOf({
      reasons: ["first", "second reason"],
      explanation: { steps: [], relaxations: [], turningPoints: [], sentences },
    });
    expect(text).toContain(
      "Why: First Second reason What would change this advice Worst of single steps: target density 3 g/cm³. Roll temperature is at its bound.",
    );
  });
});

describe("the words for a measure of risk", () => {
  it("say what share of settings is meant", () => {
    const words = (measure: "mean" | "var" | "cvar" | "worst-case"): string =>
      riskWords({ measure, level: 0.95, objectives: {} });
    expect(words("mean")).toBe("mean in tolerance");
    expect(words("var")).toBe("reached by 95 % in tolerance (VaR)");
    expect(words("cvar")).toBe("mean of the worst 5 % in tolerance (CVaR)");
    expect(words("worst-case")).toBe("worst in tolerance");
  });
});
