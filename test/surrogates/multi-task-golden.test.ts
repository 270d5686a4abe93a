import { describe, expect, it } from "vitest";
import { taskCovariance, taskCovarianceGradient } from "../../src/kernels/coregionalization.js";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { type Matrix, matrixFromRows } from "../../src/math/matrix.js";
import { fidelityCouplings, fidelityGradient } from "../../src/surrogates/multi-fidelity-coupling.js";
import { multiFidelityModel } from "../../src/surrogates/multi-fidelity-search.js";
import { leaveBlocksOut, singleBlocks } from "../../src/surrogates/multi-task-leave-out.js";
import { coregionalizedLikelihood } from "../../src/surrogates/multi-task-likelihood.js";
import type { CoregionalizedModel, SiteStatistics } from "../../src/surrogates/multi-task-model.js";
import { jointAtSites } from "../../src/surrogates/multi-task-posterior.js";
import { multiTaskModel } from "../../src/surrogates/multi-task-search.js";
import { conditionOnStatistics } from "../../src/surrogates/site-view.js";
import { readGolden } from "./read-golden.js";

// Both sides factorise the same well-conditioned matrices in double precision: 1e-8 leaves room for cond(A)·n·ε.
const DIGITS = 8;

interface Posterior {
  readonly test: number[][];
  readonly posteriorMean: number[];
  readonly posteriorCovariance: number[][];
}

interface Task extends Posterior {
  readonly name: string;
  readonly X: number[][];
  readonly lengthscales: number[];
  readonly loadings: number[][];
  readonly specific: number[];
  readonly noiseVariance: number[];
  readonly logMarginalLikelihood: number;
  readonly gradient: Record<"lengthscales" | "loadings" | "specific", number[]> & {
    readonly noiseVariance?: number[];
  };
}

interface Hadamard extends Task {
  readonly kernel: "matern-5/2" | "rbf";
  readonly task: number[];
  readonly y: number[];
  readonly testTask: number[];
  readonly leaveOneOut: Record<"mean" | "latentVariance" | "logDensity", number[]>;
}

interface Complete extends Task {
  readonly Y: number[][];
}

interface Fidelity extends Posterior {
  readonly X: number[][];
  readonly fidelity: number[];
  readonly y: number[];
  readonly lengthscales: number[];
  readonly discrepancyLengthscales: number[];
  readonly logMarginalLikelihood: number;
  readonly gradient: Record<string, number | number[]>;
}

const tasks = readGolden("multi-task.gpytorch-1.15.2.json") as { hadamard: Hadamard[]; complete: Complete[] };
const fidelities = readGolden("multi-task-fidelity.botorch-0.18.1.json") as {
  truncated: Fidelity & { noiseVariance: number };
  autoregressive: Fidelity & {
    noiseVariance: number[];
    coupling: Record<"signalVariance" | "carriedShare" | "discrepancyVariance", number>;
    testFidelity: number[];
  };
};

function close(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, DIGITS));
}

function singleRows(X: number[][], y: number[], site: number[], noiseLevel: number[]): SiteStatistics {
  const n = y.length;
  return {
    X: matrixFromRows(X),
    mean: Float64Array.from(y),
    count: new Float64Array(n).fill(1),
    scatter: new Float64Array(n),
    knownVariance: new Float64Array(n),
    noiseLevel: Int32Array.from(noiseLevel),
    levels: Math.max(...noiseLevel) + 1,
    site: Int32Array.from(site),
  };
}

const product = (name: "matern-5/2" | "rbf", d: number): ReturnType<typeof createProductKernel> =>
  createProductKernel(radialKernels[name], new Array<"continuous">(d).fill("continuous"));

function checkTask(
  golden: Task,
  statistics: SiteStatistics,
  kernel: "matern-5/2" | "rbf",
): CoregionalizedModel {
  const coregionalization = {
    loadings: matrixFromRows(golden.loadings),
    specific: Float64Array.from(golden.specific),
  };
  const model = multiTaskModel(product(kernel, golden.lengthscales.length), null, {
    lengthscales: Float64Array.from(golden.lengthscales),
    coregionalization,
    noiseVariance: Float64Array.from(golden.noiseVariance),
  });
  const likelihood = coregionalizedLikelihood(statistics, model)!;
  expect(likelihood.value).toBeCloseTo(golden.logMarginalLikelihood, DIGITS);
  const { gradient } = likelihood;
  close(gradient.lengthscales[0]!, golden.gradient.lengthscales);
  const parts = taskCovarianceGradient(coregionalization, gradient.couplings[0]!);
  close(parts.loadings.data, golden.gradient.loadings);
  close(
    parts.specific.map((slope, t) => slope * golden.specific[t]!),
    golden.gradient.specific,
  );
  if (golden.gradient.noiseVariance) close(gradient.noiseVariance, golden.gradient.noiseVariance);
  return model;
}

function checkPosterior(
  golden: Posterior,
  model: CoregionalizedModel,
  statistics: SiteStatistics,
  points: Matrix,
  sites: readonly number[],
): void {
  const { conditioned, alpha } = conditionOnStatistics(model, statistics);
  const { mean, covariance } = jointAtSites(conditioned, alpha, points, Int32Array.from(sites));
  close(mean, golden.posteriorMean);
  close(covariance.data, golden.posteriorCovariance.flat());
}

