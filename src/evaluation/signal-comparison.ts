import type { Campaign } from "../campaign/campaign.js";
import type { EarlySignals } from "../campaign/early-signals.js";
import { fitOutcomes, type FitOutcomesOptions } from "../campaign/fit-outcomes.js";
import { isMaturing } from "../campaign/maturing.js";

/** What early signals are worth to one outcome that matures. */
export interface SignalComparison {
  readonly outcome: string;
  readonly signals: EarlySignals;
}

/**
 * Compares every outcome that matures with and without its early signals, signal by signal: correlation with the outcome,
 * and what the exact log density of left-out results gains. Whether the campaign lets them count makes no difference.
 *
 * @throws CellwrightError as `fitOutcomes`
 */
export async function compareSignals(
  campaign: Campaign,
  options: FitOutcomesOptions = {},
): Promise<readonly SignalComparison[]> {
  if (!campaign.outcomes.some(isMaturing)) return [];
  const outcomes = campaign.outcomes.map((outcome) =>
    isMaturing(outcome) ? { ...outcome, matures: { ...outcome.matures, use: "auto" as const } } : outcome,
  );
  const { fitted } = await fitOutcomes({ ...campaign, outcomes }, options);
  return [...fitted].flatMap(([outcome, { signals }]) =>
    signals === undefined ? [] : [{ outcome, signals }],
  );
}
