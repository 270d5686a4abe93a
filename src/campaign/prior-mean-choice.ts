import type { Column } from "../space/encode.js";
import type { MeanAnswer, ParametricMean } from "../space/knowledge.js";
import { fitGaussianProcessWithMean, type GaussianProcessWithMean } from "../surrogates/prior-mean-gaussian-process.js";
import type { FittedParameter } from "../surrogates/prior-mean-description.js";
import type { GaussianProcessPresetName } from "../surrogates/presets/preset.js";
import type { SurrogateData } from "../surrogates/surrogate.js";
import type { Campaign, Outcome } from "./campaign.js";
import type { PresetGain } from "./choose-preset.js";

/** What a campaign file says of a prior mean: one by name with its numbers, or none. */
export type PriorMeanChoice =
  | { readonly name: string; readonly options: Readonly<Record<string, number>> }
  | "none";

/** A law that an outcome can be learned around. */
export interface OutcomeLaw {
  /** As campaign files call it. */
  readonly name: string;
  readonly mean: ParametricMean;
  /** The file asks for it; otherwise it is offered by the process and has to earn its place. */
  readonly declared: boolean;
}

/**
 * The law of an outcome over the given inputs: the one that its file names, else the first that the process offers;
 * null where there is none, or the file says none.
 *
 * @param inputs - Names of the surrogate's inputs in order; default: all of the campaign.
 */
export function outcomeLaw(campaign: Campaign, outcome: Outcome, inputs?: readonly string[]): OutcomeLaw | null {
  const choice = outcome.surrogate?.priorMean;
  if (choice === "none") return null;
  const columns = columnsOf(campaign, inputs);
  for (const law of campaign.knowledge?.priorMeans ?? []) {
    if (choice !== undefined && law.name !== choice.name) continue;
    const answer = law.build({ outcome, columns, options: choice?.options ?? {} });
    if ("why" in answer) continue;
    if (choice !== undefined) return { name: law.name, mean: answer.mean, declared: true };
    if (answer.offered) return { name: law.name, mean: answer.mean, declared: false };
  }
  return null;
}

/** Why the law that the file names cannot be made for its outcome; null where it can, or none is named. */
export function lawProblem(campaign: Campaign, outcome: Outcome): string | null {
  const choice = outcome.surrogate?.priorMean;
  if (choice === undefined || choice === "none") return null;
  const law = campaign.knowledge?.priorMeans?.find(({ name }) => name === choice.name);
  if (law === undefined) return null; // reported where the file is read
  const answer: MeanAnswer = law.build({ outcome, columns: campaign.space.columns, options: choice.options });
  return "why" in answer ? answer.why : null;
}

function columnsOf(campaign: Campaign, inputs: readonly string[] | undefined): readonly Column[] {
  const { columns } = campaign.space;
  return inputs === undefined ? columns : columns.filter(({ name }) => inputs.includes(name));
}

/**
 * Fits an outcome around its law; the law is stated in raw units, so that the scale is never a learned warp.
 *
 * @throws CellwrightError as `fitGaussianProcessWithMean`
 */
export function fitAroundLaw(
  data: SurrogateData,
  mean: ParametricMean,
  options: {
    readonly scale: Outcome["scale"];
    readonly preset?: GaussianProcessPresetName;
    readonly seed?: number;
    readonly starts?: number;
    readonly signal?: AbortSignal;
  },
): GaussianProcessWithMean {
  return fitGaussianProcessWithMean(data, { ...options, mean, scale: options.scale === "log" ? "log" : "identity" });
}

/** Whether a law was taken, what it gained, and what its parameters are, in sentences. */
export function lawMessage(
  law: OutcomeLaw,
  parameters: readonly FittedParameter[],
  gain: PresetGain | null,
  taken: boolean,
): string {
  const figures =
    gain === null ? "" : ` (log density ${signed(gain.mean)} ± ${gain.standardError.toFixed(2)} a left-out setting)`;
  const verdict = law.declared
    ? "learned around the law that the campaign names"
    : taken
      ? `learned around it, because it predicts left-out settings better than a process alone${figures}`
      : `offered by the process and not taken: it does not clearly predict left-out settings better${figures}`;
  return `${law.name}: ${verdict}. Fitted: ${parameters.map(parameterWords).join("; ")}.`;
}

function parameterWords({ name, unit, value, interval, identifiable }: FittedParameter): string {
  const number = (x: number): string => String(Number(x.toPrecision(3)));
  if (interval === null) return `${name} ${number(value)} ${unit} (held fixed)`;
  const range = `95 % interval ${number(interval[0])} to ${number(interval[1])}`;
  return identifiable
    ? `${name} ${number(value)} ${unit} (${range})`
    : `${name} not identifiable from these rows (${number(value)} ${unit}, ${range})`;
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
}
