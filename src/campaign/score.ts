import { CellwrightError, type Problem } from "../errors.js";
import { createRng, type Rng } from "../math/rng.js";
import { prepareKernels } from "../math/wasm/kernels.js";
import { createFeasibleSet } from "../space/feasible-set.js";
import type { Settings } from "../space/parameter.js";
import { version } from "../version.js";
import type { AskOptions } from "./ask.js";
import { type AskProblem, createAskProblem } from "./ask-problem.js";
import type { Campaign } from "./campaign.js";
import { comparedSettings, valueOfNext } from "./choose-runs.js";
import { dataHash } from "./data-hash.js";
import { definedFields } from "./defined-fields.js";
import { judgeSettings, weighedGain } from "./describe-run.js";
import { type FittedOutcomes, fitOutcomes } from "./fit-outcomes.js";
import { standingOf } from "./improvement.js";
import { requestedContext } from "./requested-context.js";
import { settingsKey, sortById } from "./settings-key.js";
import { settingsProblems } from "./settings-problems.js";
import { simulatedWarning } from "./simulated-warning.js";
import type { Provenance, Suggestion } from "./suggestion.js";
import type { Trial } from "./trial.js";
import { triedSettings } from "./tried-settings.js";

/** Settings that a person thinks of. */
export interface Candidate {
  /** Default: its place in the list, from 1. */
  readonly id?: string;
  readonly parameters: Settings;
  /** What it lacks is taken from the request, as `ask` takes it. */
  readonly context?: Settings;
}

export interface ScoreOptions
  extends Pick<
    AskOptions,
    "seed" | "context" | "preset" | "warmStart" | "executor" | "signal" | "onProgress"
  > {
  readonly candidates: readonly Candidate[];
}

/** What is to be said of one candidate. */
export interface ScoredCandidate
  extends Pick<Suggestion, "predictions" | "probabilityFeasible" | "specifications" | "risk" | "success"> {
  readonly candidate: string;
  readonly parameters: Settings;
  readonly context: Settings;
  /** Bounds, steps and constraints that it breaks; empty where it may be run. */
  readonly problems: readonly Problem[];
  /** The trial that has these settings already. */
  readonly tried?: string;
  /** What one more run there is worth, log scale; null where no model can tell, or it is worth nothing. */
  readonly acquisition: { readonly name: string; readonly value: number } | null;
  /** In the first objective's unit, or as a share of the hypervolume reached by several. */
  readonly expectedGain: number | null;
  /** 1 is the best to run next; null for what may not be run and what no model can judge. */
  readonly rank: number | null;
}

export interface ScoreResult {
  readonly campaign: string;
  readonly provenance: Pick<Provenance, "cellwright" | "campaignHash" | "dataHash" | "seed">;
  /** In the order in which they were given. */
  readonly candidates: readonly ScoredCandidate[];
  /** Unit of `expectedGain`. */
  readonly gainUnit: string | null;
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  readonly messages: readonly string[];
}

/** Most candidates at a time (assumption: some seconds). */
const MOST_CANDIDATES = 10_000;

/**
 * Judges settings that a person thinks of as `ask` judges its own: predictions with intervals, chances, what a run there
 * is worth, and what forbids it. Their order does not matter.
 *
 * @throws CellwrightError DATA_INVALID with everything that makes candidates unreadable; INVALID_OPTION as `ask`;
 *   SPACE_UNSATISFIABLE; CANCELLED.
 */
export async function score(campaign: Campaign, options: ScoreOptions): Promise<ScoreResult> {
  const { candidates, seed = 1, preset, warmStart, executor, signal, onProgress } = options;
  await prepareKernels();
  checkCandidates(campaign, candidates);
  const { context, warnings } = requestedContext(campaign, options.context ?? {});
  const rng = createRng(seed).fork("ask");
  const fits = await fitOutcomes(
    campaign,
    definedFields({ seed, preset, warmStart, executor, signal, onProgress }),
  );
  const placed = candidates.map((candidate, at) => ({
    ...{ at, candidate: candidate.id ?? String(at + 1), parameters: candidate.parameters },
    context: { ...context, ...candidate.context },
  }));
  const states = new Map<string, Placed[]>();
  for (const one of placed) {
    const key = settingsKey(one.context);
    states.set(key, [...(states.get(key) ?? []), one]);
  }
  const scored = new Map<number, Omit<ScoredCandidate, "rank">>();
  const told = new Set<string>();
  for (const group of states.values())
    for (const [at, one] of scoreState(campaign, fits, group, rng, told)) scored.set(at, one);
  const rows = placed.map(({ at }) => scored.get(at)!);
  return {
    campaign: campaign.name,
    provenance: {
      cellwright: version,
      campaignHash: campaign.hash,
      dataHash: dataHash(campaign.trials),
      seed,
    },
    candidates: ranked(rows),
    gainUnit: gainUnit(campaign),
    ...{ warnings: [...simulatedWarning(campaign.trials), ...warnings, ...told], notes: campaign.notes },
    messages: [...campaign.messages, ...fits.messages],
  };
}

