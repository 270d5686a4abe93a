import { resolve } from "node:path";
import Table from "cli-table3";
import { openCampaign } from "../../adapters/open-campaign.js";
import { writeFileAtomic } from "../../adapters/write-file-atomic.js";
import type { Campaign } from "../../campaign/campaign.js";
import { type ChannelPlan, type Oven, planChannels } from "../../campaign/plan-channels.js";
import { requestedContext } from "../../campaign/requested-context.js";
import { CellwrightError, type Problem } from "../../errors.js";
import { formatPlain } from "../../plots/format.js";
import { ganttChart } from "../../plots/gantt-chart.js";
import { convert } from "../../units.js";
import { requestedSettings, splitAssignments } from "../assignments.js";
import type { CliEffects } from "../effects.js";
import { wrapText } from "../wrap-text.js";

export interface PlanOptions {
  readonly channels: number;
  readonly ovens?: string;
  readonly ovenParameter?: string;
  readonly start?: string;
  readonly started?: readonly string[];
  readonly cells?: number;
  readonly duration?: string;
  readonly context?: readonly string[];
  readonly format: "table" | "json";
  readonly out?: string;
}

const HOUR = 3_600_000;

/** `cellwright plan`: puts suggested and running trials on channels and into shared ovens. */
export async function plan(path: string, options: PlanOptions, effects: CliEffects): Promise<void> {
  const start = options.start === undefined ? wholeMinute(effects.now()) : readTime(options.start, "--start");
  const opened = await openCampaign(path, { cwd: effects.cwd, store: "read", signal: effects.signal });
  await opened.store?.close();
  const { campaign } = opened;
  const { context } = requestedContext(campaign, requestedSettings(campaign, options).context);
  const planned = planChannels(campaign, {
    channels: options.channels,
    context,
    elapsed: elapsedHours(campaign, options.started ?? [], start),
    ...(options.ovens === undefined ? {} : { ovens: readOvens(campaign, options) }),
    ...(options.ovenParameter === undefined ? {} : { ovenParameter: options.ovenParameter }),
    ...(options.cells === undefined ? {} : { cells: options.cells }),
    ...(options.duration === undefined ? {} : { duration: options.duration }),
  });
  if (options.out !== undefined) {
    await writeFileAtomic(resolve(effects.cwd, options.out), drawn(campaign, planned, options.channels));
    effects.err(`Wrote ${options.out}\n`);
  }
  if (options.format === "json")
    effects.out(
      `${JSON.stringify({ campaign: campaign.name, start: new Date(start).toISOString(), ...planned }, null, 2)}\n`,
    );
  else effects.out(asTable(planned, start, effects));
}

function asTable(planned: ChannelPlan, start: number, effects: CliEffects): string {
  const withOvens = planned.jobs.some(({ oven }) => oven !== undefined);
  const table = new Table({
    head: ["starts (UTC)", "ends (UTC)", "cell", "channel", ...(withOvens ? ["oven, slot"] : []), "h"],
    style: { head: [], border: [], compact: true },
  });
  for (const job of planned.jobs) {
    table.push([
      job.running ? "running" : shownTime(start + job.start * HOUR),
      shownTime(start + job.end * HOUR),
      job.id,
      String(job.channel),
      ...(withOvens ? [job.oven === undefined ? "–" : `${job.oven.name}, ${job.oven.slot}`] : []),
      formatPlain(Number((job.end - job.start).toPrecision(4))),
    ]);
  }
  const wrapped = (text: string): string => wrapText(text, effects.columns, "  ");
  const first =
    planned.startFirst.length === 0
      ? "No channel is free at once."
      : `Start first: ${planned.startFirst.join(", ")}.`;
  return `${[table.toString(), ...[first, ...planned.notes].map(wrapped)].join("\n")}\n`;
}

function drawn(campaign: Campaign, planned: ChannelPlan, channels: number): string {
  const bars = planned.jobs.map(({ id, start, end, channel, oven, running }) => ({
    ...{ label: id, row: channel, start, end, running },
    group: oven === undefined ? "cells" : `oven at ${oven.name}`,
  }));
  return ganttChart({
    bars,
    rows: channels,
    title: `${campaign.name}: ${planned.jobs.length} cells on ${channels} channels`,
  });
}

/** `45degC:4,25degC:4`: temperatures in the unit of the parameter that the ovens are set to. */
function readOvens(campaign: Campaign, { ovens = "", ovenParameter }: PlanOptions): Oven[] {
  const warm = campaign.space.parameters.find(({ name, kind, unit }) =>
    ovenParameter === undefined
      ? kind !== "categorical" && /^(?:deg[CF]|K)$/u.test(unit)
      : name === ovenParameter,
  );
  const problems: Problem[] = [];
  const read = ovens.split(",").map((text): Oven => {
    const match = /^\s*(-?\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*:\s*(\d+)\s*$/u.exec(text);
    if (match === null)
      problems.push({
        where: "--ovens",
        found: `"${text}"`,
        expected: "temperature:slots, such as 45degC:4",
      });
    const [value, unit, slots] = [Number(match?.[1]), match?.[2] ?? "", Number(match?.[3])];
    const to = warm?.unit ?? "degC";
    return { temperature: unit === "" || unit === to ? value : convert(value, unit, to), slots };
  });
  if (problems.length > 0) throw new CellwrightError("USAGE", "Cannot read the ovens.", { problems });
  return read;
}

function elapsedHours(
  campaign: Campaign,
  started: readonly string[],
  start: number,
): ReadonlyMap<string, number> {
  const stated = splitAssignments(started, "--started");
  const running = campaign.trials.filter(({ status }) => status === "running").map(({ id }) => id);
  const problems = [...stated.keys()]
    .filter((id) => !running.includes(id))
    .map((id) => ({
      where: "--started",
      found: id,
      expected: running.length === 0 ? "a running trial: there is none" : `one of ${running.join(", ")}`,
    }));
  if (problems.length > 0) throw new CellwrightError("USAGE", "Cannot use these times.", { problems });
  return new Map(
    [...stated].map(([id, text]) => [id, Math.max(0, (start - readTime(text, `--started ${id}`)) / HOUR)]),
  );
}

function readTime(text: string, where: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}))?Z?$/u.exec(text);
  const time = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2] ?? "00:00"}Z`);
  if (!Number.isNaN(time)) return time;
  throw new CellwrightError("USAGE", "Cannot read the time.", {
    problems: [{ where, found: `"${text}"`, expected: "a time such as 2026-11-23T08:00 (UTC)" }],
  });
}

const wholeMinute = (now: Date): number => Math.ceil(now.getTime() / 60_000) * 60_000;
const shownTime = (time: number): string => new Date(time).toISOString().slice(0, 16).replace("T", " ");
