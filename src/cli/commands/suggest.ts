import { resolve } from "node:path";
import {
  type OpenedCampaign,
  openCampaign,
  readCampaignTable,
  withStored,
} from "../../adapters/open-campaign.js";
import { writeFileAtomic } from "../../adapters/write-file-atomic.js";
import { ask } from "../../campaign/ask.js";
import type { PresetChoice } from "../../campaign/choose-preset.js";
import type { Campaign } from "../../campaign/campaign.js";
import type { AskResult, Suggestion } from "../../campaign/suggestion.js";
import type { Trial } from "../../campaign/trial.js";
import { CellwrightError } from "../../errors.js";
import type { Settings } from "../../space/parameter.js";
import {
  assignableContext,
  assignableParameters,
  parseAssignments,
  splitAssignments,
} from "../assignments.js";
import type { CliEffects } from "../effects.js";
import { createProgress } from "../progress.js";
import { suggestionsCsv } from "../suggestions-csv.js";
import { formatSuggestions } from "../suggestion-table.js";

export interface SuggestOptions {
  readonly data?: string;
  readonly mixOrigins?: boolean;
  readonly skipInvalid?: boolean;
  readonly count?: number;
  readonly seed: number;
  readonly preset: PresetChoice;
  readonly pending?: string;
  readonly fix?: readonly string[];
  readonly context?: readonly string[];
  readonly format: "table" | "json" | "csv";
  readonly out?: string;
}

/** Times that a suggestion is computed anew because another process wrote in between. */
const MAX_ATTEMPTS = 5;

/** `cellwright suggest`: asks for the next runs and, unless `--data` is given, remembers them as suggested trials. */
export async function suggest(path: string, options: SuggestOptions, effects: CliEffects): Promise<void> {
  const opened = await openCampaign(path, {
    cwd: effects.cwd,
    data: options.data,
    mixOrigins: options.mixOrigins,
    skipInvalid: options.skipInvalid,
    store: "create",
    signal: effects.signal,
  });
  try {
    const request = await readRequest(opened.campaign, options, effects);
    const { campaign, answer } = await askAndRemember(opened, request, effects);
    await print(path, campaign, answer, opened, options, effects);
  } finally {
    await opened.store?.close();
  }
}

interface Request {
  readonly count?: number;
  readonly seed: number;
  readonly preset: PresetChoice;
  readonly fix: Settings;
  readonly context: Settings;
  readonly pending: readonly Trial[];
}

async function readRequest(
  campaign: Campaign,
  options: SuggestOptions,
  effects: CliEffects,
): Promise<Request> {
  const pending =
    options.pending === undefined
      ? []
      : (
          await readCampaignTable(campaign, options.pending, {
            cwd: effects.cwd,
            status: "running",
            signal: effects.signal,
          })
        ).trials;
  return {
    ...(options.count === undefined ? {} : { count: options.count }),
    seed: options.seed,
    preset: options.preset,
    fix: parseAssignments(
      splitAssignments(options.fix ?? [], "--fix"),
      assignableParameters(campaign),
      "--fix",
    ),
    context: parseAssignments(
      splitAssignments(options.context ?? [], "--context"),
      assignableContext(campaign),
      "--context",
    ),
    pending,
  };
}

/** Another terminal may suggest at the same time: whoever comes second decides anew, knowing the first one's runs. */
async function askAndRemember(
  opened: OpenedCampaign,
  request: Request,
  effects: CliEffects,
): Promise<{ campaign: Campaign; answer: AskResult }> {
  const { base, store } = opened;
  let { campaign, revision } = opened;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const progress = createProgress(effects);
    const answer = await ask(campaign, {
      ...request,
      signal: effects.signal,
      clock: effects.now,
      onProgress: (p) => progress.update(p.stage, p.done, p.total),
    }).finally(() => progress.done());
    if (store === null) return { campaign, answer };
    const changes = answer.suggestions.map((s) => ({
      action: "suggested" as const,
      trial: suggestedTrial(s, campaign),
    }));
    if (await store.save(changes, { expectedRevision: revision, at: effects.now() }))
      return { campaign, answer };
    const stored = await store.load();
    revision = stored.revision;
    campaign = withStored(base, stored.trials);
  }
  throw new CellwrightError(
    "LOCK_HELD",
    "Other processes keep writing to this campaign. Try again in a minute.",
  );
}

function suggestedTrial(suggestion: Suggestion, campaign: Campaign): Trial {
  const synthetic = campaign.trials.some((t) => t.origin === "SYNTHETIC" && t.status === "completed");
  return {
    id: suggestion.trial,
    status: "suggested",
    parameters: suggestion.parameters,
    context: suggestion.context,
    observations: {},
    origin: synthetic ? "SYNTHETIC" : "measured",
  };
}

async function print(
  path: string,
  campaign: Campaign,
  answer: AskResult,
  opened: OpenedCampaign,
  options: SuggestOptions,
  effects: CliEffects,
): Promise<void> {
  if (options.out !== undefined) {
    const file = resolve(effects.cwd, options.out);
    const text =
      options.format === "csv" || /\.csv$/i.test(file) ? suggestionsCsv(campaign, answer) : json(answer);
    await writeFileAtomic(file, text);
    effects.err(`Wrote ${options.out}\n`);
  }
  if (options.format === "json") effects.out(json(answer));
  else if (options.format === "csv") effects.out(suggestionsCsv(campaign, answer));
  else {
    effects.out(formatSuggestions(campaign, answer, effects));
    for (const message of [...opened.messages, ...answer.messages]) effects.err(`note: ${message}\n`);
    effects.err(nextStep(path, opened, answer));
  }
}

const json = (answer: AskResult): string => `${JSON.stringify(answer, null, 2)}\n`;

function nextStep(path: string, opened: OpenedCampaign, answer: AskResult): string {
  const trial = answer.suggestions[0]?.trial;
  if (trial === undefined) return "";
  const outcome = opened.campaign.outcomes.find((o) => o.formula?.known !== true)?.name ?? "outcome";
  return opened.store === null
    ? "These runs were not remembered (--data): nothing was stored.\n"
    : `Next: run them, then type the results in, for example\n  cellwright record ${path} trial=${trial} ${outcome}=…\n`;
}
