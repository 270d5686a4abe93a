import { withEarlierSettings } from "./earlier-settings.js";
import { CellwrightError, type Problem } from "../errors.js";
import { canonicalJson } from "../math/canonical-json.js";
import { sha256Hex } from "../math/sha256.js";
import type { Knowledge } from "../space/knowledge.js";
import type { ContextVariable, Parameter } from "../space/parameter.js";
import { createSearchSpace, type SearchSpace } from "../space/search-space.js";
import type { CampaignSpec } from "./campaign-spec.js";
import { hardParameters } from "./changeovers.js";
import { checkOrigins } from "./check-origins.js";
import type { DesirabilityGoal } from "./desirability.js";
import type { OutcomeFormula } from "./outcome-formula.js";
import type { OutcomeLimits } from "./read-outcomes.js";
import type { CampaignConstraint } from "./read-limits.js";
import type { MaturingOutcome } from "./maturing.js";
import { type CampaignMoney, readMoney } from "./money.js";
import type { OutcomePrice } from "./read-price.js";
import { type ProcessOptions, processProblems } from "./process-options.js";
import { lawProblem, type PriorMeanChoice } from "./prior-mean-choice.js";
import { readSpec } from "./read-spec.js";
import { hostileProblems, shapeProblems } from "./spec-problems.js";
import type { Trial } from "./trial.js";

/** A measured or computed result. */
export interface Outcome {
  readonly name: string;
  readonly unit: string;
  readonly goal?: "maximize" | "minimize" | "target";
  readonly target?: number;
  /** The point from which an objective counts (reference point of the hypervolume). */
  readonly threshold?: number;
  readonly spec?: OutcomeLimits;
  readonly scale: "auto" | "log" | "identity";
  readonly per: "trial" | "group";
  /** Standard error of one measurement where nothing is replicated. */
  readonly sem?: number;
  /** Price (USD) and minutes of one measurement on a sample that is there. */
  readonly price?: number;
  readonly minutes?: number;
  /** What one unit better is worth. */
  readonly value?: OutcomePrice;
  /** Share of the predicted value of the incumbent, or of the trial of this id. */
  readonly atLeast?: { readonly share: number; readonly of: string };
  readonly atMost?: { readonly share: number; readonly of: string };
  readonly formula?: OutcomeFormula;
  /** Its formula is applied to joint draws of the outcomes that it names, instead of being learned per row. */
  readonly composite?: boolean;
  readonly surrogate?: OutcomeSurrogate;
  /** Where it takes long to be known: what tells of it before. */
  readonly matures?: MaturingOutcome;
}

/** How the campaign file wants an outcome to be learned. */
export interface OutcomeSurrogate {
  readonly priorMean?: PriorMeanChoice;
  /** Options of the process that learns it. */
  readonly process?: ProcessOptions;
  /** Whether runs between two changes of what is hard to change share an error; absent: `auto`, where the data show it. */
  readonly wholePlot?: boolean | "auto";
}

/** One optimisation problem: space, outcomes, knowledge and trials. Immutable: `tell` returns another. */
export interface Campaign {
  readonly name: string;
  readonly spec: CampaignSpec;
  /** SHA-256 of the file's content, the order of its names and the knowledge that it was given. */
  readonly hash: string;
  readonly process?: "calendering" | "formation";
  readonly knowledge?: Knowledge;
  readonly space: SearchSpace;
  readonly outcomes: readonly Outcome[];
  /** What is desirable of single outcomes; the outcome `desirability` weighs them. */
  readonly desirability?: readonly DesirabilityGoal[];
  /** Column whose groups cross-validation never splits. */
  readonly group?: string;
  /** Column that says which runs were made with one set-up of what is hard to change. */
  readonly wholePlot?: string;
  /** What runs cost and outcomes are worth, where the file says. */
  readonly money?: CampaignMoney;
  readonly batch: number;
  readonly trials: readonly Trial[];
  /** What the user should know about how the file was read. */
  readonly messages: readonly string[];
  /** Sentences that must be printed with every suggestion: changed safety limits, the file's own, the process's. */
  readonly notes: readonly string[];
  /** Safety limits that the file replaces; also among the notes. */
  readonly limitChanges: readonly string[];
  /** The campaign's constraints, then the safety limits in force with the reason of each. */
  readonly constraints: readonly CampaignConstraint[];
}

export interface CreateCampaignOptions {
  readonly knowledge?: Knowledge;
  readonly trials?: readonly Trial[];
  /** Units of the data's columns where they are known: formulas are then checked against them. */
  readonly columns?: ReadonlyMap<string, string>;
  readonly mixOrigins?: boolean;
}

/** Suggestions at a time where the file does not say. */
const DEFAULT_BATCH = 4;

/**
 * Makes a campaign from the content of a campaign file.
 *
 * @param spec - The plain object that the file holds (parsing YAML or JSON is the caller's).
 * @param options.knowledge - What the process knows: limits that cannot be dropped, formulas, default bounds, notes.
 * @throws CellwrightError CAMPAIGN_INVALID with every problem of the file at once.
 */
