import type { ObjectiveTerm } from "../acquisition/outcome-terms.js";
import { matrixRow } from "../math/matrix.js";
import type { Column } from "../space/encode.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import type { Settings } from "../space/parameter.js";
import { type AskProblem, isComputed, utility } from "./ask-problem.js";
import { formatNumber } from "./format-number.js";
import { numbersOf } from "./formula-outcomes.js";
import type { Gain, Standing } from "./improvement.js";
import { isComplete } from "./trial-groups.js";
import { percent } from "./stopping.js";
import { sortById } from "./settings-key.js";
import type { OutcomePrediction, Suggestion } from "./suggestion.js";
import type { Trial } from "./trial.js";

/** A suggested run and everything that its reasons are made from. */
export interface ReasonInput {
  readonly problem: AskProblem;
  readonly standing: Standing;
  readonly set: FeasibleSet;
  readonly x: Float64Array;
  readonly parameters: Settings;
  readonly predictions: Readonly<Record<string, OutcomePrediction>>;
  readonly probabilityFeasible: number | null;
  /** In safe mode. */
  readonly safety?: NonNullable<Suggestion["safety"]>;
  /** Present once a run has failed. */
  readonly success?: NonNullable<Suggestion["success"]>;
  readonly gain: Gain | null;
  readonly origin: "initial-design" | "model";
  /** Whether models decide by now. */
  readonly stage: "initial-design" | "model";
  /** The trial that this one repeats, where nothing new is left. */
  readonly repeats?: Trial;
  /** Present where it is a run of a design of experiments: what it is there. */
  readonly designed?: string;
  /** Present where it repeats that trial on purpose. */
  readonly replication?: NonNullable<Suggestion["replication"]>;
}

/** Plain sentences from numbers alone, the headline first: it stands in a table. */
export function reasonsFor(input: ReasonInput): string[] {
  return [
    headline(input),
    ...shares(input),
    ...nearestRun(input),
    ...boundary(input),
    ...failureRisk(input),
    ...safetyKept(input),
    ...withoutSkill(input),
  ];
}

function headline(input: ReasonInput): string {
  const { problem, standing, gain, origin, repeats, probabilityFeasible } = input;
  if (input.replication !== undefined) return replicationHeadline(problem, input.replication);
  if (repeats !== undefined)
    return `Repeats trial ${repeats.id}: every feasible setting has been tried, and another run tells its scatter.`;
  if (input.designed !== undefined) return input.designed;
  if (origin === "initial-design") return spreadHeadline(input);
  if (problem.objectives.length === 0)
    return feasibilityHeadline(input, "Learns most about where the specifications hold");
  if (gain === null || standing.reached === null) {
    return feasibilityHeadline(
      input,
      probabilityFeasible === null
        ? isComputed(problem)
          ? "Among the best settings as computed: nothing has to be learned"
          : "Best chance to improve"
        : "Best chance to keep all specifications, which no tried setting is predicted to do",
    );
  }
  return problem.objectives.length === 1 ? singleHeadline(input) : tradeOffHeadline(input);
}

function replicationHeadline(
  { objectives, campaign }: AskProblem,
  { of, rise, instead }: NonNullable<Suggestion["replication"]>,
): string {
  const [only] = objectives.length === 1 ? objectives : [];
  const unit = campaign.outcomes.find(({ name }) => name === only?.outcome)?.unit ?? "1";
  return `Repeats trial ${of} on purpose: results scatter, and one more there is expected to raise the best setting by ${amount(rise, unit)}, the best new setting by ${amount(instead, unit)}.`;
}

function spreadHeadline({ problem, stage }: ReasonInput): string {
  if (stage === "model")
    return "The models see nothing to gain anywhere: as far as possible from every setting tried so far.";
  return problem.campaign.trials.length === 0
    ? "First runs: spread evenly over the allowed settings, since nothing was measured yet."
    : "Spreads the first runs: as far as possible from every setting tried so far.";
}

function feasibilityHeadline({ probabilityFeasible }: ReasonInput, what: string): string {
  return probabilityFeasible === null ? `${what}.` : `${what}: probability ${percent(probabilityFeasible)}.`;
}

