import { chooseInputs, chooseOutcome, completeRows, type Dataset, valueAt } from "./data/dataset.js";
import type { Table } from "./data/table.js";
import { CellwrightError } from "./errors.js";
import { type Matrix, matrixFromRows, matrixRow } from "./math/matrix.js";
import { createRng } from "./math/rng.js";
import { prepareKernels } from "./math/wasm/kernels.js";
import type { Parameter, Settings } from "./space/parameter.js";
import { type SearchSpace, createSearchSpace } from "./space/search-space.js";
import { fitSurrogateKind } from "./surrogates/fit-surrogate.js";
import type { ConditionedProcess } from "./surrogates/gaussian-process-model.js";
import type { MonotoneDirection } from "./surrogates/monotone.js";
import { fitMultiTask } from "./surrogates/multi-task.js";
import { fitWithSources, type SourceVerdict } from "./surrogates/multi-task-transfer.js";
import type { MarginalPosterior, Surrogate, SurrogateData, SurrogateKind } from "./surrogates/surrogate.js";

/** Options of fits of one outcome and of several. */
interface DatasetOptions {
  /** Which outcome to learn; may be left out where the data set has just one. */
  readonly outcome?: string;
  /** Columns to learn from (default: the data set's parameters and context that vary). */
  readonly inputs?: readonly string[];
  /** Inputs that act by ratio, such as C-rates. */
  readonly logInputs?: readonly string[];
  readonly scale?: "auto" | "identity" | "log";
  readonly seed?: number;
}

export interface FitSurrogateOptions extends DatasetOptions {
  readonly kind: SurrogateKind;
  /** The remaining options are for kind gaussian-process. Its kernel over continuous inputs; default Matérn 5/2. */
  readonly kernel?: "matern-1/2" | "matern-3/2" | "matern-5/2" | "rbf";
  /** Whether continuous inputs are bent by a fitted Kumaraswamy warp; default false. */
  readonly inputWarp?: boolean;
  /** An estimated constant, or a trend linear in the continuous inputs; default: the preset's mean. */
  readonly mean?: "constant" | "linear";
  /** How continuous and categorical inputs act together; default `product`. */
  readonly structure?: "product" | "sum" | "sum-and-product";
  /**
   * How the hyperparameters are found: their most probable values (default), draws (`nuts`), or `auto`: draws only where
   * exact leave-one-out log density gains more than two standard errors. A drawn surrogate is of kind
   * bayesian-gaussian-process and says so in `describe()`.
   */
  readonly inference?: "map" | "nuts" | "auto";
  /** Whether outliers count less; `surrogate.outliers` names their rows among those that are complete. */
  readonly robust?: boolean;
  /** `input-dependent`: the noise may depend on the settings, where that pays. */
  readonly noise?: "constant" | "input-dependent";
  /** Numeric inputs along which the outcome never falls, or never rises. */
  readonly monotone?: readonly MonotoneDirection[];
}

/** A surrogate of one outcome that takes settings by name, in the data set's units. */
export interface FittedSurrogate {
  readonly outcome: string;
  readonly unit: string;
  readonly inputs: readonly string[];
  readonly surrogate: Surrogate;
  /** Latent mean and standard deviation, quantiles and probabilities at each point. */
  predict(points: readonly Settings[]): MarginalPosterior;
  /**
   * The latent outcome drawn jointly at the points, quasi-randomly: `count` rows of one value per point, raw units.
   *
   * @throws CellwrightError INVALID_OPTION if the kind of surrogate has no joint posterior
   */
  samples(points: readonly Settings[], options: SampleOptions): Float64Array[];
  /**
   * Functions drawn from the posterior: each takes settings and gives the latent outcome in raw units.
   *
   * @throws CellwrightError INVALID_OPTION unless the kind is gaussian-process
   */
  sampleFunctions(options: SampleOptions): ((settings: Settings) => number)[];
  /**
   * Predictions as if these results were known too; nothing is fitted again.
   *
   * @throws CellwrightError INVALID_OPTION unless the kind is gaussian-process; DATA_INVALID
   */
  given(
    results: readonly GivenResult[],
  ): Pick<FittedSurrogate, "predict" | "samples" | "sampleFunctions" | "given">;
}

export interface SampleOptions {
  readonly count: number;
  /** Default 1: the same seed gives the same samples. */
  readonly seed?: number;
}

/** A result, measured or imagined. */
export interface GivenResult {
  readonly settings: Settings;
  /** Raw units. */
  readonly outcome: number;
}

/**
 * Fits a surrogate of one outcome of a data set; rows with an empty input or outcome are left out.
 *
 * @throws CellwrightError INVALID_OPTION if a column is unknown or constant, the outcome is not numeric, or options do not
 *   fit the kind or the inputs; DATA_INVALID if no complete row is left.
 */
