import { z } from "zod";
import { campaignSpecSchema } from "../campaign/campaign-spec.js";
import { recordProblems } from "./record-problems.js";
import { CellwrightError } from "../errors.js";

/**
 * A saved model: everything needed to predict (encoding and surrogates), to judge it (metrics), to repeat it (data,
 * seed, settings, code version) and to compare a challenger with it (its campaign and trials). It never changes once
 * written; its standing is kept apart, in the lifecycle.
 */

const finite = z.number();
const name = z.string().min(1);
const settings = z.record(z.string(), z.union([finite, z.string()]));
const change = z.strictObject({
  effort: z.enum(["easy", "medium", "hard"]),
  minutes: finite.exactOptional(),
  scrap: finite.exactOptional(),
});
const scale = z.enum(["linear", "log"]);
const base = {
  name,
  unit: z.string(),
  change: change.exactOptional(),
  maxMove: finite.nonnegative().exactOptional(),
};
const tolerance = finite.positive().exactOptional();

const parameterSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    ...base,
    kind: z.literal("continuous"),
    min: finite,
    max: finite,
    scale,
    step: finite.exactOptional(),
    tolerance,
  }),
  z.strictObject({ ...base, kind: z.literal("integer"), min: finite, max: finite, scale }),
  z.strictObject({ ...base, kind: z.literal("discrete"), values: z.array(finite), scale, tolerance }),
  z.strictObject({ ...base, kind: z.literal("categorical"), choices: z.array(z.string()) }),
]);

const contextSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("number"),
    name,
    unit: z.string(),
    min: finite.exactOptional(),
    max: finite.exactOptional(),
    scale,
    value: finite.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal("categorical"),
    name,
    unit: z.string(),
    choices: z.array(z.string()),
    value: z.string().exactOptional(),
  }),
]);

const trialSchema = z.strictObject({
  id: name,
  status: z.enum(["suggested", "running", "completed", "failed", "abandoned"]),
  parameters: settings,
  context: settings,
  observations: z.record(
    z.string(),
    z.strictObject({ value: finite, standardError: finite.nonnegative().exactOptional() }),
  ),
  group: z.string().exactOptional(),
  wholePlot: z.string().exactOptional(),
  reason: z.string().exactOptional(),
  origin: z.enum(["measured", "SYNTHETIC"]),
  measuredAt: z.string().exactOptional(),
  comment: z.string().exactOptional(),
});

const scoresShape = {
  observations: finite,
  groups: finite,
  rmse: finite,
  rmseGroups: finite,
  r2: finite.nullable(),
  mape: finite.nullable(),
  mapeGroups: finite.nullable(),
  nlpd: finite,
  crps: finite,
  coverage95: finite,
  coverage95Groups: finite,
};

const surrogateKind = z.enum([
  "gaussian-process",
  "bayesian-gaussian-process",
  "response-surface",
  "random-forest",
  "multi-task-gaussian-process",
  "multi-fidelity-gaussian-process",
]);

const candidateSchema = z.strictObject({
  kind: surrogateKind,
  preset: z.enum(["default", "hvarfner-2024", "sparse-axes", "saas-2021"]).exactOptional(),
  priorMean: name.exactOptional(),
  kernel: z.enum(["matern-1/2", "matern-3/2", "matern-5/2", "rbf"]).exactOptional(),
  inputWarp: z.boolean().exactOptional(),
  mean: z.enum(["constant", "linear"]).exactOptional(),
  structure: z.enum(["product", "sum", "sum-and-product"]).exactOptional(),
  robust: z.literal(true).exactOptional(),
  inputNoise: z.literal(true).exactOptional(),
  wholePlot: z.literal(true).exactOptional(),
});

const comparedSchema = z.strictObject({
  candidate: candidateSchema,
  scores: z.strictObject(scoresShape).nullable(),
  problem: z.string().nullable(),
  behind: finite.nullable(),
  behindStandardError: finite.nullable(),
});

const noiseSchema = z.strictObject({
  variable: name,
  scale,
  levels: z.array(z.union([finite, z.string()])).min(1),
  stdDevs: z.array(finite),
  pValue: finite,
});

