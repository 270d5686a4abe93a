import type { Campaign, Outcome } from "../campaign/campaign.js";
import type { OutcomeData } from "../campaign/outcome-data.js";
import type { Trial } from "../campaign/trial.js";
import { CellwrightError } from "../errors.js";
import type { CandidateModel } from "../evaluation/candidate-model.js";
import { fitCandidate } from "../evaluation/fit-candidate.js";
import { knownLevelsOnly, predictHeldOut, type RowPrediction, subsetData } from "../evaluation/held-out.js";
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

/** Log density of each reference row under the contestant fitted without the row's fold; null where it cannot say. */
export function heldOutDensities(
  name: string,
  contestant: Contestant,
  rows: OutcomeData,
  reference: readonly ReferenceRow[],
  foldOf: Int32Array,
  seed: number,
): readonly (number | null)[] {
  const outcome = contestant.campaign.outcomes.find((other) => other.name === name)!;
  const candidate = contestant.candidates.get(name)!;
  const densities = new Array<number | null>(reference.length).fill(null);
  for (const fold of new Set(foldOf)) {
    const test = Array.from(foldOf.keys()).filter((row) => foldOf[row] === fold);
    const left = new Set(test.map((row) => reference[row]!.group));
    const training = Array.from(rows.groups.keys()).filter((row) => !left.has(rows.groups[row]!));
    const encodable = test.flatMap((row) => {
      const x = encode(contestant.campaign, reference[row]!.trial);
      return x === null ? [] : [{ row, x }];
    });
    if (training.length === 0 || encodable.length === 0) continue;
    const held = predictFold(
      contestant.campaign,
      outcome,
      candidate,
      rows,
      Int32Array.from(training),
      encodable,
      reference,
      seed,
    );
    encodable.forEach(({ row }, i) => {
      densities[row] = held?.[i]?.logDensity ?? null;
    });
  }
  return densities;
}

interface EncodedRow {
  readonly row: number;
  readonly x: Float64Array;
}

function predictFold(
  campaign: Campaign,
  outcome: Outcome,
  candidate: CandidateModel,
  rows: OutcomeData,
  training: Int32Array,
  test: readonly EncodedRow[],
  reference: readonly ReferenceRow[],
  seed: number,
): readonly RowPrediction[] | null {
  const learned = subsetData(rows.data, training);
  const observed = test.map(({ row }) => reference[row]!);
  const points: SurrogateData = {
    inputs: rows.data.inputs,
    X: matrixFromRows(test.map(({ x }) => x)),
    y: Float64Array.from(observed, ({ value }) => value),
    knownNoiseVariance: Float64Array.from(observed, ({ knownVariance }) => knownVariance),
    noiseLevel: Int32Array.from(observed, ({ trial }) => rows.noiseLevelAt(trial)),
  };
  try {
    const surrogate = fitCandidate(candidate, learned, { campaign, outcome, seed });
    return predictHeldOut(surrogate, knownLevelsOnly(points, learned));
  } catch (error) {
    if (error instanceof CellwrightError && error.code !== "CANCELLED") return null; // too few rows for its kind
    throw error;
  }
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