export async function fitSurrogate(dataset: Dataset, options: FitSurrogateOptions): Promise<FittedSurrogate> {
  await prepareKernels();
  const outcome = chooseOutcome(dataset, options);
  const inputs = chooseInputs(dataset, options, outcome);
  const rows = completeRows(dataset.table, [...inputs, outcome]);
  if (rows.length === 0) {
    throw new CellwrightError(
      "DATA_INVALID",
      `${dataset.name}: no row has ${outcome} and all of ${inputs.join(", ")}.`,
    );
  }
  const space = spaceOf(dataset.table, inputs, rows, new Set(options.logInputs));
  const data = encodeRows(dataset.table, space, inputs, outcome, rows);
  const surrogate = await Promise.resolve(
    fitSurrogateKind(options.kind, data, {
      scale: options.scale ?? "auto",
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...shapeOf(options),
      ...(options.inference === undefined ? {} : { inference: options.inference }),
      ...(options.robust === undefined ? {} : { robust: options.robust }),
      ...(options.noise === undefined ? {} : { noise: options.noise }),
      ...(options.monotone === undefined ? {} : { monotone: options.monotone }),
    }),
  );
  return named(dataset, space, inputs, outcome, surrogate);
}

/** @throws CellwrightError INVALID_OPTION where another kind would not look at these options */
function shapeOf({
  kind,
  kernel,
  inputWarp,
  mean,
  structure,
}: FitSurrogateOptions): Pick<FitSurrogateOptions, "kernel" | "inputWarp" | "mean" | "structure"> {
  const shape = {
    ...(kernel !== undefined && { kernel }),
    ...(inputWarp !== undefined && { inputWarp }),
    ...(mean !== undefined && { mean }),
    ...(structure !== undefined && { structure }),
  };
  const given = Object.keys(shape);
  if (kind === "gaussian-process" || given.length === 0) return shape;
  throw new CellwrightError(
    "INVALID_OPTION",
    `${given.join(", ")}: for kind gaussian-process, found kind ${kind}.`,
  );
}

export interface JointOptions extends Omit<DatasetOptions, "outcome"> {
  /** Which outcomes (default: all of the data set that are numbers). */
  readonly outcomes?: readonly string[];
}

/** Several outcomes learned jointly. */
export interface JointSurrogates {
  /** One per outcome, in the order asked for. */
  readonly surrogates: readonly FittedSurrogate[];
  /** Prior correlations between the latent outcomes, in the same order. */
  readonly correlations: readonly (readonly number[])[];
}

/**
 * Fits outcomes of a data set jointly, so that each may learn from the others; cells may be empty.
 *
 * @throws CellwrightError as `fitSurrogate`; DATA_INVALID if an outcome has no complete row
 */
export async function fitSurrogatesJointly(
  dataset: Dataset,
  options: JointOptions = {},
): Promise<JointSurrogates> {
  await prepareKernels();
  const { table } = dataset;
  const numeric = dataset.outcomes.filter((name) => table.columns.get(name)?.kind === "number");
  const outcomes = (options.outcomes ?? numeric).map((outcome) => chooseOutcome(dataset, { outcome }));
  const inputs = chooseInputs(dataset, options, ...outcomes);
  const rows = completeRows(table, inputs);
  const space = spaceOf(table, inputs, rows, new Set(options.logInputs));
  const tasks = outcomes.map((name) => ({
    name,
    data: encodeRows(table, space, inputs, name, completeRows(table, [...inputs, name])),
    scale: options.scale ?? "auto",
  }));
  const model = await Promise.resolve(fitMultiTask({ outcomes: tasks }, { seed: options.seed ?? 0 }));
  return {
    surrogates: outcomes.map((name) => named(dataset, space, inputs, name, model.task(name))),
    correlations: outcomes.map((_, t) => [
      ...model.correlation.data.slice(t * outcomes.length, (t + 1) * outcomes.length),
    ]),
  };
}

export interface SourceOptions extends DatasetOptions {
  /** Column that says where a row comes from: line, material, campaign. */
  readonly source: string;
  /** The source to predict for; the others teach it where they help. */
  readonly target: string;
}

/**
 * Fits one source's outcome with the help of those other sources that improve its left-out log density.
 *
 * @throws CellwrightError as `fitSurrogate`; INVALID_OPTION if the target does not occur in the column
 */
