import { type Campaign, createCampaign } from "../campaign/campaign.js";
import { definedFields } from "../campaign/defined-fields.js";
import { outcomeData, type OutcomeData } from "../campaign/outcome-data.js";
import { withPlots } from "../campaign/plot-error.js";
import type { CandidateModel } from "../evaluation/candidate-model.js";
import { wholePlotsOf } from "../campaign/whole-plots.js";
import { plotParts } from "../evaluation/plot-parts.js";
import { assignFolds } from "../evaluation/cross-validation.js";
import { type HeldOutPlan, runPlans } from "../evaluation/held-out-task.js";
import {
  type GroupDensity,
  type PairedDifference,
  pairedDifference,
} from "../evaluation/paired-difference.js";
import type { GateOutcome, GateReport, ModelDraft, ModelRecord } from "../registry/model-record.js";
import { type Executor, inProcess } from "../surrogates/executor.js";
import { type Contestant, planHeldOutDensities, type ReferenceRow } from "./held-out-densities.js";

/**
 * Nats per held-out group by which a challenger may fall behind the champion and still count as no worse: a tenth of a
 * nat is 10 % in density, less than what one more replicate changes (assumption).
 */
export const GATE_MARGIN = 0.1;

/**
 * Share of what the champion learned from that may have another value now, or be gone: records grow and single values are
 * corrected, so that more than this is a broken export rather than news (assumption).
 */
const ALTERED_SHARE = 0.1;

/**
 * Decides whether a challenger may replace the champion.
 *
 * Both are fitted anew on the same grouped folds, each to its own data without the fold's groups, and predict the same
 * observations: those that the champion learned from, *with the values that it learned*, and those that came later. The
 * challenger must be no worse than the champion by more than the margin (mean log density per group, paired by group)
 * on what the champion knew, and on all together. Data that were corrupted after the champion was trained therefore
 * count against the challenger: it is held to what was measured before. Where more than a tenth of that has changed or
 * is gone, a person must decide.
 *
 * @param current - The campaign with the data that the challenger learned from.
 */
export async function judgeChallenger(
  champion: ModelRecord,
  challenger: ModelDraft,
  current: Campaign,
  options: { readonly margin?: number; readonly executor?: Executor; readonly signal?: AbortSignal } = {},
): Promise<GateReport> {
  const { margin = GATE_MARGIN, executor = inProcess, signal } = options;
  const before = restoreCampaign(champion, current);
  const names = [...new Set([...champion.outcomes, ...challenger.outcomes].map(({ name }) => name))];
  const plans = names.map((name): HeldOutPlan<GateOutcome> => {
    const inBoth = [champion, challenger].every((model) =>
      model.outcomes.some((outcome) => outcome.name === name),
    );
    if (!inBoth) return settled(unmatched(name, champion, current));
    return planOutcome(
      name,
      { campaign: before, candidates: candidatesOf(champion) },
      { campaign: current, candidates: candidatesOf(challenger) },
      { ...challenger.settings, seed: challenger.seed, margin },
    );
  });
  const outcomes = [...(await runPlans(plans, executor, definedFields({ signal })))];
  const refused = outcomes.filter(({ verdict }) => !ACCEPTED.has(verdict));
  return {
    against: champion.version,
    promote: refused.length === 0,
    margin,
    outcomes,
    reason:
      refused.length === 0
        ? `No outcome is predicted worse than by ${champion.version}, within ${margin} nats per group.`
        : refused.map((outcome) => explain(outcome, champion.version)).join(" "),
  };
}

const ACCEPTED: ReadonlySet<GateOutcome["verdict"]> = new Set(["no-worse", "new", "removed"]);

/** The campaign as the champion knew it: its file and its trials, with the process knowledge of today. */
function restoreCampaign(champion: ModelRecord, current: Campaign): Campaign {
  return createCampaign(champion.spec, {
    trials: champion.trials,
    mixOrigins: true, // it was trained so; origins were checked then
    ...(current.knowledge && { knowledge: current.knowledge }),
  });
}

function candidatesOf(model: ModelDraft): ReadonlyMap<string, CandidateModel> {
  return new Map(model.outcomes.map(({ name, candidate }) => [name, candidate]));
}

const NO_COMPARISON = { known: null, all: null, changed: 0, missing: 0 };

/** An outcome that only one of the two learned. */
function unmatched(outcome: string, champion: ModelRecord, current: Campaign): GateOutcome {
  if (!champion.outcomes.some(({ name }) => name === outcome))
    return { outcome, verdict: "new", ...NO_COMPARISON };
  const dropped = !current.outcomes.some(({ name }) => name === outcome); // taken out of the campaign on purpose
  return { outcome, verdict: dropped ? "removed" : "lost", ...NO_COMPARISON };
}

interface GatePlan {
  readonly folds: number | "leave-one-group-out";
  readonly seed: number;
  readonly margin: number;
}

/** An outcome that needs no predictions. */
function settled(outcome: GateOutcome): HeldOutPlan<GateOutcome> {
  return { inputs: [], finish: () => outcome };
}

