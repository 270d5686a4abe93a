import type { PointForm } from "../acquisition/formed-outcome.js";
import type { GaussianLatent } from "../surrogates/surrogate.js";
import type { Campaign, Outcome } from "./campaign.js";
import { type Dual, evaluateFormula } from "./known-outcome.js";

/** Names of the learned outcomes that a composite formula leads to, through others that are computed, in order. */
export function learnedInputs(campaign: Pick<Campaign, "outcomes">, outcome: Outcome): string[] {
  const found = new Set<string>();
  const visit = ({ formula }: Outcome): void => {
    for (const name of formula?.names ?? []) {
      const inner = campaign.outcomes.find((o) => o.name === name);
      if (inner === undefined) continue;
      if (inner.formula?.known === true || inner.composite === true) visit(inner);
      else found.add(name);
    }
  };
  visit(outcome);
  return [...found];
}

/**
 * A composite outcome: its formula applied to the learned outcomes that it names, with its exact gradient; null where
 * one of them has no surrogate yet.
 *
 * @see Astudillo & Frazier (2019), ICML 36
 */
export function compositeForm(
  campaign: Pick<Campaign, "space" | "outcomes">,
  outcome: Outcome,
  modelOf: (name: string) => GaussianLatent | undefined,
): PointForm | null {
  const names = learnedInputs(campaign, outcome);
  const models = names.map(modelOf);
  if (outcome.formula === undefined || models.some((model) => model === undefined)) return null;
  const { formula } = outcome;
  return {
    models: models as GaussianLatent[],
    value(x, outcomes, slopes) {
      // The learned outcomes are variables beside the encoded settings: one gradient holds both.
      const length = x.length + (slopes === undefined ? 0 : names.length);
      const known = new Map<string, Dual>();
      names.forEach((name, k) => {
        const gradient = new Float64Array(length);
        if (slopes !== undefined) gradient[x.length + k] = 1;
        known.set(name, { value: outcomes[k]!, gradient });
      });
      const result = evaluateFormula(formula, campaign, x, slopes !== undefined, known, length);
      slopes?.bySetting.set(result.gradient.subarray(0, x.length));
      slopes?.byOutcome.set(result.gradient.subarray(x.length));
      return result.value;
    },
  };
}
