import { formatPlain, formatR2, readableName } from "./format.js";
import type { BaseRate, OutcomeQuality, QualityFigures } from "./report-data.js";

/** How far a prediction carries, from the share of variance of unseen groups that it explains. */
export type Skill = "good" | "rough" | "weak" | "none" | "unknown";

/** Shares of explained variance from which a prediction is called good or rough; assumption, stated in the report. */
const GOOD_R2 = 0.8;
const ROUGH_R2 = 0.5;
/** A change of R² that is worth a sentence; assumption. */
const NOTABLE_R2 = 0.1;

/** The figures that count for the asked state: inside it if there are any, else all groups. */
export function decidingFigures(quality: Pick<OutcomeQuality, "pooled" | "withinContext">): QualityFigures {
  return quality.withinContext ?? quality.pooled;
}

export function skillOf(quality: OutcomeQuality): Skill {
  const { r2 } = decidingFigures(quality);
  if (quality.baseRate !== undefined) return "none";
  if (r2 === null) return "unknown";
  if (!(r2 > 0)) return "none";
  if (r2 >= GOOD_R2) return "good";
  return r2 >= ROUGH_R2 ? "rough" : "weak";
}

export const SKILL_WORDS: Readonly<Record<Skill, string>> = {
  good: "good",
  rough: "rough",
  weak: "weak",
  none: "unproven",
  unknown: "not yet known",
};

/** What a reader should know about the quality of one outcome beyond its figures, in plain sentences. */
export function qualitySentences(quality: OutcomeQuality, label: string, state: string): string[] {
  const sentences: string[] = [];
  const { pooled, withinContext, baseRate } = quality;
  if (withinContext !== null && rise(withinContext.r2, pooled.r2) > NOTABLE_R2) {
    sentences.push(
      `${label}: R² over all groups is ${formatR2(pooled.r2)}, but at ${state} only ${formatR2(withinContext.r2)}. ` +
        "The pooled figure is mostly the difference between the states.",
    );
  }
  sentences.push(...droppedSentences(quality, label, state));
  if (baseRate !== undefined)
    sentences.push(`${label} cannot be predicted from these settings; ${baseRateSentence(baseRate)}`);
  return sentences;
}

function droppedSentences(quality: OutcomeQuality, label: string, state: string): string[] {
  const within = quality.withinContext;
  return quality.without.flatMap(({ parameter, pooledR2, withinR2 }) => {
    const [before, after] =
      within !== null && withinR2 !== null ? [within.r2, withinR2] : [quality.pooled.r2, pooledR2];
    if (!(rise(before, after) > NOTABLE_R2)) return [];
    const name = readableName(parameter);
    const where = within !== null && withinR2 !== null ? ` at ${state}` : "";
    return [
      `${label}: without ${name} the model predicts better (R²${where} ${formatR2(after)} instead of ${formatR2(before)}). ` +
        `These data do not establish an effect of ${name} on it.`,
    ];
  });
}

/** How much a figure rises; 0 where one of the two is not known. */
const rise = (before: number | null, after: number | null): number =>
  before === null || after === null ? 0 : after - before;

/** `17 of 18 past groups held its specification (74 to 99 %): a base rate, not a prediction.` */
export function baseRateSentence({ passed, of, interval95 }: BaseRate): string {
  const [low, high] = interval95.map((share) => formatPlain(Math.round(100 * share)));
  return `${passed} of ${of} past groups held its specification (${low!} to ${high!} %): a base rate, not a prediction.`;
}
