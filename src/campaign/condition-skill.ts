import { matrixFromRows, matrixRow } from "../math/matrix.js";
import type { GaussianProcessModel } from "../surrogates/gaussian-process-model.js";
import type { Settings } from "../space/parameter.js";
import type { Surrogate, SurrogateData } from "../surrogates/surrogate.js";
import type { OutcomeData } from "./outcome-data.js";

/** A condition (one setting) left out with its group: the mean of its rows, and what all other groups predict. Raw units. */
export interface LeftOutCondition {
  readonly group: string;
  readonly observed: number;
  readonly predicted: number;
  readonly rows: number;
  readonly context: Settings;
}

/** How well a fitted outcome predicts conditions that it has not seen. */
export interface Skill {
  readonly conditions: readonly LeftOutCondition[];
  /** 1 − Σ(observed − predicted)² / Σ(observed − mean)² over conditions; null below five, or where all are equal. */
  readonly r2: number | null;
}

/** Fewer conditions say nothing about skill (assumption). */
export const MIN_CONDITIONS = 5;

/**
 * Leaves one group out at a time, exactly and without refitting (hyperparameters, warp and constant mean stay as fitted
 * on all rows): with A = K + noise, the settings G of a group are predicted at z_G − (A⁻¹_GG)⁻¹ α_G. Groups that share
 * a setting are left out together.
 *
 * For several settings in one group the raw prediction is the median (the mean otherwise).
 *
 * @param contextOf - Context of each row's trial, [n].
 * @see Rasmussen & Williams (2006), eq. 5.12, for one row; the block form is the same identity for several
 */
export function conditionSkill(
  model: GaussianProcessModel,
  rows: OutcomeData,
  contextOf: (row: number) => Settings,
): Skill {
  const settingOf = settingNumbers(rows);
  const single = model.leaveOneOut().mean;
  return skillOf(rows, settingOf, contextOf, (conditions) => {
    const settings = conditions.map(([row]) => settingOf[row!]!);
    return settings.length === 1 ? [single[settings[0]!]!] : [...model.leaveSettingsOut(settings)];
  });
}

/**
 * As `conditionSkill`, with the surrogate fitted anew without each group: slower, and without the optimism of
 * hyperparameters that have seen what they shall predict.
 *
 * @param refit - Fits to a part of the rows.
 */
export function refittedSkill(
  rows: OutcomeData,
  contextOf: (row: number) => Settings,
  refit: (data: SurrogateData) => Surrogate,
): Skill {
  return skillOf(rows, settingNumbers(rows), contextOf, (conditions) => {
    const left = new Set(conditions.flat());
    const others = rows.groups.map((_, row) => row).filter((row) => !left.has(row));
    const points = selectRows(
      rows.data,
      conditions.map(([row]) => row!),
    ).X;
    return [...refit(selectRows(rows.data, others)).predict(points).mean];
  });
}

/** @param predict - Predicts each condition (its rows) of one group from the rows of all others. */
function skillOf(
  rows: OutcomeData,
  settingOf: Int32Array,
  contextOf: (row: number) => Settings,
  predict: (conditions: readonly (readonly number[])[]) => readonly number[],
): Skill {
  const conditions = joinGroups(rows.groups, settingOf).flatMap((members) => {
    const settings = [...new Set(members.map((row) => settingOf[row]!))].sort((a, b) => a - b);
    const parts = settings.map((setting) => members.filter((row) => settingOf[row] === setting));
    const predicted = predict(parts);
    return parts.map(
      (part, i): LeftOutCondition => ({
        group: rows.groups[part[0]!]!,
        observed: mean(part.map((row) => rows.data.y[row]!)),
        predicted: predicted[i]!,
        rows: part.length,
        context: contextOf(part[0]!),
      }),
    );
  });
  return { conditions, r2: conditionR2(conditions) };
}

/** The chosen rows of training data. */
function selectRows(data: SurrogateData, rows: readonly number[]): SurrogateData {
  const { X, knownNoiseVariance, noiseLevel, wholePlot } = data;
  return {
    inputs: data.inputs,
    X: matrixFromRows(
      rows.map((row) => matrixRow(X, row)),
      X.cols,
    ),
    y: Float64Array.from(rows, (row) => data.y[row]!),
    ...(knownNoiseVariance === undefined
      ? {}
      : { knownNoiseVariance: Float64Array.from(rows, (row) => knownNoiseVariance[row]!) }),
    ...(noiseLevel === undefined ? {} : { noiseLevel: Int32Array.from(rows, (row) => noiseLevel[row]!) }),
    ...(wholePlot === undefined ? {} : { wholePlot: Int32Array.from(rows, (row) => wholePlot[row]!) }),
  };
}

/** R² of condition means; null below five conditions or where all are equal. */
export function conditionR2(conditions: readonly LeftOutCondition[]): number | null {
  if (conditions.length < MIN_CONDITIONS) return null;
  const center = mean(conditions.map((c) => c.observed));
  let residual = 0;
  let total = 0;
  for (const { observed, predicted } of conditions) {
    residual += (observed - predicted) * (observed - predicted);
    total += (observed - center) * (observed - center);
  }
  return total > 0 ? 1 - residual / total : null;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Which of the model's merged settings each row belongs to: the model keeps settings in the order of their inputs, noise
 * level, known variance and whole plot, and rows that are equal in all of these are one setting.
 */
function settingNumbers(rows: OutcomeData): Int32Array {
  const { X, noiseLevel, knownNoiseVariance, wholePlot } = rows.data;
  const compare = (a: number, b: number): number => {
    for (let k = 0; k < X.cols; k++) {
      const difference = X.data[a * X.cols + k]! - X.data[b * X.cols + k]!;
      if (difference !== 0) return difference;
    }
    const byLevel = (noiseLevel?.[a] ?? 0) - (noiseLevel?.[b] ?? 0);
    const byVariance = (knownNoiseVariance?.[a] ?? 0) - (knownNoiseVariance?.[b] ?? 0);
    return byLevel || byVariance || (wholePlot?.[a] ?? 0) - (wholePlot?.[b] ?? 0);
  };
  const order = Int32Array.from({ length: X.rows }, (_, i) => i).sort(compare);
  const numbers = new Int32Array(X.rows);
  let setting = -1;
  order.forEach((row, i) => {
    if (i === 0 || compare(order[i - 1]!, row) !== 0) setting++;
    numbers[row] = setting;
  });
  return numbers;
}

/** Rows by group, in the order of their first rows; groups that share a setting (or whatever is numbered) are one. */
export function joinGroups(groups: readonly string[], settingOf: Int32Array): number[][] {
  const parent = new Map<string, string>();
  const root = (key: string): string => {
    let at = key;
    while (parent.get(at) !== undefined && parent.get(at) !== at) at = parent.get(at)!;
    return at;
  };
  groups.forEach((group, row) => {
    const [a, b] = [root(`group ${group}`), root(`setting ${settingOf[row]!}`)];
    if (a !== b) parent.set(b, a);
  });
  const members = new Map<string, number[]>();
  groups.forEach((group, row) => {
    const key = root(`group ${group}`);
    const known = members.get(key);
    if (known === undefined) members.set(key, [row]);
    else known.push(row);
  });
  return [...members.values()];
}
