import { CellwrightError, type Problem } from "../errors.js";
import { prepareKernels } from "../math/wasm/kernels.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import type { Settings } from "../space/parameter.js";
import { version } from "../version.js";
import {
  allowedIn,
  type AskRequest,
  fitRequest,
  isUnjudged,
  readRequest,
  type RequestOptions,
  type ValuedRequest,
  valuedIn,
} from "./ask-request.js";
import type { AskProblem } from "./ask-problem.js";
import type { Campaign } from "./campaign.js";
import { comparedOr, comparedSettings, valueOfNext } from "./value-of-next.js";
import { dataHash } from "./data-hash.js";
import { definedFields } from "./defined-fields.js";
import { judgeSettings, weighedGain } from "./describe-run.js";
import type { FittedOutcomes } from "./fit-outcomes.js";
import { standingOf } from "./improvement.js";
import { safeMessage, safetyAt } from "./safe-mode.js";
import { settingsKey } from "./settings-key.js";
import { settingsProblems } from "./settings-problems.js";
import { simulatedWarning } from "./simulated-warning.js";
import { percent } from "./stopping.js";
import type { Provenance, Suggestion } from "./suggestion.js";
import type { Trial } from "./trial.js";
import { triedSettings } from "./tried-settings.js";

/** Settings that a person thinks of. */
export interface Candidate {
  /** Default: its place in the list, from 1. */
  readonly id?: string;
  /** What it lacks is what the request fixes. */
  readonly parameters: Settings;
  /** What it lacks is taken from the request, as `ask` takes it. */
  readonly context?: Settings;
}

/** Everything that a request for suggestions may state of where runs may lie and how they are valued. */
export interface ScoreOptions extends RequestOptions {
  readonly candidates: readonly Candidate[];
}

