import { CellwrightError, type Problem } from "../errors.js";
import { createRng, type Rng } from "../math/rng.js";
import { createFeasibleSet, type FeasibleSet } from "../space/feasible-set.js";
import type { Settings } from "../space/parameter.js";
import type { SearchSpace } from "../space/search-space.js";
import type { Executor } from "../surrogates/executor.js";
import type { Hyperparameters } from "../surrogates/hyperparameters.js";
import {
  type AcquisitionChoice,
  type ChosenFamily,
  chosenFamily,
  isLogarithm,
  requireFittingAcquisition,
} from "./acquisition-choice.js";
import { type AskProblem, createAskProblem } from "./ask-problem.js";
import { type Campaign, campaignInvalid, withTrials } from "./campaign.js";
import type { PresetChoice } from "./choose-preset.js";
import { learnedInputs } from "./composite-outcome.js";
import { type CostAware, costAware, notPerCost, type PerCost } from "./cost-aware.js";
import { definedFields } from "./defined-fields.js";
import { type FittedOutcomes, fitOutcomes } from "./fit-outcomes.js";
import { isLimited } from "./is-limited.js";
import { isMaturing } from "./maturing.js";
import { withMoveLimits } from "./move-limits.js";
import { requestedContext } from "./requested-context.js";
import { type SafeMode, safeMode } from "./safe-mode.js";
import type { Suggestion } from "./suggestion.js";
import { type TodaysSettings, todaysSettings } from "./todays-settings.js";
import type { Trial } from "./trial.js";
import type { Progress } from "./progress.js";

