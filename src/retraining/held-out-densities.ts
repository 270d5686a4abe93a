import type { Campaign } from "../campaign/campaign.js";
import type { OutcomeData } from "../campaign/outcome-data.js";
import type { Trial } from "../campaign/trial.js";
import { CellwrightError } from "../errors.js";
import type { CandidateModel } from "../evaluation/candidate-model.js";
import { candidateFit } from "../evaluation/fit-candidate.js";
import { subsetData } from "../evaluation/held-out.js";
import type { HeldOutPlan } from "../evaluation/held-out-task.js";
import { matrixFromRows } from "../math/matrix.js";
import type { SurrogateData } from "../surrogates/surrogate.js";

/** A model in the comparison: what it learned from, and how each of its outcomes is fitted. */
export interface Contestant {
  readonly campaign: Campaign;
  readonly candidates: ReadonlyMap<string, CandidateModel>;
}

/** One observation that both must predict. */
export interface ReferenceRow {
  readonly trial: Trial;
  readonly group: string;
  readonly value: number;
  readonly knownVariance: number;
  /** Whether the champion learned from it. */
  readonly known: boolean;
}

/** Plans the log density of each reference row under the contestant fitted without the row's fold; null where it cannot say. */
export function planHeldOutDensities(
  name: string,
  contestant: Contestant,
  rows: OutcomeData,
  reference: readonly ReferenceRow[],
  foldOf: Int32Array,
  seed: number,
): HeldOutPlan<readonly (number | null)[]> {
  const { campaign } = contestant;
  const outcome = campaign.outcomes.find((other) => other.name === name)!;
  const fit = candidateFit(contestant.candidates.get(name)!, { campaign, outcome, seed });
  const folds = [...new Set(foldOf)].flatMap((fold) => {
    const test = Array.from(foldOf.keys()).filter((row) => foldOf[row] === fold);
    const left = new Set(test.map((row) => reference[row]!.group));
    const training = Array.from(rows.groups.keys()).filter((row) => !left.has(rows.groups[row]!));
    const encodable = test.flatMap((row) => {
      const x = encode(campaign, reference[row]!.trial);
      return x === null ? [] : [{ row, x }];
    });
    return training.length === 0 || encodable.length === 0 ? [] : [{ training, encodable }];
  });
  return {
    inputs: folds.map(({ training, encodable }) => ({
      fit,
      learned: subsetData(rows.data, Int32Array.from(training)),
      held: pointsOf(rows, encodable, reference),
    })),
    finish(predictions) {
      const densities = new Array<number | null>(reference.length).fill(null);
      folds.forEach(({ encodable }, fold) => {
        const held = predictions[fold]!;
        if (!held.ok) return; // too few rows for its kind
        encodable.forEach(({ row }, i) => {
          densities[row] = held.value[i]!.logDensity;
        });
      });
      return densities;
    },
  };
}

interface EncodedRow {
  readonly row: number;
  readonly x: Float64Array;
}

function pointsOf(
  rows: OutcomeData,
  test: readonly EncodedRow[],
  reference: readonly ReferenceRow[],
): SurrogateData {
  const observed = test.map(({ row }) => reference[row]!);
  return {
    inputs: rows.data.inputs,
    X: matrixFromRows(test.map(({ x }) => x)),
    y: Float64Array.from(observed, ({ value }) => value),
    knownNoiseVariance: Float64Array.from(observed, ({ knownVariance }) => knownVariance),
    noiseLevel: Int32Array.from(observed, ({ trial }) => rows.noiseLevelAt(trial)),
  };
}

/** Null if the contestant's campaign has an input that the trial does not state. */
function encode(campaign: Campaign, trial: Trial): Float64Array | null {
  try {
    return campaign.space.encode(trial.parameters, trial.context);
  } catch (error) {
    if (error instanceof CellwrightError) return null;
    throw error;
  }
}
