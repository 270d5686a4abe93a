import { join, resolve } from "node:path";
import { makeFolder } from "../../adapters/make-folder.js";
import { openCampaign } from "../../adapters/open-campaign.js";
import { renderPng, renderReport, renderSvg } from "../../adapters/render-plot.js";
import { requireWritable, writeFileAtomic } from "../../adapters/write-file-atomic.js";
import { requestedSettings } from "../assignments.js";
import type { Campaign } from "../../campaign/campaign.js";
import type { PresetChoice } from "../../campaign/choose-preset.js";
import { CellwrightError } from "../../errors.js";
import type { ReportData } from "../../plots/report-data.js";
import { reportFigures } from "../../plots/report-figures.js";
import type { DecimalMark } from "../../data/parse-options.js";
import { type ChannelOptions, type ChannelRequest, readChannelRequest } from "../channel-request.js";
import type { CliEffects } from "../effects.js";
import { printNotes } from "../print-notes.js";
import { makeReport } from "../make-report.js";
import { createProgress, type Progress } from "../progress.js";
import { withWorkers } from "../with-workers.js";

export interface ReportOptions extends ChannelOptions {
  readonly data?: string;
  readonly decimal?: DecimalMark;
  readonly mixOrigins?: boolean;
  readonly skipInvalid?: boolean;
  readonly count?: number;
  readonly seed: number;
  readonly preset: PresetChoice;
  readonly workers?: number;
  readonly fix?: readonly string[];
  readonly context?: readonly string[];
  readonly out: string;
  /** Folder for the figures as SVG and PNG. */
  readonly plots?: string;
}

function channelRequest(
  campaign: Campaign,
  options: ReportOptions,
  effects: CliEffects,
): { readonly channels?: ChannelRequest } {
  const { channels } = options;
  if (channels !== undefined)
    return { channels: readChannelRequest(campaign, { ...options, channels }, effects) };
  const alone = (
    [
      ["--ovens", options.ovens],
      ["--oven-parameter", options.ovenParameter],
      ["--start", options.start],
      ["--started", options.started],
      ["--cells", options.cells],
      ["--duration", options.duration],
    ] as const
  ).filter(([, value]) => value !== undefined);
  if (alone.length === 0) return {};
  const names = alone.map(([name]) => name).join(", ");
  throw new CellwrightError("USAGE", `${names} without --channels: state how many channels there are.`);
}

/** Every figure of the report as SVG and PNG, for slides and documents. */
async function writePlots(
  data: ReportData,
  folder: string,
  effects: CliEffects,
  progress: Progress,
): Promise<void> {
  const figures = reportFigures(data);
  const at = resolve(effects.cwd, folder);
  const messages = new Set<string>();
  for (const [i, figure] of figures.entries()) {
    progress.update("drawing figures", i, figures.length);
    const svg = await renderSvg(figure.option, figure.size, figure.id);
    const drawn = await renderPng(svg);
    await writeFileAtomic(join(at, `${figure.id}.svg`), svg);
    await writeFileAtomic(join(at, `${figure.id}.png`), drawn.png);
    for (const message of drawn.messages) messages.add(message);
  }
  printNotes(messages, effects);
  effects.err(`Wrote ${figures.length} figures as SVG and PNG into ${folder}.\n`);
}

/** `cellwright report`: one HTML file with the answer, how far to trust it, and what it rests on. */
export async function report(path: string, options: ReportOptions, effects: CliEffects): Promise<void> {
  const opened = await openCampaign(path, {
    ...options,
    cwd: effects.cwd,
    store: "read",
    signal: effects.signal,
  });
  await opened.store?.close();
  await requireWritable(resolve(effects.cwd, options.out));
  if (options.plots !== undefined) await makeFolder(resolve(effects.cwd, options.plots), options.plots);
  const { campaign } = opened;
  const progress = createProgress(effects);
  const request = {
    ...(options.count === undefined ? {} : { count: options.count }),
    seed: options.seed,
    preset: options.preset,
    ...requestedSettings(campaign, options),
    ...channelRequest(campaign, options, effects),
    commands: [
      { command: `cellwright suggest ${path}`, purpose: "suggest these runs and remember them" },
      { command: `cellwright record ${path} trial=… outcome=…`, purpose: "type in what was measured" },
    ],
  };
  const { data } = await withWorkers(options.workers, effects, (executor) =>
    makeReport(opened, request, effects, progress, executor),
  );
  progress.update("drawing", 0, 1);
  const page = await renderReport(data);
  await writeFileAtomic(resolve(effects.cwd, options.out), page);
  if (options.plots !== undefined) await writePlots(data, options.plots, effects, progress);
  progress.done();
  effects.out(`${options.out}\n`);
  effects.err(
    "Wrote the report. The suggestions in it were not remembered: `cellwright suggest` does that.\n",
  );
}
