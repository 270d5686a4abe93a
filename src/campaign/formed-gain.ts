import {
  isFormed,
  isKnown,
  type ObjectiveTerm,
  type SpecificationTerm,
} from "../acquisition/outcome-terms.js";
import { sampleOutcomes } from "../acquisition/form-samples.js";
import type { FormedOutcome } from "../acquisition/formed-outcome.js";
import { knownChance } from "./known-chance.js";
import type { OutcomePrediction } from "./suggestion.js";

/** Joint draws by which a formed outcome is described: shares to about a percent (assumption). */
export const FORM_DRAWS = 512;

/** Whether any outcome is formed from draws, so that outcomes are not independent of one another. */
export function hasForms(terms: readonly { readonly model: ObjectiveTerm["model"] }[]): boolean {
  return terms.some(({ model }) => isFormed(model));
}

/** Specifications that draws judge, and the chance of those that formulas judge: no draw knows of their stated errors. */
function judgedApart(
  specifications: readonly SpecificationTerm[],
  x: Float64Array,
): { readonly drawn: readonly SpecificationTerm[]; readonly chance: number } {
  let chance = 1;
  const drawn = specifications.filter((term) => {
    if (!isKnown(term.model)) return true;
    chance *= knownChance(term.model, term, x);
    return false;
  });
  return { drawn, chance };
}

/** Share of joint draws that keep all specifications at x: they may depend on one another. */
export function shareKept(specifications: readonly SpecificationTerm[], x: Float64Array): number {
  const { drawn, chance } = judgedApart(specifications, x);
  const models = drawn.map(({ model }) => model);
  const values = sampleOutcomes(models, x, FORM_DRAWS);
  let kept = 0;
  for (let s = 0; s < FORM_DRAWS; s++)
    if (drawn.every(({ min, max }, k) => values[k]![s]! >= min && values[k]![s]! <= max)) kept++;
  return (chance * kept) / FORM_DRAWS;
}

/** Mean over joint draws at x of an improvement, where the draw keeps the specifications. */
export function formedImprovement(
  objectives: readonly ObjectiveTerm[],
  specifications: readonly SpecificationTerm[],
  x: Float64Array,
  improvement: (values: readonly number[]) => number,
): { readonly expected: number } {
  const { drawn, chance } = judgedApart(specifications, x);
  const terms = [...objectives, ...drawn];
  const values = sampleOutcomes(
    terms.map(({ model }) => model),
    x,
    FORM_DRAWS,
  );
  let expected = 0;
  for (let s = 0; s < FORM_DRAWS; s++) {
    const gain = improvement(objectives.map((_, m) => values[m]![s]!));
    const kept = drawn.every(({ min, max }, k) => {
      const value = values[objectives.length + k]![s]!;
      return value >= min && value <= max;
    });
    if (kept) expected += gain;
  }
  return { expected: (chance * expected) / FORM_DRAWS };
}

/** What is predicted of a formed outcome at x: moments and central 95 % of its joint draws. */
export function formedPrediction(model: FormedOutcome, x: Float64Array, unit: string): OutcomePrediction {
  const values = sampleOutcomes([model], x, FORM_DRAWS)[0]!.sort();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const at = (share: number): number => values[Math.round(share * (values.length - 1))]!;
  return {
    mean,
    stdDev: Math.sqrt(squares / (values.length - 1)),
    interval95: [at(0.025), at(0.975)],
    unit,
    source: "composite",
  };
}