describe("intrinsic coregionalisation agrees with GPyTorch", () => {
  it.each(tasks.hadamard)("IndexKernel with one task a row: $name", (golden) => {
    const statistics = singleRows(golden.X, golden.y, golden.task, golden.task);
    const model = checkTask(golden, statistics, golden.kernel);
    checkPosterior(golden, model, statistics, matrixFromRows(golden.test), golden.testTask);
    const { conditioned } = conditionOnStatistics(model, statistics);
    const left = leaveBlocksOut(conditioned, statistics.mean, singleBlocks(golden.y.length));
    close(left.mean, golden.leaveOneOut.mean);
    close(left.latentVariance, golden.leaveOneOut.latentVariance);
    close(left.logDensity, golden.leaveOneOut.logDensity);
  });

  it.each(tasks.complete)("with all tasks in every run: $name", (golden) => {
    const T = golden.specific.length;
    const all = Array.from({ length: T }, (_, t) => t);
    const site = all.flatMap((t) => golden.X.map(() => t));
    const statistics = singleRows(
      all.flatMap(() => golden.X),
      all.flatMap((t) => golden.Y.map((row) => row[t]!)),
      site,
      site,
    );
    const model = checkTask(golden, statistics, "matern-5/2");
    const points = matrixFromRows(golden.test.flatMap((row) => all.map(() => row)));
    checkPosterior(
      golden,
      model,
      statistics,
      points,
      golden.test.flatMap(() => all),
    );
  });

  it("has the covariance between tasks that W and κ say", () => {
    const golden = tasks.hadamard[1]!;
    const B = taskCovariance({
      loadings: matrixFromRows(golden.loadings),
      specific: Float64Array.from(golden.specific),
    });
    const [w0, w1] = [golden.loadings[0]!, golden.loadings[1]!];
    expect(B.data[1]).toBeCloseTo(w0[0]! * w1[0]! + w0[1]! * w1[1]!, 14);
    expect(B.data[0]).toBeCloseTo(w0[0]! ** 2 + w0[1]! ** 2 + golden.specific[0]!, 14);
  });
});

describe("multi-fidelity covariances agree with the peers", () => {
  const sitesOf = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

  it("is BoTorch's linear-truncated kernel with power 1 where early runs carry the whole outcome", () => {
    const golden = fidelities.truncated;
    const known = sitesOf([...golden.fidelity, ...golden.test.map((row) => row[2]!)]);
    const { shared, discrepancy } = fidelityCouplings(
      { signalVariance: 1, carriedShare: 1, discrepancyVariance: 1 },
      known,
    );
    const kernel = product("matern-5/2", 2);
    const model: CoregionalizedModel = {
      terms: [
        { kernel, lengthscales: Float64Array.from(golden.lengthscales), coupling: shared },
        { kernel, lengthscales: Float64Array.from(golden.discrepancyLengthscales), coupling: discrepancy },
      ],
      offset: null,
      noiseVariance: Float64Array.of(golden.noiseVariance),
    };
    const site = golden.fidelity.map((s) => known.indexOf(s));
    const statistics = singleRows(
      golden.X,
      golden.y,
      site,
      site.map(() => 0),
    );
    const { value, gradient } = coregionalizedLikelihood(statistics, model)!;
    expect(value).toBeCloseTo(golden.logMarginalLikelihood, DIGITS);
    close(gradient.lengthscales[0]!, golden.gradient["lengthscales"] as number[]);
    close(gradient.lengthscales[1]!, golden.gradient["discrepancyLengthscales"] as number[]);
    const points = matrixFromRows(golden.test.map((row) => row.slice(0, 2)));
    checkPosterior(
      golden,
      model,
      statistics,
      points,
      golden.test.map((row) => known.indexOf(row[2]!)),
    );
  });

  it("is the autoregression with a shift where the share is free, with its gradient", () => {
    const golden = fidelities.autoregressive;
    const known = sitesOf([...golden.fidelity, ...golden.testFidelity]);
    const model = multiFidelityModel(product("matern-5/2", 2), known, {
      lengthscales: Float64Array.from(golden.lengthscales),
      discrepancyLengthscales: Float64Array.from(golden.discrepancyLengthscales),
      coupling: golden.coupling,
      noiseVariance: Float64Array.from(golden.noiseVariance),
    });
    const site = golden.fidelity.map((s) => known.indexOf(s));
    const statistics = singleRows(
      golden.X,
      golden.y,
      site,
      golden.fidelity.map((s) => (s < 1 ? 1 : 0)),
    );
    const { value, gradient } = coregionalizedLikelihood(statistics, model)!;
    expect(value).toBeCloseTo(golden.logMarginalLikelihood, DIGITS);
    close(gradient.lengthscales[0]!, golden.gradient["lengthscales"] as number[]);
    close(gradient.lengthscales[1]!, golden.gradient["discrepancyLengthscales"] as number[]);
    close(gradient.noiseVariance, golden.gradient["noiseVariance"] as number[]);
    const slopes = fidelityGradient(golden.coupling, known, gradient.couplings[0]!, gradient.couplings[1]!);
    for (const name of ["signalVariance", "carriedShare", "discrepancyVariance"] as const) {
      expect(slopes[name]).toBeCloseTo(golden.gradient[name] as number, DIGITS);
    }
    const sites = golden.testFidelity.map((s) => known.indexOf(s));
    checkPosterior(golden, model, statistics, matrixFromRows(golden.test), sites);
  });
});
