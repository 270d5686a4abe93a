import { CellwrightError } from "../errors.js";
import type { Rng } from "../math/rng.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import type { AskProblem } from "./ask-problem.js";
import type { ChooseRunsOptions } from "./choose-runs.js";
import type { CostAware } from "./cost-aware.js";
import type { DescribedRun } from "./describe-run.js";
import type { Explanation } from "./explanation.js";
import { explanationSentences } from "./explanation-words.js";
import type { Standing } from "./improvement.js";
import { relaxations } from "./relaxed-limits.js";
import type { SafeMode } from "./safe-mode.js";
import { neighboursOf, stepEffects } from "./step-effects.js";
import type { TriedSettings } from "./tried-settings.js";
import { turningPoints } from "./turning-points.js";
import type { Progress } from "./progress.js";

export interface ExplainInput {
  readonly problem: AskProblem;
  readonly standing: Standing;
  readonly set: FeasibleSet;
  readonly tried: TriedSettings;
  readonly rng: Rng;
  readonly safe?: SafeMode;
  readonly per?: CostAware;
  readonly family?: ChooseRunsOptions["family"];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Adds to every run that models chose what one step of each parameter would do, which limit holds it back by how much,
 * and which result would change what comes next.
 *
 * @throws CellwrightError CANCELLED
 */
export async function explainRuns(
  input: ExplainInput,
  runs: readonly DescribedRun[],
): Promise<DescribedRun[]> {
  const { set, problem, signal, onProgress } = input;
  const points = runs.map(({ suggestion }) => set.space.encode(suggestion.parameters, problem.context));
  const explained: DescribedRun[] = [];
  for (const [i, run] of runs.entries()) {
    onProgress?.({ stage: "explaining runs", done: i, total: runs.length });
    if (signal?.aborted === true)
      throw new CellwrightError("CANCELLED", "Explaining the runs was cancelled.");
    const others = points.filter((_, j) => j !== i);
    const explanation = await explainRun(input, run, points[i]!, others);
    explained.push({ ...run, suggestion: { ...run.suggestion, explanation } });
  }
  onProgress?.({ stage: "explaining runs", done: runs.length, total: runs.length });
  return explained;
}

async function explainRun(
  input: ExplainInput,
  { suggestion }: DescribedRun,
  x: Float64Array,
  others: readonly Float64Array[],
): Promise<Explanation> {
  const { problem, standing, set, rng } = input;
  const { parameters } = suggestion;
  const neighbours = neighboursOf(problem, set.free, x);
  const judged = problem.objectives.length + problem.specifications.length > 0;
  const isModelled = suggestion.origin === "model" && judged;
  const explanation = {
    steps: problem.judged.length === 0 ? [] : stepEffects(problem, neighbours, x, parameters),
    relaxations: isModelled ? relaxations({ problem, standing, x, parameters, neighbours, rng }) : [],
    turningPoints: isModelled ? await turningPoints({ ...input, x, parameters, others }) : [],
  };
  return { ...explanation, sentences: explanationSentences(problem, suggestion, explanation) };
}
