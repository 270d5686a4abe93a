import { type Matrix, matrixRow, selectRows } from "../math/matrix.js";
import { dotAt } from "../math/row-products.js";
import { sampleJointly } from "./joint-samples.js";
import { drawAtSite } from "./multi-task-draws.js";
import { leaveBlocksOut } from "./multi-task-leave-out.js";
import { type CoregionalizedModel, rowNoise, type SiteStatistics } from "./multi-task-model.js";
import { conditionSites, type ConditionedSites, jointAtSites } from "./multi-task-posterior.js";
import type {
  GaussianLatent,
  GaussianProcessSurrogate,
  InputDimension,
  MarginalPosterior,
  PredictOptions,
  SurrogateKind,
  SurrogateRecord,
} from "./surrogate.js";
import type { OutcomeTransform } from "./transform.js";
import { checkPrediction, warpedPosterior } from "./warped-posterior.js";

/** A coregionalised process given its data. */
export interface SitesPosterior {
  readonly model: CoregionalizedModel;
  readonly statistics: SiteStatistics;
  readonly conditioned: ConditionedSites;
  /** A⁻¹z, [g]. */
  readonly alpha: Float64Array;
}

/** @throws CellwrightError NOT_POSITIVE_DEFINITE */
export function conditionOnStatistics(
  model: CoregionalizedModel,
  statistics: SiteStatistics,
): SitesPosterior {
  const noise = rowNoise(statistics, model.noiseVariance).map((tau, g) => tau / statistics.count[g]!);
  const conditioned = conditionSites(model, { X: statistics.X, site: statistics.site, noise });
  return { model, statistics, conditioned, alpha: conditioned.solve(statistics.mean) };
}

/** What makes one site of a joint model a surrogate of its own. */
export interface SiteView {
  readonly kind: SurrogateKind;
  readonly inputs: readonly InputDimension[];
  readonly posterior: SitesPosterior;
  readonly site: number;
  readonly transform: OutcomeTransform;
  /** Rows of this site before replicates were merged. */
  readonly trainingRows: number;
  /** Inferred noise variance of this site's levels. */
  readonly noiseVariance: Float64Array;
  /** Settings that leave-one-out leaves out together carry equal labels, [g]. */
  readonly block: Int32Array;
  describe(): Readonly<Record<string, number | string>>;
  toJSON(): SurrogateRecord;
}

/** One site of a joint model behind the interface that every surrogate has. */
export function viewSite(view: SiteView): GaussianProcessSurrogate {
  const { posterior, site, transform } = view;
  const { conditioned, alpha, statistics, model } = posterior;
  const own = Array.from(statistics.site, (_, g) => g).filter((g) => statistics.site[g] === site);
  const joint: GaussianLatent["joint"] = (points) =>
    jointAtSites(conditioned, alpha, points, new Int32Array(points.rows).fill(site));
  const sampled = { inputs: view.inputs, modelScale: transform, components: [joint] };
  return {
    kind: view.kind,
    inputs: view.inputs,
    trainingRows: view.trainingRows,
    modelScale: transform,
    trainingInputs: selectRows(statistics.X, own),
    noiseVariance: view.noiseVariance,
    predict: (points, options = {}) => predict(view, points, options),
    latentAt: (x) => latentAt(posterior, site, x),
    joint,
    samples: (points, count, rng, scale) => sampleJointly(sampled, points, count, rng, scale),
    draw: (basePoints, normals) => drawAtSite(model, conditioned, statistics.mean, site, basePoints, normals),
    leaveOneOut: () => rawLeaveOneOut(view, own),
    describe: () => view.describe(),
    toJSON: () => view.toJSON(),
  };
}

function predict(view: SiteView, points: Matrix, options: PredictOptions): MarginalPosterior {
  const { noiseVariance, inputs, posterior, site, transform } = view;
  checkPrediction(inputs, noiseVariance.length, points, options);
  const m = points.rows;
  const { conditioned, alpha } = posterior;
  const whitened = new Float64Array(alpha.length);
  const marginals = {
    mean: new Float64Array(m),
    latentVariance: new Float64Array(m),
    noiseVariance: new Float64Array(m),
  };
  for (let i = 0; i < m; i++) {
    conditioned.load(matrixRow(points, i), site);
    conditioned.whiten(whitened);
    marginals.mean[i] = dotAt(conditioned.covariance, 0, alpha, 0, alpha.length);
    marginals.latentVariance[i] = conditioned.variance(whitened);
    marginals.noiseVariance[i] = noiseVariance[options.noiseLevel?.[i] ?? 0]!;
  }
  return warpedPosterior(marginals, transform, options.knownNoiseVariance ?? 0);
}

function latentAt(
  { conditioned, alpha }: SitesPosterior,
  site: number,
  x: Float64Array,
): ReturnType<GaussianLatent["latentAt"]> {
  const n = alpha.length;
  const whitened = new Float64Array(n);
  const solved = new Float64Array(n);
  const derivative = new Float64Array(n);
  const meanGradient = new Float64Array(conditioned.dimension);
  const varianceGradient = new Float64Array(conditioned.dimension);
  conditioned.load(x, site);
  conditioned.whiten(whitened);
  conditioned.unwhiten(whitened, solved);
  for (let k = 0; k < conditioned.dimension; k++) {
    conditioned.covarianceDerivative(k, derivative);
    meanGradient[k] = dotAt(derivative, 0, alpha, 0, n);
    varianceGradient[k] = 0 - 2 * dotAt(derivative, 0, solved, 0, n);
  }
  return {
    mean: dotAt(conditioned.covariance, 0, alpha, 0, n),
    variance: conditioned.variance(whitened),
    meanGradient,
    varianceGradient,
  };
}

/** Latent mean and standard deviation in raw units; density of the setting's (back-transformed) mean outcome. */
function rawLeaveOneOut(
  { posterior, block, transform }: SiteView,
  own: readonly number[],
): ReturnType<GaussianLatent["leaveOneOut"]> {
  const { conditioned, statistics } = posterior;
  const model = leaveBlocksOut(conditioned, statistics.mean, block);
  const moments = own.map((g) => transform.rawMoments(model.mean[g]!, Math.sqrt(model.latentVariance[g]!)));
  return {
    mean: Float64Array.from(moments, ({ mean }) => mean),
    stdDev: Float64Array.from(moments, ({ stdDev }) => stdDev),
    logDensity: Float64Array.from(
      own,
      (g) => model.logDensity[g]! + transform.logSlope(transform.toRaw(statistics.mean[g]!)),
    ),
  };
}
