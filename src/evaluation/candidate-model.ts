import type { Campaign, Outcome } from "../campaign/campaign.js";
import { outcomeLaw } from "../campaign/prior-mean-choice.js";
import { asksForShape } from "../surrogates/shaped-gaussian-process.js";
import type { ShapeOptions } from "../surrogates/shaped-prior.js";
import type { SurrogateKind } from "../surrogates/surrogate.js";

/** Which surrogate is fitted, and under which preset of priors. A shape and a kernel are for kind "gaussian-process". */
export interface CandidateModel extends ShapeOptions {
  readonly kind: SurrogateKind;
  /** Gaussian processes only; absent: the default preset. `saas-2021` is for kind "bayesian-gaussian-process". */
  readonly preset?: "default" | "hvarfner-2024" | "sparse-axes" | "saas-2021";
  /** Kind "gaussian-process" only: the law of the campaign's process around which it is fitted; absent: none. */
  readonly priorMean?: string;
  /** Absent: Matérn 5/2. */
  readonly kernel?: "matern-1/2" | "matern-3/2" | "matern-5/2" | "rbf";
  /** Kind "gaussian-process" without a law only: outliers count less, or the noise may depend on the settings. */
  readonly robust?: true;
  readonly inputNoise?: true;
  /** Kind "gaussian-process" without any of these: runs between two changes of what is hard to change share an error. */
  readonly wholePlot?: true;
}

/** What `train` compares, simplest habit first where two are equally good. */
export const DEFAULT_CANDIDATES: readonly CandidateModel[] = [
  { kind: "gaussian-process", preset: "default" },
  { kind: "gaussian-process", preset: "hvarfner-2024" },
  { kind: "response-surface" },
  { kind: "random-forest" },
];

/**
 * The candidates for one outcome: where its file names a law every Gaussian process is fitted around it; where the
 * process offers one, a process around it follows the first without a shape or kernel of its own, and so has to be
 * clearly better. Robust processes and those with input-dependent noise know no law. Where its file wants the errors of
 * whole plots every plain process carries them.
 */
export function candidatesFor(
  campaign: Campaign,
  outcome: Outcome,
  candidates: readonly CandidateModel[],
): readonly CandidateModel[] {
  const law = outcomeLaw(campaign, outcome);
  if (outcome.surrogate?.wholePlot === true) {
    return candidates.map((candidate) =>
      isPlain(candidate) ? { ...candidate, wholePlot: true as const } : candidate,
    );
  }
  if (law === null) return candidates;
  let offered = law.declared;
  return candidates.flatMap((candidate) => {
    if (candidate.kind !== "gaussian-process" || hasErrorsOfItsOwn(candidate)) return [candidate];
    const around = { ...candidate, priorMean: law.name };
    if (!law.declared && isVaried(candidate)) return [candidate];
    if (law.declared) return [around];
    const both = offered ? [candidate] : [candidate, around];
    offered = true;
    return both;
  });
}

function hasErrorsOfItsOwn({ robust, inputNoise, wholePlot }: CandidateModel): boolean {
  return robust === true || inputNoise === true || wholePlot === true;
}

/** Whether a candidate is a Gaussian process of a product kernel by maximum a posteriori, with noise alike everywhere. */
function isPlain(candidate: CandidateModel): boolean {
  const { kind, preset } = candidate;
  if (kind !== "gaussian-process" || preset === "saas-2021" || hasErrorsOfItsOwn(candidate)) return false;
  return !asksForShape(candidate) && candidate.mean === undefined;
}

/** Whether a candidate differs from the usual process by more than its priors. */
export function isVaried(candidate: ShapeOptions & { readonly kernel?: string }): boolean {
  return asksForShape(candidate) || candidate.mean !== undefined || candidate.kernel !== undefined;
}

/** `gaussian-process (hvarfner-2024)`, `gaussian-process (bayesian)`, `gaussian-process (bayesian, saas-2021)`, `response-surface`. */
export function candidateLabel(
  candidate: ShapeOptions & {
    readonly kind: string;
    readonly preset?: string | null;
    readonly priorMean?: string | null;
    readonly kernel?: string;
    readonly robust?: boolean;
    readonly inputNoise?: boolean;
    readonly wholePlot?: boolean;
  },
): string {
  if (candidate.kind === "bayesian-gaussian-process") {
    const priors = candidate.preset && candidate.preset !== "default" ? `, ${candidate.preset}` : "";
    return `gaussian-process (bayesian${priors})`;
  }
  const words = [
    candidate.preset,
    candidate.priorMean,
    ...variationWords(candidate),
    candidate.robust && "robust",
    candidate.inputNoise && "input-dependent noise",
    candidate.wholePlot && "errors of whole plots",
  ].filter((word) => word);
  return words.length === 0 ? candidate.kind : `${candidate.kind} (${words.join(", ")})`;
}

function variationWords({
  kernel,
  inputWarp,
  mean,
  structure,
}: ShapeOptions & { readonly kernel?: string }): string[] {
  return [
    ...(kernel === undefined ? [] : [kernel]),
    ...(inputWarp === true ? ["warped inputs"] : []),
    ...(mean === undefined ? [] : [`${mean} mean`]),
    ...(structure === undefined ? [] : [`${structure} of kernels`]),
  ];
}
