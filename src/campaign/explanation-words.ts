import type { ObjectiveTerm } from "../acquisition/outcome-terms.js";
import type { Settings } from "../space/parameter.js";
import { type AskProblem, utility } from "./ask-problem.js";
import type { Explanation, ImaginedResult, Relaxation, StepEffect, TurningPoint } from "./explanation.js";
import { amount, shown } from "./reasons.js";
import { percent } from "./stopping.js";
import type { Suggestion } from "./suggestion.js";

type Run = Pick<Suggestion, "parameters" | "predictions">;

/** Limits that are told in words. */
const TOLD_LIMITS = 2;

/** What an explanation says, in sentences made from its numbers alone. */
export function explanationSentences(
  problem: AskProblem,
  run: Run,
  explanation: Omit<Explanation, "sentences">,
): string[] {
  return [
    ...stepSentences(problem, run, explanation.steps),
    ...explanation.relaxations.slice(0, TOLD_LIMITS).map((one) => relaxationSentence(problem, one)),
    ...explanation.turningPoints.flatMap((point) => turningSentences(problem, run, point)),
  ];
}

/** The allowed step that costs the first learned objective most, and the one that would bring most. */
function stepSentences(problem: AskProblem, { predictions }: Run, steps: readonly StepEffect[]): string[] {
  const term = problem.objectives.find(({ outcome }) => predictions[outcome]?.source !== "known");
  const allowed = steps.filter(({ breaks }) => breaks.length === 0);
  if (term === undefined || allowed.length === 0) return feasibilitySentences(problem, allowed);
  const { mean, unit } = predictions[term.outcome]!;
  const rises = allowed.map(({ changes }) => rise(term, mean, changes[term.outcome]!));
  const told = (step: StepEffect, by: number): string =>
    `${stepInWords(problem, step)} ${effectInWords(term, step.changes[term.outcome]!, by, unit)}${feasibilityAside(step)}`;
  const least = rises.reduce((a, b) => Math.min(a, b));
  const most = rises.reduce((a, b) => Math.max(a, b));
  const worst = allowed[rises.indexOf(least)]!;
  const best = allowed[rises.indexOf(most)]!;
  if (!(least < 0)) return [`Best of single steps: ${told(best, most)}; none makes it worse.`];
  const bad = `Worst of single steps: ${told(worst, least)}`;
  return [most > 0 ? `${bad}; best: ${told(best, most)}.` : `${bad}; none makes it better.`];
}

function effectInWords({ outcome, goal }: ObjectiveTerm, change: number, by: number, unit: string): string {
  if (goal === "target")
    return `brings ${outcome} ${amount(Math.abs(by), unit)} ${by < 0 ? "further from" : "closer to"} its target`;
  return `${change < 0 ? "lowers" : "raises"} ${outcome} by ${amount(Math.abs(change), unit)}`;
}

/** How much better the predicted mean becomes. */
function rise(term: ObjectiveTerm, mean: number, change: number): number {
  return utility(term, mean + change) - utility(term, mean);
}

function feasibilitySentences(problem: AskProblem, allowed: readonly StepEffect[]): string[] {
  const changes = allowed.map(({ feasibilityChange }) => feasibilityChange ?? 0);
  const least = changes.reduce((a, b) => Math.min(a, b), 0);
  if (!(least < -SMALL_CHANGE)) return [];
  const worst = allowed[changes.indexOf(least)]!;
  return [`Worst of single steps: ${stepInWords(problem, worst)}${feasibilityAside(worst)}.`];
}

/** Changes of a probability below this are not told (assumption). */
const SMALL_CHANGE = 0.02;

function feasibilityAside({ probabilityFeasible, feasibilityChange }: StepEffect): string {
  if (probabilityFeasible === null || feasibilityChange === null) return "";
  if (Math.abs(feasibilityChange) < SMALL_CHANGE) return "";
  const before = percent(probabilityFeasible - feasibilityChange);
  return ` (probability of keeping all specifications ${percent(probabilityFeasible)} instead of ${before})`;
}

