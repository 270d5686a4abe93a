import type { Settings } from "../space/parameter.js";
import type { Campaign } from "./campaign.js";
import type { Trial } from "./trial.js";

/** A run that is to be done, as a trial without results: SYNTHETIC where the campaign's completed runs are. */
export function plannedTrial(
  run: { readonly trial: string; readonly parameters: Settings; readonly context: Settings },
  campaign: Campaign,
): Trial {
  const synthetic = campaign.trials.some((t) => t.origin === "SYNTHETIC" && t.status === "completed");
  return {
    id: run.trial,
    status: "suggested",
    parameters: run.parameters,
    context: run.context,
    observations: {},
    origin: synthetic ? "SYNTHETIC" : "measured",
  };
}
