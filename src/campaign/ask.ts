import type { Problem } from "../errors.js";
import { kernelBuild, prepareKernels } from "../math/wasm/kernels.js";
import { sha256Hex } from "../math/sha256.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import { version } from "../version.js";
import { isLogarithm } from "./acquisition-choice.js";
import { allowedIn, fitRequest, readRequest, type RequestOptions, valuedIn } from "./ask-request.js";
import type { Campaign } from "./campaign.js";
import { SPEC_LIMITS } from "./campaign-spec.js";
import { type ChosenRuns, chooseRuns } from "./choose-runs.js";
import { dataHash } from "./data-hash.js";
import { definedFields } from "./defined-fields.js";
import type { DesignKind } from "./design-request.js";
import { type DescribedRun, describeRun } from "./describe-run.js";
import { explainRuns } from "./explain-runs.js";
import { failureMessages } from "./failure-risks.js";
import { firstDesign } from "./first-design.js";
import type { FittedOutcomes } from "./fit-outcomes.js";
import { standingOf } from "./improvement.js";
import { adviceInMoney } from "./money-advice.js";
import { isWorthLooking, withReplicates } from "./replication.js";
import { createRunPlan } from "./run-plan.js";
import { type SharedBatch, shareSettings } from "./share-settings.js";
import { riskMessage } from "./risk.js";
import { type SafeMode, safeMessage } from "./safe-mode.js";
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
import { suggestedTrialIds } from "./trial-ids.js";
import { triedSettings } from "./tried-settings.js";

export interface AskOptions extends RequestOptions, SearchEffort {
  /** Suggestions; default the campaign's batch. */
  readonly count?: number;
  /** Whether a batch shares settings that are hard to change where that pays; default true. */
  readonly share?: boolean;
  /** Where the next runs are looked for; default the campaign's `strategy.search`, else `auto`. */
  readonly search?: SearchChoice;
  /**
   * Whether tried settings are repeated on purpose where that is worth more than a new one: true always looks, false never;
   * default the campaign's `strategy.replicate`, else only where noise is a large share of what the results differ by.
   * Never where the search was cut short.
   */
  readonly replicate?: boolean;
  /**
   * Design of the first runs, while there is none; it says how many there are unless `count` does. Default the campaign's
   * `strategy.initial_design`, else runs that spread.
   */
  readonly design?: DesignKind;
  /** Adds to every suggestion what its steps, limits and results would change; the choice and its seal stay the same. */
  readonly explain?: boolean;
}

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
  const { count = asked.batch, signal, onProgress } = options;
  await prepareKernels();
  const request = readRequest(asked, options, [...effortProblems(options), ...countProblems(count)]);
  const { campaign } = request;
  const budget = budgetOf(options);
  const search = options.search ?? campaign.spec.strategy?.search ?? "auto";
  requireSearchChoice(search);
  const { context, warnings, today, everyone, rng, seed } = request;
  const set = allowedIn(request, context);
  const fits = await fitRequest(request);
  const question = valuedIn(request, fits, set);
  const { problem, missing, safe, per, valued } = question;
  const designed = firstDesign(request, { wanted: options.design, count: options.count });
  const stage = designed === null ? question.stage : "initial-design";
  const tried = triedSettings(campaign.space, everyone, context);
  const place: SearchPlace =
    stage === "model"
      ? searchPlace(problem, set, search, { family: valued.family, safe: safe !== undefined })
      : { set };
  const chosen: ChosenRuns =
    designed === null
      ? await chooseRuns(problem, place.set, tried, {
          ...{ count, stage, family: valued.family, rng, budget },
          ...definedFields({ safe, per, signal, onProgress }),
        })
      : { runs: designed.runs, exhausted: false };
  const standing = standingOf(problem.objectives, problem.specifications, problem.base);
  const { runs, shared }: Pick<SharedBatch, "runs" | "shared"> =
    options.share === false || budget.left === 0 || !isLogarithm(valued.family) || designed !== null
      ? { runs: chosen.runs, shared: null }
      : shareSettings(problem, place.set, chosen.runs, {
          ...{ tried, rng, budget, family: valued.family, today: today?.parameters ?? {} },
          ...definedFields({ safe, per, signal }),
        });
  const repeats =
    options.replicate ??
    (campaign.spec.strategy?.replicate !== "never" &&
      valued.family === "auto" &&
      per === undefined &&
      shared === null &&
      isWorthLooking(problem));
  const repeated =
    repeats && stage === "model" && budget.left > 0
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
      ...(designed === null ? shortfall(count, described.length, set, safe) : []),
      ...effortWarnings(budget),
    ],
    messages: [
      ...campaign.messages,
      ...fits.messages,
      ...failureMessages(problem.risks),
      ...(problem.risk ? [riskMessage(problem.risk)] : []),
      ...polishedMessages(chosen),
      ...(designed?.messages ?? []),
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

function countProblems(count: number): Problem[] {
  if (Number.isInteger(count) && count >= 1 && count <= SPEC_LIMITS.batch) return [];
  return [
    {
      where: "count",
      found: String(count),
      expected: `a whole number from 1 to ${SPEC_LIMITS.batch}`,
    },
  ];
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
