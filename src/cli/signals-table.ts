import type { SignalComparison } from "../evaluation/signal-comparison.js";
import type { CliEffects } from "./effects.js";
import { fittedTable } from "./fitted-table.js";

/** What `train` prints of outcomes that mature: each early signal by itself, and what is decided. */
export function signalsTable(
  comparisons: readonly SignalComparison[],
  effects: Pick<CliEffects, "columns">,
): string {
  return comparisons.map((comparison) => one(comparison, effects)).join("");
}

function one({ outcome, signals }: SignalComparison, effects: Pick<CliEffects, "columns">): string {
  const { verdicts, words } = signals;
  if (verdicts.length === 0) return `\n${words}\n`;
  const head = ["", "correlation", "gain in log density (nats)", "standard error"];
  const rows = verdicts.map(({ signal, used, correlation, gain, standardError }) => [
    `${used ? "*" : "\u00a0"}\u00a0${signal}`,
    correlation.toFixed(2),
    gain.toFixed(1),
    standardError.toFixed(1),
  ]);
  const align = ["left", "right", "right", "right"] as const;
  return `\nEarly signals of ${outcome}, each by itself, against ${outcome} without signals\n${fittedTable({ head, rows, align }, effects)}\n${words}\n`;
}
