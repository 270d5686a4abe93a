import { CellwrightError } from "../errors.js";
import type { Trial } from "./trial.js";

/**
 * Refuses measured and simulated trials in one campaign: a fit would take one for the other. Suggested runs without a result
 * are neither.
 *
 * @param source - The file that they are from, for the message.
 * @throws CellwrightError DATA_INVALID unless all trials have one origin or mixing was asked for.
 */
export function checkOrigins(trials: readonly Trial[], mixOrigins: boolean, source?: string): void {
  const run = trials.filter(
    ({ status, observations }) => status !== "suggested" || Object.keys(observations).length > 0,
  );
  const synthetic = run.filter((trial) => trial.origin === "SYNTHETIC").length;
  if (mixOrigins || synthetic === 0 || synthetic === run.length) return;
  const message = "Measured and SYNTHETIC trials are mixed.";
  throw new CellwrightError("DATA_INVALID", source === undefined ? message : `${source}: ${message}`, {
    problems: [
      {
        where: "column origin",
        found: `${synthetic} SYNTHETIC and ${run.length - synthetic} measured trials`,
        expected: "one origin",
        remedy: "Leave one kind out, or ask for it with --mix-origins.",
      },
    ],
  });
}
