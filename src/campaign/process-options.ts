import { CellwrightError, type Problem } from "../errors.js";
import {
  checkShapeOptions,
  type ShapedGaussianProcessOptions,
} from "../surrogates/shaped-gaussian-process.js";
import type { InputDimension } from "../surrogates/surrogate.js";
import type { Outcome } from "./campaign.js";

/** Options of the Gaussian process that a campaign file can choose for an outcome. */
export type ProcessOptions = Pick<
  ShapedGaussianProcessOptions,
  "robust" | "noise" | "kernel" | "monotone" | "inputWarp" | "mean" | "structure"
>;

/** Their names in campaign files. */
const FILE_NAMES: Readonly<Record<string, string>> = { inputWarp: "input_warp" };

/** What the outcome's file chose, without shapes for which the inputs that are left have no column of the kind. */
export function processOptions(
  { surrogate }: Pick<Outcome, "surrogate">,
  inputs: readonly InputDimension[],
): ProcessOptions {
  const { inputWarp, mean, structure, monotone = [], ...rest } = surrogate?.process ?? {};
  const directions = monotone.filter(({ input }) =>
    inputs.some(({ name, kind }) => name === input && kind === "continuous"),
  );
  const continuous = inputs.some(({ kind }) => kind === "continuous");
  const categorical = inputs.some(({ kind }) => kind === "categorical");
  return {
    ...rest,
    ...(directions.length > 0 ? { monotone: directions } : {}),
    ...(inputWarp !== undefined && continuous ? { inputWarp } : {}),
    ...(mean !== undefined && continuous ? { mean } : {}),
    ...(structure !== undefined && categorical ? { structure } : {}),
  };
}

/** What is wrong with the options beside all inputs of the campaign. */
export function processProblems(
  { name, surrogate }: Pick<Outcome, "name" | "surrogate">,
  inputs: readonly InputDimension[],
): readonly Problem[] {
  try {
    checkShapeOptions(surrogate?.process ?? {}, inputs);
    return [];
  } catch (error) {
    if (!(error instanceof CellwrightError)) throw error;
    return error.problems.map((problem) => {
      const field = FILE_NAMES[problem.where] ?? problem.where;
      return { ...problem, where: `outcomes.${name}.surrogate.${field}`, remedy: `Remove ${field}.` };
    });
  }
}
