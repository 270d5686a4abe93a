import type { Outcome } from "./campaign.js";

/** Whether anything limits the outcome: a specification, or a share of the incumbent or of a trial. */
export function isLimited({ spec, atLeast, atMost }: Pick<Outcome, "spec" | "atLeast" | "atMost">): boolean {
  return spec !== undefined || atLeast !== undefined || atMost !== undefined;
}
