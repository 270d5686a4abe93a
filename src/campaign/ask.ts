import { CellwrightError, type Problem } from "../errors.js";
import { createRng } from "../math/rng.js";
import { kernelBuild, prepareKernels } from "../math/wasm/kernels.js";
import { sha256Hex } from "../math/sha256.js";
import { createFeasibleSet, type FeasibleSet } from "../space/feasible-set.js";
import type { Settings } from "../space/parameter.js";
import type { Executor } from "../surrogates/executor.js";
import type { Hyperparameters } from "../surrogates/hyperparameters.js";
import { version } from "../version.js";
import {
  type AcquisitionChoice,
  type ChosenFamily,
  chosenFamily,
  isLogarithm,
  requireFittingAcquisition,
} from "./acquisition-choice.js";
import { type AskProblem, createAskProblem } from "./ask-problem.js";
import { type Campaign, campaignInvalid, withTrials } from "./campaign.js";
import { SPEC_LIMITS } from "./campaign-spec.js";
import { chooseRuns } from "./choose-runs.js";
import { learnedInputs } from "./composite-outcome.js";
import { costAware, notPerCost, type PerCost } from "./cost-aware.js";
import { dataHash } from "./data-hash.js";
import type { PresetChoice } from "./choose-preset.js";
import { definedFields } from "./defined-fields.js";
import { type DescribedRun, describeRun } from "./describe-run.js";
import { explainRuns } from "./explain-runs.js";
import { failureMessages } from "./failure-risks.js";
import { type FittedOutcomes, fitOutcomes } from "./fit-outcomes.js";
import { standingOf } from "./improvement.js";
import { isMaturing } from "./maturing.js";
import { withMoveLimits } from "./move-limits.js";
import { adviceInMoney } from "./money-advice.js";
import { withReplicates } from "./replication.js";
import { requestedContext } from "./requested-context.js";
import { createRunPlan } from "./run-plan.js";
import { type SharedBatch, shareSettings } from "./share-settings.js";
import { riskMessage } from "./risk.js";
import { type SafeMode, safeMessage, safeMode } from "./safe-mode.js";
import {
  budgetOf,
  effortProblems,
  effortSpent,
  effortWarnings,
  polishedMessages,
  type SearchEffort,
} from "./search-effort.js";
import { requireSearchChoice, type SearchChoice, type SearchPlace, searchPlace } from "./search-choice.js";
import { sealAnswer } from "./seal.js";
import { simulatedWarning } from "./simulated-warning.js";
import { stoppingAdvice } from "./stopping.js";
import type { AskResult, Suggestion } from "./suggestion.js";
import type { Trial } from "./trial.js";
import { todaysSettings } from "./todays-settings.js";
import { suggestedTrialIds } from "./trial-ids.js";
import { triedSettings } from "./tried-settings.js";
import { isLimited } from "./is-limited.js";

export interface AskOptions extends SearchEffort {
  /** Suggestions; default the campaign's batch. */
  readonly count?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Runs under way that the campaign does not hold: conditioned on, and not suggested again. */
  readonly pending?: readonly Trial[];
  /** Parameters that are not chosen this time. */
  readonly fix?: Settings;
  /** The state for which suggestions are asked; else the campaign's `value`, else the latest measured one. */
  readonly context?: Settings;
  /** What the machine is set to now; what is not stated is taken from the latest run. The run plan starts there. */
  readonly from?: Settings;
  /** Largest moves from today's setting by parameter, in their units; they replace the file's `max_move`. */
  readonly maxMove?: Readonly<Record<string, number>>;
  /** Whether a batch shares settings that are hard to change where that pays; default true. */
  readonly share?: boolean;
  /** Priors of the surrogates; default `default`. `auto` compares two presets by exact leave-one-out. */
  readonly preset?: PresetChoice;
  /** Hyperparameters of an earlier fit by outcome: the fit starts there too. */
  readonly warmStart?: ReadonlyMap<string, Hyperparameters>;
  /**
   * Safe mode: least probability of keeping the safety specifications and of not failing, above 0 and below 1; default
   * the campaign's `safe`, else off.
   */
  readonly safe?: number;
  /** How the next runs are valued; default the campaign's `strategy.acquisition`, else `auto`. */
  readonly acquisition?: AcquisitionChoice;
  /** Where the next runs are looked for; default the campaign's `strategy.search`, else `auto`. */
  readonly search?: SearchChoice;
  /** Repeats tried settings on purpose where results scatter and that is worth more than a new one; default false. */
  readonly replicate?: boolean;
  /** Where the surrogates are fitted; default in this thread. The answer is the same. */
  readonly executor?: Executor;
  /** Counts gain per hour or per money of a run. */
  readonly per?: PerCost;
  /** Adds to every suggestion what its steps, limits and results would change; the choice and its seal stay the same. */
  readonly explain?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly stage: string;
    readonly done: number;
    readonly total: number;
  }) => void;
}

