import type { ChannelJob, ChannelProblem } from "./channel-problem.js";
import { lowerBound } from "./schedule-bound.js";

/** A cell on its channel, hours from the start of the plan. */
export interface ScheduledJob {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly channel: number;
  readonly oven?: { readonly name: string; readonly slot: number };
  readonly running: boolean;
}

export interface ChannelSchedule {
  /** Running cells first, then in the order of their starts. */
  readonly jobs: readonly ScheduledJob[];
  /** Hours until the last cell is off its channel. */
  readonly makespan: number;
  /** No schedule is shorter. */
  readonly lowerBound: number;
  /** Whether no schedule can be shorter than this one. */
  readonly proven: boolean;
}

/** A job with its start. */
export interface Placed {
  readonly job: ChannelJob;
  readonly start: number;
}

/** Jobs up to which every order is tried, bounded (assumption: 7! = 5,040). */
const MOST_EXACT_JOBS = 7;
/** Exchanges that are tried after list scheduling (assumption: a second at sixty cells). */
const MOST_EXCHANGES = 1000;

/**
 * Puts cells on channels and into ovens so that the last one is done as early as possible, and none is booked twice.
 *
 * Every schedule is made job by job at the earliest time at which a channel and a slot are free for all of it (serial
 * generation; Kolisch 1996): some order of the jobs gives a shortest schedule. Up to MOST_EXACT_JOBS jobs all orders are
 * searched with bounds; beyond, the longest-first order and the one by the load of the oven are improved by exchanges.
 *
 * The caller sees to it that running cells fit the channels and slots, and that every job's oven exists.
 */
export function scheduleChannels(problem: ChannelProblem): ChannelSchedule {
  const bound = lowerBound(problem);
  const starting = problem.running.map((job): Placed => ({ job, start: 0 }));
  const heuristic = improved(problem, starting, bound);
  const exact = problem.jobs.length <= MOST_EXACT_JOBS;
  const best = exact ? searched(problem, starting, heuristic, bound) : heuristic;
  const makespan = endOf(best);
  return {
    jobs: booked(best, problem),
    makespan,
    lowerBound: exact ? makespan : bound,
    proven: exact || reaches(makespan, bound),
  };
}

/** Rounding of sums of hours only. */
const TOLERANCE = 1e-9;
const reaches = (makespan: number, bound: number): boolean => makespan <= bound * (1 + TOLERANCE);

const endOf = (placed: readonly Placed[]): number =>
  placed.reduce((latest, { job, start }) => Math.max(latest, start + job.hours), 0);

/** Places one job at the earliest time at which a channel and a slot are free from then until it is done. */
function withJob(placed: readonly Placed[], job: ChannelJob, problem: ChannelProblem): Placed[] {
  const times = [0, ...placed.map((one) => one.start + one.job.hours)].sort((a, b) => a - b);
  const start = times.find((time) => fits(placed, job, time, problem))!;
  return [...placed, { job, start }];
}

function fits(placed: readonly Placed[], job: ChannelJob, from: number, problem: ChannelProblem): boolean {
  const until = from + job.hours;
  const beside = placed.filter(({ start, job: { hours } }) => start < until && start + hours > from);
  if (peak(beside, from) >= problem.channels) return false;
  if (job.oven === undefined || problem.ovens === undefined) return true;
  const sharing = beside.filter((one) => one.job.oven === job.oven);
  return peak(sharing, from) < problem.ovens[job.oven]!;
}

/** Most jobs at a time among those that overlap a window that starts at `from`. */
function peak(beside: readonly Placed[], from: number): number {
  const at = (time: number): number =>
    beside.reduce((count, { start, job }) => count + Number(start <= time && start + job.hours > time), 0);
  return beside.reduce((most, { start }) => (start > from ? Math.max(most, at(start)) : most), at(from));
}

function inOrder(
  jobs: readonly ChannelJob[],
  starting: readonly Placed[],
  problem: ChannelProblem,
): Placed[] {
  return jobs.reduce<Placed[]>((placed, job) => withJob(placed, job, problem), [...starting]);
}

