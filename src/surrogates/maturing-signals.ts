import type { GaussianProcessModel } from "./gaussian-process-model.js";
import { fitMultiTask, type MultiTaskGaussianProcess, type MultiTaskOptions } from "./multi-task.js";
import type { TaskData } from "./multi-task-data.js";
import { compareDensities } from "./multi-task-transfer.js";

/** What an early signal is worth to the outcome that it tells of. */
export interface SignalVerdict {
  readonly signal: string;
  readonly used: boolean;
  /** Prior correlation of the latent signal with the latent outcome, as fitted with this signal alone. */
  readonly correlation: number;
  /** What the log density of left-out results gains by this signal alone, the run's own signal known, nats. */
  readonly gain: number;
  readonly standardError: number;
}

/** Gain of a joint model over the outcome by itself, in the log density of left-out settings, nats. */
export interface MaturingGain {
  /** Of runs whose own signals are known: what a running cell gains. */
  readonly begun: { readonly gain: number; readonly standardError: number };
  /** Of runs of which nothing is known: what a new setting gains. */
  readonly fresh: { readonly gain: number; readonly standardError: number };
  readonly settings: number;
}

export interface MaturingResult {
  /** The joint model of the outcome and the signals that count; null where the outcome by itself is better. */
  readonly model: MultiTaskGaussianProcess | null;
  /** In the order of the signals. */
  readonly verdicts: readonly SignalVerdict[];
  /** Of the best set of signals that was tried, taken or not; null where nothing could be compared. */
  readonly gain: MaturingGain | null;
}

export interface MaturingOptions extends Pick<MultiTaskOptions, "seed" | "signal"> {
  /** `always` takes all signals, whatever they gain. */
  readonly use: "auto" | "always";
}

/** Fewer mature settings tell nothing of how signals and outcome go together (assumption). */
export const FEWEST_MATURE = 5;

/**
 * Fits an outcome that matures jointly with those of its early signals that help to predict it.
 *
 * Every signal is tried by itself and the others are added one by one, best first, while the log density rises of left-out
 * results of runs whose signals are known (exact, hyperparameters as fitted on all rows). The best set counts if functions
 * are shared (by the penalised likelihood, `searchMultiTask`), that density gains over the outcome by itself, and
 * predictions of new settings, of which nothing is known, do not lose more than that.
 *
 * @param alone - The outcome by itself.
 * @throws CellwrightError as `fitMultiTask`
 */
export function fitMaturing(
  outcome: TaskData,
  signals: readonly TaskData[],
  alone: GaussianProcessModel,
  options: MaturingOptions,
): MaturingResult {
  const { use, ...how } = options;
  const baseline = alone.leaveOneOut().logDensity;
  if (signals.length === 0 || (use === "auto" && baseline.length < FEWEST_MATURE))
    return { model: null, verdicts: [], gain: null };
  const fit = (chosen: readonly TaskData[]): Tried => {
    const tried = tryWith(outcome, chosen, baseline, how);
    const apart = use === "always" && tried.model.rank === 0;
    return apart ? tryWith(outcome, chosen, baseline, { ...how, rank: 1 }) : tried;
  };
  const single = signals.map((signal) => fit([signal]));
  const used = use === "always" ? signals.map((_, k) => k) : [];
  let best = use === "always" ? fit(signals) : null;
  for (const k of use === "always" ? [] : promising(single)) {
    const candidate: Tried = best === null ? single[k]! : fit([...used, k].map((i) => signals[i]!));
    if (best !== null && !(candidate.begun.gain > best.begun.gain)) continue;
    best = candidate;
    used.push(k);
  }
  const taken = best !== null && (use === "always" || isWorth(best));
  return {
    model: taken ? best!.model : null,
    verdicts: signals.map(({ name }, k) => ({
      signal: name,
      used: taken && used.includes(k),
      correlation: single[k]!.model.correlation.data[1]!,
      ...single[k]!.begun,
    })),
    gain: gainOf(best ?? single[promisingOrFirst(single)]!, baseline.length),
  };
}

interface Tried extends Omit<MaturingGain, "settings"> {
  readonly model: MultiTaskGaussianProcess;
}

function tryWith(
  outcome: TaskData,
  signals: readonly TaskData[],
  baseline: Float64Array,
  options: MultiTaskOptions,
): Tried {
  const model = fitMultiTask({ outcomes: [outcome, ...signals] }, options);
  return {
    model,
    begun: compareDensities(model.leaveTaskOut(outcome.name).logDensity, baseline),
    fresh: compareDensities(model.task(outcome.name).leaveOneOut().logDensity, baseline),
  };
}

/** Signals that gain anything by themselves and share something with the outcome, best first. */
function promising(single: readonly Tried[]): number[] {
  return single
    .map((_, k) => k)
    .filter((k) => single[k]!.begun.gain > 0 && single[k]!.model.rank > 0)
    .sort((a, b) => single[b]!.begun.gain - single[a]!.begun.gain || a - b);
}

/** The signal that loses least, to say by how much. */
function promisingOrFirst(single: readonly Tried[]): number {
  return single.reduce((best, one, k) => (one.begun.gain > single[best]!.begun.gain ? k : best), 0);
}

/** Asking for a gain of one standard error left signals out that would have helped (bench maturing). */
function isWorth({ begun, fresh, model }: Tried): boolean {
  return model.rank > 0 && begun.gain > 0 && begun.gain + fresh.gain > 0;
}

function gainOf({ begun, fresh }: Tried, settings: number): MaturingGain {
  return { begun, fresh, settings };
}
