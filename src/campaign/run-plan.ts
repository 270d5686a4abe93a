import type { Parameter, Settings } from "../space/parameter.js";
import type { Campaign } from "./campaign.js";
import {
  ASSUMED_MINUTES,
  type Changeover,
  changeoverBetween,
  type ChangeoverPrices,
  changeoverPrices,
  parametersWithChange,
  type SettingChange,
  weightOf,
} from "./changeovers.js";
import { costOfOrder, MOST_EXACT_RUNS, orderRuns } from "./order-runs.js";
import type { SharedInformation } from "./shared-information.js";
import type { TodaysSettings } from "./todays-settings.js";

/** One run in the order in which it is best made, with what is changed before it. */
export interface PlannedRun {
  readonly trial: string;
  readonly changes: readonly SettingChange[];
  readonly minutes: number;
  readonly scrapMetres: number;
  /** Of this run and those before it. */
  readonly totalMinutes: number;
  readonly totalScrapMetres: number;
  /** Of the run with its changeover, where the run's own are known (and the prices of a changeover stated). */
  readonly hours?: number;
  readonly cost?: number;
}

/** What the plan needs of a suggestion. */
interface SuggestedRun {
  readonly trial: string;
  readonly parameters: Settings;
  readonly hours?: number;
  readonly cost?: number;
}

/** As `SharedSettings`, by places in the batch. */
type SharedPlaces = Omit<SharedSettings, "trials"> & { readonly moved: readonly number[] };

function withTrials(
  { moved, ...figures }: SharedPlaces,
  suggestions: readonly SuggestedRun[],
): SharedSettings {
  return { trials: moved.map((i) => suggestions[i]!.trial), ...figures };
}

/** What a batch gave up and saved by sharing settings that are hard to change. */
export interface SharedSettings {
  /** Runs of the batch that were moved onto settings of others or of today. */
  readonly trials: readonly string[];
  readonly savedMinutes: number;
  readonly savedScrapMetres: number;
  /** Share of the batch's expected gain that it cost; negative where the new search found more. */
  readonly gainShare: number;
  /** What the batch tells of outcomes whose runs share errors of set-ups, before and after. */
  readonly information?: readonly SharedInformation[];
}

/** The runs of an answer in the order that takes the least changeovers. */
export interface RunPlan {
  /** Settings that the plan starts from, of the parameters that say what a change costs; null where nothing tells. */
  readonly from: { readonly settings: Settings; readonly trial?: string } | null;
  readonly runs: readonly PlannedRun[];
  readonly minutes: number;
  readonly scrapMetres: number;
  /** What the same runs would take in the order in which they were suggested. */
  readonly asSuggested: { readonly minutes: number; readonly scrapMetres: number };
  /** In USD, where prices are stated. */
  readonly cost?: number;
  readonly shared?: SharedSettings;
  /** In sentences: where it starts, what ordering and sharing saved, what was assumed. */
  readonly summary: readonly string[];
}

/**
 * Orders suggested runs so that changeovers from today's setting on weigh least.
 *
 * @returns null where no parameter says what a change costs, or nothing is suggested.
 */
export function createRunPlan(
  campaign: Campaign,
  suggestions: readonly SuggestedRun[],
  today: TodaysSettings | null,
  shared: SharedPlaces | null = null,
): RunPlan | null {
  const { parameters } = campaign.space;
  if (parametersWithChange(parameters).length === 0 || suggestions.length === 0) return null;
  const prices = changeoverPrices(campaign.spec);
  const between = (i: number, j: number): Changeover =>
    changeoverBetween(
      parameters,
      i < 0 ? (today?.parameters ?? {}) : suggestions[i]!.parameters,
      suggestions[j]!.parameters,
    );
  const cost = (i: number, j: number): number => weightOf(between(i, j), prices);
  // Among orders of equal weight the one with the shorter ways: 85, 95, 110, 120 before 85, 95, 120, 110.
  const order = orderRuns(
    suggestions.length,
    (i, j) => cost(i, j) + WAY_WEIGHT * wayOf(parameters, between(i, j)),
  );
  const runs = plannedRuns(order, suggestions, between, prices);
  const last = runs.at(-1)!;
  const given = totalOf(
    suggestions.map((_, i) => i),
    between,
  );
  const figures = {
    from: fromOf(campaign, today),
    runs,
    minutes: last.totalMinutes,
    scrapMetres: last.totalScrapMetres,
    asSuggested: given,
    ...(prices.unit === "USD" ? { cost: costOfOrder(order, cost) } : {}),
    ...(shared === null ? {} : { shared: withTrials(shared, suggestions) }),
  };
  return {
    ...figures,
    summary: [...summaryOf(figures, parameters), ...notesOf(campaign, suggestions.length, today, prices)],
  };
}

/** Suggestions in the order of their plan; as they were suggested where there is none. */
export function inPlannedOrder<T extends { readonly trial: string }>({
  suggestions,
  plan,
}: {
  readonly suggestions: readonly T[];
  readonly plan?: RunPlan;
}): readonly T[] {
  if (plan === undefined) return suggestions;
  return plan.runs.map(({ trial }) => suggestions.find((s) => s.trial === trial)!);
}

/** Weight of a way as long as the whole range, in minutes or USD: small beside any changeover. */
const WAY_WEIGHT = 1e-6;

/** How far the changed settings move, each as a share of its range; a name counts as the whole range. */
function wayOf(parameters: readonly Parameter[], { changes }: Changeover): number {
  return changes.reduce((sum, { parameter, from, to }) => {
    const found = parameters.find(({ name }) => name === parameter)!;
    if (typeof from !== "number" || typeof to !== "number" || found.kind === "categorical") return sum + 1;
    const [min, max] =
      found.kind === "discrete" ? [found.values[0]!, found.values.at(-1)!] : [found.min, found.max];
    return sum + Math.abs(to - from) / (max - min);
  }, 0);
}

