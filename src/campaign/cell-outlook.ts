import { matrixFromRows } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import { type AskProblem, rowsOf } from "./ask-problem.js";
import { probabilitiesOfBest } from "./best-among.js";
import type { Campaign } from "./campaign.js";
import { type FittedOutcome, type FittedOutcomes, predictOutcome } from "./fit-outcomes.js";
import { probabilityKept } from "./improvement.js";
import { hoursSoFar, type Maturing, maturingOutcomes } from "./maturing.js";
import { sortById } from "./settings-key.js";
import { isComplete } from "./trial-groups.js";
import type { Trial } from "./trial.js";

/** A cell on a channel whose outcomes are still to come. */
export interface RunningCell {
  readonly trial: Trial;
  /** Outcomes that mature and are not known of it. */
  readonly missing: readonly string[];
  /** Those of them that are learned. */
  readonly awaited: readonly FittedOutcome[];
  readonly signals: readonly string[];
  readonly hoursSoFar: number;
  /** Until the last awaited outcome is known. */
  readonly hoursLeft: number;
}

/** How a running cell is expected to end. */
export interface CellOutlook {
  /** Latent mean and standard deviation of the outcome at its settings, and the 95 % interval of its own result. */
  readonly predicted: {
    readonly mean: number;
    readonly stdDev: number;
    readonly interval95: readonly [number, number];
  } | null;
  /** That its settings are among the best of all tried and running ones; null where that cannot be drawn. */
  readonly probabilityBest: number | null;
  /** That its settings keep all specifications; null where there is none. */
  readonly probabilityKept: number | null;
}

/** Running cells with all settings that lack an outcome which matures, by trial id. */
export function runningCells(campaign: Campaign, { fitted }: FittedOutcomes): readonly RunningCell[] {
  const maturing = maturingOutcomes(campaign.outcomes);
  return sortById(campaign.trials)
    .filter((trial) => trial.status === "running" && isComplete(campaign, trial))
    .map((trial) => cellOf(campaign, maturing, fitted, trial))
    .filter(({ missing }) => missing.length > 0);
}

function cellOf(
  campaign: Campaign,
  maturing: readonly Maturing[],
  fitted: FittedOutcomes["fitted"],
  trial: Trial,
): RunningCell {
  const missing = maturing.filter(({ name }) => trial.observations[name] === undefined);
  const gone = missing.map(({ matures }) => hoursSoFar(campaign, matures, trial));
  const left = missing.map(({ matures }, k) => Math.max(matures.hours - gone[k]!, 0));
  const signals = new Set(missing.flatMap(({ matures }) => Object.keys(matures.signals)));
  return {
    trial,
    missing: missing.map(({ name }) => name),
    awaited: missing.flatMap(({ name }) => fitted.get(name) ?? []),
    signals: [...signals].filter((name) => trial.observations[name] !== undefined),
    hoursSoFar: gone.reduce((a, b) => Math.max(a, b), 0),
    hoursLeft: left.reduce((a, b) => Math.max(a, b), 0),
  };
}

/** What is expected of each running cell, in the asked context where settings are compared and in its own where predicted. */
export function cellOutlooks(
  problem: AskProblem,
  { fitted }: FittedOutcomes,
  outcome: Maturing,
  running: readonly RunningCell[],
  rng: Rng,
): readonly CellOutlook[] {
  const { campaign, context, specifications, base } = problem;
  const { space } = campaign;
  const places = running.map(({ trial }) => space.encode(trial.parameters, context));
  const rows = new Map([...rowsOf(base), ...places].map((x) => [x.join(" "), x]));
  const keys = [...rows.keys()];
  const best = probabilitiesOfBest(
    problem,
    matrixFromRows([...rows.values()], space.inputs.length),
    rng.fork("best"),
  );
  const model = fitted.get(outcome.name);
  return running.map(({ trial }, i) => {
    const x = places[i]!;
    const kept = specifications.reduce((product, term) => product * probabilityKept(term, x), 1);
    return {
      predicted:
        model === undefined
          ? null
          : predictOutcome(
              model,
              [space.encode(trial.parameters, { ...context, ...trial.context })],
              [model.rows.noiseLevelAt(trial)],
            )[0]!,
      probabilityBest: best === null ? null : best[keys.indexOf(x.join(" "))]!,
      probabilityKept: specifications.length === 0 ? null : kept,
    };
  });
}