function stepInWords(problem: AskProblem, { parameter, from, to }: StepEffect): string {
  const { unit } = columnOf(problem, parameter);
  return `${parameter} ${shown(to, unit)} instead of ${shown(from, unit)}`;
}

function columnOf({ campaign }: AskProblem, name: string): { readonly unit: string } {
  const column = campaign.space.columns.find((one) => one.name === name);
  return column === undefined || column.choices !== null ? { unit: "" } : column;
}

/** Names the limit, where it would have to be, and what that is expected to bring. */
function relaxationSentence(problem: AskProblem, one: Relaxation): string {
  const gain = gainInWords(one);
  if (one.kind === "constraint")
    return `${one.limit} costs ${gain}: that much more is expected one step beyond it, at ${settingsInWords(problem, one.settings)}.`;
  if (one.kind === "bound") {
    const { unit } = columnOf(problem, one.limit);
    const where = one.to === undefined ? "" : `, at ${shown(one.to, unit)}, beyond what was allowed`;
    return `The bound of ${one.limit} costs ${gain}: that much more is expected one step further${where}.`;
  }
  const name = one.limit.slice(0, one.limit.lastIndexOf(" "));
  const { unit } = problem.campaign.outcomes.find((outcome) => outcome.name === name)!;
  return `The limit of ${name} costs ${gain}: that much more is expected with ${amount(one.to!, unit)} as its ${one.limit.endsWith("min") ? "least" : "most"}.`;
}

function gainInWords({ gain, of }: Relaxation): string {
  if (of.kind === "outcome") return `${amount(gain, of.unit)} of expected gain in ${of.outcome}`;
  if (of.kind === "share") return `${percent(gain)} of what the tried settings reach together`;
  return `${percent(gain)} of probability to keep all specifications`;
}

function settingsInWords(problem: AskProblem, settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${shown(value, columnOf(problem, name).unit)}`)
    .join(", ");
}

function turningSentences(problem: AskProblem, run: Run, point: TurningPoint): string[] {
  return [...thresholdSentence(problem, point), ...nextSentences(problem, run, point)];
}

function thresholdSentence({ objectives }: AskProblem, point: TurningPoint): string[] {
  const { outcome, unit, threshold, from, low } = point;
  if (objectives.length === 0) return [];
  const role = objectives.length === 1 ? "the best tried setting" : "one of the best tried settings";
  if (threshold === null) {
    const always = low.isBest ? `is ${role}` : `is not yet ${role}`;
    return [`Whatever ${outcome} plausibly comes out, this setting ${always}.`];
  }
  const side = from === "above" ? "above" : "below";
  return [`With ${outcome} ${side} ${amount(threshold, unit)} this setting becomes ${role}.`];
}

/** What the two ends of the plausible results lead to; one sentence where they lead to the same. */
function nextSentences(problem: AskProblem, run: Run, point: TurningPoint): string[] {
  const { outcome, unit, low, high } = point;
  const value = (one: ImaginedResult): string => amount(one.value, unit);
  const [afterLow, afterHigh] = [low, high].map((one) => nextInWords(problem, run, one));
  if (afterLow === afterHigh)
    return [`Whether ${outcome} comes out at ${value(low)} or at ${value(high)}, ${afterLow}.`];
  return [`At ${value(low)} of ${outcome}, ${afterLow}; at ${value(high)}, ${afterHigh}.`];
}

/** Where the next suggestion would go: only what differs is named. */
function nextInWords(problem: AskProblem, { parameters }: Run, { next, near }: ImaginedResult): string {
  if (next === null) return "nothing would be left to suggest";
  const moved = Object.keys(next)
    .filter((name) => next[name] !== parameters[name])
    .map((name) => `${name} ${shown(next[name], columnOf(problem, name).unit)}`);
  if (moved.length === 0) return "the next suggestion would repeat this one";
  return near
    ? `the next suggestion would stay near, with ${moved.join(", ")}`
    : `the next suggestion would leave this corner, for ${moved.join(", ")}`;
}