type Placed = Pick<ScoredCandidate, "candidate" | "parameters" | "context"> & { readonly at: number };

function checkCandidates(campaign: Campaign, candidates: readonly Candidate[]): void {
  const { parameters } = campaign.space;
  const problems = candidates.flatMap((candidate, i): Problem[] => {
    const where = `candidate ${candidate.id ?? i + 1}`;
    const missing = parameters.filter(({ name }) => !Object.hasOwn(candidate.parameters, name));
    return [
      ...missing.map(({ name }) => ({ where: `${where}, ${name}`, found: "nothing", expected: "a setting" })),
      ...settingsProblems(campaign, candidate.parameters, candidate.context ?? {}, where),
    ];
  });
  const count = candidates.length;
  if (!(count >= 1 && count <= MOST_CANDIDATES))
    problems.push({ where: "candidates", found: String(count), expected: `1 to ${MOST_CANDIDATES}` });
  if (problems.length > 0)
    throw new CellwrightError("DATA_INVALID", "The candidates cannot be scored.", { problems });
}

/** Candidates of one state: what they are compared with, and the models' view, are the same for all of them. */
function scoreState(
  campaign: Campaign,
  fits: FittedOutcomes,
  group: readonly Placed[],
  rng: Rng,
  told: Set<string>,
): [number, Omit<ScoredCandidate, "rank">][] {
  const { context } = group[0]!;
  const open = sortById(campaign.trials).filter(
    ({ status }) => status === "suggested" || status === "running",
  );
  const problem = createAskProblem(campaign, context, fits, open);
  for (const warning of problem.warnings) told.add(warning);
  const worth = worthOf(problem, rng);
  const standing = standingOf(problem.objectives, problem.specifications, problem.base);
  const tried = triedSettings(campaign.space, campaign.trials, context);
  return group.map(({ at, candidate, parameters }) => {
    const x = campaign.space.encode(parameters, context);
    const judged = judgeSettings(problem, parameters, x);
    const same = tried.trialAt(x);
    const gain = worth === null ? null : weighedGain(problem, standing, x, rng, judged.success ?? null);
    return [
      at,
      {
        ...{ candidate, parameters, context, problems: problemsOf(campaign, parameters, context), ...judged },
        ...(same === undefined ? {} : { tried: same.id }),
        acquisition: worth?.(x) ?? null,
        expectedGain: gain === null ? null : shareOf(gain.expected, problem, standing.reached),
      },
    ];
  });
}

function shareOf(expected: number, { objectives }: AskProblem, reached: number | null): number | null {
  if (objectives.length === 1) return expected;
  return reached !== null && reached > 0 ? expected / reached : null;
}

/** The acquisition function of a first run; null where there is nothing to judge by. */
function worthOf(
  problem: AskProblem,
  rng: Rng,
): ((x: Float64Array) => ScoredCandidate["acquisition"]) | null {
  const { campaign, context, objectives, specifications, explore } = problem;
  if (objectives.length + specifications.length + explore.length === 0) return null;
  const compared = comparedSettings(problem);
  const data =
    compared.rows > 0
      ? compared
      : createFeasibleSet(campaign.space, { fixed: {}, context }, rng.fork("set")).sample(
          1,
          rng.fork("stand-in"),
        );
  const acquisition = valueOfNext(problem, data, [], { rng });
  return (x) => {
    const value = acquisition.value(x);
    return Number.isFinite(value) ? { name: acquisition.name, value } : null;
  };
}

/** What forbids settings: bounds, steps, constraints, and what only the process can see. */
function problemsOf(
  { space, knowledge }: Campaign,
  parameters: Settings,
  context: Settings,
): readonly Problem[] {
  const problems = space.violations(parameters, context);
  if (problems.length > 0 || knowledge === undefined) return problems;
  return knowledge
    .check({ ...context, ...parameters })
    .map((found) => ({ where: "process", found, expected: "settings that the process allows" }));
}

function ranked(rows: readonly Omit<ScoredCandidate, "rank">[]): ScoredCandidate[] {
  const order = rows
    .filter(({ problems, acquisition }) => problems.length === 0 && acquisition !== null)
    .toSorted((a, b) => b.acquisition!.value - a.acquisition!.value);
  return rows.map((row) => {
    const place = order.indexOf(row);
    return { ...row, rank: place < 0 ? null : place + 1 };
  });
}

function gainUnit({ outcomes }: Campaign): string | null {
  const objectives = outcomes.filter(({ goal }) => goal !== undefined);
  if (objectives.length === 0) return null;
  return objectives.length === 1 ? objectives[0]!.unit : "share of the hypervolume reached";
}

/** Trials of a table of settings as candidates. */
export function candidatesOf(trials: readonly Trial[]): Candidate[] {
  return trials.map(({ id, parameters, context }) => ({ id, parameters, context }));
}
