import Table from "cli-table3";
import { openCampaign } from "../../adapters/open-campaign.js";
import { requestedContext } from "../../campaign/requested-context.js";
import { formatHours, withUnit } from "../../plots/format.js";
import { ganttChart, ganttSize } from "../../plots/gantt-chart.js";
import type { ReportChannels } from "../../plots/report-data.js";
import { requestedSettings } from "../assignments.js";
import { type ChannelOptions, plannedChannels, readChannelRequest } from "../channel-request.js";
import type { CliEffects } from "../effects.js";
import { requirePlotPath, writePlot } from "../write-plot.js";
import { wrapText } from "../wrap-text.js";

export interface PlanOptions extends ChannelOptions {
  readonly channels: number;
  readonly context?: readonly string[];
  readonly format: "table" | "json";
  readonly plot?: string;
}

const HOUR = 3_600_000;

/** `cellwright plan`: puts suggested and running trials on channels and into shared ovens. */
export async function plan(path: string, options: PlanOptions, effects: CliEffects): Promise<void> {
  if (options.plot !== undefined) requirePlotPath(options.plot);
  const opened = await openCampaign(path, { cwd: effects.cwd, store: "read", signal: effects.signal });
  await opened.store?.close();
  const { campaign } = opened;
  const request = readChannelRequest(campaign, options, effects);
  const { context } = requestedContext(campaign, requestedSettings(campaign, options).context);
  const planned = plannedChannels(campaign, request, context);
  if (options.plot !== undefined) await draw(campaign.name, planned, options.plot, effects);
  if (options.format === "json")
    effects.out(
      `${JSON.stringify({ campaign: campaign.name, start: planned.start, ...planned.plan }, null, 2)}\n`,
    );
  else effects.out(asTable(planned, effects));
}

async function draw(
  campaign: string,
  { plan: { jobs }, channels, ovenUnit, start }: ReportChannels,
  path: string,
  effects: CliEffects,
): Promise<void> {
  const option = ganttChart({
    jobs,
    from: `${shownTime(Date.parse(start))} UTC`,
    title: `${campaign}: ${jobs.length} cells on ${channels} channels`,
    ...(ovenUnit === undefined ? {} : { ovenUnit }),
  });
  await writePlot(path, { option, size: ganttSize(option), id: "plan" }, effects);
}

function asTable({ plan: planned, start: from, ovenUnit }: ReportChannels, effects: CliEffects): string {
  const start = Date.parse(from);
  const withOvens = planned.jobs.some(({ oven }) => oven !== undefined);
  const table = new Table({
    head: ["starts (UTC)", "ends (UTC)", "cell", "channel", ...(withOvens ? ["oven, slot"] : []), "time"],
    style: { head: [], border: [], compact: true },
  });
  for (const job of planned.jobs) {
    table.push([
      job.running ? "running" : shownTime(start + job.start * HOUR),
      shownTime(start + job.end * HOUR),
      job.id,
      String(job.channel),
      ...(withOvens
        ? [job.oven === undefined ? "–" : `${withUnit(job.oven.name, ovenUnit ?? "1")}, ${job.oven.slot}`]
        : []),
      formatHours(job.end - job.start),
    ]);
  }
  const wrapped = (text: string): string => wrapText(text, effects.columns, "  ");
  const first =
    planned.startFirst.length === 0
      ? "No channel is free at once."
      : `Start first: ${planned.startFirst.join(", ")}.`;
  return `${[table.toString(), ...[first, ...planned.notes].map(wrapped)].join("\n")}\n`;
}

const shownTime = (time: number): string => new Date(time).toISOString().slice(0, 16).replace("T", " ");