/** Fewest distinct settings from which models decide, whatever the number of parameters (assumption). */
const MIN_SETTINGS = 3;

/**
 * Asks for the next runs.
 *
 * With too few results the runs spread over the allowed settings; then surrogates of the learned outcomes and the known
 * formulas judge candidates together, run by run, with pending runs taken into account. The same campaign, trials,
 * options and seed give the same bytes, whatever the order of the trials.
 *
 * @throws CellwrightError INVALID_OPTION for options or context that cannot be used, an acquisition that does not fit, or where safe mode cannot start; CAMPAIGN_INVALID if nothing is to
 *   be improved or kept, or a formation campaign has no cell; SPACE_UNSATISFIABLE naming the constraints in conflict;
 *   CANCELLED; DATA_INVALID from the fits.
 */
export async function ask(asked: Campaign, options: AskOptions = {}): Promise<AskResult> {
  const { pending, everyone } = pendingTrials(asked, options.pending ?? []);
  const campaign = withBegun(asked, everyone, options.pending ?? []);
  const { count = campaign.batch, seed = 1, signal, onProgress } = options;
  await prepareKernels();
  checkOptions(count, seed, options);
  const budget = budgetOf(options);
  checkCampaign(campaign);
  const acquisition = options.acquisition ?? campaign.spec.strategy?.acquisition;
  if (acquisition !== undefined) requireFittingAcquisition(campaign, acquisition);
  const search = options.search ?? campaign.spec.strategy?.search ?? "auto";
  requireSearchChoice(search);
  const { context, warnings } = requestedContext(campaign, options.context ?? {});
  const today = todaysSettings(campaign, options.from);
  const space = withMoveLimits(campaign, today, options.maxMove);
  const rng = createRng(seed).fork("ask");
  const set = createFeasibleSet(space, { fixed: options.fix ?? {}, context }, rng.fork("set"));
  const { preset, warmStart, executor } = options;
  const fits = await fitOutcomes(
    campaign,
    definedFields({ seed, preset, warmStart, executor, signal, onProgress }),
  );
  const problem = createAskProblem(campaign, context, fits, pending);
  const missing = missingSettings(campaign, fits, set);
  const floor = options.safe ?? campaign.spec.safe;
  const safe = floor === undefined ? undefined : safeMode(problem, floor);
  const per = options.per === undefined ? undefined : costAware(problem, options.per);
  const early = missing > 0 || isUnjudged(problem);
  const stage = early && safe === undefined ? "initial-design" : "model";
  const valued: ChosenFamily = stage === "model" ? chosenFamily(problem, acquisition) : { family: "auto" };
  if (per !== undefined && !isLogarithm(valued.family)) throw notPerCost(valued.family);
  const tried = triedSettings(campaign.space, everyone, context);
  const place: SearchPlace =
    stage === "model"
      ? searchPlace(problem, set, search, { family: valued.family, safe: safe !== undefined })
      : { set };
  const chosen = await chooseRuns(problem, place.set, tried, {
    count,
    stage,
    family: valued.family,
    rng,
    budget,
    ...definedFields({ safe, per, signal, onProgress }),
  });
  const standing = standingOf(problem.objectives, problem.specifications, problem.base);
  const { runs, shared }: Pick<SharedBatch, "runs" | "shared"> =
    options.share === false || budget.left === 0 || !isLogarithm(valued.family)
      ? { runs: chosen.runs, shared: null }
      : shareSettings(problem, place.set, chosen.runs, {
          ...{ tried, rng, budget, family: valued.family, today: today?.parameters ?? {} },
          ...definedFields({ safe, per, signal }),
        });
  const repeated =
    options.replicate === true && stage === "model"
      ? withReplicates(problem, set, runs, { tried, rng, ...definedFields({ safe }) })
      : runs;
  const plain = repeated.map((run) =>
    describeRun(problem, standing, set, run, { rng, stage, ...(safe && { safe }) }),
  );
  const described =
    options.explain === true
      ? await explainRuns(
          {
            ...{ problem, standing, set, tried, rng, family: valued.family },
            ...definedFields({ safe, per, signal, onProgress }),
          },
          plain,
        )
      : plain;
  const exhausted = chosen.exhausted && set.size < Infinity;
  const suggestions = withIds(described, everyone);
  const plan = createRunPlan(campaign, suggestions, today, shared);
  return sealAnswer({
    campaign: campaign.name,
    createdAt: (options.clock?.() ?? new Date(0)).toISOString(),
    provenance: {
      cellwright: version,
      campaignHash: campaign.hash,
      dataHash: dataHash(everyone),
      modelId: modelId(stage, fits),
      seed,
      ...effortSpent(budget),
      ...(kernelBuild() === "relaxed" && { kernels: "relaxed" as const }),
    },
    suggestions,
    ...(plan === null ? {} : { plan }),
    advice: adviceInMoney(
      stoppingAdvice({ problem, standing, stage, missing, exhausted, best: described[0] ?? null }),
      problem,
      standing,
      described,
      rng,
    ),
    notes: campaign.notes,
    warnings: [
      ...simulatedWarning(everyone),
      ...warnings,
      ...problem.warnings,
      ...shortfall(count, described.length, set, safe),
      ...effortWarnings(budget),
    ],
    messages: [
      ...campaign.messages,
      ...fits.messages,
      ...failureMessages(problem.risks),
      ...(problem.risk ? [riskMessage(problem.risk)] : []),
      ...polishedMessages(chosen),
      ...(safe ? [safeMessage(safe, campaign)] : []),
      ...(valued.message === undefined ? [] : [valued.message]),
      ...(place.message === undefined ? [] : [place.message]),
      ...(per ? [per.message] : []),
    ],
  });
}

