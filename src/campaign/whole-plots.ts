import type { Settings } from "../space/parameter.js";
import type { Campaign } from "./campaign.js";
import { hardParameters } from "./changeovers.js";
import { compareDated, compareNatural } from "./requested-context.js";
import { isRowId } from "./row-ids.js";
import type { Trial } from "./trial.js";

/** Which runs were made with one set-up of what is hard to change: the whole plots of a split-plot design. */
export interface WholePlots {
  /** By trial id, numbered in the order of the runs. */
  readonly of: ReadonlyMap<string, number>;
  /** Parameters that are hard to change. */
  readonly hard: readonly string[];
  /** What tells the plots: the column of this name, or changes between runs in the order of their dates or numbers. */
  readonly by: { readonly column: string } | "dates" | "numbers";
  /** By trial id: the settings that are hard to change as one text; absent where one is not known. */
  readonly levels: ReadonlyMap<string, string>;
}

/**
 * The whole plots of a campaign's runs, completed, running or failed: runs with one entry in the file's `whole_plot`
 * column; without such a column consecutive runs, split wherever a parameter that is hard to change has another value.
 *
 * Runs are in the order of their dates where all have one, else of their numbers, as today's setting is found. A run of
 * which the setting or the entry is not known stands alone. Null where nothing is hard to change and no column is named,
 * or where rows without ids and dates have no order.
 */
export function wholePlotsOf(campaign: Campaign): WholePlots | null {
  const made = campaign.trials.filter(({ status }) => ["completed", "running", "failed"].includes(status));
  const hard = hardParameters(campaign.space.parameters).map(({ name }) => name);
  const byLevel = made.map((trial) => [trial, levelOf(trial.parameters, hard)] as const);
  const levels = new Map(byLevel.flatMap(([{ id }, level]) => (level === null ? [] : [[id, level]])));
  if (campaign.wholePlot !== undefined) {
    const named = made.map((trial) => [trial, trial.wholePlot ?? null] as const);
    const of = numbered(inOrder(named) ?? named, false);
    return { of, hard, by: { column: campaign.wholePlot }, levels };
  }
  const ordered = inOrder(byLevel);
  if (hard.length === 0 || ordered === null) return null;
  return { of: numbered(ordered, true), hard, by: isDated(made) ? "dates" : "numbers", levels };
}

type Levelled = readonly [trial: Trial, level: string | null];

/** Runs by date, or by number; null where some have neither. */
function inOrder(runs: readonly Levelled[]): readonly Levelled[] | null {
  if (isDated(runs.map(([trial]) => trial))) return [...runs].sort(([a], [b]) => compareDated(a, b));
  if (runs.some(([{ id }]) => isRowId(id))) return null;
  return [...runs].sort(([a], [b]) => compareNatural(a.id, b.id));
}

function isDated(runs: readonly Trial[]): boolean {
  return runs.every(({ measuredAt }) => measuredAt !== undefined);
}

/** The settings that are hard to change as one text; null where one of them is not known. */
function levelOf(settings: Settings, hard: readonly string[]): string | null {
  const values = hard.map((name) => settings[name]);
  return values.includes(undefined) ? null : JSON.stringify(values);
}

/** @param consecutive - A level that comes back after another one is a new plot. */
function numbered(runs: readonly Levelled[], consecutive: boolean): ReadonlyMap<string, number> {
  const of = new Map<string, number>();
  const known = new Map<string, number>();
  let plots = 0;
  let before: string | null = null;
  for (const [{ id }, level] of runs) {
    const stays = level !== null && (consecutive ? level === before : known.has(level));
    const plot = stays ? known.get(level)! : plots++;
    if (level !== null) known.set(level, plot);
    of.set(id, plot);
    before = level;
  }
  return of;
}
