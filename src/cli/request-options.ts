import { readCampaignTable } from "../adapters/open-campaign.js";
import type { AcquisitionChoice } from "../campaign/acquisition-choice.js";
import type { RequestOptions } from "../campaign/ask-request.js";
import type { Campaign } from "../campaign/campaign.js";
import type { PresetChoice } from "../campaign/choose-preset.js";
import type { PerCost } from "../campaign/cost-aware.js";
import { definedFields } from "../campaign/defined-fields.js";
import type { Trial } from "../campaign/trial.js";
import type { DecimalMark } from "../data/parse-options.js";
import { CellwrightError } from "../errors.js";
import { requestedMoves, requestedSettings } from "./assignments.js";
import type { CliEffects } from "./effects.js";

/** What questions to the optimiser have in common on the command line. */
export interface RequestArguments {
  readonly decimal?: DecimalMark;
  readonly seed: number;
  readonly preset: PresetChoice;
  readonly safe?: number;
  readonly acquisition?: AcquisitionChoice;
  readonly per?: PerCost["of"];
  readonly budget?: number;
  readonly pending?: string;
  readonly fix?: readonly string[];
  readonly context?: readonly string[];
  readonly from?: readonly string[];
  readonly maxMove?: readonly string[];
}

/** What the command line says of a question, as the library takes it. */
export async function readRequest(
  campaign: Campaign,
  options: RequestArguments,
  { cwd, signal }: CliEffects,
): Promise<RequestOptions> {
  const { seed, preset: priors, safe, acquisition: family } = options;
  return {
    ...{ seed, preset: priors },
    ...definedFields({ safe, acquisition: family }),
    ...perOption(campaign, options),
    ...requestedSettings(campaign, options),
    ...(options.maxMove === undefined ? {} : { maxMove: requestedMoves(campaign, options.maxMove) }),
    pending: await pendingRuns(),
  };

  async function pendingRuns(): Promise<readonly Trial[]> {
    if (options.pending === undefined) return [];
    const { decimal } = options;
    const table = await readCampaignTable(campaign, options.pending, {
      ...{ cwd, decimal, status: "running", signal },
    });
    return table.trials;
  }
}

/** A budget is one of hours or of money, as the request or the campaign file says. */
function perOption({ spec }: Campaign, { per, budget }: RequestArguments): { readonly per?: PerCost } {
  const of = per ?? (budget === undefined ? undefined : spec.strategy?.per);
  if (of !== undefined) return { per: { of, ...definedFields({ budget }) } };
  if (budget === undefined) return {};
  throw new CellwrightError("USAGE", "--budget needs --per hour or --per money.");
}