export function createCampaign(spec: unknown, options: CreateCampaignOptions = {}): Campaign {
  const hostile = hostileProblems(spec);
  if (hostile.fatal) throw campaignInvalid(hostile.problems);
  const told = new Set(hostile.problems.map(({ where }) => where));
  const problems = [...hostile.problems, ...shapeProblems(spec).filter(({ where }) => !told.has(where))];
  const read = readSpec(spec, { ...options, problems });
  if (problems.length > 0) throw campaignInvalid(problems);
  const valid = spec as CampaignSpec;
  const campaign: Campaign = {
    name: valid.campaign,
    spec: valid,
    hash: campaignHash(valid, options.knowledge, read.constraints),
    ...(valid.process === undefined ? {} : { process: valid.process }),
    ...(options.knowledge === undefined ? {} : { knowledge: options.knowledge }),
    space: createSpace(read.parameters, read.context, read.constraints, []),
    outcomes: read.outcomes,
    ...(read.desirability.length > 0 && { desirability: read.desirability }),
    ...(valid.group === undefined ? {} : { group: valid.group }),
    ...(valid.whole_plot === undefined ? {} : { wholePlot: valid.whole_plot }),
    batch: valid.batch ?? DEFAULT_BATCH,
    trials: [],
    messages: read.messages,
    notes: [...read.notes, ...(options.knowledge?.notes ?? [])],
    constraints: read.constraints,
    limitChanges: read.limitChanges,
  };
  checkSurrogates(campaign);
  const money = readMoney(valid, campaign.outcomes);
  const priced = money === null ? campaign : { ...campaign, money };
  if (options.trials === undefined) return priced;
  checkOrigins(options.trials, options.mixOrigins === true);
  return withTrials(priced, options.trials);
}

/** A law that the file names, and a shape, must be such that its outcome and the inputs allow them. */
function checkSurrogates(campaign: Campaign): void {
  const problems = campaign.outcomes.flatMap((outcome): readonly Problem[] => {
    const why = lawProblem(campaign, outcome);
    if (why === null)
      return [...processProblems(outcome, campaign.space.inputs), ...plotProblems(campaign, outcome)];
    const where = `outcomes.${outcome.name}.surrogate.prior_mean`;
    const found = describeChoice(outcome.surrogate?.priorMean);
    return [{ where, found, expected: why, remedy: "Add what is missing, or remove prior_mean." }];
  });
  if (problems.length > 0) throw campaignInvalid(problems);
}

/** An error of whole plots needs plots, and a fit that knows it. */
function plotProblems(
  { wholePlot, space }: Campaign,
  { name, surrogate, matures }: Outcome,
): readonly Problem[] {
  if (surrogate?.wholePlot !== true) return [];
  const where = `outcomes.${name}.surrogate.whole_plot`;
  const problem = (found: string, expected: string): Problem => {
    return { where, found, expected, remedy: "Add what is missing, or remove whole_plot." };
  };
  const hard = hardParameters(space.parameters);
  return [
    ...(wholePlot === undefined && hard.length === 0
      ? [problem("true", "a parameter with change: { effort: hard }, or whole_plot: COLUMN in the campaign")]
      : []),
    ...(matures === undefined ? [] : [problem("true beside matures", "one or the other")]),
  ];
}

function describeChoice(choice: PriorMeanChoice | undefined): string {
  return choice === undefined || choice === "none" ? "none" : choice.name;
}

/** The error that lists everything wrong with a campaign. */
export function campaignInvalid(problems: readonly Problem[]): CellwrightError {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return new CellwrightError("CAMPAIGN_INVALID", `The campaign has ${count}.`, { problems });
}

/** Keys are sorted in the canonical JSON, yet the order of parameters is the order of the model's inputs: it counts. */
function campaignHash(
  spec: CampaignSpec,
  knowledge: Knowledge | undefined,
  constraints: readonly CampaignConstraint[],
): string {
  return sha256Hex(
    canonicalJson({
      spec,
      order: [spec.parameters, spec.context ?? {}, spec.outcomes].map((section) => Object.keys(section)),
      knowledge: knowledge === undefined ? null : `${knowledge.name}@${knowledge.version}`,
      constraints: constraints.map((constraint) => constraint.source),
    }),
  );
}

/** The same campaign with other trials; context without bounds takes its range from them. */
export function withTrials(campaign: Campaign, told: readonly Trial[]): Campaign {
  const { parameters, context } = campaign.space;
  const trials = withEarlierSettings(campaign.spec, told);
  return { ...campaign, trials, space: createSpace(parameters, context, campaign.constraints, trials) };
}

function createSpace(
  parameters: readonly Parameter[],
  context: readonly ContextVariable[],
  constraints: readonly CampaignConstraint[],
  trials: readonly Trial[],
): SearchSpace {
  return createSearchSpace({
    parameters,
    context,
    constraints,
    contextRanges: contextRanges(context, trials),
  });
}

/** Range of the trials in each numeric context variable that states no bounds: what its encoding takes. */
export function contextRanges(
  context: readonly ContextVariable[],
  trials: readonly Trial[],
): Record<string, [number, number]> {
  const ranges: Record<string, [number, number]> = {};
  for (const variable of context) {
    if (variable.kind !== "number" || (variable.min !== undefined && variable.max !== undefined)) continue;
    const values = trials.map((t) => t.context[variable.name]).filter((v) => typeof v === "number");
    if (values.length > 0) {
      ranges[variable.name] = [
        values.reduce((a, b) => Math.min(a, b)),
        values.reduce((a, b) => Math.max(a, b)),
      ];
    }
  }
  return ranges;
}
