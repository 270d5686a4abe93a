import type { Campaign } from "../campaign/campaign.js";
import { dataHash } from "../campaign/data-hash.js";
import { definedFields } from "../campaign/defined-fields.js";
import { CellwrightError } from "../errors.js";
import type { Diagnostics } from "../registry/diagnostics.js";
import type { ModelStatus } from "../registry/lifecycle.js";
import type { GateReport, ModelDraft, ModelRecord } from "../registry/model-record.js";
import { version as codeVersion } from "../version.js";
import { GATE_MARGIN, judgeChallenger } from "./gate.js";
import { train, trainingTrials, type TrainOptions } from "./train.js";

export interface RetrainOptions
  extends Pick<TrainOptions, "candidates" | "folds" | "seed" | "executor" | "signal" | "onProgress"> {
  /** Compare, but change nothing: no lock, no model, no promotion. */
  readonly dryRun?: boolean;
  /** Nats per group by which the challenger may fall behind. */
  readonly margin?: number;
}

/** One step of a run, for the log: one JSON object a line. */
export interface RetrainEvent {
  readonly time: string;
  readonly event:
    | "started"
    | "locked"
    | "loaded"
    | "nothing-new"
    | "resumed"
    | "trained"
    | "compared"
    | "saved"
    | "promoted"
    | "not-promoted"
    | "failed";
  readonly [field: string]: unknown;
}

/** A saved version as far as retraining must know it. */
interface KnownModel {
  readonly version: string;
  readonly status: ModelStatus;
  /** Null if its file cannot be read. */
  readonly record: ModelRecord | null;
}

/** Everything that a run touches outside itself. */
export interface RetrainEffects {
  now(): Date;
  /** @throws CellwrightError LOCK_HELD if another run is at work. */
  lock(): { release(): void };
  /** The campaign with all trials that there are now. */
  loadCampaign(): Promise<Campaign>;
  listModels(): Promise<readonly KnownModel[]>;
  /** The model in use, or null. @throws CellwrightError MODEL_INVALID if it cannot be read. */
  loadChampion(): Promise<ModelRecord | null>;
  saveModel(draft: ModelDraft, diagnostics: Diagnostics): Promise<ModelRecord>;
  promote(version: string, note: { readonly time: string; readonly reason: string }): Promise<unknown>;
  log(event: RetrainEvent): void;
}

export type RetrainOutcome =
  | { readonly outcome: "nothing-new"; readonly champion: string; readonly reason: string }
  | {
      readonly outcome: "promoted" | "not-promoted";
      /** Null after a dry run: nothing was saved. */
      readonly version: string | null;
      readonly gate: GateReport;
      readonly reason: string;
    };

/**
 * Trains a challenger if there is something new, and lets it replace the champion only if it is no worse.
 *
 * Steps: lock, load, compare hashes, train, judge, save, promote; each logs one event. The champion's pointer is
 * written last, so that a kill leaves either the old champion or the new one. A run that was killed between saving and
 * promoting is finished by the next.
 *
 * @throws CellwrightError LOCK_HELD, and whatever loading, training or saving throws (logged as `failed`).
 */
export async function retrain(options: RetrainOptions, effects: RetrainEffects): Promise<RetrainOutcome> {
  const log: Log = (event, fields) => effects.log({ time: effects.now().toISOString(), event, ...fields });
  log("started", { dryRun: options.dryRun === true });
  try {
    const lock = options.dryRun === true ? null : effects.lock();
    if (lock !== null) log("locked", {});
    try {
      return await run(options, effects, log);
    } finally {
      lock?.release();
    }
  } catch (error) {
    const { code, message } =
      error instanceof CellwrightError ? error : { code: "INTERNAL", message: String(error) };
    log("failed", { code, message });
    throw error;
  }
}

type Log = (event: RetrainEvent["event"], fields: Readonly<Record<string, unknown>>) => void;

async function run(options: RetrainOptions, effects: RetrainEffects, log: Log): Promise<RetrainOutcome> {
  const campaign = await effects.loadCampaign();
  const champion = await effects.loadChampion();
  const trials = trainingTrials(campaign);
  const hash = dataHash(trials);
  log("loaded", {
    campaign: campaign.name,
    trials: trials.length,
    dataHash: hash,
    champion: champion?.version ?? null,
  });
  const earlier = (await effects.listModels()).filter(({ record }) => isSameTask(record, campaign, hash));
  const unfinished = earlier.find((model) => isUnfinished(model, champion));
  if (unfinished?.record?.gate && options.dryRun !== true) {
    log("resumed", { version: unfinished.version });
    return promoteModel(unfinished.record, unfinished.record.gate, effects, log);
  }
  if (champion !== null && earlier.length > 0) {
    const reason = `Nothing new since ${earlier.at(-1)!.version}: same campaign, data and version of Cellwright.`;
    log("nothing-new", { champion: champion.version, reason });
    return { outcome: "nothing-new", champion: champion.version, reason };
  }
  return challenge(campaign, champion, options, effects, log);
}

function isSameTask(record: ModelRecord | null, campaign: Campaign, hash: string): boolean {
  return (
    record?.campaignHash === campaign.hash && record.dataHash === hash && record.codeVersion === codeVersion
  );
}

/** Cleared against the present champion, saved, and then never promoted: the run was killed in between. */
function isUnfinished({ status, record }: KnownModel, champion: ModelRecord | null): boolean {
  return (
    status === "candidate" &&
    record?.gate?.promote === true &&
    record.gate.against === (champion?.version ?? null)
  );
}

async function challenge(
  campaign: Campaign,
  champion: ModelRecord | null,
  options: RetrainOptions,
  effects: RetrainEffects,
  log: Log,
): Promise<RetrainOutcome> {
  const { margin = GATE_MARGIN, dryRun = false, ...settings } = options;
  const { executor, signal } = settings;
  const { draft, diagnostics } = await train(campaign, {
    ...settings,
    createdAt: effects.now().toISOString(),
  });
  log("trained", {
    outcomes: draft.outcomes.map(({ name, candidate, scores }) => ({
      name,
      ...candidate,
      r2: scores?.r2 ?? null,
      nlpd: scores?.nlpd ?? null,
    })),
    notLearned: draft.notLearned,
  });
  const gate =
    champion === null
      ? firstModel(margin)
      : await judgeChallenger(champion, draft, campaign, { margin, ...definedFields({ executor, signal }) });
  log("compared", { ...gate });
  if (dryRun) {
    const outcome = gate.promote ? "promoted" : "not-promoted";
    log(outcome, { dryRun, reason: gate.reason });
    return { outcome, version: null, gate, reason: gate.reason };
  }
  const record = await effects.saveModel({ ...draft, gate }, diagnostics);
  log("saved", { version: record.version });
  if (gate.promote) return promoteModel(record, gate, effects, log);
  log("not-promoted", { version: record.version, champion: champion?.version ?? null, reason: gate.reason });
  return { outcome: "not-promoted", version: record.version, gate, reason: gate.reason };
}

async function promoteModel(
  record: ModelRecord,
  gate: GateReport,
  effects: RetrainEffects,
  log: Log,
): Promise<RetrainOutcome> {
  await effects.promote(record.version, { time: effects.now().toISOString(), reason: gate.reason });
  log("promoted", { version: record.version, replaced: gate.against, reason: gate.reason });
  return { outcome: "promoted", version: record.version, gate, reason: gate.reason };
}

function firstModel(margin: number): GateReport {
  return { against: null, promote: true, reason: "There was no champion.", margin, outcomes: [] };
}
