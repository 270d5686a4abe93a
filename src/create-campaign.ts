import { type Campaign, createCampaign as createBareCampaign } from "./campaign/campaign.js";
import type { Trial } from "./campaign/trial.js";
import { spellingRemedy } from "./campaign/spelling.js";
import { CellwrightError, type Problem } from "./errors.js";
import { resolveKnowledge } from "./process/resolve-knowledge.js";

/**
 * Makes a campaign from the content of a campaign file, with the shipped knowledge of its process.
 *
 * @param spec - The plain object that a campaign file holds.
 * @param options.trials - Trials that are already known.
 * @throws CellwrightError CAMPAIGN_INVALID with every problem of the file at once.
 */
export function createCampaign(
  spec: unknown,
  options: { readonly trials?: readonly Trial[] } = {},
): Campaign {
  const { knowledge, problems } = resolveKnowledge(spec, spellingRemedy);
  const campaign = attempt(() =>
    createBareCampaign(spec, { ...options, ...(knowledge === undefined ? {} : { knowledge }) }),
  );
  if (campaign.error === undefined && problems.length === 0) return campaign.value!;
  throw merge(campaign.error, problems);
}

function attempt<T>(work: () => T): { value?: T; error?: CellwrightError } {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof CellwrightError) return { error };
    throw error;
  }
}

function merge(error: CellwrightError | undefined, problems: readonly Problem[]): CellwrightError {
  if (error !== undefined && problems.length === 0) return error;
  const all = [...(error?.problems ?? []), ...problems];
  const count = all.length === 1 ? "a problem" : `${all.length} problems`;
  return new CellwrightError("CAMPAIGN_INVALID", `The campaign has ${count}.`, {
    problems: all,
    ...(error === undefined ? {} : { cause: error }),
  });
}
