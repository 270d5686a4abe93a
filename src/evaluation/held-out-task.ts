import {
  type Executor,
  requireNotCancelled,
  type RunOptions,
  settle,
  type Settled,
  type Task,
} from "../surrogates/executor.js";
import { fitWork } from "../surrogates/fit-work.js";
import type { SurrogateData } from "../surrogates/surrogate.js";
import { type CandidateFit, fitRows } from "./fit-candidate.js";
import { knownLevelsOnly, predictHeldOut, type RowPrediction } from "./held-out.js";

/** One fold: rows to learn from, and rows to predict. */
export interface HeldOutInput {
  readonly fit: CandidateFit;
  readonly learned: SurrogateData;
  readonly held: SurrogateData;
}

/** Fits a candidate to one part of the rows and predicts the others. */
export const heldOutTask: Task<HeldOutInput, readonly RowPrediction[]> = {
  name: "held-out",
  run: ({ fit, learned, held }) => predictHeldOut(fitRows(fit, learned), knownLevelsOnly(held, learned)),
  work: ({ fit, learned }) => fitWork(fit.kind, learned.y.length),
  stays: ({ fit }) => fit.law !== undefined,
};

/** Folds to predict, and what is made of the predictions. */
export interface HeldOutPlan<Result> {
  readonly inputs: readonly HeldOutInput[];
  readonly finish: (predictions: readonly Settled<readonly RowPrediction[]>[]) => Result;
}

/** Carries out plans together, so that all their folds may run at the same time. */
export async function runPlans<Result>(
  plans: readonly HeldOutPlan<Result>[],
  executor: Executor,
  options: RunOptions,
): Promise<readonly Result[]> {
  const predictions = await executor.run(
    heldOutTask,
    plans.flatMap(({ inputs }) => inputs),
    options,
  );
  let start = 0;
  return plans.map((plan) => plan.finish(predictions.slice(start, (start += plan.inputs.length))));
}

/** Carries out one plan in this thread, without letting go of it. */
export function runPlan<Result>(
  { inputs, finish }: HeldOutPlan<Result>,
  { signal, onDone }: RunOptions,
): Result {
  return finish(
    inputs.map((input, i) => {
      requireNotCancelled(signal);
      const settled = settle(heldOutTask, input);
      onDone?.(i + 1, inputs.length);
      return settled;
    }),
  );
}
