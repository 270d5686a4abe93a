import { CellwrightError } from "../errors.js";
import { fitGaussianProcess } from "./gaussian-process.js";
import { fitMultiTask, type MultiTaskGaussianProcess, type MultiTaskOptions } from "./multi-task.js";
import type { TaskData } from "./multi-task-data.js";
import type { GaussianProcessSurrogate } from "./surrogate.js";

/** What a source (a line, a material, an earlier campaign) is worth to the target. */
export interface SourceVerdict {
  readonly source: string;
  readonly used: boolean;
  /** What the log density of the target's left-out settings gains by the source alone, nats, and its standard error. */
  readonly gain: number;
  readonly standardError: number;
  /** Prior correlation of the latent outcome with the target's: how strongly the source's results count. */
  readonly correlation: number;
  /** The verdict with its numbers, in one or two sentences. */
  readonly words: string;
}

export interface TransferResult {
  /** The target's surrogate: joint with the sources that help, or by itself. */
  readonly surrogate: GaussianProcessSurrogate;
  /** The joint model; null where no source is used. */
  readonly model: MultiTaskGaussianProcess | null;
  /** In the order of the sources. */
  readonly verdicts: readonly SourceVerdict[];
}

/** The target fitted with some sources, and the log density of each of its left-out settings. */
interface Trial {
  readonly model: MultiTaskGaussianProcess;
  readonly density: Float64Array;
}

/**
 * Fits a target with those sources that help it.
 *
 * Every source is tried alone: the joint model is fitted anew, and the exact leave-one-out log density of the target's
 * settings is compared with that of the default Gaussian process on the target's rows. A source that loses is left out;
 * the others are added one by one, best first, while the log density rises. Within the joint model a source counts as
 * much as its correlation with the target says.
 *
 * Hyperparameters are fitted on all rows on both sides: with few target rows (under about five) the verdict is coarse,
 * which its standard error shows.
 *
 * @throws CellwrightError as `fitMultiTask`; INVALID_OPTION if a source has the target's name
 */
export function fitWithSources(
  target: TaskData,
  sources: readonly TaskData[],
  options: MultiTaskOptions = {},
): TransferResult {
  checkNames(target, sources);
  const alone = fitGaussianProcess(target.data, {
    scale: target.scale ?? "auto",
    ...(options.kernel && { kernel: options.kernel }),
    ...(options.seed !== undefined && { seed: options.seed }),
    ...(options.signal && { signal: options.signal }),
  });
  const baseline = alone.leaveOneOut().logDensity;
  const trials = sources.map((source) => tryWith(target, [source], options));
  const gains = trials.map(({ density }) => compareDensities(density, baseline));
  const order = sources
    .map((_, k) => k)
    .filter((k) => gains[k]!.gain > 0)
    .sort((a, b) => gains[b]!.gain - gains[a]!.gain || a - b);
  let chosen: Trial | null = null;
  const used: number[] = [];
  const onTop = new Map<number, number>();
  for (const k of order) {
    const candidate: Trial =
      chosen === null
        ? trials[k]!
        : tryWith(
            target,
            [...used, k].map((i) => sources[i]!),
            options,
          );
    const gain = compareDensities(candidate.density, chosen?.density ?? baseline).gain;
    onTop.set(k, gain);
    if (!(gain > 0)) continue;
    chosen = candidate;
    used.push(k);
  }
  return {
    surrogate: chosen?.model.task(target.name) ?? alone,
    model: chosen?.model ?? null,
    verdicts: sources.map(({ name }, k) => {
      const verdict = {
        source: name,
        used: used.includes(k),
        ...gains[k]!,
        correlation: trials[k]!.model.correlation.data[1]!,
      };
      return { ...verdict, words: verdictWords(target.name, verdict, baseline.length, onTop.get(k)) };
    }),
  };
}

function tryWith(target: TaskData, sources: readonly TaskData[], options: MultiTaskOptions): Trial {
  const scaled = sources.map((source) => ({ ...source, scale: target.scale ?? "auto" }));
  const model = fitMultiTask({ sources: [target, ...scaled] }, options);
  return { model, density: model.task(target.name).leaveOneOut().logDensity };
}

/** Sum of paired differences of log densities, and its standard error; 0 where there is one setting. */
export function compareDensities(
  density: Float64Array,
  baseline: Float64Array,
): { gain: number; standardError: number } {
  const n = density.length;
  let gain = 0;
  for (let i = 0; i < n; i++) gain += density[i]! - baseline[i]!;
  let scatter = 0;
  for (let i = 0; i < n; i++) {
    const deviation = density[i]! - baseline[i]! - gain / n;
    scatter += deviation * deviation;
  }
  return { gain, standardError: n > 1 ? Math.sqrt((n * scatter) / (n - 1)) : 0 };
}

/** "rises by 4.2 nats (standard error 1.1, 8 settings)", or "falls by …". */
export function gainWords(gain: number, standardError: number, settings: number): string {
  const verb = gain >= 0 ? "rises" : "falls";
  const size = Math.abs(gain).toFixed(1);
  return `${verb} by ${size} nats (standard error ${standardError.toFixed(1)}, ${settings} settings)`;
}

function verdictWords(
  target: string,
  verdict: Omit<SourceVerdict, "words">,
  settings: number,
  onTop: number | undefined,
): string {
  const { source, used, gain, standardError, correlation } = verdict;
  const measured = `With ${source}, the log density of left-out settings of ${target} ${gainWords(gain, standardError, settings)}`;
  if (used) return `${measured}: ${source} is used, with correlation ${correlation.toFixed(2)}.`;
  if (onTop === undefined) return `${measured}: ${source} is left out, since it would mislead.`;
  return `${measured} by itself, but changes by ${onTop.toFixed(1)} nats on top of the others: ${source} is left out.`;
}

function checkNames(target: TaskData, sources: readonly TaskData[]): void {
  if (sources.every(({ name }) => name !== target.name)) return;
  throw new CellwrightError("INVALID_OPTION", `"${target.name}" is both the target and a source.`);
}