function singleHeadline({ problem, standing, predictions }: ReasonInput): string {
  const term = problem.objectives[0]!;
  const predicted = predictions[term.outcome]!;
  const best = standing.values.data[standing.best]!;
  const difference = utility(term, predicted.mean) - utility(term, best);
  const where = settingsInWords(problem, matrixRow(standing.feasible, standing.best));
  const values = `${term.outcome} ${withInterval(predicted)}`;
  const reached = `${amount(best, predicted.unit)}, predicted at ${where}`;
  if (difference > 0)
    return `${values}, ${amount(difference, predicted.unit)} ${better(term)} than the best tried setting (${reached}).`;
  return `${values} could still beat the best tried setting (${reached}): little is known here.`;
}

/** Compares the first learned objective with tried settings that are at least as good in all others. */
function tradeOffHeadline({ problem, standing, predictions }: ReasonInput): string {
  const { objectives } = problem;
  const known = (term: ObjectiveTerm): boolean => predictions[term.outcome]!.source === "known";
  const focus = Math.max(
    objectives.findIndex((term) => !known(term)),
    0,
  );
  const term = objectives[focus]!;
  const mine = objectives.map((o) => utility(o, predictions[o.outcome]!.mean));
  const rivals: number[] = [];
  for (let i = 0; i < standing.utilities.rows; i++) {
    const row = matrixRow(standing.utilities, i);
    if (row.every((value, m) => m === focus || value >= mine[m]!)) rivals.push(row[focus]!);
  }
  const others = objectives
    .filter((_, m) => m !== focus)
    .map((o) => level(o, predictions[o.outcome]!))
    .join(" and ");
  const predicted = predictions[term.outcome]!;
  const values = `${term.outcome} ${withInterval(predicted)}`;
  if (rivals.length === 0) return `${values} at ${others}, which no tried setting reaches.`;
  const difference = mine[focus]! - rivals.reduce((a, b) => Math.max(a, b));
  const size = amount(Math.abs(difference), predicted.unit);
  return difference > 0
    ? `${values}, ${size} ${better(term)} than any tried setting with ${others}.`
    : `${values} with ${others}: ${size} behind the best tried setting of that kind, yet little is known here.`;
}

function better({ goal }: ObjectiveTerm): string {
  return goal === "maximize" ? "more" : goal === "minimize" ? "less" : "closer to the target";
}

function level({ outcome, goal }: ObjectiveTerm, { mean, unit }: OutcomePrediction): string {
  const bound =
    goal === "maximize" ? "of at least " : goal === "minimize" ? "of at most " : "as near its target as ";
  return `${outcome} ${bound}${amount(mean, unit)}`;
}

/** A value with its unit, three digits. */
export function amount(value: number, unit: string): string {
  return unit === "1" ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
}

function withInterval({ mean, interval95: [low, high], unit }: OutcomePrediction): string {
  return `${amount(mean, unit)} [${formatNumber(low)} to ${formatNumber(high)}]`;
}

function shares({ gain, origin, repeats }: ReasonInput): string[] {
  if (gain === null || origin === "initial-design" || repeats !== undefined || !(gain.expected > 0))
    return [];
  const explored = 1 - gain.exploited;
  if (explored >= 0.995) return ["All of its expected gain comes from what is not known here."];
  if (explored <= 0.005) return ["All of its expected gain comes from the predicted mean."];
  const [exploit, explore] = [Math.round(100 * gain.exploited), Math.round(100 * explored)];
  return [
    `${exploit} % of its expected gain comes from the predicted mean, ${explore} % from what is not known here.`,
  ];
}

/** The earlier run that is nearest in the encoded settings, and how it differs. */
function nearestRun({ problem, x, parameters, repeats }: ReasonInput): string[] {
  const { space, trials } = problem.campaign;
  if (repeats !== undefined) return [];
  const run = sortById(trials).filter((t) => t.status === "completed" && isComplete(problem.campaign, t));
  let nearest: Trial | undefined;
  let least = Infinity;
  for (const trial of run) {
    const other = space.encode(trial.parameters, trial.context);
    const distance = other.reduce(
      (sum, value, k) => sum + squaredDifference(space.columns[k]!, value, x[k]!),
      0,
    );
    if (distance < least) [nearest, least] = [trial, distance];
  }
  if (nearest === undefined) return [];
  const wanted = { ...problem.context, ...parameters };
  const had = { ...nearest.context, ...nearest.parameters };
  const there = space.encode(nearest.parameters, nearest.context);
  const differing = space.columns
    .flatMap((column, k) =>
      had[column.name] === wanted[column.name]
        ? []
        : [{ ...column, by: squaredDifference(column, there[k]!, x[k]!), k }],
    )
    .toSorted((a, b) => b.by - a.by || a.k - b.k);
  const told = differing
    .slice(0, MOST_TOLD)
    .toSorted((a, b) => a.k - b.k)
    .map(({ name, unit }) => `${name} ${shown(had[name], unit)} instead of ${shown(wanted[name], unit)}`);
  const others = differing.length - told.length;
  if (others > 0) told.push(`and ${others} other setting${others === 1 ? "" : "s"}`);
  const group = nearest.group === undefined ? "" : ` (${nearest.group})`;
  return [
    `Nearest earlier run: ${nearest.id}${group}, ${told.length === 0 ? "with the same settings" : `with ${told.join(", ")}`}.`,
  ];
}

