import type { SurrogateKind } from "../surrogates/surrogate.js";

/** Which surrogate is fitted, and under which preset of priors. */
export interface CandidateModel {
  readonly kind: SurrogateKind;
  /** Gaussian processes only; absent: the default preset. */
  readonly preset?: "default" | "hvarfner-2024";
}

/** What `train` compares, simplest habit first where two are equally good. */
export const DEFAULT_CANDIDATES: readonly CandidateModel[] = [
  { kind: "gaussian-process", preset: "default" },
  { kind: "gaussian-process", preset: "hvarfner-2024" },
  { kind: "response-surface" },
  { kind: "random-forest" },
];

/** `gaussian-process (hvarfner-2024)`, `response-surface`. */
export function candidateLabel(candidate: {
  readonly kind: string;
  readonly preset?: string | null;
}): string {
  return candidate.preset ? `${candidate.kind} (${candidate.preset})` : candidate.kind;
}
