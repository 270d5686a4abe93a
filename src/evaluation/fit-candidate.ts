import type { Campaign, Outcome } from "../campaign/campaign.js";
import { type ProcessOptions, processOptions } from "../campaign/process-options.js";
import { fitAroundLaw, namedLaw } from "../campaign/prior-mean-choice.js";
import { CellwrightError } from "../errors.js";
import type { ParametricMean } from "../space/knowledge.js";
import { fitSurrogateKind } from "../surrogates/fit-surrogate.js";
import { withoutPlots } from "../surrogates/whole-plot-gaussian-process.js";
import type { OutcomeScale, Surrogate, SurrogateData } from "../surrogates/surrogate.js";
import { type CandidateModel, isVaried } from "./candidate-model.js";

/** Whose outcome is fitted, and with which seed. */
export interface FitPlace {
  readonly campaign: Campaign;
  readonly outcome: Outcome;
  readonly seed: number;
}

/** What a fit needs beside the rows. All of it is plain data, but for the law of a process. */
export interface CandidateFit {
  readonly kind: CandidateModel["kind"];
  readonly preset?: NonNullable<CandidateModel["preset"]>;
  readonly scale: OutcomeScale;
  readonly seed: number;
  /** Kernel and shape of the candidate, before what the file says. */
  readonly variation?: Pick<CandidateModel, "kernel" | "inputWarp" | "mean" | "structure">;
  /** What the candidate asks of the noise, before what the outcome's file says of it. */
  readonly noiseModel?: { readonly robust?: boolean; readonly noise?: "constant" | "input-dependent" };
  /** Rows that name their whole plots share errors by plots; otherwise their plots are not looked at. */
  readonly wholePlot?: true;
  /** What the outcome's file says of its surrogate. */
  readonly chosen: Pick<Outcome, "surrogate">;
  /** The law to fit around, over inputs of the given names. */
  readonly law?: (inputs: readonly string[]) => ParametricMean;
}

/** How a candidate is fitted to an outcome of a campaign. */
export function candidateFit(
  {
    kind,
    preset,
    priorMean,
    kernel,
    inputWarp,
    mean,
    structure,
    robust,
    inputNoise,
    wholePlot,
  }: CandidateModel,
  { campaign, outcome, seed }: FitPlace,
): CandidateFit {
  const around = kind === "gaussian-process" && preset !== "saas-2021" ? priorMean : undefined;
  const variation = {
    ...(kernel && { kernel }),
    ...(inputWarp && { inputWarp }),
    ...(mean && { mean }),
    ...(structure && { structure }),
  };
  return {
    kind,
    variation,
    ...(preset === undefined ? {} : { preset }),
    scale: outcome.scale,
    seed,
    noiseModel: {
      ...(robust && { robust: true, noise: "constant" }),
      ...(inputNoise && { robust: false, noise: "input-dependent" }),
    },
    ...(wholePlot && { wholePlot }),
    chosen: outcome.surrogate === undefined ? {} : { surrogate: outcome.surrogate },
    ...(around === undefined
      ? {}
      : { law: (inputs: readonly string[]) => namedLaw(campaign, outcome, around, inputs) }),
  };
}

/**
 * Fits rows of one outcome.
 *
 * @throws CellwrightError INVALID_OPTION if it names a law that the outcome or the inputs do not allow, or is
 *   to be fitted around one with a kernel or shape.
 */
export function fitRows(
  { kind, preset, scale, seed, variation, noiseModel, wholePlot, chosen, law }: CandidateFit,
  rows: SurrogateData,
): Surrogate {
  const data = wholePlot === true ? requirePlots(rows) : withoutPlots(rows);
  if (law !== undefined && preset !== "saas-2021") {
    if (isVaried(variation ?? {})) {
      throw new CellwrightError(
        "INVALID_OPTION",
        "kernel, inputWarp, mean and structure are not supported around a law: leave one of the two out.",
      );
    }
    const mean = law(data.inputs.map(({ name }) => name));
    return fitAroundLaw(data, mean, { scale, seed, ...(preset === undefined ? {} : { preset }) });
  }
  const process =
    kind === "gaussian-process" && preset !== "saas-2021" ? chosenOptions(chosen, data, wholePlot) : {};
  return fitSurrogateKind(kind, data, {
    ...process,
    ...variation,
    scale,
    seed,
    ...(preset === undefined ? {} : { preset }),
    ...noiseModel,
  });
}

/** What the file chose of the process; beside the errors of whole plots its kernel only. */
function chosenOptions(
  chosen: CandidateFit["chosen"],
  { inputs }: SurrogateData,
  wholePlot: true | undefined,
): ProcessOptions {
  const process = processOptions(chosen, inputs);
  return wholePlot === true ? { ...(process.kernel && { kernel: process.kernel }) } : process;
}

function requirePlots(rows: SurrogateData): SurrogateData {
  if (rows.wholePlot !== undefined) return rows;
  throw new CellwrightError(
    "INVALID_OPTION",
    "Errors of whole plots need a parameter with change: { effort: hard }, or whole_plot: COLUMN in the campaign, and runs in an order (numbers or dates).",
  );
}

/**
 * Fits a candidate to rows of one outcome.
 *
 * @throws CellwrightError as `fitRows`
 */
export function fitCandidate(candidate: CandidateModel, data: SurrogateData, place: FitPlace): Surrogate {
  return fitRows(candidateFit(candidate, place), data);
}
