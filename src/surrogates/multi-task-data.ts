import { CellwrightError, type Problem } from "../errors.js";
import { createMatrix } from "../math/matrix.js";
import type { SiteStatistics } from "./multi-task-model.js";
import { settingStatistics, type SettingStatistics } from "./setting-statistics.js";
import type { InputDimension, OutcomeScale, SurrogateData } from "./surrogate.js";
import { arrangeRows, type TrainingRows } from "./training-rows.js";
import { fitTransform, type OutcomeTransform } from "./transform.js";

/** One task: an outcome of a campaign, or one outcome as one source (line, material, earlier campaign) measured it. */
export interface TaskData {
  readonly name: string;
  /** Rows of this task alone: tasks need not share settings, and cells may be missing. */
  readonly data: SurrogateData;
  readonly scale?: OutcomeScale;
}

/** All tasks on their model scales, one after another in the order given. */
export interface StackedTasks {
  readonly names: readonly string[];
  readonly inputs: readonly InputDimension[];
  readonly transforms: readonly OutcomeTransform[];
  /** Rows of each task before replicates were merged, [T]. */
  readonly trainingRows: readonly number[];
  /** Noise levels of each task, [T]. */
  readonly levels: readonly number[];
  /** Sites are tasks. */
  readonly statistics: SiteStatistics;
}

/**
 * Brings every task to its model scale and stacks the settings.
 *
 * @param transforms - `each`: outcomes with units of their own; `pooled`: one transform learned from the rows of all.
 * @throws CellwrightError SHAPE_MISMATCH, INVALID_OPTION (no task, names used twice), DATA_INVALID (every problem of
 *   every task)
 */
export function stackTasks(tasks: readonly TaskData[], transforms: "each" | "pooled"): StackedTasks {
  checkTasks(tasks);
  const rows = arrangeAll(tasks);
  const pooled = transforms === "pooled" ? pooledTransform(rows, tasks[0]!.scale ?? "auto") : null;
  const fitted = rows.map(
    ({ y, groupStart }, t) => pooled ?? fitTransform(y, groupStart, tasks[t]!.scale ?? "auto"),
  );
  return {
    names: tasks.map(({ name }) => name),
    inputs: tasks[0]!.data.inputs,
    transforms: fitted,
    trainingRows: tasks.map(({ data }) => data.y.length),
    levels: rows.map(({ levels }) => levels),
    statistics: stackStatistics(rows.map((taskRows, t) => settingStatistics(taskRows, fitted[t]!))),
  };
}

/** Settings of several sites below one another; noise levels numbered on. */
export function stackStatistics(parts: readonly SettingStatistics[]): SiteStatistics {
  const total = parts.reduce((sum, { X }) => sum + X.rows, 0);
  const d = parts[0]!.X.cols;
  const stacked = {
    X: createMatrix(total, d),
    mean: new Float64Array(total),
    count: new Float64Array(total),
    scatter: new Float64Array(total),
    knownVariance: new Float64Array(total),
    noiseLevel: new Int32Array(total),
    site: new Int32Array(total),
    levels: parts.reduce((sum, { levels }) => sum + levels, 0),
  };
  let at = 0;
  let level = 0;
  parts.forEach((part, t) => {
    stacked.X.data.set(part.X.data, at * d);
    stacked.mean.set(part.mean, at);
    stacked.count.set(part.count, at);
    stacked.scatter.set(part.scatter, at);
    stacked.knownVariance.set(part.knownVariance, at);
    const firstLevel = level;
    stacked.noiseLevel.set(
      part.noiseLevel.map((value) => value + firstLevel),
      at,
    );
    stacked.site.fill(t, at, at + part.X.rows);
    at += part.X.rows;
    level += part.levels;
  });
  return stacked;
}

/** One transform for all sources: same outcome, same unit. */
function pooledTransform(rows: readonly TrainingRows[], scale: OutcomeScale): OutcomeTransform {
  const y = Float64Array.from(rows.flatMap((part) => [...part.y]));
  const starts: number[] = [];
  let offset = 0;
  for (const part of rows) {
    for (const start of part.groupStart.subarray(0, -1)) starts.push(start + offset);
    offset += part.y.length;
  }
  return fitTransform(y, Int32Array.from([...starts, offset]), scale);
}

function checkTasks(tasks: readonly TaskData[]): void {
  const names = tasks.map(({ name }) => name);
  const repeated = names.find((name, t) => names.indexOf(name) !== t);
  if (names.length === 0 || repeated !== undefined) {
    throw new CellwrightError(
      "INVALID_OPTION",
      repeated === undefined
        ? "A joint model needs at least one task."
        : `Tasks need names of their own, found "${repeated}" twice.`,
    );
  }
  const expected = signature(tasks[0]!.data.inputs);
  const problems = tasks
    .filter(({ data }) => signature(data.inputs) !== expected)
    .map(
      ({ name, data }): Problem => ({
        where: `inputs of ${name}`,
        found: signature(data.inputs),
        expected,
        remedy: "Encode all tasks by the same search space.",
      }),
    );
  if (problems.length === 0) return;
  throw new CellwrightError("SHAPE_MISMATCH", "Tasks of one model need the same inputs.", { problems });
}

function signature(inputs: readonly InputDimension[]): string {
  return inputs
    .map((input) => `${input.name} (${input.kind === "categorical" ? input.levels : "number"})`)
    .join(", ");
}

/** Arranges every task; what is wrong with any of them is one error. */
function arrangeAll(tasks: readonly TaskData[]): TrainingRows[] {
  const rows: TrainingRows[] = [];
  const failures: { name: string; error: CellwrightError }[] = [];
  for (const { name, data } of tasks) {
    try {
      rows.push(arrangeRows(data));
    } catch (error) {
      if (!(error instanceof CellwrightError)) throw error;
      failures.push({ name, error });
    }
  }
  if (failures.length === 0) return rows;
  const [{ error: first }] = failures as [(typeof failures)[0]];
  throw new CellwrightError(
    first.code,
    `The rows of ${failures.map(({ name }) => name).join(", ")} cannot be learned from.`,
    {
      problems: failures.flatMap(({ name, error }) =>
        // A single task is named in the message already.
        error.problems.map((problem) =>
          failures.length === 1 ? problem : { ...problem, where: `${name}, ${problem.where}` },
        ),
      ),
      details: first.details,
      cause: first,
    },
  );
}
