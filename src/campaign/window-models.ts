import { isFormed } from "../acquisition/outcome-terms.js";
import { fitBayesianGaussianProcess } from "../surrogates/bayesian-gaussian-process.js";
import type { AskProblem } from "./ask-problem.js";
import { definedFields } from "./defined-fields.js";
import type { FittedOutcome } from "./fit-outcomes.js";
import type { WindowTerm } from "./window-draws.js";

/** Whether draws of an outcome also draw the hyperparameters of its process, or take the fitted ones as known. */
export type WindowInference = "sampled" | "fixed";

/** More settings pin the hyperparameters down, and sampling takes long (assumption). */
const MOST_SAMPLED = 80;
/** Shorter chains than a model that is kept: the window averages over few draws (assumption). */
const SAMPLER = { chains: 2, warmup: 200, samples: 200, draws: 32 } as const;

export interface WindowModels {
  readonly terms: readonly WindowTerm[];
  /** What was done to outcomes whose hyperparameters stay as fitted, in sentences. */
  readonly messages: readonly string[];
}

/**
 * The models that a window is drawn from. With few runs fitted hyperparameters are far from certain, and windows that take
 * them as known hold too rarely (bench/window.ts): their processes are sampled. Processes round a law of the process,
 * with a declared shape or with errors of whole plots, keep their fitted hyperparameters.
 *
 * @throws CellwrightError as `fitBayesianGaussianProcess`
 */
export async function windowModels(
  { specifications, judged }: AskProblem,
  inference: WindowInference,
  seed: number,
  { signal, stage }: { readonly signal?: AbortSignal; readonly stage: (name: string) => Promise<void> },
): Promise<WindowModels> {
  const terms: WindowTerm[] = [];
  const messages: string[] = [];
  for (const { outcome, min, max, model } of specifications) {
    // A composite outcome has no draws at the many settings of a window yet: it is said to be uncovered.
    if (isFormed(model)) continue;
    const fitted = judged.find((one) => one.outcome.name === outcome)?.fitted;
    if (fitted === undefined) {
      terms.push({ outcome, min, max, model: model as WindowTerm["model"] });
      continue;
    }
    const sampled = inference === "sampled" && canSample(fitted);
    if (!sampled && inference === "sampled")
      messages.push(`${outcome}: the window takes the hyperparameters of its model as known.`);
    if (sampled) await stage(`sampling ${outcome}`);
    terms.push({ outcome, min, max, model: sampled ? sample(fitted, seed, signal) : fitted.model });
  }
  return { terms, messages };
}

function canSample({ outcome, priorMean, settings, sharedError }: FittedOutcome): boolean {
  if (priorMean !== undefined || sharedError !== undefined) return false;
  return outcome.surrogate?.process === undefined && settings <= MOST_SAMPLED;
}

function sample({ rows, outcome, preset }: FittedOutcome, seed: number, signal?: AbortSignal) {
  // The density of sparse axes is for a maximum; drawn, they are saas-2021.
  const drawn = preset === "sparse-axes" ? ("saas-2021" as const) : preset;
  const options = { preset: drawn, scale: outcome.scale, seed, sampler: SAMPLER };
  return fitBayesianGaussianProcess(rows.data, { ...options, ...definedFields({ signal }) });
}
