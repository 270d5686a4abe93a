import type { Table } from "./data/table.js";
import { CellwrightError } from "./errors.js";
import { matrixFromRows } from "./math/matrix.js";
import type { Parameter, Settings, SettingValue } from "./space/parameter.js";
import { type SearchSpace, createSearchSpace } from "./space/search-space.js";
import { fitSurrogateKind } from "./surrogates/fit-surrogate.js";
import type { MarginalPosterior, Surrogate, SurrogateKind } from "./surrogates/surrogate.js";

/** A table with the roles of its columns. */
export interface Dataset {
  readonly name: string;
  readonly table: Table;
  /** Columns that are settings or states, in order. */
  readonly inputs: readonly string[];
  /** Columns that were measured. */
  readonly outcomes: readonly string[];
}

export interface FitSurrogateOptions {
  readonly kind: SurrogateKind;
  /** Which outcome to learn; may be left out where the data set has just one. */
  readonly outcome?: string;
  /** Columns to learn from (default: the data set's parameters and context that vary). */
  readonly inputs?: readonly string[];
  /** Inputs that act by ratio, such as C-rates. */
  readonly logInputs?: readonly string[];
  readonly scale?: "auto" | "identity" | "log";
  readonly seed?: number;
}

/** A surrogate of one outcome that takes settings by name, in the data set's units. */
export interface FittedSurrogate {
  readonly outcome: string;
  readonly unit: string;
  readonly inputs: readonly string[];
  readonly surrogate: Surrogate;
  /** Latent mean and standard deviation, quantiles and probabilities at each point. */
  predict(points: readonly Settings[]): MarginalPosterior;
}

/**
 * Fits a surrogate of one outcome of a data set; rows with an empty input or outcome are left out.
 *
 * @throws CellwrightError INVALID_OPTION if a column is unknown or constant, or the outcome is not numeric;
 *   DATA_INVALID if no complete row is left.
 */
export async function fitSurrogate(dataset: Dataset, options: FitSurrogateOptions): Promise<FittedSurrogate> {
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
  const encode = (settings: Settings): Float64Array => space.encode(settings, {});
  const X = matrixFromRows(
    rows.map((row) =>
      encode(Object.fromEntries(inputs.map((name) => [name, valueAt(dataset.table, name, row)!]))),
    ),
  );
  const y = Float64Array.from(rows, (row) => Number(valueAt(dataset.table, outcome, row)));
  const surrogate = await Promise.resolve(
    fitSurrogateKind(
      options.kind,
      { inputs: space.inputs, X, y },
      { scale: options.scale ?? "auto", ...(options.seed === undefined ? {} : { seed: options.seed }) },
    ),
  );
  const column = dataset.table.columns.get(outcome)!;
  return {
    outcome,
    unit: column.kind === "number" ? column.unit : "",
    inputs,
    surrogate,
    predict: (points) => surrogate.predict(matrixFromRows(points.map(encode), inputs.length)),
  };
}

function chooseOutcome(dataset: Dataset, options: FitSurrogateOptions): string {
  const only = dataset.outcomes.length === 1 ? dataset.outcomes[0] : undefined;
  const outcome = options.outcome ?? only;
  if (outcome === undefined) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `outcome: say which of ${dataset.outcomes.join(", ")} to learn.`,
    );
  }
  if (dataset.table.columns.get(outcome)?.kind !== "number") {
    throw new CellwrightError(
      "INVALID_OPTION",
      `outcome: "${outcome}" is not a numeric column of ${dataset.name}.`,
    );
  }
  return outcome;
}

function chooseInputs(dataset: Dataset, options: FitSurrogateOptions, outcome: string): readonly string[] {
  const { columns } = dataset.table;
  const named = options.inputs ?? dataset.inputs.filter((name) => distinct(dataset.table, name) > 1);
  const unknown = named.filter((name) => !columns.has(name) || name === outcome);
  if (unknown.length > 0 || named.length === 0) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `inputs: found ${unknown.length === 0 ? "none" : unknown.join(", ")}, expected some of ${[...columns.keys()].filter((n) => n !== outcome).join(", ")}.`,
    );
  }
  return named;
}

function valueAt(table: Table, name: string, row: number): SettingValue | null {
  const column = table.columns.get(name)!;
  const value = column.values[row]!;
  return typeof value === "number" && Number.isNaN(value) ? null : value;
}

function completeRows(table: Table, names: readonly string[]): number[] {
  const rows: number[] = [];
  for (let row = 0; row < table.rowCount; row++) {
    if (names.every((name) => valueAt(table, name, row) !== null)) rows.push(row);
  }
  return rows;
}

function distinct(table: Table, name: string): number {
  const column = table.columns.get(name);
  if (column === undefined) return 0;
  const values = new Set<SettingValue>();
  for (let row = 0; row < table.rowCount; row++) {
    const value = valueAt(table, name, row);
    if (value !== null) values.add(value);
  }
  return values.size;
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
