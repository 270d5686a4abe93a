import type { ChannelJob, ChannelProblem } from "./channel-problem.js";

/**
 * Hours below which no schedule ends: of the channels together and of each oven, the mean load, the longest job from
 * the first free place on, and the pigeon-hole bounds of identical machines (of the k·m + 1 longest jobs some place
 * holds k + 1: at least the k + 1 shortest of them; Dell'Amico & Martello 1995, section 1).
 */
export function lowerBound({ channels, ovens, running, jobs }: ChannelProblem): number {
  const bounds = [resourceBound(channels, running, jobs)];
  for (const [name, slots] of Object.entries(ovens ?? {})) {
    const needs = ({ oven }: ChannelJob): boolean => oven === name;
    bounds.push(resourceBound(slots, running.filter(needs), jobs.filter(needs)));
  }
  return bounds.reduce((a, b) => Math.max(a, b));
}

function resourceBound(places: number, running: readonly ChannelJob[], jobs: readonly ChannelJob[]): number {
  const all = [...running, ...jobs].map(({ hours }) => hours).sort((a, b) => b - a);
  const load = all.reduce((sum, hours) => sum + hours, 0) / places;
  const longestRunning = running.reduce((most, { hours }) => Math.max(most, hours), 0);
  const firstFree =
    running.length < places ? 0 : running.reduce((least, { hours }) => Math.min(least, hours), Infinity);
  const longest = jobs.reduce((most, { hours }) => Math.max(most, firstFree + hours), 0);
  let bound = Math.max(load, longestRunning, longest);
  for (let k = 1; k * places + 1 <= all.length; k++) {
    const shortest = all.slice(k * places - k, k * places + 1);
    if (shortest.length === k + 1)
      bound = Math.max(
        bound,
        shortest.reduce((sum, hours) => sum + hours, 0),
      );
  }
  return bound;
}
