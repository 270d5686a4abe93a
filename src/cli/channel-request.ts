import type { Campaign } from "../campaign/campaign.js";
import { type Oven, planChannels, type PlanChannelsOptions } from "../campaign/plan-channels.js";
import { CellwrightError, type Problem } from "../errors.js";
import type { ReportChannels } from "../plots/report-data.js";
import type { Settings } from "../space/parameter.js";
import { convert } from "../units.js";
import { splitAssignments } from "./assignments.js";
import type { CliEffects } from "./effects.js";

/** The options that say on what cells run; without channels nothing is planned. */
export interface ChannelOptions {
  readonly channels?: number;
  readonly ovens?: string;
  readonly ovenParameter?: string;
  readonly start?: string;
  readonly started?: readonly string[];
  readonly cells?: number;
  readonly duration?: string;
}

/** Channels and ovens as asked, read and checked before anything is computed. */
export interface ChannelRequest {
  /** Milliseconds since 1970: hour 0 of the plan. */
  readonly start: number;
  readonly plan: Omit<PlanChannelsOptions, "context">;
  readonly ovenUnit?: string;
}

const HOUR = 3_600_000;

/** @throws CellwrightError USAGE with every problem of the ovens, or of the times. */
export function readChannelRequest(
  campaign: Campaign,
  options: ChannelOptions & { readonly channels: number },
  effects: CliEffects,
): ChannelRequest {
  const start = options.start === undefined ? wholeMinute(effects.now()) : readTime(options.start, "--start");
  const ovens = options.ovens === undefined ? null : readOvens(campaign, options);
  return {
    start,
    plan: {
      channels: options.channels,
      elapsed: elapsedHours(campaign, options.started ?? [], start),
      ...(ovens === null ? {} : { ovens: ovens.ovens }),
      ...(options.ovenParameter === undefined ? {} : { ovenParameter: options.ovenParameter }),
      ...(options.cells === undefined ? {} : { cells: options.cells }),
      ...(options.duration === undefined ? {} : { duration: options.duration }),
    },
    ...(ovens === null ? {} : { ovenUnit: ovens.unit }),
  };
}

/** The suggested and running trials of a campaign on those channels. */
export function plannedChannels(
  campaign: Campaign,
  { start, plan, ovenUnit }: ChannelRequest,
  context: Settings,
): ReportChannels {
  return {
    start: new Date(start).toISOString(),
    channels: plan.channels,
    ...(ovenUnit === undefined ? {} : { ovenUnit }),
    plan: planChannels(campaign, { ...plan, context }),
  };
}

/** `45degC:4,25degC:4`: temperatures in the unit of the parameter that the ovens are set to. */
function readOvens(
  campaign: Campaign,
  { ovens = "", ovenParameter }: ChannelOptions,
): { readonly ovens: Oven[]; readonly unit: string } {
  const warm = campaign.space.parameters.find(({ name, kind, unit }) =>
    ovenParameter === undefined
      ? kind !== "categorical" && /^(?:deg[CF]|K)$/u.test(unit)
      : name === ovenParameter,
  );
  const to = warm?.unit ?? "degC";
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
    return { temperature: unit === "" || unit === to ? value : convert(value, unit, to), slots };
  });
  if (problems.length > 0) throw new CellwrightError("USAGE", "Cannot read the ovens.", { problems });
  return { ovens: read, unit: to };
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
