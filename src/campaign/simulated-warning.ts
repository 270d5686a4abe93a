import type { Trial } from "./trial.js";

/** A sentence where runs that were made come from a simulator: what is learned from them is true of it alone. */
export function simulatedWarning(trials: readonly Trial[]): string[] {
  const made = trials.filter(({ status }) => status !== "suggested" && status !== "abandoned");
  const simulated = made.filter(({ origin }) => origin === "SYNTHETIC").length;
  if (simulated === 0) return [];
  const runs = made.length === 1 ? "the only run is" : `${simulated} of ${made.length} runs are`;
  return [
    `SYNTHETIC data: ${runs} simulated, so that this answer is about a simulator, not about a line or cells.`,
  ];
}
