import { prepareKernels } from "../math/wasm/kernels.js";
import { createRng } from "../math/rng.js";
import type { Settings } from "../space/parameter.js";
import type { AskOptions } from "./ask.js";
import { createAskProblem } from "./ask-problem.js";
import { type Campaign, withTrials } from "./campaign.js";
import { type CellOutlook, cellOutlooks, type RunningCell, runningCells } from "./cell-outlook.js";
import { type CellValues, type NewRun, valueCells } from "./cell-values.js";
import { cellWords, type ChannelAdvice, messagesOn } from "./cell-words.js";
import { definedFields } from "./defined-fields.js";
import { type FittedOutcomes, fitOutcomes } from "./fit-outcomes.js";
import { type Maturing, maturingOutcomes } from "./maturing.js";
import type { Currency } from "./read-price.js";
import { requestedContext } from "./requested-context.js";
import { CellwrightError } from "../errors.js";

export type CellsOptions = Pick<
  AskOptions,
  "seed" | "context" | "pending" | "preset" | "warmStart" | "executor" | "signal" | "onProgress"
>;

/** What is advised of one running cell. */
export interface CellAdvice extends CellOutlook {
  readonly trial: string;
  readonly parameters: Settings;
  /** Early signals of it that are known. */
  readonly signals: readonly string[];
  readonly hoursSoFar: number;
  readonly hoursLeft: number;
  readonly advice: ChannelAdvice;
  /**
   * What is lost if it is freed: how much less the best setting's value is expected to rise, in `valueUnit`, while the
   * cells that are kept go on; null where it cannot be valued.
   */
  readonly value: number | null;
  readonly valuePerHour: number | null;
  /** Where prices are stated: what the value is worth in a year, and what the hours left cost. */
  readonly money?: { readonly worth: number; readonly cost: number; readonly currency: Currency };
  readonly why: string;
}

export interface CellsResult {
  readonly campaign: string;
  readonly seed: number;
  /** The outcome that matures last of those awaited. */
  readonly outcome: string;
  readonly unit: string;
  readonly valueUnit: string;
  /** What a freed channel would be used for, where no prices decide. */
  readonly newRun: NewRun | null;
  /** Most worth keeping first. */
  readonly cells: readonly CellAdvice[];
  readonly warnings: readonly string[];
  readonly messages: readonly string[];
}

/**
 * Advises for every running cell whether to keep cycling or to free its channel.
 *
 * A cell is worth what the best setting's value is expected to lose if it is not cycled to its end: what its final results
 * would change of the choice among all tried and open settings, objectives and specifications together, given its early
 * signals and the cells that go on. Where the campaign states what an objective is worth and what an hour costs, a cell is
 * kept while that is worth its hours in a year; else while it brings half as much per hour as the best new run in its channel.
 * A cell that may well be among the best (`CONFIRM`) is kept in any case, and none is freed before five settings are
 * mature. Censoring is not modelled: that a cell still lives after so many hours counts only by the signals that it gave.
 *
 * @throws CellwrightError INVALID_OPTION where nothing matures, and as `ask`; SPACE_UNSATISFIABLE, DATA_INVALID, CANCELLED.
 */
export async function adviseCells(asked: Campaign, options: CellsOptions = {}): Promise<CellsResult> {
  const { seed = 1, pending = [], preset, warmStart, executor, signal, onProgress } = options;
  await prepareKernels();
  const others = asked.trials.filter((trial) => !pending.some(({ id }) => id === trial.id));
  const campaign = pending.length === 0 ? asked : withTrials(asked, [...others, ...pending]);
  const outcome = lastToMature(campaign);
  const { context, warnings } = requestedContext(campaign, options.context ?? {});
  const rng = createRng(seed).fork("cells");
  const fits = await fitOutcomes(
    campaign,
    definedFields({ seed, preset, warmStart, executor, signal, onProgress }),
  );
  const problem = createAskProblem(campaign, context, fits, []);
  const running = runningCells(campaign, fits);
  const outlooks = cellOutlooks(problem, fits, outcome, running, rng);
  const values = valueCells(problem, fits, running, outlooks, {
    rng,
    ...definedFields({
      signal,
      onProgress:
        onProgress &&
        ((done: number, total: number) => onProgress({ stage: "valuing running cells", done, total })),
    }),
  });
  const cells = running.map((cell, i) => adviceOn(outcome, cell, outlooks[i]!, values, i));
  return {
    ...{ campaign: campaign.name, seed, outcome: outcome.name, unit: outcome.unit },
    valueUnit: values.unit,
    newRun: values.newRun,
    cells: cells.sort((a, b) => rank(b) - rank(a)),
    warnings: [...warnings, ...problem.warnings],
    messages: [...signalWords(fits), ...messagesOn(campaign, running, values)],
  };
}

/** Kept cells first, by value per hour. */
function rank({ advice, valuePerHour }: CellAdvice): number {
  const value = valuePerHour ?? 0;
  return advice === "keep cycling" ? 1 + value / (1 + value) : value / (1 + value);
}

/** @throws CellwrightError INVALID_OPTION */
function lastToMature({ outcomes }: Campaign): Maturing {
  const awaited = maturingOutcomes(outcomes);
  const judged = awaited.filter(({ goal, spec }) => goal !== undefined || spec !== undefined);
  const [last] = (judged.length > 0 ? judged : awaited).toSorted((a, b) => b.matures.hours - a.matures.hours);
  if (last !== undefined) return last;
  throw new CellwrightError("INVALID_OPTION", "No advice on running cells can be given.", {
    problems: [
      {
        where: "outcomes",
        found: "no outcome with matures",
        expected:
          "one such as cycle_life: { unit: …, matures: { signals: { first_cycle_efficiency: 30 }, hours: 1500 } }",
      },
    ],
  });
}

function adviceOn(
  outcome: Maturing,
  { trial, signals, hoursSoFar, hoursLeft }: RunningCell,
  outlook: CellOutlook,
  values: CellValues,
  i: number,
): CellAdvice {
  const verdict = values.verdicts?.[i] ?? null;
  const value = verdict === null ? null : verdict.loss;
  const advice: ChannelAdvice = verdict === null || verdict.keep ? "keep cycling" : "free the channel";
  const { price } = values;
  const money =
    price === null || value === null
      ? undefined
      : { worth: price.perUnit * value, cost: price.perHour * hoursLeft, currency: price.currency };
  const cell = {
    ...{ trial: trial.id, parameters: trial.parameters, signals, hoursSoFar, hoursLeft },
    ...outlook,
    ...{ advice, value, valuePerHour: value === null ? null : value / Math.max(hoursLeft, 1) },
    ...definedFields({ money }),
  };
  return { ...cell, why: cellWords(outcome, cell, values) };
}

function signalWords({ fitted }: FittedOutcomes): string[] {
  return [...fitted.values()].flatMap(({ signals }) => (signals === undefined ? [] : [signals.words]));
}
