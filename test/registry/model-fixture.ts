import type { Diagnostics } from "../../src/registry/diagnostics.js";
import type { ModelDraft } from "../../src/registry/model-record.js";

export const scores = {
  observations: 12,
  groups: 6,
  rmse: 1.25,
  rmseGroups: 1.1,
  r2: 0.8,
  mape: 4,
  mapeGroups: 3,
  nlpd: 1.6,
  crps: 0.7,
  coverage95: 11 / 12,
  coverage95Groups: 1,
};

/** A small valid model; its surrogate has the outer shape only. */
export function modelDraft(changes: Partial<ModelDraft> = {}): ModelDraft {
  return {
    schema: "cellwright.model/1",
    campaign: "test-calendering",
    createdAt: "2026-02-01T03:00:00.000Z",
    codeVersion: "0.1.0",
    campaignHash: "c".repeat(64),
    dataHash: "d".repeat(64),
    seed: 1,
    settings: { folds: 5, candidates: [{ kind: "gaussian-process", preset: "default" }] },
    space: {
      parameters: [
        { kind: "continuous", name: "line_load", unit: "N/mm", min: 200, max: 1600, scale: "log" },
      ],
      context: [{ kind: "number", name: "initial_porosity", unit: "%", scale: "linear", value: 44 }],
      contextRanges: { initial_porosity: [40, 48] },
    },
    outcomes: [
      {
        name: "porosity",
        unit: "%",
        scale: "auto",
        candidate: { kind: "gaussian-process", preset: "default" },
        reason: "gaussian-process (default) gives held-out groups the highest density.",
        surrogate: { schema: "cellwright.surrogate/1", kind: "gaussian-process" },
        description: { "lengthscale of line_load": 0.4 },
        noise: null,
        knownNoiseVariance: 0.16,
        rows: 12,
        groups: 6,
        scores,
        withinContext: [{ context: { initial_porosity: 44 }, ...scores, r2: -0.2, groups: 4 }],
        compared: [
          {
            candidate: { kind: "gaussian-process", preset: "default" },
            scores,
            problem: null,
            behind: 0,
            behindStandardError: 0,
          },
        ],
      },
    ],
    notLearned: [{ outcome: "calendering_cost", why: "It is computed from the settings." }],
    spec: {
      campaign: "test-calendering",
      parameters: { line_load: { unit: "N/mm", min: 200, max: 1600, scale: "log" } },
      outcomes: { porosity: { unit: "%", spec: { min: 28, max: 32 } } },
    },
    trials: [
      {
        id: "T1",
        status: "completed",
        parameters: { line_load: 800 },
        context: { initial_porosity: 44 },
        observations: { porosity: { value: 31.5, standardError: 0.4 } },
        origin: "measured",
      },
    ],
    messages: ["porosity was measured once per group: 12 rows count as 6."],
    notes: ["Peel adhesion was not measured."],
    gate: null,
    ...changes,
  };
}

export const diagnostics: Diagnostics = { schema: "cellwright.diagnostics/1", outcomes: [] };