/** What every question to the optimiser may state: where its runs may lie, and how they are valued. */
export interface RequestOptions {
  /** Default 1. */
  readonly seed?: number;
  /** Runs under way that the campaign does not hold: conditioned on, and not suggested again. */
  readonly pending?: readonly Trial[];
  /** Parameters that are not chosen this time. */
  readonly fix?: Settings;
  /** The state for which is asked; else the campaign's `value`, else the latest measured one. */
  readonly context?: Settings;
  /** What the machine is set to now; what is not stated is taken from the latest run. The run plan starts there. */
  readonly from?: Settings;
  /** Largest moves from today's setting by parameter, in their units; they replace the file's `max_move`. */
  readonly maxMove?: Readonly<Record<string, number>>;
  /** Priors of the surrogates; default `default`. `auto` compares two presets by exact leave-one-out. */
  readonly preset?: PresetChoice;
  /** Hyperparameters of an earlier fit by outcome: the fit starts there too. */
  readonly warmStart?: ReadonlyMap<string, Hyperparameters>;
  /**
   * Safe mode: least probability of keeping the safety specifications and of not failing, above 0 and below 1; default
   * the campaign's `safe`, else off.
   */
  readonly safe?: number;
  /** How runs are valued; default the campaign's `strategy.acquisition`, else `auto`. */
  readonly acquisition?: AcquisitionChoice;
  /** Counts gain per hour or per money of a run; default the campaign's `strategy.per`, else neither. */
  readonly per?: PerCost;
  /** Where the surrogates are fitted; default in this thread. The answer is the same. */
  readonly executor?: Executor;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** A question that was read: all that can be told of it before anything is fitted. */
export interface AskRequest {
  readonly campaign: Campaign;
  readonly options: RequestOptions;
  readonly seed: number;
  readonly rng: Rng;
  readonly context: Settings;
  readonly warnings: readonly string[];
  readonly today: TodaysSettings | null;
  /** The campaign's space, and the largest moves from today's setting. */
  readonly space: SearchSpace;
  /** Runs that are suggested or running. */
  readonly pending: readonly Trial[];
  /** All runs of the campaign and of the request. */
  readonly everyone: readonly Trial[];
}

/** A question in one state, with the models that judge there and how they value runs. */
export interface ValuedRequest {
  readonly problem: AskProblem;
  /** Distinct settings still to be measured until models decide. */
  readonly missing: number;
  /** Present where only safe settings may be shown. */
  readonly safe?: SafeMode;
  /** Present where gain is counted per hour or per money. */
  readonly per?: CostAware;
  /** Whether models decide by now. */
  readonly stage: Suggestion["origin"];
  readonly valued: ChosenFamily;
}

/** Fewest distinct settings from which models decide, whatever the number of parameters (assumption). */
const MIN_SETTINGS = 3;

/**
 * Reads a question, before anything is fitted.
 *
 * @param found - What is wrong with options of the caller's own, to be told with the rest.
 * @throws CellwrightError INVALID_OPTION for options or context that cannot be used, and an acquisition that does not fit;
 *   CAMPAIGN_INVALID if nothing is to be improved or kept, or a formation campaign has no cell.
 */
export function readRequest(
  asked: Campaign,
  options: RequestOptions,
  found: readonly Problem[] = [],
): AskRequest {
  const { seed = 1 } = options;
  const problems = [...found];
  if (!Number.isSafeInteger(seed))
    problems.push({ where: "seed", found: String(seed), expected: "a whole number below 2^53 in size" });
  if (problems.length > 0)
    throw new CellwrightError("INVALID_OPTION", "The request cannot be used.", { problems });
  const { pending, everyone } = pendingTrials(asked, options.pending ?? []);
  const campaign = withBegun(asked, everyone, options.pending ?? []);
  checkCampaign(campaign);
  const acquisition = acquisitionOf(campaign, options);
  if (acquisition !== undefined) requireFittingAcquisition(campaign, acquisition);
  const { context, warnings } = requestedContext(campaign, options.context ?? {});
  const today = todaysSettings(campaign, options.from);
  const space = withMoveLimits(campaign, today, options.maxMove);
  return {
    ...{ campaign, options, seed, context, warnings, today, space, pending, everyone },
    rng: createRng(seed).fork("ask"),
  };
}

function acquisitionOf(
  { spec }: Campaign,
  { acquisition }: Pick<RequestOptions, "acquisition">,
): AcquisitionChoice | undefined {
  return acquisition ?? spec.strategy?.acquisition;
}

/** The request's own, else the campaign's. */
function perOf({ spec: { strategy } }: Campaign, { per }: RequestOptions): PerCost | undefined {
  if (per !== undefined || strategy?.per === undefined) return per;
  return { of: strategy.per, ...definedFields({ budget: strategy.budget }) };
}

/**
 * The settings that a question allows in one state.
 *
 * @throws CellwrightError INVALID_OPTION for fixed values that cannot be; SPACE_UNSATISFIABLE naming the constraints in
 *   conflict.
 */
export function allowedIn({ space, options, rng }: AskRequest, context: Settings): FeasibleSet {
  return createFeasibleSet(space, { fixed: options.fix ?? {}, context }, rng.fork("set"));
}

/** The models of the campaign, as the question wants them fitted. */
export function fitRequest({ campaign, options, seed }: AskRequest): Promise<FittedOutcomes> {
  const { preset, warmStart, executor, signal, onProgress } = options;
  return fitOutcomes(campaign, definedFields({ seed, preset, warmStart, executor, signal, onProgress }));
}

/**
 * The safe mode of a question; absent where neither it nor the campaign asks for one.
 *
 * @throws CellwrightError INVALID_OPTION where it cannot start.
 */
export function safeIn(
  { campaign, options }: Pick<AskRequest, "campaign" | "options">,
  problem: AskProblem,
): SafeMode | undefined {
  const floor = options.safe ?? campaign.spec.safe;
  return floor === undefined ? undefined : safeMode(problem, floor);
}

/**
 * What models say in one state, and how runs are valued there.
 *
 * @param set - What the question allows in that state.
 * @throws CellwrightError INVALID_OPTION where safe mode cannot start, or gain cannot be counted per cost.
 */
export function valuedIn(request: AskRequest, fits: FittedOutcomes, set: FeasibleSet): ValuedRequest {
  const { campaign, options, pending } = request;
  const problem = createAskProblem(campaign, set.request.context, fits, pending);
  const missing = missingSettings(campaign, fits, set);
  const safe = safeIn(request, problem);
  const asked = perOf(campaign, options);
  const per = asked === undefined ? undefined : costAware(problem, asked);
  const early = missing > 0 || isUnjudged(problem);
  const stage = early && safe === undefined ? "initial-design" : "model";
  const valued: ChosenFamily =
    stage === "model" ? chosenFamily(problem, acquisitionOf(campaign, options)) : { family: "auto" };
  if (per !== undefined && !isLogarithm(valued.family)) throw notPerCost(valued.family);
  return { problem, missing, stage, valued, ...definedFields({ safe, per }) };
}

/** Whether no surrogate or formula can judge anything. */
export function isUnjudged({ objectives, specifications, explore }: AskProblem): boolean {
  return objectives.length + specifications.length + explore.length === 0;
}

function checkCampaign(campaign: Campaign): void {
  const problems: Problem[] = [];
  const { outcomes, spec } = campaign;
  if (!outcomes.some((o) => o.goal !== undefined || isLimited(o))) {
    problems.push({
      where: "outcomes",
      found: "no outcome with a goal or a specification",
      expected: "something to improve or to keep",
      remedy: "Add goal: maximize, minimize or target, or spec: { min, max }.",
    });
  }
  if (spec.process === "formation" && spec.cell === undefined) {
    problems.push({
      where: "cell",
      found: "nothing",
      expected: "the cell's rating before any formation suggestion",
      remedy: "Add cell: { upper_voltage: …, lower_voltage: …, capacity: … }.",
    });
  }
  if (spec.strategy?.budget !== undefined && spec.strategy.per === undefined) {
    problems.push({
      where: "strategy.budget",
      found: "a budget of nothing",
      expected: "per: hour or per: money beside it",
    });
  }
  if (problems.length > 0) throw campaignInvalid(problems);
}

/** Runs that are suggested or running; those that the caller names replace the campaign's of the same id. */
function pendingTrials(
  campaign: Campaign,
  named: readonly Trial[],
): { readonly pending: readonly Trial[]; readonly everyone: readonly Trial[] } {
  const others = campaign.trials.filter((t) => !named.some((n) => n.id === t.id));
  const own = others.filter((t) => t.status === "suggested" || t.status === "running");
  return { pending: [...own, ...named], everyone: [...others, ...named] };
}

/** The campaign with early signals of pending runs that the caller names, where an outcome matures: they teach. */
function withBegun(campaign: Campaign, everyone: readonly Trial[], named: readonly Trial[]): Campaign {
  const begun = named.some(({ observations }) => Object.keys(observations).length > 0);
  return begun && campaign.outcomes.some(isMaturing) ? withTrials(campaign, everyone) : campaign;
}

/**
 * Distinct settings still to be measured until models decide: as many as free parameters and one more, at least three.
 * The learned objectives count, or where there is none the other learned outcomes that are judged; one that was
 * measured often enough is enough.
 */
function missingSettings(campaign: Campaign, fits: FittedOutcomes, set: FeasibleSet): number {
  const learned = campaign.outcomes.filter((o) => o.formula?.known !== true);
  const objectives = learned.filter((o) => o.goal !== undefined);
  const known = campaign.outcomes.some((o) => o.goal !== undefined && o.formula?.known === true);
  const specified = learned.filter((o) => isLimited(o));
  const relevant = objectives.length > 0 ? objectives : specified;
  if (relevant.length === 0 && known) return 0;
  const measured = relevant
    .flatMap((o) => (o.composite === true ? learnedInputs(campaign, o) : [o.name]))
    .map((name) => fits.fitted.get(name)?.settings ?? fits.unfitted.get(name) ?? 0);
  const most = measured.reduce((a, b) => Math.max(a, b), 0);
  return Math.max(Math.max(MIN_SETTINGS, set.free.length + 1) - most, 0);
}
