import { CellwrightError, type Problem } from "../errors.js";
import type { Settings } from "../space/parameter.js";
import { compatible, convert } from "../units.js";
import type { Campaign, Outcome } from "./campaign.js";
import type { ChannelJob, ChannelProblem } from "./channel-problem.js";
import { formatNumber } from "./format-number.js";
import { knownOutcome } from "./known-outcome.js";
import { type ChannelSchedule, scheduleChannels } from "./schedule-channels.js";
import { sortById } from "./settings-key.js";
import type { Trial } from "./trial.js";

/** Slots of the ovens that are held at one temperature, in the unit of the campaign's temperature. */
export interface Oven {
  readonly temperature: number;
  readonly slots: number;
}

export interface PlanChannelsOptions {
  readonly channels: number;
  /** Absent: ovens limit nothing. */
  readonly ovens?: readonly Oven[];
  /** The parameter that an oven is set to; default the only one in a unit of temperature. */
  readonly ovenParameter?: string;
  /** Cells of each trial; default 1. */
  readonly cells?: number;
  /** The known outcome that is a trial's time on its channel; default the first that is a time. */
  readonly duration?: string;
  /** The state that completes what trials do not state. */
  readonly context: Settings;
  /** Hours for which running trials have been on their channels, by trial; else they count in full. */
  readonly elapsed?: ReadonlyMap<string, number>;
}

export interface ChannelPlan extends ChannelSchedule {
  /** Trials of which a cell starts at once. */
  readonly startFirst: readonly string[];
  readonly notes: readonly string[];
}

/** More channels or cells than this are a typing error. */
const MOST_PLACES = 10_000;
/** More cells than this are more than the search of orders was made for (assumption). */
const MOST_CELLS = 200;

/**
 * Plans suggested and running trials on channels and in shared ovens: none is booked twice.
 *
 * @throws CellwrightError INVALID_OPTION, with every problem: no known time, an oven that no trial or no slot fits, more
 *   running cells than channels or slots, nothing to plan.
 */
export function planChannels(campaign: Campaign, options: PlanChannelsOptions): ChannelPlan {
  const problems = optionProblems(options);
  const duration = durationOutcome(campaign, options.duration, problems);
  const ovenParameter = options.ovens === undefined ? null : findOvenParameter(campaign, options, problems);
  refuse(problems);
  const trials = sortById(campaign.trials).filter(
    ({ status }) => status === "suggested" || status === "running",
  );
  if (trials.length === 0)
    problems.push({
      where: "trials",
      found: "no suggested and no running trial",
      expected: "something to plan",
      remedy: "Ask for runs first: cellwright suggest.",
    });
  refuse(problems);
  const jobs = trials.map((trial) => ({
    trial,
    hours: hoursOf(campaign, duration!, trial, options, problems),
    ...ovenOf(trial, ovenParameter, options, problems),
  }));
  refuse(problems);
  const problem = channelProblem(jobs, options);
  refuse(placeProblems(problem));
  const schedule = scheduleChannels(problem);
  const trialOf = new Map(
    jobs.flatMap((job) => cellNames(job.trial, options).map((id) => [id, job.trial.id])),
  );
  const first = schedule.jobs.filter(({ running, start }) => !running && start === 0);
  return {
    ...schedule,
    startFirst: [...new Set(first.map(({ id }) => trialOf.get(id)!))],
    notes: notesOf(schedule, trials, options, duration!),
  };
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0)
    throw new CellwrightError("INVALID_OPTION", "The channels cannot be planned.", { problems });
}

function optionProblems({ channels, ovens = [], cells = 1 }: PlanChannelsOptions): Problem[] {
  const whole = (where: string, value: number): Problem[] =>
    Number.isInteger(value) && value >= 1 && value <= MOST_PLACES
      ? []
      : [{ where, found: String(value), expected: `a whole number from 1 to ${MOST_PLACES}` }];
  return [
    ...whole("channels", channels),
    ...whole("cells", cells),
    ...ovens.flatMap(({ temperature, slots }) => whole(`oven at ${temperature}`, slots)),
  ];
}

function durationOutcome(campaign: Campaign, name: string | undefined, problems: Problem[]): Outcome | null {
  const times = campaign.outcomes.filter(
    ({ formula, unit }) => formula?.known === true && compatible(unit, "h"),
  );
  const found = name === undefined ? times[0] : times.find((outcome) => outcome.name === name);
  if (found !== undefined) return found;
  problems.push({
    where: "duration",
    found: name ?? "no known outcome that is a time",
    expected:
      times.length === 0
        ? "an outcome in h with a formula of settings"
        : `one of ${times.map((t) => t.name).join(", ")}`,
  });
  return null;
}