/** List schedules, the best one improved by exchanges of two jobs in its order. */
function improved(problem: ChannelProblem, starting: readonly Placed[], bound: number): Placed[] {
  const byId = (a: ChannelJob, b: ChannelJob): number => (a.id < b.id ? -1 : Number(a.id > b.id));
  const load = ovenLoads(problem);
  const longestFirst = [...problem.jobs].sort((a, b) => b.hours - a.hours || byId(a, b));
  const fullestOvenFirst = [...longestFirst].sort((a, b) => load(b) - load(a));
  let [order, best] = [longestFirst, inOrder(longestFirst, starting, problem)];
  const other = inOrder(fullestOvenFirst, starting, problem);
  if (endOf(other) < endOf(best)) [order, best] = [fullestOvenFirst, other];
  const budget = { left: MOST_EXCHANGES };
  while (!reaches(endOf(best), bound)) {
    const better = exchanged(order, starting, problem, endOf(best), budget);
    if (better === null) break;
    [order, best] = [better.order, better.placed];
  }
  return best;
}

/** Hours of work a slot of a job's oven. */
function ovenLoads({ jobs, running, ovens }: ChannelProblem): (job: ChannelJob) => number {
  const load = new Map<string, number>();
  for (const { oven, hours } of [...running, ...jobs]) {
    if (oven === undefined || ovens === undefined) continue;
    load.set(oven, (load.get(oven) ?? 0) + hours / ovens[oven]!);
  }
  return ({ oven }) => (oven === undefined ? 0 : (load.get(oven) ?? 0));
}

function exchanged(
  order: readonly ChannelJob[],
  starting: readonly Placed[],
  problem: ChannelProblem,
  makespan: number,
  budget: { left: number },
): { readonly order: ChannelJob[]; readonly placed: Placed[] } | null {
  for (let i = 0; i < order.length; i++) {
    for (let j = i + 1; j < order.length; j++) {
      if (budget.left-- <= 0) return null;
      const other = [...order];
      [other[i], other[j]] = [order[j]!, order[i]!];
      const placed = inOrder(other, starting, problem);
      if (endOf(placed) < makespan) return { order: other, placed };
    }
  }
  return null;
}

/** The best of all orders; jobs alike in hours and oven are taken in one order only. */
function searched(
  problem: ChannelProblem,
  starting: readonly Placed[],
  known: readonly Placed[],
  bound: number,
): readonly Placed[] {
  let best = known;
  const extend = (placed: readonly Placed[], left: readonly ChannelJob[]): void => {
    if (reaches(endOf(best), bound)) return;
    if (left.length === 0) best = endOf(placed) < endOf(best) ? placed : best;
    const seen = new Set<string>();
    for (const job of left) {
      const kind = `${job.hours} ${job.oven ?? ""}`;
      if (seen.has(kind)) continue;
      seen.add(kind);
      const next = withJob(placed, job, problem);
      if (endOf(next) < endOf(best))
        extend(
          next,
          left.filter((one) => one !== job),
        );
    }
  };
  extend(starting, problem.jobs);
  return best;
}

/**
 * Gives every job a channel and a slot. In the order of their starts the first free one always exists, because never
 * more jobs overlap than there are channels and slots (colouring of an interval graph).
 */
function booked(placed: readonly Placed[], problem: ChannelProblem): ScheduledJob[] {
  const running = new Set(problem.running);
  const channelFreeAt = new Array<number>(problem.channels).fill(0);
  const slots = new Map(
    Object.entries(problem.ovens ?? {}).map(([name, count]) => [name, new Array<number>(count).fill(0)]),
  );
  const take = (freeAt: number[], start: number, end: number): number => {
    const i = freeAt.findIndex((free) => free <= start);
    freeAt[i] = end;
    return i + 1;
  };
  const inTime = placed.map((one, i) => ({ ...one, i })).sort((a, b) => a.start - b.start || a.i - b.i);
  return inTime.map(({ job, start }) => {
    const end = start + job.hours;
    const slotsOf = job.oven === undefined ? undefined : slots.get(job.oven);
    return {
      id: job.id,
      ...{ start, end },
      channel: take(channelFreeAt, start, end),
      ...(slotsOf === undefined ? {} : { oven: { name: job.oven!, slot: take(slotsOf, start, end) } }),
      running: running.has(job),
    };
  });
}