/** What is to be said of one candidate. */
export interface ScoredCandidate
  extends Pick<
    Suggestion,
    | "predictions"
    | "probabilityFeasible"
    | "specifications"
    | "risk"
    | "desirabilities"
    | "success"
    | "safety"
  > {
  readonly candidate: string;
  readonly parameters: Settings;
  readonly context: Settings;
  /**
   * Rules that it breaks: bounds, steps, constraints, limits of the process, and what the request fixes, how far it lets
   * settings move, and its floor of safety; empty where it may be run.
   */
  readonly problems: readonly Problem[];
  /** The trial that has these settings already. */
  readonly tried?: string;
  /**
   * What one more run there is worth as the request values runs, mostly on a log scale; null where no model can tell, or it
   * is worth nothing.
   */
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
 * @throws CellwrightError DATA_INVALID with everything that makes candidates unreadable; INVALID_OPTION, CAMPAIGN_INVALID,
 *   SPACE_UNSATISFIABLE and CANCELLED as `ask`.
 */
export async function score(campaign: Campaign, options: ScoreOptions): Promise<ScoreResult> {
  const { seed = 1 } = options;
  await prepareKernels();
  const candidates = options.candidates.map((one) => withFixed(campaign, one, options.fix));
  checkCandidates(campaign, candidates);
  const request = readRequest(campaign, options);
  const placed = candidates.map((candidate, at) => ({
    ...{ at, candidate: candidate.id ?? String(at + 1), parameters: candidate.parameters },
    context: { ...request.context, ...candidate.context },
  }));
  const states = new Map<string, Placed[]>();
  for (const one of placed) {
    const key = settingsKey(one.context);
    states.set(key, [...(states.get(key) ?? []), one]);
  }
  const sets = [...states.values()].map((group) => allowedIn(request, group[0]!.context));
  const fits = await fitRequest(request);
  const scored = new Map<number, Omit<ScoredCandidate, "rank">>();
  const told = { warnings: new Set<string>(), messages: new Set<string>() };
  [...states.values()].forEach((group, k) => {
    for (const [at, one] of scoreState(request, fits, sets[k]!, group, told)) scored.set(at, one);
  });
  const rows = placed.map(({ at }) => scored.get(at)!);
  return {
    campaign: campaign.name,
    provenance: {
      cellwright: version,
      campaignHash: campaign.hash,
      dataHash: dataHash(request.everyone),
      seed,
    },
    candidates: ranked(rows),
    gainUnit: gainUnit(campaign),
    warnings: [...simulatedWarning(request.everyone), ...request.warnings, ...told.warnings],
    notes: campaign.notes,
    messages: [...campaign.messages, ...fits.messages, ...told.messages],
  };
}

/** Settings that a candidate does not state are those that the request fixes. */
function withFixed({ space }: Campaign, candidate: Candidate, fix: Settings = {}): Candidate {
  const known = space.parameters.filter(({ name }) => fix[name] !== undefined);
  const fixed = Object.fromEntries(known.map(({ name }) => [name, fix[name]!]));
  return { ...candidate, parameters: { ...fixed, ...candidate.parameters } };
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

/** What is said of the whole answer. */
interface Told {
  readonly warnings: Set<string>;
  readonly messages: Set<string>;
}

/** Candidates of one state: what they are compared with, and the models' view, are the same for all of them. */
function scoreState(
  request: AskRequest,
  fits: FittedOutcomes,
  set: FeasibleSet,
  group: readonly Placed[],
  told: Told,
): [number, Omit<ScoredCandidate, "rank">][] {
  const { campaign, rng, everyone } = request;
  const { context } = group[0]!;
  const question = valuedIn(request, fits, set);
  const { problem, safe } = question;
  tell(told, campaign, question);
  const worth = worthOf(question, set, request);
  const standing = standingOf(problem.objectives, problem.specifications, problem.base);
  const tried = triedSettings(campaign.space, everyone, context);
  return group.map(({ at, candidate, parameters }) => {
    const x = campaign.space.encode(parameters, context);
    const judged = judgeSettings(problem, parameters, x);
    const same = tried.trialAt(x);
    const gain = worth === null ? null : weighedGain(problem, standing, x, rng, judged.success ?? null);
    const safety = safe === undefined ? undefined : safetyAt(safe, x);
    const unsafe = safe !== undefined && !safe.safety.holds(x);
    return [
      at,
      {
        ...{ candidate, parameters, context, ...judged, ...definedFields({ safety }) },
        problems: [
          ...problemsOf(request, parameters, context),
          ...(safety !== undefined && unsafe ? [unsafeProblem(safety)] : []),
        ],
        ...(same === undefined ? {} : { tried: same.id }),
        acquisition: worth?.(x) ?? null,
        expectedGain: gain === null ? null : shareOf(gain.expected, problem, standing.reached),
      },
    ];
  });
}

function tell(told: Told, campaign: Campaign, { problem, safe, per, valued }: ValuedRequest): void {
  for (const warning of problem.warnings) told.warnings.add(warning);
  if (safe !== undefined) told.messages.add(safeMessage(safe, campaign));
  if (valued.message !== undefined) told.messages.add(valued.message);
  if (per !== undefined) told.messages.add(per.message);
}

function shareOf(expected: number, { objectives }: AskProblem, reached: number | null): number | null {
  if (objectives.length === 1) return expected;
  return reached !== null && reached > 0 ? expected / reached : null;
}

/** The acquisition function of a first run, as `ask` would value it; null where there is nothing to judge by. */
function worthOf(
  { problem, safe, per, valued: { family } }: ValuedRequest,
  set: FeasibleSet,
  { rng }: AskRequest,
): ((x: Float64Array) => ScoredCandidate["acquisition"]) | null {
  if (isUnjudged(problem)) return null;
  const data = comparedOr(comparedSettings(problem), set, rng);
  const acquisition = valueOfNext(problem, data, [], { rng, family, set, ...definedFields({ safe, per }) });
  return (x) => {
    const value = acquisition.value(x);
    return Number.isFinite(value) ? { name: acquisition.name, value } : null;
  };
}

/** What forbids settings: bounds, steps, constraints, what only the process can see, and what the request asks. */
function problemsOf(
  { campaign: { knowledge }, space, options: { fix = {} } }: AskRequest,
  parameters: Settings,
  context: Settings,
): readonly Problem[] {
  const problems = [...space.violations(parameters, context)];
  if (problems.length === 0 && knowledge !== undefined)
    for (const found of knowledge.check({ ...context, ...parameters }))
      problems.push({ where: "process", found, expected: "settings that the process allows" });
  for (const [name, value] of Object.entries(fix)) {
    if (parameters[name] === value) continue;
    problems.push({
      where: name,
      found: String(parameters[name]),
      expected: `${value}, as the request fixes it`,
    });
  }
  return problems;
}

function unsafeProblem({ probability, floor }: NonNullable<Suggestion["safety"]>): Problem {
  return {
    where: "safe",
    found: `a probability of ${percent(probability)}`,
    expected: `at least ${percent(floor)}`,
  };
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