const pairedSchema = z.strictObject({
  groups: finite,
  mean: finite,
  standardError: finite,
  worst: z.strictObject({ group: z.string(), difference: finite }).nullable(),
});

/** What the comparison with the champion of that day decided, and on what. */
const gateSchema = z.strictObject({
  /** Version of the champion; null if there was none. */
  against: z.string().nullable(),
  promote: z.boolean(),
  reason: z.string(),
  /** Nats per group by which the challenger may fall behind. */
  margin: finite,
  outcomes: z.array(
    z.strictObject({
      outcome: name,
      verdict: z.enum(["no-worse", "worse", "altered", "not-comparable", "new", "removed", "lost"]),
      /** Challenger minus champion, on what the champion learned from, and on that and all later runs. */
      known: pairedSchema.nullable(),
      all: pairedSchema.nullable(),
      /** Observations that the champion learned from and that have another value now, or are gone. */
      changed: finite,
      missing: finite,
    }),
  ),
});

export type GateReport = z.infer<typeof gateSchema>;
export type GateOutcome = GateReport["outcomes"][number];

const outcomeSchema = z.strictObject({
  name,
  unit: z.string(),
  scale: z.enum(["auto", "identity", "log"]),
  candidate: candidateSchema,
  reason: z.string(),
  surrogate: z.looseObject({
    schema: z.literal("cellwright.surrogate/1"),
    kind: surrogateKind,
  }),
  /** Readable numbers of the surrogate: lengthscales, noise … */
  description: z.record(z.string(), z.union([finite, z.string()])),
  /** Which inferred noise level a row has, by a variable of settings or context. */
  noise: noiseSchema.nullable(),
  /** Variance of one measurement's known error, raw unit squared. */
  knownNoiseVariance: finite.nonnegative(),
  rows: finite,
  groups: finite,
  /** Held-out scores; null where fewer than two groups were measured. */
  scores: z.strictObject(scoresShape).nullable(),
  withinContext: z.array(z.strictObject({ context: settings, ...scoresShape })),
  compared: z.array(comparedSchema),
});

const modelRecordSchema = z.strictObject({
  schema: z.literal("cellwright.model/1"),
  campaign: name,
  version: name,
  createdAt: z.iso.datetime(),
  /** Version of Cellwright that trained it. */
  codeVersion: name,
  campaignHash: name,
  dataHash: name,
  seed: z.int(),
  settings: z.strictObject({
    folds: z.union([z.int(), z.literal("leave-one-group-out")]),
    candidates: z.array(candidateSchema).min(1),
  }),
  /** Encoding of the inputs, with every bound resolved. */
  space: z.strictObject({
    parameters: z.array(parameterSchema).min(1),
    context: z.array(contextSchema),
    contextRanges: z.record(z.string(), z.tuple([finite, finite])),
  }),
  outcomes: z.array(outcomeSchema).min(1),
  /** Outcomes of the campaign that no surrogate was trained for, and why. */
  notLearned: z.array(z.strictObject({ outcome: name, why: z.string() })),
  spec: campaignSpecSchema,
  trials: z.array(trialSchema),
  /** What happened to the data on the way (merged rows, outcomes that count once). */
  messages: z.array(z.string()),
  /** What must be said with every use: the notes of campaign and process. */
  notes: z.array(z.string()),
  /** Null for a model that `train` made: nobody compared it with a champion. */
  gate: gateSchema.nullable(),
});

export type ModelRecord = z.infer<typeof modelRecordSchema>;
export type OutcomeRecord = ModelRecord["outcomes"][number];
/** A model that was not saved yet: the files give it a version. */
export type ModelDraft = Omit<ModelRecord, "version">;

/**
 * Validates what was read as a model.
 *
 * @param source - Where it was read, for the message.
 * @throws CellwrightError MODEL_INVALID with every problem.
 */
export function parseModelRecord(value: unknown, source: string): ModelRecord {
  const parsed = modelRecordSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = recordProblems(parsed.error.issues, value);
  throw new CellwrightError(
    "MODEL_INVALID",
    `${source} is no model that this version of Cellwright can read. Train again, or roll back to another version.`,
    { problems },
  );
}
