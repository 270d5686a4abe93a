import { CellwrightError } from "../errors.js";
import { log } from "../math/elementary.js";
import { matrixFromRows } from "../math/matrix.js";
import type { InputDimension, SurrogateData } from "../surrogates/surrogate.js";
import type { Campaign, Outcome } from "./campaign.js";
import { knownScatter } from "./known-scatter.js";
import { findNoiseLevels, type NoiseLevels, noiseLevelOf, type NoiseVariable } from "./noise-levels.js";
import { sortById } from "./settings-key.js";
import type { Observation, Trial } from "./trial.js";
import { type WholePlots, wholePlotsOf } from "./whole-plots.js";
import { groupsOf, isComplete, replicateKey } from "./trial-groups.js";

/** The rows from which one outcome is learned, honestly counted. */
export interface OutcomeData {
  readonly data: SurrogateData;
  /** Group of each row, [n]: what cross-validation must not split. */
  readonly groups: readonly string[];
  /** Trial of each row, [n]; the first of the group where its rows were merged. */
  readonly trialIds: readonly string[];
  /** How rows were counted, merged and weighted, in sentences. */
  readonly messages: readonly string[];
  /** Variance of one new run as far as it is known beforehand (`knownScatter`), raw units squared; else 0. */
  readonly knownNoiseVariance: number;
  /** The variable by which the scatter differs; null where there is one noise level. */
  readonly noise: NoiseLevels | null;
  /** Whole plots of the rows; null where nothing is hard to change. */
  readonly plots: RowPlots | null;
  /** Which inferred noise level a run with these settings has. */
  noiseLevelAt(trial: Pick<Trial, "parameters" | "context">): number;
}

/** Which rows were made with one set-up of what is hard to change. */
export interface RowPlots extends Pick<WholePlots, "hard" | "by"> {
  /** Plot of each row, [n]. */
  readonly of: Int32Array;
  /** Plots of two rows or more. */
  readonly repeated: number;
  /** Plots beyond the first at each setting of what is hard to change: those that tell set-up from setting. */
  readonly returns: number;
}

export interface OutcomeDataOptions {
  /** Parameters or context to leave out of the inputs, to see what they are worth. */
  readonly exclude?: readonly string[];
  /** Count what was measured of abandoned trials too, such as an early signal of a cell that was freed; default false. */
  readonly abandoned?: boolean;
}

/** Rows that a message names. */
const MOST_NAMED = 20;

interface Row {
  readonly trial: Trial;
  readonly observation: Observation;
  readonly group: string;
  readonly key: string;
}

/**
 * Gathers the rows that teach one outcome: trials that are completed or running, with all settings and a value. An
 * outcome that is equal in all rows of every group was measured once per group and counts once, declared or detected.
 * Standard errors become known noise; replicates pass through, since their scatter tells the noise, which may differ
 * between the levels of a context (`findNoiseLevels`).
 *
 * @param outcome - The outcome or its name.
 * @throws CellwrightError DATA_INVALID if an outcome declared `per: group` differs inside a group, or one on a log scale
 *   has results of zero or less; INVALID_OPTION if the
 *   campaign has no such outcome or no such input.
 */
export function outcomeData(
  campaign: Campaign,
  outcome: Outcome | string,
  options: OutcomeDataOptions = {},
): OutcomeData {
  const target = outcomeOf(campaign, outcome);
  const messages: string[] = [];
  const rows = oncePerGroup(
    target,
    teachingRows(campaign, target, options.abandoned === true, messages),
    messages,
  );
  requirePositive(target, rows);
  const replicateOf = replicateNumbers(rows);
  const values = rows.map(({ observation }) => observation.value);
  const scatter = knownScatter(campaign, target, values, replicateOf);
  if (scatter.message !== null) messages.push(scatter.message);
  const noise = noiseLevels(campaign, target, rows, replicateOf, messages);
  const levelAt = (trial: Pick<Trial, "parameters" | "context">): number =>
    noise === null
      ? 0
      : noiseLevelOf(noise, trial.context[noise.variable] ?? trial.parameters[noise.variable]);
  return {
    data: surrogateData(
      campaign,
      rows,
      scatter.ofRows,
      noise === null ? null : levelAt,
      options.exclude ?? [],
    ),
    groups: rows.map((row) => row.group),
    trialIds: rows.map((row) => row.trial.id),
    messages,
    knownNoiseVariance: scatter.ofNext * scatter.ofNext,
    noise,
    plots: plotsOf(campaign, rows),
    noiseLevelAt: levelAt,
  };
}

