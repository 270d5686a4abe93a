import type { Suggestion } from "../campaign/suggestion.js";

/** What is judged under the plant's setting tolerance, in words: `mean of the worst 10 % in tolerance (CVaR)`. */
export function riskWords({ measure, level }: NonNullable<Suggestion["risk"]>): string {
  const percent = (share: number): string => `${Number((100 * share).toPrecision(4))} %`;
  const words = {
    mean: "mean in tolerance",
    var: `reached by ${percent(level)} in tolerance (VaR)`,
    cvar: `mean of the worst ${percent(1 - level)} in tolerance (CVaR)`,
    "worst-case": "worst in tolerance",
  };
  return words[measure];
}