function withIds(described: readonly DescribedRun[], everyone: readonly Trial[]): Suggestion[] {
  const suggestions = described.map(({ suggestion }) => suggestion);
  const ids = suggestedTrialIds(suggestions, new Set(everyone.map((t) => t.id)));
  return suggestions.map((suggestion, i) => ({ trial: ids[i]!, ...suggestion }));
}

/** Whether no surrogate or formula can judge anything. */
function isUnjudged({ objectives, specifications, explore }: AskProblem): boolean {
  return objectives.length + specifications.length + explore.length === 0;
}

function checkOptions(count: number, seed: number, effort: SearchEffort): void {
  const problems: Problem[] = effortProblems(effort);
  if (!(Number.isInteger(count) && count >= 1 && count <= SPEC_LIMITS.batch)) {
    problems.push({
      where: "count",
      found: String(count),
      expected: `a whole number from 1 to ${SPEC_LIMITS.batch}`,
    });
  }
  if (!Number.isSafeInteger(seed))
    problems.push({ where: "seed", found: String(seed), expected: "a whole number below 2^53 in size" });
  if (problems.length > 0)
    throw new CellwrightError("INVALID_OPTION", "The request cannot be used.", { problems });
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

/** Names the surrogates behind an answer by a hash of them: same name, same predictions. */
export function modelId(stage: Suggestion["origin"], fits: FittedOutcomes): string {
  if (fits.fitted.size === 0) return stage === "initial-design" ? "initial-design" : "formulas";
  const records = [...fits.fitted].map(([name, { model }]) => [name, model.toJSON()]);
  return `gp-${sha256Hex(JSON.stringify(records)).slice(0, 12)}`;
}

function shortfall(count: number, found: number, set: FeasibleSet, safe?: SafeMode): string[] {
  if (found === count) return [];
  if (safe !== undefined)
    return [
      `${found} of ${count} runs could be suggested: no other setting was found that is safe with the stated probability. Repeat known good settings, or lower the floor.`,
    ];
  const there = set.size < Infinity ? `: the allowed settings are ${set.size} in all` : "";
  return [`${found} of ${count} runs could be suggested${there}.`];
}
