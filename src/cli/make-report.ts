import { shippedPackage, isShippedDataset } from "../adapters/shipped-datasets.js";
import type { OpenedCampaign } from "../adapters/open-campaign.js";
import { ask } from "../campaign/ask.js";
import type { PresetChoice } from "../campaign/choose-preset.js";
import { fitOutcomes } from "../campaign/fit-outcomes.js";
import { requestedContext } from "../campaign/requested-context.js";
import { type Campaign, withTrials } from "../campaign/campaign.js";
import { plannedTrial } from "../campaign/planned-trial.js";
import type { AskResult } from "../campaign/suggestion.js";
import { processWindow } from "../campaign/window.js";
import type { ProcessWindow } from "../campaign/window-answer.js";
import type { ReportChannels, ReportData } from "../plots/report-data.js";
import type { Settings } from "../space/parameter.js";
import type { Executor } from "../surrogates/executor.js";
import { type ChannelRequest, plannedChannels } from "./channel-request.js";
import type { CliEffects } from "./effects.js";
import { evaluateCampaign, type JudgedOutcome } from "./evaluate-campaign.js";
import type { Progress } from "./progress.js";
import { buildReportData } from "./report-data.js";

export interface ReportRequest {
  readonly count?: number;
  readonly seed: number;
  readonly preset: PresetChoice;
  readonly fix: Settings;
  readonly context: Settings;
  /** Channels and ovens on which suggested and running trials are to be planned. */
  readonly channels?: ChannelRequest;
  /** What to type next, with its purpose. */
  readonly commands: ReportData["commands"];
}

/** Everything that a report or the demonstration shows of one campaign. */
export interface CampaignReport {
  readonly answer: AskResult;
  readonly context: Settings;
  readonly judged: readonly JudgedOutcome[];
  /** Null where the campaign states no specification. */
  readonly window: ProcessWindow | null;
  readonly data: ReportData;
}

/** Asks, cross-validates and gathers the numbers of a report; nothing is remembered. */
export async function makeReport(
  { campaign, file, messages }: OpenedCampaign,
  request: ReportRequest,
  effects: CliEffects,
  progress: Progress,
  executor: Executor,
): Promise<CampaignReport> {
  const { count, seed, preset, fix, commands } = request;
  const answer = await ask(campaign, {
    ...(count === undefined ? {} : { count }),
    seed,
    preset,
    fix,
    context: request.context,
    executor,
    explain: true,
    signal: effects.signal,
    clock: effects.now,
    onProgress: (p) => progress.update(p.stage, p.done, p.total),
  }).catch((error: unknown) => {
    throw file.located(error);
  });
  const { context } = requestedContext(campaign, request.context);
  const channels = channelsOf(campaign, answer, request.channels, context);
  const fits = await fitOutcomes(campaign, { seed, preset, executor, signal: effects.signal });
  const judged = await evaluateCampaign(campaign, fits, effects, progress, executor);
  const window = await windowOf(campaign, { ...request, executor }, effects, progress);
  const data = buildReportData({
    campaign,
    answer,
    context,
    fix,
    fits,
    judged,
    messages,
    commands,
    ...(window === null ? {} : { window }),
    ...(channels === null ? {} : { channels }),
    ...(await sourceOf(campaign.spec.data)),
  });
  return { answer, context, judged, window, data };
}

/** The runs of the answer beside those that wait or run already. */
function channelsOf(
  campaign: Campaign,
  { suggestions }: AskResult,
  request: ChannelRequest | undefined,
  context: Settings,
): ReportChannels | null {
  if (request === undefined) return null;
  const runs = suggestions.map((suggestion) => plannedTrial(suggestion, campaign));
  return plannedChannels(withTrials(campaign, [...campaign.trials, ...runs]), request, context);
}

/** Null where the campaign states no specification. */
async function windowOf(
  campaign: Campaign,
  { seed, preset, fix, context, executor }: ReportRequest & { readonly executor: Executor },
  effects: CliEffects,
  progress: Progress,
): Promise<ProcessWindow | null> {
  if (!campaign.outcomes.some(({ spec }) => spec !== undefined)) return null;
  return processWindow(campaign, {
    ...{ seed, preset, fix, context, executor },
    signal: effects.signal,
    clock: effects.now,
    onProgress: (p) => progress.update(p.stage, p.done, p.total),
  });
}

async function sourceOf(named: string | undefined): Promise<{ source: string; citation?: string }> {
  if (named === undefined) return { source: "the campaign's store" };
  if (!isShippedDataset(named)) return { source: named };
  const { title, sources } = await shippedPackage(named);
  const citation = sources.map((source) => source.title).join("; ");
  return { source: `${named}: ${title}`, ...(citation === "" ? {} : { citation }) };
}
