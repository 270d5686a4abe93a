import type { ScheduledJob } from "../campaign/schedule-channels.js";
import { formatHours, withUnit } from "./format.js";
import { html, type Html, NO_MARKUP, table } from "./html.js";
import type { ReportChannels, ReportData } from "./report-data.js";
import type { ReportPage } from "./report-page.js";
import { readableText, timeText } from "./report-words.js";

const HOUR = 3_600_000;

/** When each cell is on which channel and in which oven, drawn and as a table. */
export function channelsSection(data: ReportData, page: ReportPage): Html {
  const { channels } = data;
  if (channels === undefined) return NO_MARKUP;
  const { startFirst, notes } = channels.plan;
  const first =
    startFirst.length === 0
      ? "No channel is free at once."
      : `Start first: ${startFirst.map((trial) => runText(data, trial)).join(", ")}.`;
  return page.section(
    "channels",
    "When each cell runs",
    html`<p>${first} ${notes.map((note) => readableText(data, note)).join(" ")}</p>
${page.draw("channels")}
${jobTable(channels)}`,
  );
}

/** A suggestion by its number, any other trial by its id. */
function runText(data: ReportData, trial: string): string {
  const at = data.suggestions.findIndex((suggestion) => suggestion.trial === trial);
  return at === -1 ? trial : `run ${at + 1} (${trial})`;
}

function jobTable(channels: ReportChannels): Html {
  const { plan, ovenUnit = "1" } = channels;
  const from = Date.parse(channels.start);
  const clock = (hours: number): string =>
    timeText(new Date(from + hours * HOUR).toISOString()).replace(" UTC", "");
  const ovens = plan.jobs.some(({ oven }) => oven !== undefined);
  const ovenText = ({ oven }: ScheduledJob): string =>
    oven === undefined ? "–" : `${withUnit(oven.name, ovenUnit)}, slot ${oven.slot}`;
  return table({
    caption: "Times are UTC.",
    head: ["Cell", "Starts", "Ends", "Time", "Channel", ...(ovens ? ["Oven"] : [])].map((h) => html`${h}`),
    rows: plan.jobs.map((job) => [
      html`${job.id}`,
      html`${job.running ? "running" : clock(job.start)}`,
      html`${clock(job.end)}`,
      html`${formatHours(job.end - job.start)}`,
      html`${job.channel}`,
      ...(ovens ? [html`${ovenText(job)}`] : []),
    ]),
    wordColumns: [1, 2, ...(ovens ? [5] : [])],
  });
}