function findOvenParameter(
  campaign: Campaign,
  { ovenParameter }: PlanChannelsOptions,
  problems: Problem[],
): string | null {
  const warm = campaign.space.parameters.filter(
    ({ unit, kind }) => kind !== "categorical" && compatible(unit, "degC"),
  );
  const named = warm.find(({ name }) => name === ovenParameter);
  if (named !== undefined) return named.name;
  if (ovenParameter === undefined && warm.length === 1) return warm[0]!.name;
  problems.push({
    where: "ovens",
    found:
      ovenParameter ??
      `${warm.length === 0 ? "no parameter" : warm.map(({ name }) => name).join(" and ")} in a unit of temperature`,
    expected: "one parameter that the ovens are set to",
    remedy: "Name it with --oven-parameter, or leave --ovens out.",
  });
  return null;
}

function hoursOf(
  campaign: Campaign,
  duration: Outcome,
  trial: Trial,
  { context, elapsed }: PlanChannelsOptions,
  problems: Problem[],
): number {
  const x = campaign.space.encode(trial.parameters, { ...context, ...trial.context });
  const hours = convert(knownOutcome(campaign, duration).evaluate(x), duration.unit, "h");
  const gone = trial.status === "running" ? (elapsed?.get(trial.id) ?? 0) : 0;
  if (!(hours > 0))
    problems.push({ where: `trial ${trial.id}`, found: `${hours} h`, expected: "a time above 0" });
  return Math.max(hours - gone, 0);
}

function ovenOf(
  trial: Trial,
  parameter: string | null,
  { ovens = [] }: PlanChannelsOptions,
  problems: Problem[],
): { readonly oven?: string } {
  if (parameter === null) return {};
  const temperature = trial.parameters[parameter];
  const oven = ovens.find((one) => Math.abs(one.temperature - Number(temperature)) <= SAME_TEMPERATURE);
  if (oven !== undefined) return { oven: ovenName(oven) };
  problems.push({
    where: `trial ${trial.id}`,
    found: `${parameter} ${temperature ?? "not stated"}`,
    expected: `an oven at ${ovens.map((one) => one.temperature).join(" or ")}`,
    remedy: "Add an oven at that temperature, or suggest with --fix.",
  });
  return {};
}

/** Rounding of a converted temperature only. */
const SAME_TEMPERATURE = 1e-6;
const ovenName = ({ temperature }: Oven): string => String(temperature);

function cellNames(trial: Trial, { cells = 1 }: PlanChannelsOptions): string[] {
  return cells === 1 ? [trial.id] : Array.from({ length: cells }, (_, i) => `${trial.id}/${i + 1}`);
}

function channelProblem(
  trials: readonly { readonly trial: Trial; readonly hours: number; readonly oven?: string }[],
  options: PlanChannelsOptions,
): ChannelProblem {
  const jobsOf = (status: Trial["status"]): ChannelJob[] =>
    trials
      .filter(({ trial, hours }) => trial.status === status && hours > 0)
      .flatMap(({ trial, hours, oven }) =>
        cellNames(trial, options).map((id) => ({ id, hours, ...(oven === undefined ? {} : { oven }) })),
      );
  const slots: Record<string, number> = {};
  for (const oven of options.ovens ?? []) slots[ovenName(oven)] = (slots[ovenName(oven)] ?? 0) + oven.slots;
  return {
    channels: options.channels,
    ...(options.ovens === undefined ? {} : { ovens: slots }),
    running: jobsOf("running"),
    jobs: jobsOf("suggested"),
  };
}

function placeProblems({ channels, ovens = {}, running, jobs }: ChannelProblem): Problem[] {
  const problems: Problem[] = [];
  const all = running.length + jobs.length;
  if (all > MOST_CELLS)
    problems.push({ where: "trials", found: `${all} cells`, expected: `at most ${MOST_CELLS}` });
  if (running.length > channels)
    problems.push({
      where: "channels",
      found: `${running.length} running cells on ${channels} channels`,
      expected: "a channel for every running cell",
      remedy: "Record the ones that are done, or state all channels.",
    });
  for (const [name, slots] of Object.entries(ovens)) {
    const there = running.filter(({ oven }) => oven === name).length;
    if (there > slots)
      problems.push({
        where: `oven at ${name}`,
        found: `${there} running cells in ${slots} slots`,
        expected: "a slot for every running cell",
      });
  }
  return problems;
}

function notesOf(
  schedule: ChannelSchedule,
  trials: readonly Trial[],
  { elapsed }: PlanChannelsOptions,
  duration: Outcome,
): string[] {
  const unknown = trials.filter(({ id, status }) => status === "running" && elapsed?.has(id) !== true);
  const least = schedule.proven
    ? "No plan is shorter."
    : `No plan can be shorter than ${rounded(schedule.lowerBound)} h: this one is at most ${rounded((schedule.makespan / schedule.lowerBound - 1) * 100)} % longer.`;
  return [
    `The last cell is done after ${rounded(schedule.makespan)} h. ${least}`,
    `A cell is on its channel for ${duration.name}.`,
    ...(unknown.length === 0
      ? []
      : [
          `${unknown.map(({ id }) => id).join(", ")}: running since when is not known, so that the whole time counts. State it with --started trial=time.`,
        ]),
  ];
}

const rounded = (value: number): string => formatNumber(value);
