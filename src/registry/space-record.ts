import { type Campaign, contextRanges } from "../campaign/campaign.js";
import type { ModelRecord } from "./model-record.js";

/** The encoding of a campaign's inputs with every bound resolved: what a saved model predicts with, whatever the campaign becomes. */
export function spaceRecord(campaign: Campaign): ModelRecord["space"] {
  const { parameters, context } = campaign.space;
  return structuredClone({
    parameters,
    context,
    contextRanges: contextRanges(context, campaign.trials),
  }) as ModelRecord["space"];
}
