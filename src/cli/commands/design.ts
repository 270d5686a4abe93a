import { resolve } from "node:path";
import { type OpenedCampaign, openCampaign } from "../../adapters/open-campaign.js";
import { stageFile } from "../../adapters/write-file-atomic.js";
import type { Campaign } from "../../campaign/campaign.js";
import { type CampaignDesign, design as makeDesign } from "../../campaign/design.js";
import type { DesignOptions } from "../../campaign/design-request.js";
import { plannedTrial } from "../../campaign/planned-trial.js";
import type { DecimalMark } from "../../data/parse-options.js";
import { CellwrightError } from "../../errors.js";
import { requestedSettings } from "../assignments.js";
import { designTable, designWords, rowWords } from "../design-table.js";
import type { CliEffects } from "../effects.js";
import { printNotes } from "../print-notes.js";
import { runsCsv } from "../suggestions-csv.js";

export interface DesignCommandOptions extends Omit<DesignOptions, "fix" | "context"> {
  readonly data?: string;
  readonly decimal?: DecimalMark;
  readonly mixOrigins?: boolean;
  readonly skipInvalid?: boolean;
  readonly fix?: readonly string[];
  readonly context?: readonly string[];
  readonly format: "table" | "json" | "csv";
  readonly out?: string;
  readonly record?: boolean;
}

/** `cellwright design`: a classical or optimal design inside the campaign's constraints; `--record` keeps its runs. */
export async function design(
  path: string,
  options: DesignCommandOptions,
  effects: CliEffects,
): Promise<void> {
  if (options.record === true && options.data !== undefined)
    throw new CellwrightError(
      "USAGE",
      "--record keeps runs in the campaign's store, which --data bypasses. Leave one of them out.",
    );
  const opened = await openCampaign(path, {
    cwd: effects.cwd,
    data: options.data,
    decimal: options.decimal,
    mixOrigins: options.mixOrigins,
    skipInvalid: options.skipInvalid,
    store: options.record === true ? "create" : "read",
    signal: effects.signal,
  });
  try {
    const { campaign } = opened;
    const request = { ...options, ...requestedSettings(campaign, options) };
    const answer = attempt(() => makeDesign(campaign, request), opened);
    const staged =
      options.out === undefined
        ? null
        : await stageFile(resolve(effects.cwd, options.out), fileText(campaign, answer, options));
    if (options.record === true) {
      try {
        await keep(opened, answer, effects);
      } catch (error) {
        await staged?.discard();
        throw error;
      }
    }
    await staged?.commit();
    print(path, campaign, answer, options, effects);
  } finally {
    await opened.store?.close();
  }
}

function attempt<T>(work: () => T, { file }: OpenedCampaign): T {
  try {
    return work();
  } catch (error) {
    throw file.located(error);
  }
}

async function keep(opened: OpenedCampaign, answer: CampaignDesign, effects: CliEffects): Promise<void> {
  const changes = answer.runs.map((run) => ({
    action: "suggested" as const,
    trial: { ...plannedTrial(run, opened.campaign), comment: rowWords(answer, run) },
  }));
  const saved = await opened.store!.save(changes, { expectedRevision: opened.revision, at: effects.now() });
  if (!saved)
    throw new CellwrightError(
      "LOCK_HELD",
      "Another process wrote to this campaign. Nothing was kept; try again.",
    );
}

const csv = (campaign: Campaign, answer: CampaignDesign): string =>
  runsCsv(
    campaign,
    answer.runs.map((run) => ({ ...run, comment: rowWords(answer, run) })),
  );

const json = (answer: CampaignDesign): string => `${JSON.stringify(answer, null, 2)}\n`;

function fileText(campaign: Campaign, answer: CampaignDesign, { format, out }: DesignCommandOptions): string {
  const asJson = format === "json" || /\.json$/iu.test(out ?? "");
  return asJson ? json(answer) : csv(campaign, answer);
}

function print(
  path: string,
  campaign: Campaign,
  answer: CampaignDesign,
  options: DesignCommandOptions,
  effects: CliEffects,
): void {
  if (options.out !== undefined) effects.err(`Wrote ${options.out}\n`);
  if (options.format === "json") return effects.out(json(answer));
  if (options.format === "csv") effects.out(csv(campaign, answer));
  else effects.out(`${designTable(campaign, answer, effects)}\n${designWords(answer, effects)}`);
  printNotes([...answer.messages, ...campaign.notes], effects);
  const first = answer.runs[0]?.trial ?? "…";
  effects.err(
    options.record === true
      ? `Kept as suggested trials. Next: run them in this order, then type results in, for example\n  cellwright record ${path} trial=${first} …\n`
      : "Nothing was kept: --record remembers these runs as suggested trials, --out writes them as a file to fill in.\n",
  );
}