function plotsOf(campaign: Campaign, rows: readonly Row[]): RowPlots | null {
  const plots = wholePlotsOf(campaign);
  if (plots === null) return null;
  const { hard, by, levels } = plots;
  // Abandoned trials may have been measured, but nothing says that they were run to their end: each is a plot of its own.
  const of = Int32Array.from(
    rows,
    ({ trial: { id } }, row) => plots.of.get(id) ?? campaign.trials.length + row,
  );
  const counts = new Map<number, number>();
  for (const plot of of) counts.set(plot, (counts.get(plot) ?? 0) + 1);
  const atLevels = new Set(rows.map(({ trial: { id } }, row) => levels.get(id) ?? `row ${row}`));
  return {
    of,
    hard,
    by,
    repeated: [...counts.values()].filter((count) => count > 1).length,
    returns: Math.max(counts.size - atLevels.size, 0),
  };
}

function outcomeOf(campaign: Campaign, outcome: Outcome | string): Outcome {
  if (typeof outcome !== "string") return outcome;
  const found = campaign.outcomes.find((o) => o.name === outcome);
  if (found !== undefined) return found;
  throw new CellwrightError("INVALID_OPTION", `The campaign has no outcome ${outcome}.`);
}

/** Rows in canonical order; those that miss settings are left out and counted. */
function teachingRows(campaign: Campaign, outcome: Outcome, abandoned: boolean, messages: string[]): Row[] {
  const groups = groupsOf(campaign.trials);
  const rows: Row[] = [];
  let [incomplete, strange] = [0, 0];
  for (const trial of sortById(campaign.trials)) {
    const observation = trial.observations[outcome.name];
    const teaches =
      trial.status === "completed" ||
      trial.status === "running" ||
      (abandoned && trial.status === "abandoned");
    if (observation === undefined || !teaches) continue;
    if (isComplete(campaign, trial)) {
      rows.push({ trial, observation, group: groups.get(trial.id)!, key: replicateKey(trial) });
    } else {
      incomplete++;
      if (hasEverything(campaign, trial)) strange++;
    }
  }
  if (incomplete > 0) {
    messages.push(
      `${outcome.name}: ${incomplete} row${incomplete === 1 ? "" : "s"} with missing settings${strange > 0 ? ", or settings that are no choice any more," : ""} left out.`,
    );
  }
  return rows;
}

/** A campaign that changes to a log scale may have results that have none. */
function requirePositive({ name, scale }: Outcome, rows: readonly Row[]): void {
  const found = scale === "log" ? rows.filter(({ observation }) => !(observation.value > 0)) : [];
  if (found.length === 0) return;
  throw new CellwrightError("DATA_INVALID", `${name} has results that a log scale does not know.`, {
    problems: found.slice(0, MOST_NAMED).map(({ trial, observation }) => ({
      where: `trial ${trial.id}, ${name}`,
      found: String(observation.value),
      expected: "a value above 0 for scale: log",
      remedy: "Correct the result, or use scale: auto.",
    })),
    details: { count: found.length },
  });
}

function hasEverything({ space }: Campaign, { parameters, context }: Trial): boolean {
  const settings = { ...context, ...parameters };
  return space.columns.every(({ name }) => settings[name] !== undefined);
}

/** Relative difference below which two copies of one measurement are equal: decimals lost in files. */
const COPY_TOLERANCE = 1e-9;

function oncePerGroup(outcome: Outcome, rows: readonly Row[], messages: string[]): readonly Row[] {
  const byGroup = new Map<string, Row[]>();
  for (const row of rows) {
    const members = byGroup.get(row.group);
    if (members === undefined) byGroup.set(row.group, [row]);
    else members.push(row);
  }
  const several = [...byGroup.values()].filter((members) => members.length > 1);
  const differing = several.filter((members) => !isCopied(members));
  if (outcome.per === "group" && differing.length > 0) throw groupDiffers(outcome, differing);
  const detected = outcome.per !== "group" && several.length >= 2 && differing.length === 0;
  if (several.length === 0 || (outcome.per !== "group" && !detected)) return rows;
  const counted = `${rows.length} rows count as ${byGroup.size}`;
  messages.push(
    detected
      ? `${outcome.name} is equal in all rows of every group: it was measured once per group, and ${counted}.`
      : `${outcome.name} was measured once per group: ${counted}.`,
  );
  return [...byGroup.values()].map((members) => members[0]!);
}

