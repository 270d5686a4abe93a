import type { SpecificationTerm } from "../acquisition/outcome-terms.js";

import type { Rng } from "../math/rng.js";
import { type AskProblem, rawMeans } from "./ask-problem.js";
import type { GainMeasure, Relaxation } from "./explanation.js";
import { riskAt } from "./failure-risks.js";
import { gainAt, probabilityKept, type Standing } from "./improvement.js";
import type { BrokenLimit, Neighbour } from "./step-effects.js";
import type { Settings } from "../space/parameter.js";

/** Share of an outcome's spread over the tried settings that counts as one step of its specification (assumption). */
const SPECIFICATION_STEP = 0.05;
/** Gains below this share of what is expected anyway are within the error of 256 draws (assumption). */
const SMALL_GAIN = 0.05;

export interface RelaxationInput {
  readonly problem: AskProblem;
  readonly standing: Standing;
  readonly x: Float64Array;
  readonly parameters: Settings;
  readonly neighbours: readonly Neighbour[];
  readonly rng: Rng;
}

/** What is expected of a run, before the specifications weigh in. */
interface Place {
  readonly x: Float64Array;
  readonly parameters: Settings;
  readonly worth: number;
}

/**
 * The limits that would bring more if they were moved by one step, the most valuable first. A bound or constraint is
 * moved far enough for one neighbour that breaks it alone; a specification by a twentieth of what the tried settings
 * span. Limits that are there for safety are not asked. Beyond the bounds the models extrapolate.
 */
export function relaxations(input: RelaxationInput): Relaxation[] {
  const { problem, standing, x, parameters, neighbours } = input;
  const worthOf = worthMeasure(input);
  const here = place({ x, parameters }, worthOf);
  const allowed = neighbours.filter((n) => n.broken.length === 0).map((n) => place(n, worthOf));
  const reachable = [here, ...allowed]
    .map((one) => keptWorth(one, problem.specifications))
    .reduce((a, b) => Math.max(a, b));
  const of = measureOf(problem, standing);
  const least = SMALL_GAIN * reachable;
  const limits = [
    ...relaxedBounds(input, worthOf, reachable),
    ...relaxedSpecifications(problem, [here, ...allowed], reachable),
  ];
  return limits
    .filter(({ gain }) => gain > least)
    .map((one) => ({ ...one, of }))
    .sort((a, b) => b.gain - a.gain);
}

function place(of: Omit<Place, "worth">, worthOf: (x: Float64Array) => number): Place {
  return { x: of.x, parameters: of.parameters, worth: worthOf(of.x) };
}

/** Expected gain without specifications, in the unit that people are told; 1 where only the chance counts. */
function worthMeasure({ problem, standing, rng }: RelaxationInput): (x: Float64Array) => number {
  return (x) => {
    const success = problem.risks.length === 0 ? 1 : riskAt(problem.risks, x).success;
    const gain = gainAt(standing, [], x, rng.fork("gain"));
    if (gain === null) return success;
    return (success * gain.expected) / (standing.objectives.length > 1 ? standing.reached! || 1 : 1);
  };
}

function measureOf({ campaign }: AskProblem, { objectives, reached }: Standing): GainMeasure {
  if (reached === null) return { kind: "probability" };
  if (objectives.length > 1) return { kind: "share" };
  const { outcome } = objectives[0]!;
  return { kind: "outcome", outcome, unit: campaign.outcomes.find((o) => o.name === outcome)!.unit };
}

function keptWorth({ x, worth }: Place, specifications: readonly SpecificationTerm[]): number {
  return specifications.reduce((product, term) => product * probabilityKept(term, x), worth);
}

type Unmeasured = Omit<Relaxation, "of">;

/** One entry for each bound and constraint that a single neighbour breaks alone: the best of those neighbours. */
function relaxedBounds(
  { problem, neighbours }: RelaxationInput,
  worthOf: (x: Float64Array) => number,
  reachable: number,
): Unmeasured[] {
  const best = new Map<string, Unmeasured>();
  for (const { x, parameters, column, broken } of neighbours) {
    const one = onlyLimit(broken);
    if (one === null || one.safety) continue;
    const gain = keptWorth({ x, parameters, worth: worthOf(x) }, problem.specifications) - reachable;
    if (!(gain > 0) || gain <= (best.get(one.limit)?.gain ?? 0)) continue;
    const to = parameters[column.name];
    const number = one.kind === "bound" && typeof to === "number" ? { to } : {};
    best.set(one.limit, { kind: one.kind, limit: one.limit, settings: parameters, ...number, gain });
  }
  return [...best.values()];
}

function onlyLimit(broken: readonly BrokenLimit[]): BrokenLimit | null {
  return broken.length === 1 ? broken[0]! : null;
}

/** Each side of each specification, moved by its step: the best of the allowed places under it. */
function relaxedSpecifications(
  problem: AskProblem,
  places: readonly Place[],
  reachable: number,
): Unmeasured[] {
  const { specifications, campaign } = problem;
  return specifications.flatMap((term) => {
    const outcome = campaign.outcomes.find(({ name }) => name === term.outcome)!;
    // Under risk a specification is a margin, which has no limit of its own to move.
    if (outcome.spec?.safety === true || problem.risk !== null) return [];
    const step = SPECIFICATION_STEP * spreadOf(term, problem);
    return sidesOf(term, step).flatMap(({ moved, to, side }) => {
      const others = specifications.map((other) => (other === term ? moved : other));
      const worths = places.map((one) => keptWorth(one, others));
      const most = worths.reduce((a, b) => Math.max(a, b));
      if (!(most > reachable)) return [];
      const { parameters: settings } = places[worths.indexOf(most)]!;
      return [
        { kind: "specification", limit: `${term.outcome} ${side}`, settings, to, gain: most - reachable },
      ];
    });
  });
}

function sidesOf(
  term: SpecificationTerm,
  step: number,
): { readonly moved: SpecificationTerm; readonly to: number; readonly side: "min" | "max" }[] {
  if (!(step > 0)) return [];
  const { min, max } = term;
  const low = { moved: { ...term, min: min - step }, to: min - step, side: "min" as const };
  const high = { moved: { ...term, max: max + step }, to: max + step, side: "max" as const };
  return [...(min > -Infinity ? [low] : []), ...(max < Infinity ? [high] : [])];
}

/** Largest less smallest predicted value over the tried settings. */
function spreadOf({ model }: SpecificationTerm, { base }: AskProblem): number {
  const values = rawMeans(model, base);
  if (values.length === 0) return 0;
  return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
}