type Between = (i: number, j: number) => Changeover;

function plannedRuns(
  order: readonly number[],
  suggestions: readonly SuggestedRun[],
  between: Between,
  prices: ChangeoverPrices,
): PlannedRun[] {
  let [totalMinutes, totalScrapMetres] = [0, 0];
  return order.map((run, k) => {
    const changeover = between(k === 0 ? -1 : order[k - 1]!, run);
    totalMinutes += changeover.minutes;
    totalScrapMetres += changeover.scrapMetres;
    const { trial, hours, cost } = suggestions[run]!;
    return {
      trial,
      ...changeover,
      totalMinutes,
      totalScrapMetres,
      ...(hours === undefined ? {} : { hours: hours + changeover.minutes / 60 }),
      ...(cost === undefined || prices.unit !== "USD" ? {} : { cost: cost + weightOf(changeover, prices) }),
    };
  });
}

function totalOf(order: readonly number[], between: Between): RunPlan["asSuggested"] {
  const changeovers = order.map((run, k) => between(k === 0 ? -1 : order[k - 1]!, run));
  return {
    minutes: changeovers.reduce((sum, { minutes }) => sum + minutes, 0),
    scrapMetres: changeovers.reduce((sum, { scrapMetres }) => sum + scrapMetres, 0),
  };
}

function fromOf(campaign: Campaign, today: TodaysSettings | null): RunPlan["from"] {
  if (today === null) return null;
  const told = parametersWithChange(campaign.space.parameters).filter(
    ({ name }) => today.parameters[name] !== undefined,
  );
  const settings = Object.fromEntries(told.map(({ name }) => [name, today.parameters[name]!]));
  return { settings, ...(today.trial === undefined ? {} : { trial: today.trial }) };
}

function notesOf(
  campaign: Campaign,
  count: number,
  today: TodaysSettings | null,
  prices: ChangeoverPrices,
): string[] {
  const changed = parametersWithChange(campaign.space.parameters);
  const unstated = changed.filter(
    ({ change }) => change?.minutes === undefined && change?.scrap === undefined,
  );
  return [
    ...(today === null
      ? [
          "Today's setting is not known: the first run is counted without a changeover. State it with --from name=value.",
        ]
      : []),
    ...(count > MOST_EXACT_RUNS ? [`${count} runs: the order is a good one, not proven the best.`] : []),
    ...unstated.map(
      ({ name, change }) =>
        `${name}: the file states no minutes and no scrap; ${ASSUMED_MINUTES[change!.effort]} min are assumed for a change that is ${change!.effort}.`,
    ),
    prices.unit === "USD"
      ? "Minutes and metres are weighed by line_hour_cost and scrap_metre_cost."
      : !changed.some(({ change }) => change?.scrap !== undefined)
        ? "Minutes count (state economics: line_hour_cost to weigh in money)."
        : `Minutes count; a metre of scrap counts as ${prices.perMetre} min (assumption; state economics: line_hour_cost and scrap_metre_cost to weigh in money).`,
  ];
}

/** The plan's figures as sentences: from where it starts, what ordering and sharing saved. */
function summaryOf(plan: Omit<RunPlan, "summary">, parameters: readonly Parameter[]): string[] {
  const { from, asSuggested, shared } = plan;
  const start =
    from === null || Object.keys(from.settings).length === 0
      ? ""
      : ` from ${Object.entries(from.settings)
          .map(([name, value]) => `${name} ${value}${unitAfter(parameters, name)}`)
          .join(", ")}${from.trial === undefined ? "" : ` (trial ${from.trial})`}`;
  const money = plan.cost === undefined ? "" : `, ${rounded(plan.cost)} USD`;
  const saved = asSuggested.minutes - plan.minutes;
  const savedMetres = asSuggested.scrapMetres - plan.scrapMetres;
  const order =
    saved === 0 && savedMetres === 0
      ? ""
      : ` In the order of the suggestions it would be ${amounts(asSuggested.minutes, asSuggested.scrapMetres)}.`;
  return [
    `Run plan${start}: changeovers take ${amounts(plan.minutes, plan.scrapMetres)}${money}.${order}`,
    ...(shared === undefined ? [] : [sharedText(shared)]),
  ];
}

function unitAfter(parameters: readonly Parameter[], name: string): string {
  const found = parameters.find((parameter) => parameter.name === name);
  return found === undefined || found.kind === "categorical" || found.unit === "1" ? "" : ` ${found.unit}`;
}

function sharedText({
  trials,
  savedMinutes,
  savedScrapMetres,
  gainShare,
  information = [],
}: SharedSettings): string {
  const share = gainShare * 100;
  const price =
    share < 0.05
      ? "without loss of expected gain"
      : `for ${share < 1 ? share.toFixed(1) : share.toFixed(0)} % of the batch's expected gain`;
  return `${trials.join(", ")} ${trials.length === 1 ? "shares" : "share"} settings that are hard to change: ${amounts(savedMinutes, savedScrapMetres)} less, ${price}.${information.map(informationText).join("")}`;
}

function informationText({ outcome, apart, shared }: SharedInformation): string {
  const share = (100 * shared) / apart;
  return ` They share the error of a set-up too: the batch tells ${share.toFixed(0)} % of what it would tell of ${outcome} apart (${shared.toFixed(2)} of ${apart.toFixed(2)} nats).`;
}

const rounded = (value: number): string => String(Number(value.toPrecision(4)));

function amounts(minutes: number, scrapMetres: number): string {
  return scrapMetres === 0
    ? `${rounded(minutes)} min`
    : `${rounded(minutes)} min and ${rounded(scrapMetres)} m of scrap`;
}
