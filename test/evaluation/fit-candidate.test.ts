import { describe, expect, it } from "vitest";
import { candidateLabel, type CandidateModel } from "../../src/evaluation/candidate-model.js";
import { fitCandidate } from "../../src/evaluation/fit-candidate.js";
import { contractData } from "../surrogates/surrogate-contract.js";
import { smallCampaign } from "./small-campaign.js";

describe("candidates with a kernel or shape of their own", () => {
  const campaign = smallCampaign();
  const outcome = campaign.outcomes.find(({ name }) => name === "porosity")!;

  it.each<readonly [CandidateModel, string, string, string]>([
    [
      { kind: "gaussian-process", preset: "default", inputWarp: true },
      "input warp",
      "kumaraswamy",
      "gaussian-process (default, warped inputs)",
    ],
    [
      { kind: "gaussian-process", preset: "default", mean: "linear" },
      "mean",
      "linear",
      "gaussian-process (default, linear mean)",
    ],
    [
      { kind: "gaussian-process", preset: "default", structure: "sum" },
      "structure",
      "sum",
      "gaussian-process (default, sum of kernels)",
    ],
    [
      { kind: "gaussian-process", preset: "default", kernel: "rbf" },
      "kernel",
      "rbf",
      "gaussian-process (default, rbf)",
    ],
  ])("are fitted as they say and named for it: %j", (candidate, field, value, label) => {
    const surrogate = fitCandidate(candidate, contractData(15, 1), { campaign, outcome, seed: 1 });
    expect(surrogate.describe()[field]).toBe(value);
    expect(candidateLabel(candidate)).toBe(label);
  });
});