function planOutcome(
  name: string,
  champion: Contestant,
  challenger: Contestant,
  plan: GatePlan,
): HeldOutPlan<GateOutcome> {
  const then = withPlots(outcomeData(champion.campaign, name));
  const now = withPlots(outcomeData(challenger.campaign, name));
  const reference = referenceRows(champion.campaign, then, challenger.campaign, now);
  const counts = countChanges(then, now, challenger.campaign);
  const groups = reference.map(({ group }) => group);
  if (new Set(groups).size < 2) {
    return settled({ outcome: name, verdict: "not-comparable", known: null, all: null, ...counts });
  }
  const foldOf = assignFolds(partsOf(name, [champion, challenger], reference), plan.folds, plan.seed, name);
  const before = planHeldOutDensities(name, champion, then, reference, foldOf, plan.seed);
  const after = planHeldOutDensities(name, challenger, now, reference, foldOf, plan.seed);
  return {
    inputs: [...before.inputs, ...after.inputs],
    finish(predictions) {
      const old = before.finish(predictions.slice(0, before.inputs.length));
      const fresh = after.finish(predictions.slice(before.inputs.length));
      const compare = (rows: readonly ReferenceRow[]) =>
        pairedDifference(groupDensities(rows, reference, fresh), groupDensities(rows, reference, old));
      const known = compare(reference.filter((row) => row.known));
      const all = compare(reference);
      const altered = (counts.changed + counts.missing) / then.data.y.length;
      return { outcome: name, verdict: verdictOf(known, all, altered, plan.margin), known, all, ...counts };
    },
  };
}

/** What folds must not split: groups, and set-ups of what is hard to change where one of the two knows their errors. */
function partsOf(
  name: string,
  contestants: readonly [Contestant, Contestant],
  reference: readonly ReferenceRow[],
): readonly string[] {
  const groups = reference.map(({ group }) => group);
  const known = contestants.some(({ candidates }) => candidates.get(name)?.wholePlot === true);
  const plots = known ? wholePlotsOf(contestants[1].campaign) : null;
  if (plots === null) return groups;
  // A trial that is gone stands alone.
  return plotParts(
    groups,
    Int32Array.from(reference, ({ trial }, row) => plots.of.get(trial.id) ?? plots.of.size + row),
  );
}

function verdictOf(
  known: PairedDifference,
  all: PairedDifference,
  altered: number,
  margin: number,
): GateOutcome["verdict"] {
  if (known.groups === 0) return "not-comparable";
  if (altered > ALTERED_SHARE) return "altered";
  return Math.min(known.mean, all.mean) >= -margin ? "no-worse" : "worse";
}

/** What the champion learned from, as it learned it, then the trials that came later. */
function referenceRows(
  before: Campaign,
  then: OutcomeData,
  current: Campaign,
  now: OutcomeData,
): readonly ReferenceRow[] {
  const learned = new Set(before.trials.map(({ id }) => id));
  const known = rowsOf(before, then, true);
  return [...known, ...rowsOf(current, now, false).filter(({ trial }) => !learned.has(trial.id))];
}

function rowsOf(campaign: Campaign, rows: OutcomeData, known: boolean): readonly ReferenceRow[] {
  const trials = new Map(campaign.trials.map((trial) => [trial.id, trial]));
  return rows.trialIds.map((id, row) => ({
    trial: trials.get(id)!,
    group: rows.groups[row]!,
    value: rows.data.y[row]!,
    knownVariance: rows.data.knownNoiseVariance?.[row] ?? 0,
    known,
  }));
}

function countChanges(
  then: OutcomeData,
  now: OutcomeData,
  current: Campaign,
): { changed: number; missing: number } {
  const present = new Set(current.trials.map(({ id }) => id));
  const values = new Map(now.trialIds.map((id, row) => [id, now.data.y[row]!]));
  let changed = 0;
  let missing = 0;
  then.trialIds.forEach((id, row) => {
    if (!present.has(id)) missing++;
    else if (values.get(id) !== then.data.y[row]) changed++;
  });
  return { changed, missing };
}

/** Mean log density per group over the chosen rows that have one. */
function groupDensities(
  chosen: readonly ReferenceRow[],
  reference: readonly ReferenceRow[],
  densities: readonly (number | null)[],
): readonly GroupDensity[] {
  const wanted = new Set(chosen);
  const sums = new Map<string, { sum: number; count: number }>();
  reference.forEach((row, i) => {
    const density = densities[i]!;
    if (density === null || !wanted.has(row)) return;
    const entry = sums.get(row.group) ?? { sum: 0, count: 0 };
    sums.set(row.group, { sum: entry.sum + density, count: entry.count + 1 });
  });
  return [...sums].map(([group, { sum, count }]) => ({ group, logDensity: sum / count }));
}

function explain(outcome: GateOutcome, champion: string): string {
  const { known, all, changed, missing } = outcome;
  if (outcome.verdict === "lost")
    return `${outcome.outcome} is not measured any more, and ${champion} predicts it.`;
  if (known === null || all === null || known.groups === 0) {
    return `${outcome.outcome} cannot be compared with ${champion}: no group that both can predict.`;
  }
  const altered = changed === 0 ? "" : ` ${changed} values that it learned from have changed since.`;
  const gone = missing === 0 ? "" : ` ${missing} of its trials are gone.`;
  if (outcome.verdict === "altered") {
    return `${outcome.outcome}: too much of what ${champion} learned from is different.${altered}${gone} If that is right, promote by hand.`;
  }
  return (
    `${outcome.outcome} is predicted worse than by ${champion}: ${known.mean.toFixed(2)} nats per group on its ` +
    `${known.groups} groups, ${all.mean.toFixed(2)} on all ${all.groups}.${altered}${gone}`
  );
}
