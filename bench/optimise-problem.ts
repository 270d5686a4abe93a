import { createAcquisition } from "../src/acquisition/create-acquisition.js";
import { hypervolume } from "../src/acquisition/hypervolume-value.js";
import { bestSettings } from "../src/acquisition/incumbents.js";
import { maximizeAcquisition } from "../src/acquisition/maximize.js";
import type { ObjectiveTerm, SpecificationTerm } from "../src/acquisition/outcome-terms.js";
import { createMatrix, matrixFromRows } from "../src/math/matrix.js";
import type { Rng } from "../src/math/rng.js";
import { createFeasibleSet } from "../src/space/feasible-set.js";
import { createSearchSpace, type SearchSpace } from "../src/space/search-space.js";
import { fitGaussianProcess, type GaussianProcess } from "../src/surrogates/gaussian-process.js";
import type { TestProblem } from "./test-problems.js";

/** What one run of the optimiser on one problem left behind. */
export interface Run {
  /** Regret, or hypervolume gap, after each evaluation. */
  readonly gap: readonly number[];
  readonly cpuSeconds: readonly number[];
}

const DRAWS = 128;

interface Evaluated {
  readonly x: Float64Array;
  readonly truth: { readonly y: readonly number[]; readonly c: readonly number[] };
  readonly observed: readonly number[];
}

/** Runs the engine from given first settings (raw units) to `evaluations` evaluations. */
export function optimise(
  problem: TestProblem,
  first: readonly (readonly number[])[],
  options: { evaluations: number; rng: Rng; standardNormals?: readonly number[] },
): Run {
  const space = spaceOf(problem);
  const noise = options.rng.fork("noise");
  const trials: Evaluated[] = [];
  const cpuSeconds: number[] = [];
  const gap: number[] = [];
  const models: GaussianProcess[] = [];
  const run = (x: Float64Array): void => {
    const raw = Object.values(space.decode(x).parameters).map(Number);
    const truth = problem.evaluate(raw);
    const normal = problem.noiseStdDev > 0 ? (options.standardNormals?.[trials.length] ?? noise.normal()) : 0;
    trials.push({
      x,
      truth,
      observed: [...truth.y.map((y) => y + problem.noiseStdDev * normal), ...truth.c],
    });
    gap.push(gapOf(problem, trials));
  };
  for (const raw of first) run(space.encode(Object.fromEntries(raw.map((value, j) => [`x${j}`, value])), {}));
  while (trials.length < options.evaluations) {
    const before = process.cpuUsage();
    const next = suggest(problem, space, trials, models, options.rng.fork(`evaluation ${trials.length}`));
    const used = process.cpuUsage(before);
    cpuSeconds.push((used.user + used.system) / 1e6);
    run(next);
  }
  return { gap, cpuSeconds };
}

function spaceOf(problem: TestProblem): SearchSpace {
  return createSearchSpace({
    parameters: problem.bounds.map(([min, max], j) => ({
      kind: "continuous",
      name: `x${j}`,
      unit: "1",
      min,
      max,
      scale: "linear",
    })),
    context: [],
    constraints: [],
  });
}

/** One candidate: fit every outcome (from the previous optimum), build the acquisition, maximise it. */
function suggest(
  problem: TestProblem,
  space: SearchSpace,
  trials: readonly Evaluated[],
  models: GaussianProcess[],
  rng: Rng,
): Float64Array {
  const X = matrixFromRows(trials.map(({ x }) => x));
  for (let k = 0; k < problem.objectives + problem.constraints; k++) {
    const y = Float64Array.from(trials, ({ observed }) => observed[k]!);
    const previous = models[k];
    models[k] = fitGaussianProcess(
      { inputs: space.inputs, X, y },
      previous === undefined ? {} : { warmStart: previous.hyperparameters, starts: 1, seed: trials.length },
    );
  }
  const objectives = models.slice(0, problem.objectives).map((model, k): ObjectiveTerm => {
    const threshold = problem.referenceMinimise?.[k];
    return { outcome: `y${k}`, goal: "minimize", model, ...(threshold !== undefined && { threshold }) };
  });
  const specifications = models.slice(problem.objectives).map((model, k): SpecificationTerm => {
    return { outcome: `c${k}`, min: 0, max: Infinity, model };
  });
  const acquisition = createAcquisition({
    objectives,
    specifications,
    data: X,
    pending: createMatrix(0, X.cols),
    noisy: problem.noiseStdDev > 0,
    draws: DRAWS,
    rng,
  });
  const set = createFeasibleSet(space, { fixed: {}, context: {} }, rng.fork("space"));
  const maximum = maximizeAcquisition(acquisition, set, {
    rng: rng.fork("search"),
    incumbents: bestSettings({ objectives, specifications, data: X, count: 3 }),
    exclude: (x) => trials.some((trial) => trial.x.every((value, j) => value === x[j])),
    lengthscales: shortest(models),
  });
  return maximum!.x;
}

function shortest(models: readonly GaussianProcess[]): Float64Array {
  return Float64Array.from(models[0]!.hyperparameters.lengthscales, (_, j) =>
    Math.min(...models.map((model) => model.hyperparameters.lengthscales[j]!)),
  );
}

/** Best feasible true value less the optimum, or the hypervolume that is still missing. */
function gapOf(problem: TestProblem, trials: readonly Evaluated[]): number {
  const feasible = trials.filter(({ truth }) => truth.c.every((c) => c >= 0)).map(({ truth }) => truth.y);
  if (problem.optimum !== null) return Math.min(...feasible.map((y) => y[0]!)) - problem.optimum;
  const utilities = matrixFromRows(
    feasible.map((y) => y.map((value) => -value)),
    problem.objectives,
  );
  return (
    problem.maxHypervolume! -
    hypervolume(
      utilities,
      Float64Array.from(problem.referenceMinimise!, (value) => -value),
    )
  );
}
