import {
  type OpenedCampaign,
  openCampaign,
  readCampaignTable,
  withStored,
} from "../../adapters/open-campaign.js";
import type { TrialChange } from "../../adapters/trial-store.js";
import type { Campaign } from "../../campaign/campaign.js";
import { checkRuns } from "../../campaign/check-runs.js";
import { rowMessages } from "../../campaign/row-messages.js";
import { tell } from "../../campaign/tell.js";
import type { Trial, TrialUpdate } from "../../campaign/trial.js";
import { CellwrightError, type Problem } from "../../errors.js";
import type { DecimalMark } from "../../data/parse-options.js";
import type { CliEffects } from "../effects.js";
import { formatPlain } from "../../plots/format.js";
import { matchRows } from "../match-trial.js";
import { updateFromAssignments } from "../result-assignments.js";

export interface RecordOptions {
  readonly data?: string;
  readonly decimal?: DecimalMark;
  readonly correct?: boolean;
  readonly reason?: string;
  readonly skipInvalid?: boolean;
}

const MAX_ATTEMPTS = 5;

/** `cellwright record`: tells results by trial id or by matching settings; telling the same twice changes nothing. */
export async function record(
  path: string,
  results: readonly string[],
  options: RecordOptions,
  effects: CliEffects,
): Promise<void> {
  checkUsage(path, results, options);
  const opened = await openCampaign(path, { cwd: effects.cwd, store: "create", signal: effects.signal });
  try {
    const outcome = await recordInto(opened, results, options, effects);
    effects.out(summary(outcome));
    effects.err(`Next: cellwright suggest ${path}\n`);
  } finally {
    await opened.store?.close();
  }
}

function checkUsage(path: string, results: readonly string[], options: RecordOptions): void {
  if (results.length === 0 && options.data === undefined) {
    throw new CellwrightError(
      "USAGE",
      `Nothing to record. Give name=value pairs or --data, for example: cellwright record ${path} trial=S001 porosity=31.2`,
    );
  }
  if (results.length > 0 && options.data !== undefined) {
    throw new CellwrightError("USAGE", "Give either name=value pairs or --data, not both.");
  }
  if (options.correct === true && (options.reason ?? "").trim() === "") {
    throw new CellwrightError("USAGE", "A correction needs --reason: it is kept in the audit trail.");
  }
}

interface RecordOutcome {
  readonly changed: readonly Trial[];
  readonly unchanged: number;
  readonly messages: readonly string[];
}

async function recordInto(
  opened: OpenedCampaign,
  results: readonly string[],
  options: RecordOptions,
  effects: CliEffects,
): Promise<RecordOutcome> {
  const store = opened.store!;
  let { campaign, revision } = opened;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const { updates, messages } = await readUpdates(campaign, results, options, effects);
    const next = tellOrExplain(campaign, updates, options.correct ?? false);
    const changed = changedTrials(campaign, next);
    const checked = checkRuns(next, changed, ({ id }) => id);
    if (checked.problems.length > 0) throw contradiction(checked.problems);
    const changes: TrialChange[] = changed.map((trial) => ({
      action: options.correct === true ? "corrected" : "recorded",
      trial,
      ...(options.reason === undefined ? {} : { reason: options.reason }),
    }));
    const saved = await store.save(changes, { expectedRevision: revision, at: effects.now() });
    if (saved) {
      const notes = rowMessages(next, changed, "results");
      return {
        changed,
        unchanged: updates.length - changed.length,
        messages: [...messages, ...checked.messages, ...notes],
      };
    }
    const stored = await store.load();
    revision = stored.revision;
    campaign = withStored(opened.base, stored.trials);
  }
  throw new CellwrightError(
    "LOCK_HELD",
    "Other processes keep writing to this campaign. Try again in a minute.",
  );
}

function contradiction(problems: readonly Problem[]): CellwrightError {
  return new CellwrightError(
    "DATA_INVALID",
    'The results contradict themselves; nothing was recorded. To accept them add comment="accepted: …" with the reason.',
    { problems },
  );
}

/** As `tell`, with the options that this command has for a correction. */
function tellOrExplain(campaign: Campaign, updates: readonly TrialUpdate[], correct: boolean): Campaign {
  try {
    return tell(campaign, updates, { correct });
  } catch (error) {
    if (!(error instanceof CellwrightError) || error.code !== "TRIAL_CONFLICT") throw error;
    throw new CellwrightError(
      error.code,
      "Results differ from what was recorded before; nothing was recorded. To correct them add --correct --reason TEXT.",
      { problems: error.problems, cause: error },
    );
  }
}

async function readUpdates(
  campaign: Campaign,
  results: readonly string[],
  options: RecordOptions,
  effects: CliEffects,
): Promise<{ updates: readonly TrialUpdate[]; messages: readonly string[] }> {
  if (options.data === undefined)
    return { updates: [updateFromAssignments(campaign, results)], messages: [] };
  const { trials, messages } = await readCampaignTable(campaign, options.data, {
    cwd: effects.cwd,
    skipInvalid: options.skipInvalid,
    mixOrigins: true, // tell() refuses a mixture with what is stored
    decimal: options.decimal,
    purpose: "results",
    status: "suggested",
    signal: effects.signal,
  });
  const known = new Set(campaign.outcomes.filter((o) => o.formula?.known === true).map((o) => o.name));
  const measured = (trial: Trial): boolean =>
    Object.keys(trial.observations).some((name) => !known.has(name));
  const filled = trials.filter((trial) => trial.status !== "suggested" || measured(trial));
  const empty = trials.length - filled.length;
  return {
    updates: matchRows(campaign, filled).map(resultOf),
    messages:
      empty === 0
        ? messages
        : [
            ...messages,
            empty === 1
              ? "1 row has no result yet and stayed as it was"
              : `${empty} rows have no result yet and stayed as they were`,
          ],
  };
}

/** A row without a stated status is completed by its results; `tell` decides. */
function resultOf({ status, ...trial }: Trial): TrialUpdate {
  return status === "suggested" ? trial : { ...trial, status };
}

function changedTrials(before: Campaign, after: Campaign): Trial[] {
  const known = new Map(before.trials.map((trial) => [trial.id, JSON.stringify(trial)]));
  return after.trials.filter((trial) => known.get(trial.id) !== JSON.stringify(trial));
}

function summary({ changed, unchanged, messages }: RecordOutcome): string {
  const lines = changed.map((trial) => `${trial.id}: ${trial.status}${measured(trial)}`);
  if (unchanged > 0) lines.push(`${unchanged} already recorded: nothing changed`);
  return `${[...messages.map((m) => `note: ${m}`), ...lines].join("\n")}\n`;
}

function measured(trial: Trial): string {
  const values = Object.entries(trial.observations).map(([name, o]) => `${name} ${formatPlain(o.value)}`);
  const reason = trial.reason === undefined ? "" : ` (${trial.reason})`;
  return `${reason}${values.length === 0 ? "" : `: ${values.join(", ")}`}`;
}
