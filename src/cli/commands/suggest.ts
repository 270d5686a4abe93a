import { resolve } from "node:path";
import { type OpenedCampaign, openCampaign, withStored } from "../../adapters/open-campaign.js";
import { type StagedFile, stageFile } from "../../adapters/write-file-atomic.js";
import type { TrialStore } from "../../adapters/trial-store.js";
import type { SearchChoice } from "../../campaign/search-choice.js";
import { runningToMaturity } from "../../campaign/maturing.js";
import { ask, type AskOptions } from "../../campaign/ask.js";
import type { Campaign } from "../../campaign/campaign.js";
import type { DesignKind } from "../../campaign/design-request.js";
import { definedFields } from "../../campaign/defined-fields.js";
import { plannedTrial } from "../../campaign/planned-trial.js";
import type { AskResult } from "../../campaign/suggestion.js";
import { CellwrightError } from "../../errors.js";
import type { CliEffects } from "../effects.js";
import { printNotes } from "../print-notes.js";
import { type RequestArguments, readRequest } from "../request-options.js";
import { withWorkers } from "../with-workers.js";
import { createProgress } from "../progress.js";
import { suggestionsCsv } from "../suggestions-csv.js";
import { formatExplanations } from "../explanation-table.js";
import { formatSuggestions } from "../suggestion-table.js";

export interface SuggestOptions extends RequestArguments {
  readonly data?: string;
  readonly mixOrigins?: boolean;
  readonly skipInvalid?: boolean;
  readonly count?: number;
  readonly replicate?: boolean;
  readonly design?: DesignKind;
  readonly search?: SearchChoice;
  readonly workers?: number;
  /** Seconds. */
  readonly timeLimit?: number;
  readonly workUnits?: number;
  readonly share?: boolean;
  readonly format: "table" | "json" | "csv";
  readonly out?: string;
  readonly why?: boolean;
}

/** Times that a suggestion is computed anew because another process wrote in between. */
const MAX_ATTEMPTS = 5;
/** Runs without a result that are listed. */
const SHOWN_RUNS = 12;

/** `cellwright suggest`: asks for the next runs and, unless `--data` is given, remembers them as suggested trials. */
export async function suggest(path: string, options: SuggestOptions, effects: CliEffects): Promise<void> {
  const opened = await openCampaign(path, {
    cwd: effects.cwd,
    data: options.data,
    decimal: options.decimal,
    mixOrigins: options.mixOrigins,
    skipInvalid: options.skipInvalid,
    store: "create",
    signal: effects.signal,
  });
  try {
    const request = await askOptions(opened.campaign, options, effects);
    const { campaign, answer } = await withWorkers(options.workers, effects, (executor) =>
      askAndRemember(opened, { ...request, executor }, options, effects),
    );
    print(path, campaign, answer, opened, options, effects);
  } finally {
    await opened.store?.close();
  }
}

async function askOptions(
  campaign: Campaign,
  options: SuggestOptions,
  effects: CliEffects,
): Promise<AskOptions> {
  const { count, design, replicate, search, timeLimit, workUnits: workLimit, share } = options;
  return {
    ...(await readRequest(campaign, options, effects)),
    ...definedFields({ count, design, replicate, search, timeLimit, workLimit, share }),
    ...(options.why === true ? { explain: true } : {}),
  };
}

/**
 * Another terminal may suggest at the same time: whoever comes second decides anew, knowing the first one's runs.
 * Runs are remembered only when the file for them is on the disk, and the file appears only when they are remembered.
 */
async function askAndRemember(
  opened: OpenedCampaign,
  request: AskOptions,
  options: SuggestOptions,
  effects: CliEffects,
): Promise<{ campaign: Campaign; answer: AskResult }> {
  const { base, store, file } = opened;
  let { campaign, revision } = opened;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const progress = createProgress(effects);
    const answer = await ask(campaign, {
      ...request,
      signal: effects.signal,
      clock: effects.now,
      onProgress: (p) => progress.update(p.stage, p.done, p.total),
    })
      .catch((error: unknown) => {
        throw file.located(error);
      })
      .finally(() => progress.done());
    const staged = await stageAnswer(campaign, answer, options, effects);
    if (await remember(answer, campaign, store, revision, effects).catch(discarding(staged))) {
      await staged?.commit();
      await store?.auditLimits(campaign.limitChanges, effects.now());
      return { campaign, answer };
    }
    await staged?.discard();
    const stored = await store!.load();
    revision = stored.revision;
    campaign = withStored(base, stored.trials);
  }
  throw new CellwrightError(
    "LOCK_HELD",
    "Other processes keep writing to this campaign. Try again in a minute.",
  );
}

