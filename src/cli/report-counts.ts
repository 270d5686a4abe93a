import type { Outcome } from "../campaign/campaign.js";
import type { TrialStatus } from "../data/table.js";
import type { DataSummary, OutcomeCount } from "../plots/report-data.js";
import type { ReportSources } from "./report-data.js";
import { groupMeans, type ReportTrial } from "./report-trials.js";

/** Counts what there is, honestly: an outcome measured once per group counts once. */
export function summarizeData(sources: ReportSources, trials: readonly ReportTrial[]): DataSummary {
  const { campaign, source, citation } = sources;
  const run = trials.filter(({ trial }) => trial.status !== "suggested");
  const byStatus: Partial<Record<TrialStatus, number>> = {};
  for (const { trial } of trials) byStatus[trial.status] = (byStatus[trial.status] ?? 0) + 1;
  const groups = new Set(run.map(({ trial }) => trial.group).filter((group) => group !== undefined));
  const synthetic = run.filter(({ trial }) => trial.origin === "SYNTHETIC").length;
  return {
    source,
    ...(citation === undefined ? {} : { citation }),
    trials: trials.length,
    byStatus,
    ...(campaign.group === undefined || groups.size === 0
      ? {}
      : { group: { name: campaign.group, count: groups.size } }),
    measured: run.length - synthetic,
    synthetic,
    inContext: run.filter(({ inContext }) => inContext).length,
    outcomes: campaign.outcomes.flatMap((outcome) => countOf(sources, outcome, run)),
    failures: failuresOf(run),
  };
}

function failuresOf(trials: readonly ReportTrial[]): DataSummary["failures"] {
  const byReason = new Map<string, string[]>();
  for (const { trial } of trials) {
    if (trial.status !== "failed") continue;
    const reason = trial.reason ?? "";
    byReason.set(reason, [...(byReason.get(reason) ?? []), trial.id]);
  }
  return [...byReason]
    .map(([reason, ids]) => ({ reason, trials: ids }))
    .sort((a, b) => b.trials.length - a.trials.length);
}

function countOf({ fits }: ReportSources, outcome: Outcome, trials: readonly ReportTrial[]): OutcomeCount[] {
  const values = trials.flatMap(({ trial }) => trial.observations[outcome.name]?.value ?? []);
  if (values.length === 0) return [];
  const best = bestOf(outcome, trials);
  return [
    {
      outcome: outcome.name,
      values: values.length,
      counted: fits.fitted.get(outcome.name)?.rows.data.y.length ?? values.length,
      min: values.reduce((a, b) => Math.min(a, b)),
      max: values.reduce((a, b) => Math.max(a, b)),
      ...(best === null ? {} : { best }),
    },
  ];
}

/** The best group mean in the asked state; null for what is no objective, and where nothing was measured there. */
function bestOf(outcome: Outcome, trials: readonly ReportTrial[]): NonNullable<OutcomeCount["best"]> | null {
  const { goal, target = 0 } = outcome;
  if (goal === undefined) return null;
  const worth = (value: number): number =>
    goal === "maximize" ? value : goal === "minimize" ? -value : -Math.abs(value - target);
  const here = groupMeans(trials, outcome.name).filter((mean) => mean.inContext);
  if (here.length === 0) return null;
  const best = here.reduce((a, b) => (worth(b.value) > worth(a.value) ? b : a));
  return { value: best.value, label: best.rows === 1 ? best.label : `${best.label}, mean of ${best.rows}` };
}