function squaredDifference(column: Column, a: number, b: number): number {
  if (column.kind === "categorical") return a === b ? 0 : 1;
  return (a - b) * (a - b);
}

/** A setting in words. */
export function shown(value: string | number | undefined, unit: string): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return value;
  return unit === "1" || unit === "" ? plain(value) : `${plain(value)} ${unit}`;
}

/** Settings keep the digits of their steps; free ones are cut to four. */
function plain(value: number): string {
  return String(value).length <= 7 ? String(value) : formatNumber(value, 4);
}

/** Settings are told one by one up to this many; beyond them the trial that has them, and those that differ most. */
const MOST_TOLD = 6;

function settingsInWords(problem: AskProblem, x: Float64Array): string {
  const { space, trials } = problem.campaign;
  const { parameters } = space.decode(x);
  const of = (values: Settings): string => space.parameters.map(({ name }) => values[name]).join(" ");
  const trial =
    space.parameters.length > MOST_TOLD &&
    sortById(trials).find((one) => of(one.parameters) === of(parameters));
  if (trial) return `the settings of ${trial.id}`;
  return space.parameters
    .map(({ name, unit, kind }) => `${name} ${shown(parameters[name], kind === "categorical" ? "" : unit)}`)
    .join(", ");
}

/** Slack below this share of the limit counts as lying on it (assumption). */
const ON_CONSTRAINT = 0.02;
/** Bounds closer than this in encoded units count as reached. */
const ON_BOUND = 1e-6;

/** Bounds and constraints that hold the suggestion back. */
function boundary({ problem, set, x, parameters }: ReasonInput): string[] {
  const { space, constraints } = problem.campaign;
  const sentences: string[] = [];
  for (const k of set.free) {
    const column = space.columns[k]!;
    if (column.kind === "categorical") continue;
    const side = x[k]! <= ON_BOUND ? "lower" : x[k]! >= column.upper - ON_BOUND ? "upper" : null;
    if (side !== null)
      sentences.push(
        `${column.name} is at its ${side} bound, ${shown(parameters[column.name], column.unit)}.`,
      );
  }
  const values = numbersOf({ ...problem.context, ...parameters });
  space.constraints.forEach((constraint, i) => {
    const sides = constraint.expression.sides?.(values);
    if (sides === undefined || constraint.columns.every((k) => !set.free.includes(k))) return;
    const single = constraint.columns.length === 1; // a bound in other words
    const slack = Math.abs(sides.left - sides.right);
    if (single || slack > ON_CONSTRAINT * Math.max(Math.abs(sides.left), Math.abs(sides.right))) return;
    const reason = constraints[i]?.reason === undefined ? "" : ` (${constraints[i].reason})`;
    const sentence = `Held back by ${constraint.source}${reason}.`;
    if (!sentences.some((s) => s.startsWith(`Held back by ${constraint.source}`))) sentences.push(sentence);
  });
  return sentences;
}

function safetyKept({ safety }: ReasonInput): string[] {
  if (safety === undefined) return [];
  return [
    `Safe with probability ${percent(safety.probability)}; at least ${percent(safety.floor)} was asked.`,
  ];
}

/** Risks below this are not worth a sentence (assumption). */
const SMALL_RISK = 0.02;

/** How likely the run fails, and which runs failed so. */
function failureRisk({ problem, success }: ReasonInput): string[] {
  return problem.risks.flatMap(({ reason, trials, model }) => {
    const risk = success?.risks[reason] ?? 0;
    if (risk < SMALL_RISK) return [];
    const failed = trials.length > 3 ? `${trials.length} of ${model.rows} runs` : trials.join(", ");
    return [`Risk of failing (${reason}): ${percent(risk)}, learned from ${failed}.`];
  });
}

function withoutSkill({ problem }: ReasonInput): string[] {
  return [...problem.baseRates].map(
    ([name, { passed, of }]) =>
      `${name} is not predictable here: ${passed} of ${of} past conditions kept its specification.`,
  );
}
