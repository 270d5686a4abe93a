import { CellwrightError, type Problem } from "../errors.js";
import type { RadialKernelName } from "../kernels/kernel.js";
import { createProductKernel } from "../kernels/product-kernel.js";
import { radialKernels } from "../kernels/radial-kernels.js";
import { createMatrix } from "../math/matrix.js";
import { describeFidelity } from "./describe-multi-fidelity.js";
import { MOST_SETTINGS } from "./gaussian-process.js";
import { type MultiFidelityParts, multiFidelityRecord } from "./multi-fidelity-record.js";
import {
  defaultFidelityStart,
  type MultiFidelityHyperparameters,
  multiFidelityModel,
  searchMultiFidelity,
} from "./multi-fidelity-search.js";
import { stackStatistics } from "./multi-task-data.js";
import { runBlocks } from "./multi-task-leave-out.js";
import { isConstant, settingStatistics } from "./setting-statistics.js";
import { conditionOnStatistics, viewSite } from "./site-view.js";
import type { GaussianProcessSurrogate, OutcomeScale, SurrogateData } from "./surrogate.js";
import { arrangeRows } from "./training-rows.js";
import { createTransform, fitTransform } from "./transform.js";

export interface MultiFidelityOptions {
  /** Name of the continuous input that holds the fidelity: 1 is the outcome that counts, smaller values are earlier. */
  readonly fidelity?: string;
  readonly scale?: OutcomeScale;
  readonly kernel?: RadialKernelName;
  readonly signal?: AbortSignal;
}

/** A fitted model of an outcome whose early signals were measured too. */
export interface MultiFidelityGaussianProcess {
  /** Fidelities in the data, ascending. */
  readonly fidelities: readonly number[];
  readonly hyperparameters: MultiFidelityHyperparameters;
  /**
   * The outcome at one fidelity in [0, 1], trained or not, as a surrogate of the other inputs; 1 is the outcome that
   * counts.
   *
   * @throws CellwrightError INVALID_OPTION
   */
  at(fidelity: number): GaussianProcessSurrogate;
}

/**
 * Fits an outcome together with its early signals (multi-fidelity-coupling.ts), as cells mature.
 *
 * The model scale is learned from the mature runs where at least two settings have one, else from all. Early signals
 * may be shifted by any constant and have noise of their own. Leave-one-out leaves a cell out with all its fidelities.
 *
 * @throws CellwrightError SHAPE_MISMATCH, DATA_INVALID, INVALID_OPTION (no such input), TOO_MANY_ROWS, CANCELLED,
 *   NOT_POSITIVE_DEFINITE
 */
export function fitMultiFidelity(
  data: SurrogateData,
  options: MultiFidelityOptions = {},
): MultiFidelityGaussianProcess {
  const { scale = "auto", kernel = "matern-5/2", fidelity = "fidelity", signal } = options;
  const all = arrangeRows(data); // refuses rows that cannot be learned from, and has the scale of all
  const { fidelities, parts } = splitByFidelity(data, fidelity);
  const rows = parts.map((part) => arrangeRows(part));
  const mature = fidelities.indexOf(1);
  const basis = mature >= 0 && rows[mature]!.X.rows > 1 ? rows[mature]! : all;
  const transform = fitTransform(basis.y, basis.groupStart, scale);
  const statistics = { ...stackStatistics(rows.map((part) => settingStatistics(part, transform))) };
  const userLevels = rows.reduce((most, { levels }) => Math.max(most, levels), 1);
  statistics.levels = 2 * userLevels;
  statistics.noiseLevel = numberLevels(rows, fidelities, userLevels);
  if (!(statistics.X.rows <= MOST_SETTINGS)) throw tooMany(statistics.X.rows);
  const inputs = parts[0]!.inputs;
  const productKernel = createProductKernel(
    radialKernels[kernel],
    inputs.map(({ kind }) => kind),
  );
  const problem = { statistics, fidelities, kernel: productKernel };
  const hyperparameters = isConstant(statistics)
    ? defaultFidelityStart(problem, 1)
    : searchMultiFidelity(problem, signal);
  return assembleMultiFidelity({
    fidelity,
    fidelities,
    inputs,
    kernel,
    transform: transform.record,
    trainingRows: parts.map(({ y }) => y.length),
    levels: userLevels,
    hyperparameters,
    statistics,
  });
}

