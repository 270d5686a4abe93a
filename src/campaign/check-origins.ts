import { CellwrightError } from "../errors.js";
import type { Trial } from "./trial.js";

/**
 * Refuses measured and simulated trials in one campaign: a fit would take one for the other.
 *
 * @throws CellwrightError DATA_INVALID unless all trials have one origin or mixing was asked for.
 */
export function checkOrigins(trials: readonly Trial[], mixOrigins: boolean): void {
  const synthetic = trials.filter((trial) => trial.origin === "SYNTHETIC").length;
  if (mixOrigins || synthetic === 0 || synthetic === trials.length) return;
  throw new CellwrightError("DATA_INVALID", "Measured and SYNTHETIC trials are mixed.", {
    problems: [
      {
        where: "origin",
        found: `${synthetic} SYNTHETIC and ${trials.length - synthetic} measured trials`,
        expected: "one origin",
        remedy: "Leave one kind out, or ask for it with --mix-origins.",
      },
    ],
  });
}
