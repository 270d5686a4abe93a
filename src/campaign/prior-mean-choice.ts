import { CellwrightError } from "../errors.js";
import type { Column } from "../space/encode.js";
import type { MeanAnswer, ParametricMean } from "../space/knowledge.js";
import {
  fitGaussianProcessWithMean,
  type GaussianProcessWithMean,
  hasFittedParameters,
} from "../surrogates/prior-mean-gaussian-process.js";
import type { FittedParameter } from "../surrogates/prior-mean-description.js";
import type { GaussianProcessPresetName } from "../surrogates/presets/preset.js";
import type { Surrogate, SurrogateData } from "../surrogates/surrogate.js";
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
export function outcomeLaw(
  campaign: Campaign,
  outcome: Outcome,
  inputs?: readonly string[],
): OutcomeLaw | null {
  const choice = outcome.surrogate?.priorMean;
  // A process with options of its own is what the file wants; a law is then not offered beside it.
  if (choice === "none" || (choice === undefined && outcome.surrogate?.process !== undefined)) return null;
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

/**
 * The law of a name, over the given inputs, with the numbers that the file states for it.
 *
 * @throws CellwrightError INVALID_OPTION if the process has no such law, or the outcome or the inputs do not allow it.
 */
export function namedLaw(
  campaign: Campaign,
  outcome: Outcome,
  name: string,
  inputs: readonly string[],
): ParametricMean {
  const answer = answerFor(campaign, outcome, name, inputs);
  if ("mean" in answer) return answer.mean;
  throw new CellwrightError(
    "INVALID_OPTION",
    `${outcome.name} cannot be learned around ${name}: ${answer.why}.`,
  );
}

/** Whether a law can be stated with these inputs: one that reads an input needs it. */
export function allowsLaw(
  campaign: Campaign,
  outcome: Outcome,
  name: string,
  inputs: readonly string[],
): boolean {
  return "mean" in answerFor(campaign, outcome, name, inputs);
}

function answerFor(
  campaign: Campaign,
  outcome: Outcome,
  name: string,
  inputs?: readonly string[],
): MeanAnswer {
  const choice = outcome.surrogate?.priorMean;
  const options = choice === undefined || choice === "none" ? {} : choice.options;
  const law = campaign.knowledge?.priorMeans?.find((known) => known.name === name);
  if (law === undefined) return { why: "the campaign's process has no such law" };
  return law.build({ outcome, columns: columnsOf(campaign, inputs), options });
}

/** Why the law that the file names cannot be made for its outcome; null where it can, or none is named. */
export function lawProblem(campaign: Campaign, outcome: Outcome): string | null {
  const choice = outcome.surrogate?.priorMean;
  if (choice === undefined || choice === "none") return null;
  const answer = answerFor(campaign, outcome, choice.name);
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
  return fitGaussianProcessWithMean(data, {
    ...options,
    mean,
    scale: options.scale === "log" ? "log" : "identity",
  });
}

/** Most distinct settings for which a law that nobody asked for is tried: an exact fit of more takes minutes. */
const MOST_TRIED = 2000;

/**
 * What a trained surrogate says about the law of its outcome, with fitted parameters; null where there is none. A law
 * that lost the comparison is fitted here, since its parameters are of interest all the same.
 */
export function trainedLawMessage(
  campaign: Campaign,
  outcome: Outcome,
  data: SurrogateData,
  surrogate: Surrogate,
): string | null {
  const law = outcomeLaw(campaign, outcome);
  if (law === null) return null;
  if (hasFittedParameters(surrogate)) return lawMessage(law, surrogate.parameters, null, true);
  if (data.y.length > MOST_TRIED || data.y.length < 2) return null;
  return lawMessage(law, fitAroundLaw(data, law.mean, { scale: outcome.scale }).parameters, null, false);
}

/** Whether a law was taken, what it gained, and what its parameters are, in sentences. */
export function lawMessage(
  law: OutcomeLaw,
  parameters: readonly FittedParameter[],
  gain: PresetGain | null,
  taken: boolean,
): string {
  const figures =
    gain === null
      ? ""
      : ` (log density ${signed(gain.mean)} ± ${gain.standardError.toFixed(2)} a left-out setting)`;
  const verdict =
    law.declared && taken
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
