import { isFormed, type ObjectiveTerm, type SpecificationTerm } from "../acquisition/outcome-terms.js";
import { sampleOutcomes } from "../acquisition/form-samples.js";
import type { FormedOutcome } from "../acquisition/formed-outcome.js";
import type { OutcomePrediction } from "./suggestion.js";

/** Joint draws by which a formed outcome is described: shares to about a percent (assumption). */
export const FORM_DRAWS = 512;

/** Whether any outcome is formed from draws, so that outcomes are not independent of one another. */
export function hasForms(terms: readonly { readonly model: ObjectiveTerm["model"] }[]): boolean {
  return terms.some(({ model }) => isFormed(model));
}

/** Which joint draws of the outcomes at x keep all specifications, [S]. */
function keptDraws(specifications: readonly SpecificationTerm[], x: Float64Array): boolean[] {
  const values = sampleOutcomes(
    specifications.map(({ model }) => model),
    x,
    FORM_DRAWS,
  );
  return Array.from({ length: FORM_DRAWS }, (_, s) =>
    specifications.every(({ min, max }, k) => values[k]![s]! >= min && values[k]![s]! <= max),
  );
}

/** Share of joint draws that keep all specifications at x: they may depend on one another. */
export function shareKept(specifications: readonly SpecificationTerm[], x: Float64Array): number {
  return keptDraws(specifications, x).filter(Boolean).length / FORM_DRAWS;
}

/** Mean over joint draws at x of an improvement, where the draw keeps the specifications. */
export function formedImprovement(
  objectives: readonly ObjectiveTerm[],
  specifications: readonly SpecificationTerm[],
  x: Float64Array,
  improvement: (values: readonly number[]) => number,
): { readonly expected: number } {
  const terms = [...objectives, ...specifications];
  const values = sampleOutcomes(
    terms.map(({ model }) => model),
    x,
    FORM_DRAWS,
  );
  let expected = 0;
  for (let s = 0; s < FORM_DRAWS; s++) {
    const gain = improvement(objectives.map((_, m) => values[m]![s]!));
    const kept = specifications.every(({ min, max }, k) => {
      const value = values[objectives.length + k]![s]!;
      return value >= min && value <= max;
    });
    if (kept) expected += gain;
  }
  return { expected: expected / FORM_DRAWS };
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
