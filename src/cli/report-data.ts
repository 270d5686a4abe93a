import { judgedOutcomes } from "../campaign/ask-problem.js";
import type { Campaign, Outcome } from "../campaign/campaign.js";
import type { FittedOutcomes } from "../campaign/fit-outcomes.js";
import type { ProcessWindow } from "../campaign/window-answer.js";
import type { AskResult, SpecificationOutlook } from "../campaign/suggestion.js";
import { readableName } from "../plots/format.js";
import type {
  OutcomeHistory,
  ReportChannels,
  ReportData,
  ReportInput,
  ReportOutcome,
} from "../plots/report-data.js";
import type { Settings } from "../space/parameter.js";
import type { JudgedOutcome } from "./evaluate-campaign.js";
import { type CompositeOutcome, compositesOf, withMeasuredComposites } from "./report-composites.js";
import { summarizeData } from "./report-counts.js";
import { reportQuality } from "./report-quality.js";
import { responseMaps, responseSlices } from "./report-responses.js";
import { reportTrials, type ReportTrial } from "./report-trials.js";
import { tradeOff } from "./report-trade-off.js";

export interface ReportSources {
  /** With the trials that the answer was computed from. */
  readonly campaign: Campaign;
  readonly answer: AskResult;
  /** The state for which was asked. */
  readonly context: Settings;
  /** Settings that were not chosen. */
  readonly fix?: Settings;
  /** Fitted as the answer was: same trials, seed and preset. */
  readonly fits: FittedOutcomes;
  /** Cross-validation; empty where there are too few groups. */
  readonly judged: readonly JudgedOutcome[];
  /** Present where the campaign has specifications. */
  readonly window?: ProcessWindow;
  /** Present where channels were given. */
  readonly channels?: ReportChannels;
  /** Where the trials come from, as a reader knows it. */
  readonly source: string;
  readonly citation?: string;
  /** What the readers of file and data have to say. */
  readonly messages?: readonly string[];
  readonly commands: ReportData["commands"];
}

/** The sources with the composite outcomes that follow from them. */
export interface ReportBasis extends ReportSources {
  readonly composites: ReadonlyMap<string, CompositeOutcome>;
}

/** Gathers everything that a report shows; computes predictions along the settings, changes no number of the answer. */
export function buildReportData(given: ReportSources): ReportData {
  const { campaign, answer, context } = given;
  const composites = compositesOf(judgedOutcomes(campaign, given.fits));
  const sources: ReportBasis = { ...given, composites };
  const trials = withMeasuredComposites(campaign, composites, reportTrials(campaign, context));
  const slices = responseSlices(sources, trials);
  const compromise = tradeOff(sources, trials);
  return {
    campaign: campaign.name,
    title: campaign.name,
    question: campaign.spec.question ?? questionOf(campaign),
    createdAt: answer.createdAt,
    provenance: answer.provenance,
    inputs: reportInputs(campaign),
    outcomes: campaign.outcomes.map(reportOutcome),
    context,
    data: summarizeData(sources, trials),
    quality: sources.judged.map((one) =>
      reportQuality(one, { campaign, context, trials, baseRate: baseRateOf(answer, one.evaluation.outcome) }),
    ),
    slices: slices.shown,
    maps: responseMaps(sources, slices.shown, trials),
    ...(compromise === null ? {} : { tradeOff: compromise }),
    ...(sources.window === undefined ? {} : { window: sources.window }),
    history: campaign.outcomes.flatMap((outcome) => historyOf(outcome, trials)),
    suggestions: answer.suggestions,
    ...(answer.plan === undefined ? {} : { plan: answer.plan }),
    ...(sources.channels === undefined ? {} : { channels: sources.channels }),
    advice: answer.advice,
    warnings: answer.warnings,
    caveats: campaign.notes,
    messages: [...(sources.messages ?? []), ...answer.messages, ...slices.messages],
    constraints: campaign.constraints.map(({ source, reason }) => ({
      text: source,
      ...(reason === undefined ? {} : { reason }),
    })),
    commands: sources.commands,
  };
}

/** The question of a campaign that states none: what is to be improved and kept by choosing what. */
function questionOf({ outcomes, space }: Campaign): string {
  const named = (chosen: readonly Outcome[]): string => joined(chosen.map((o) => readableName(o.name)));
  const goals = [
    ["raise", outcomes.filter((o) => o.goal === "maximize")],
    ["lower", outcomes.filter((o) => o.goal === "minimize")],
    ["bring to target", outcomes.filter((o) => o.goal === "target")],
    ["keep within specification", outcomes.filter((o) => o.goal === undefined && o.spec !== undefined)],
  ] as const;
  const asked = goals
    .filter(([, chosen]) => chosen.length > 0)
    .map(([verb, chosen]) => `${verb} ${named(chosen)}`);
  const settings = joined(space.parameters.map((p) => readableName(p.name)));
  return `Which ${settings} ${joined(asked)}?`;
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)!}`;
}

/** Parameters and context as plots and tables name them. */
export function reportInputs({ space }: Campaign): ReportInput[] {
  const parameters = space.parameters.map((p): ReportInput => {
    const base = { name: p.name, label: readableName(p.name), unit: p.unit, role: "parameter" as const };
    if (p.kind === "categorical") return { ...base, scale: "linear", choices: p.choices };
    if (p.kind === "discrete") return { ...base, scale: p.scale, values: p.values };
    const step = p.kind === "integer" ? 1 : p.step;
    return { ...base, scale: p.scale, min: p.min, max: p.max, ...(step === undefined ? {} : { step }) };
  });
  const context = space.context.map((c): ReportInput => {
    const base = { name: c.name, label: readableName(c.name), unit: c.unit, role: "context" as const };
    return c.kind === "categorical"
      ? { ...base, scale: "linear", choices: c.choices }
      : { ...base, scale: c.scale };
  });
  return [...parameters, ...context];
}

function reportOutcome(outcome: Outcome): ReportOutcome {
  const { name, unit, goal, target, threshold, spec, formula, composite } = outcome;
  return {
    name,
    label: readableName(name),
    unit,
    ...(goal === undefined ? {} : { goal }),
    ...(target === undefined ? {} : { target }),
    ...(threshold === undefined ? {} : { threshold }),
    ...(spec === undefined ? {} : { specification: spec }),
    source: formula?.known === true ? "known" : composite === true ? "composite" : "learned",
    ...(formula !== undefined && (formula.known || composite === true) ? { formula: formula.source } : {}),
  };
}

function baseRateOf(
  answer: AskResult,
  outcome: string,
): Extract<SpecificationOutlook, { kind: "base-rate" }> | null {
  const outlooks = answer.suggestions.map((s) => s.specifications[outcome]);
  return outlooks.find((outlook) => outlook?.kind === "base-rate") ?? null;
}

function historyOf(outcome: Outcome, trials: readonly ReportTrial[]): OutcomeHistory[] {
  if (outcome.goal === undefined && outcome.spec === undefined) return [];
  const points = trials
    .filter(({ trial }) => trial.status !== "suggested" && trial.status !== "running")
    .map(({ trial, inContext }, i) => ({
      order: i + 1,
      label: trial.id,
      value: trial.observations[outcome.name]?.value ?? null,
      status: trial.status,
      inContext,
    }));
  return points.some((p) => p.value !== null) ? [{ outcome: outcome.name, points }] : [];
}