/** Whether the rows of a group repeat one measurement: same settings, same value. */
function isCopied(members: readonly Row[]): boolean {
  const [first, ...others] = members;
  const { value } = first!.observation;
  return others.every(
    (row) =>
      row.key === first!.key && Math.abs(row.observation.value - value) <= COPY_TOLERANCE * Math.abs(value),
  );
}

function groupDiffers(outcome: Outcome, groups: readonly (readonly Row[])[]): CellwrightError {
  return new CellwrightError(
    "DATA_INVALID",
    `${outcome.name} is declared per: group, but differs inside ${groups.length} group${groups.length === 1 ? "" : "s"}.`,
    {
      problems: groups.slice(0, 20).map((members) => {
        const values = [...new Set(members.map((row) => row.observation.value))].slice(0, 4).join(", ");
        const settings = new Set(members.map((row) => row.key)).size;
        return {
          where: `group ${members[0]!.group}, ${outcome.name}`,
          found: settings > 1 ? `${settings} different settings` : `the values ${values}`,
          expected: "one measurement, copied to the rows of the group",
          remedy: `Remove per: group from ${outcome.name}, or correct the group column.`,
        };
      }),
    },
  );
}

function replicateNumbers(rows: readonly Row[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(rows, ({ key }) => {
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
  });
}

/** Levels of a context, or of a parameter with a fixed set of values, between which the scatter differs. */
function noiseLevels(
  campaign: Campaign,
  outcome: Outcome,
  rows: readonly Row[],
  replicateOf: Int32Array,
  messages: string[],
): NoiseLevels | null {
  const y = rows.map(({ observation }) =>
    outcome.scale === "log" ? log(observation.value) : observation.value,
  );
  const fixed = campaign.space.parameters.filter((p) => p.kind !== "continuous");
  const variables = [...campaign.space.context, ...fixed].map(
    (v): NoiseVariable => ({
      name: v.name,
      scale: v.kind === "categorical" ? "linear" : v.scale,
      values: rows.map(({ trial }) => trial.context[v.name] ?? trial.parameters[v.name]!),
    }),
  );
  const noise = findNoiseLevels(y, replicateOf, variables);
  if (noise !== null) {
    const shown = noise.levels
      .map((level, i) => `${Number(noise.stdDevs[i]!.toPrecision(2))} at ${level}`)
      .join(", ");
    const on = outcome.scale === "log" ? " (of the logarithm)" : ` ${outcome.unit}`;
    messages.push(
      `${outcome.name}: replicates scatter differently by ${noise.variable} (standard deviation${on} ${shown}); each level has its own noise.`,
    );
  }
  return noise;
}

function surrogateData(
  campaign: Campaign,
  rows: readonly Row[],
  errors: Float64Array,
  levelAt: ((trial: Trial) => number) | null,
  exclude: readonly string[],
): SurrogateData {
  const inputs: readonly InputDimension[] = campaign.space.inputs;
  for (const name of exclude) {
    if (!inputs.some((input) => input.name === name))
      throw new CellwrightError("INVALID_OPTION", `The campaign has no parameter or context ${name}.`);
  }
  const kept = inputs.map((_, k) => k).filter((k) => !exclude.includes(inputs[k]!.name));
  const X = matrixFromRows(
    rows.map(({ trial }) => {
      const x = campaign.space.encode(trial.parameters, trial.context);
      return kept.map((k) => x[k]!);
    }),
    kept.length,
  );
  const variances = Float64Array.from(rows, ({ observation }, i) => {
    const standardError = observation.standardError ?? errors[i]!;
    return standardError * standardError;
  });
  return {
    inputs: kept.map((k) => inputs[k]!),
    X,
    y: Float64Array.from(rows, ({ observation }) => observation.value),
    ...(variances.some((v) => v > 0) ? { knownNoiseVariance: variances } : {}),
    ...(levelAt === null ? {} : { noiseLevel: Int32Array.from(rows, ({ trial }) => levelAt(trial)) }),
  };
}
