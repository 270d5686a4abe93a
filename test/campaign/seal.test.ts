import { describe, expect, it } from "vitest";
import { isSealIntact, sealAnswer, type UnsealedAskResult } from "../../src/campaign/seal.js";

const answer: UnsealedAskResult = {
  campaign: "c",
  createdAt: "2024-01-01T00:00:00.000Z",
  provenance: {
    cellwright: "0.1.0",
    campaignHash: "a",
    dataHash: "b",
    modelId: "gp-1",
    seed: 1,
    workUnits: 10,
  },
  suggestions: [],
  advice: { stop: false, expectedImprovement: 0.25, why: "" },
  notes: [],
  warnings: [],
  messages: [],
};

describe("sealAnswer", () => {
  it("seals everything but the time and the program's version", () => {
    const { seal } = sealAnswer(answer).provenance;
    expect(seal).toMatch(/^[0-9a-f]{64}$/);
    expect(sealAnswer({ ...answer, createdAt: "2030-01-01T00:00:00.000Z" }).provenance.seal).toBe(seal);
    expect(
      sealAnswer({ ...answer, provenance: { ...answer.provenance, cellwright: "9" } }).provenance.seal,
    ).toBe(seal);
    expect(sealAnswer({ ...answer, provenance: { ...answer.provenance, seed: 2 } }).provenance.seal).not.toBe(
      seal,
    );
    expect(sealAnswer({ ...answer, warnings: ["x"] }).provenance.seal).not.toBe(seal);
  });

  it("survives a round trip through JSON, and shows tampering", () => {
    const sealed = sealAnswer(answer);
    expect(isSealIntact(JSON.parse(JSON.stringify(sealed)) as typeof sealed)).toBe(true);
    expect(isSealIntact({ ...sealed, advice: { ...sealed.advice, expectedImprovement: 0.26 } })).toBe(false);
  });

  it("lets no number leave that is not finite, and says where it is", () => {
    const broken = { ...answer, advice: { ...answer.advice, expectedImprovement: NaN } };
    expect(() => sealAnswer(broken)).toThrow(
      expect.objectContaining({
        code: "NON_FINITE",
        problems: [{ where: "advice.expectedImprovement", found: "NaN", expected: "a finite number" }],
      }) as Error,
    );
  });
});