/** Builds the model from its parts, the same way after a fit and after loading. */
export function assembleMultiFidelity(parts: MultiFidelityParts): MultiFidelityGaussianProcess {
  const { hyperparameters, statistics, levels } = parts;
  const kernel = createProductKernel(
    radialKernels[parts.kernel],
    parts.inputs.map(({ kind }) => kind),
  );
  const transform = createTransform(parts.transform);
  return {
    fidelities: parts.fidelities,
    hyperparameters,
    at(fidelity) {
      requireFidelity(fidelity);
      const trained = parts.fidelities.indexOf(fidelity);
      const fidelities = trained >= 0 ? parts.fidelities : [...parts.fidelities, fidelity];
      const site = trained >= 0 ? trained : parts.fidelities.length;
      const posterior = conditionOnStatistics(
        multiFidelityModel(kernel, fidelities, hyperparameters),
        statistics,
      );
      const first = fidelity === 1 ? 0 : levels;
      return viewSite({
        kind: "multi-fidelity-gaussian-process",
        inputs: parts.inputs,
        posterior,
        site,
        transform,
        trainingRows: parts.trainingRows[trained] ?? 0,
        noiseVariance: hyperparameters.noiseVariance.slice(first, first + levels),
        block: runBlocks(statistics.X),
        describe: () => describeFidelity(parts, posterior, fidelity, transform),
        toJSON: () => multiFidelityRecord(parts, fidelity),
      });
    },
  };
}

/** Rows of each fidelity, ascending, without the fidelity's column. */
function splitByFidelity(
  data: SurrogateData,
  name: string,
): { fidelities: readonly number[]; parts: readonly SurrogateData[] } {
  const column = data.inputs.findIndex((input) => input.name === name && input.kind === "continuous");
  if (column < 0) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `A multi-fidelity model needs a continuous input that says how mature a row is: found no "${name}".`,
    );
  }
  const { rows, cols } = data.X;
  const of = (i: number): number => data.X.data[i * cols + column]! + 0;
  const all = Array.from({ length: rows }, (_, i) => i);
  const problems = all
    .filter((i) => !(of(i) >= 0 && of(i) <= 1))
    .map(
      (i): Problem => ({
        where: `row ${i}, input ${name}`,
        found: `${of(i)}`,
        expected: "a fidelity from 0 to 1, where 1 is the outcome that counts",
      }),
    );
  if (problems.length > 0) {
    throw new CellwrightError("DATA_INVALID", "Some fidelities make no sense.", {
      problems: problems.slice(0, 100),
    });
  }
  const fidelities = [...new Set(all.map(of))].sort((a, b) => a - b);
  return {
    fidelities,
    parts: fidelities.map((s) =>
      withoutColumn(
        data,
        column,
        all.filter((i) => of(i) === s),
      ),
    ),
  };
}

function withoutColumn(data: SurrogateData, column: number, rows: readonly number[]): SurrogateData {
  const { cols } = data.X;
  const X = createMatrix(rows.length, cols - 1);
  rows.forEach((i, r) => {
    for (let k = 0, c = 0; k < cols; k++) {
      if (k !== column) X.data[r * (cols - 1) + c++] = data.X.data[i * cols + k]!;
    }
  });
  const { knownNoiseVariance, noiseLevel } = data;
  return {
    inputs: data.inputs.filter((_, k) => k !== column),
    X,
    y: Float64Array.from(rows, (i) => data.y[i]!),
    ...(knownNoiseVariance && {
      knownNoiseVariance: Float64Array.from(rows, (i) => knownNoiseVariance[i]!),
    }),
    ...(noiseLevel && { noiseLevel: Int32Array.from(rows, (i) => noiseLevel[i]!) }),
  };
}

/** Levels of mature rows come first, those of early rows after them. */
function numberLevels(
  rows: readonly ReturnType<typeof arrangeRows>[],
  fidelities: readonly number[],
  userLevels: number,
): Int32Array {
  return Int32Array.from(
    rows.flatMap(({ noiseLevel }, s) =>
      Array.from(noiseLevel, (level) => (fidelities[s] === 1 ? level : userLevels + level)),
    ),
  );
}

function requireFidelity(fidelity: number): void {
  if (fidelity >= 0 && fidelity <= 1) return;
  throw new CellwrightError("INVALID_OPTION", `A fidelity lies between 0 and 1, found ${fidelity}.`);
}

function tooMany(settings: number): CellwrightError {
  return new CellwrightError(
    "TOO_MANY_ROWS",
    `A multi-fidelity Gaussian process takes up to ${MOST_SETTINGS} settings, found ${settings}: use fewer rows.`,
    { details: { settings, most: MOST_SETTINGS } },
  );
}