/** Rethrows an error after the file that waits for its name is gone. */
const discarding =
  (staged: StagedFile | null) =>
  async (error: unknown): Promise<never> => {
    await staged?.discard();
    throw error;
  };

async function stageAnswer(
  campaign: Campaign,
  answer: AskResult,
  options: SuggestOptions,
  effects: CliEffects,
): Promise<StagedFile | null> {
  if (options.out === undefined) return null;
  const asCsv = options.format === "csv" || /\.csv$/iu.test(options.out);
  return stageFile(
    resolve(effects.cwd, options.out),
    asCsv ? suggestionsCsv(campaign, answer) : json(answer),
  );
}

/** @returns false if another process wrote to the store in between. */
async function remember(
  answer: AskResult,
  campaign: Campaign,
  store: TrialStore | null,
  expectedRevision: number,
  effects: CliEffects,
): Promise<boolean> {
  if (store === null) return true;
  const changes = answer.suggestions.map((s) => ({
    action: "suggested" as const,
    trial: plannedTrial(s, campaign),
  }));
  return store.save(changes, { expectedRevision, at: effects.now() });
}

function print(
  path: string,
  campaign: Campaign,
  answer: AskResult,
  opened: OpenedCampaign,
  options: SuggestOptions,
  effects: CliEffects,
): void {
  if (options.out !== undefined) effects.err(`Wrote ${options.out}\n`);
  if (options.format === "json") effects.out(json(answer));
  else if (options.format === "csv") {
    effects.out(suggestionsCsv(campaign, answer));
    printNotes([...answer.warnings, ...answer.notes], effects);
  } else {
    effects.out(formatSuggestions(campaign, answer, effects, { reasons: options.why !== true }));
    if (options.why === true) effects.out(formatExplanations(campaign, answer, effects));
    printNotes([...opened.messages, ...answer.messages], effects);
    effects.err(cellsToJudge(path, campaign));
    effects.err(nextStep(path, campaign, opened, answer));
  }
}

/** Where cells run whose outcome matures: what says which of them to go on with. */
function cellsToJudge(path: string, campaign: Campaign): string {
  const running = runningToMaturity(campaign).length;
  if (running === 0) return "";
  const cells = running === 1 ? "1 cell is" : `${running} cells are`;
  return `${cells} still running: cellwright cells ${path} says which to keep cycling.\n`;
}

const json = (answer: AskResult): string => `${JSON.stringify(answer, null, 2)}\n`;

function nextStep(path: string, campaign: Campaign, opened: OpenedCampaign, answer: AskResult): string {
  if (answer.suggestions.length === 0) return openRuns(path, campaign);
  if (opened.store === null) return "These runs were not remembered (--data): nothing was stored.\n";
  return `Next: run them, then type the results in, for example\n${recordExample(path, campaign, answer.suggestions[0]!.trial)}`;
}

/** Where nothing new is left to suggest, runs that were suggested before may still wait for their results. */
function openRuns(path: string, campaign: Campaign): string {
  const open = campaign.trials.filter(({ status }) => status === "suggested" || status === "running");
  const [first] = open;
  if (first === undefined) return "";
  const ids = open.slice(0, SHOWN_RUNS).map(({ id }) => id);
  const more = open.length > ids.length ? ` and ${open.length - ids.length} more` : "";
  return `Nothing new to suggest. Without a result so far: ${ids.join(", ")}${more}. Type results in, for example\n${recordExample(path, campaign, first.id)}`;
}

function recordExample(path: string, campaign: Campaign, trial: string): string {
  const outcome = campaign.outcomes.find((o) => o.formula?.known !== true)?.name ?? "outcome";
  return `  cellwright record ${path} trial=${trial} ${outcome}=…\n`;
}