export async function fitSurrogateWithSources(
  dataset: Dataset,
  options: SourceOptions,
): Promise<FittedSurrogate & { readonly verdicts: readonly SourceVerdict[] }> {
  await prepareKernels();
  const { source, target } = options;
  const outcome = chooseOutcome(dataset, options);
  const inputs = chooseInputs(dataset, options, outcome, source);
  const { table } = dataset;
  const rows = completeRows(table, [...inputs, outcome, source]);
  const sourceOf = (row: number): string => String(valueAt(table, source, row));
  const names = [...new Set(rows.map(sourceOf))].sort();
  if (!names.includes(target)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `target: found "${target}", expected one of ${names.join(", ") || "the values of an existing column"}.`,
    );
  }
  const space = spaceOf(table, inputs, rows, new Set(options.logInputs));
  const taskOf = (
    name: string,
  ): { name: string; data: SurrogateData; scale: "auto" | "identity" | "log" } => ({
    name,
    data: encodeRows(
      table,
      space,
      inputs,
      outcome,
      rows.filter((row) => sourceOf(row) === name),
    ),
    scale: options.scale ?? "auto",
  });
  const others = names.filter((name) => name !== target).map(taskOf);
  const { surrogate, verdicts } = await Promise.resolve(
    fitWithSources(taskOf(target), others, { seed: options.seed ?? 0 }),
  );
  return { ...named(dataset, space, inputs, outcome, surrogate), verdicts };
}

/** A surrogate that takes settings by name. */
function named(
  dataset: Dataset,
  space: SearchSpace,
  inputs: readonly string[],
  outcome: string,
  surrogate: Surrogate,
): FittedSurrogate {
  const column = dataset.table.columns.get(outcome)!;
  return {
    outcome,
    unit: column.kind === "number" ? column.unit : "",
    inputs,
    surrogate,
    ...questionsTo(surrogate, (points) =>
      matrixFromRows(
        points.map((settings) => space.encode(settings, {})),
        inputs.length,
      ),
    ),
  };
}

type Questions = ReturnType<FittedSurrogate["given"]>;

/** What can be asked of a posterior, by settings. */
function questionsTo(
  posterior: Pick<Surrogate, "predict" | "samples">,
  encode: (points: readonly Settings[]) => Matrix,
): Questions {
  return {
    predict: (points) => posterior.predict(encode(points)),
    samples(points, { count, seed = 1 }) {
      if (posterior.samples === undefined) throw notOfThisKind("samples", "a Gaussian process of any kind");
      const drawn = posterior.samples(encode(points), count, createRng(seed));
      return Array.from({ length: count }, (_, s) => matrixRow(drawn, s));
    },
    sampleFunctions({ count, seed = 1 }) {
      if (!isConditioned(posterior) || posterior.samplePaths === undefined)
        throw notOfThisKind("sampleFunctions", "kind gaussian-process");
      const { modelScale } = posterior;
      return posterior
        .samplePaths(count, createRng(seed))
        .map((path) => (settings) => modelScale.toRaw(path.value(matrixRow(encode([settings]), 0))));
    },
    given(results) {
      if (!isConditioned(posterior)) throw notOfThisKind("given", "kind gaussian-process");
      const X = encode(results.map(({ settings }) => settings));
      const y = Float64Array.from(results, ({ outcome }) => outcome);
      return questionsTo(posterior.withObservations({ X, y }), encode);
    },
  };
}

function isConditioned(posterior: Pick<Surrogate, "predict">): posterior is ConditionedProcess {
  return "withObservations" in posterior;
}

function notOfThisKind(ability: string, expected: string): CellwrightError {
  return new CellwrightError("INVALID_OPTION", `${ability} needs ${expected}.`);
}

/** The rows of one outcome as a surrogate learns them. */
function encodeRows(
  table: Table,
  space: SearchSpace,
  inputs: readonly string[],
  outcome: string,
  rows: readonly number[],
): SurrogateData {
  const X = matrixFromRows(
    rows.map((row) =>
      space.encode(Object.fromEntries(inputs.map((name) => [name, valueAt(table, name, row)!])), {}),
    ),
    inputs.length,
  );
  return {
    inputs: space.inputs,
    X,
    y: Float64Array.from(rows, (row) => Number(valueAt(table, outcome, row))),
  };
}

function spaceOf(
  table: Table,
  inputs: readonly string[],
  rows: readonly number[],
  log: ReadonlySet<string>,
): SearchSpace {
  const parameters = inputs.map((name): Parameter => {
    const column = table.columns.get(name)!;
    const values = rows.map((row) => valueAt(table, name, row)!);
    if (column.kind === "text") {
      return { kind: "categorical", name, unit: "1", choices: [...new Set(values.map(String))].sort() };
    }
    const [min, max] = [Math.min(...values.map(Number)), Math.max(...values.map(Number))];
    if (!(min < max))
      throw new CellwrightError("INVALID_OPTION", `inputs: ${name} is ${min} in every row; leave it out.`);
    return { kind: "continuous", name, unit: column.unit, min, max, scale: log.has(name) ? "log" : "linear" };
  });
  return createSearchSpace({ parameters, context: [], constraints: [] });
}
