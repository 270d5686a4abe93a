import { type Campaign, createCampaign, withTrials } from "../campaign/campaign.js";
import type { CampaignSpec } from "../campaign/campaign-spec.js";
import { outcomeData } from "../campaign/outcome-data.js";
import { trialsFromTable } from "../campaign/trials-from-table.js";
import type { Table } from "../data/table.js";
import type { Knowledge } from "../space/knowledge.js";
import { type CrossValidationOptions, crossValidate, type OutcomeEvaluation } from "./cross-validation.js";
import type { ExpectedFigure, ExpectedQuality, QualityModel } from "./expected-quality.js";
import { fitCandidate } from "./fit-candidate.js";

/** A shipped campaign with the whole table of its data, columns that it does not use included. */
export interface QualitySource {
  readonly spec: CampaignSpec;
  readonly table: Table;
  readonly knowledge?: Knowledge;
}

export interface QualityOptions {
  /** Only these outcomes; absent: all that figures are expected of. */
  readonly outcomes?: readonly string[];
  readonly models?: readonly QualityModel[];
  readonly seed?: number;
  readonly onProgress?: (stage: string, done: number, total: number) => void;
}

export interface QualityRow extends ExpectedFigure {
  /** Null where the figure is not defined, or the model was not asked for. */
  readonly values: Readonly<Record<QualityModel, number | null>>;
  /** Whether the model that must reach the range does; `as-analysed`: only with the noise of the analysis. */
  readonly verdict: "inside" | "as-analysed" | "outside";
}

const MODELS = {
  "as-analysed": { kind: "gaussian-process", preset: "hvarfner-2024", noise: "pooled" },
  "hvarfner-2024": { kind: "gaussian-process", preset: "hvarfner-2024" },
  default: { kind: "gaussian-process", preset: "default" },
} as const satisfies Record<QualityModel, CrossValidationOptions>;
const ALL_MODELS = Object.keys(MODELS) as readonly QualityModel[];

/**
 * Computes the skill of a shipped campaign's surrogates beside the figures that are expected of them.
 *
 * @throws CellwrightError CAMPAIGN_INVALID or DATA_INVALID if campaign and table do not fit.
 */
export function qualityTable(
  source: QualitySource,
  expected: ExpectedQuality,
  options: QualityOptions = {},
): readonly QualityRow[] {
  const { models = ALL_MODELS, seed = 1 } = options;
  const figures = expected.figures.filter(({ outcome }) => options.outcomes?.includes(outcome) ?? true);
  const campaign = derivedCampaign(source, expected, [...new Set(figures.map(({ outcome }) => outcome))]);
  const measure = createMeasure(campaign, seed);
  return figures.map((figure, i) => {
    const values = { "as-analysed": null, "hvarfner-2024": null, default: null } as Record<
      QualityModel,
      number | null
    >;
    for (const model of models) values[model] = measure(figure, model);
    options.onProgress?.(figure.outcome, i + 1, figures.length);
    return { ...figure, values, verdict: judge(figure, values) };
  });
}

/** The campaign with exactly the outcomes that are asked for: its own, or added ones. */
export function derivedCampaign(
  source: QualitySource,
  expected: ExpectedQuality,
  outcomes: readonly string[],
): Campaign {
  const { spec, table, knowledge } = source;
  const chosen = outcomes.map((name) => [name, spec.outcomes[name] ?? expected.addedOutcomes[name]]);
  const campaign = createCampaign(
    { ...spec, outcomes: Object.fromEntries(chosen) as CampaignSpec["outcomes"] },
    knowledge === undefined ? {} : { knowledge },
  );
  return withTrials(campaign, trialsFromTable(campaign, table).trials);
}

function judge({ range, of }: ExpectedFigure, values: QualityRow["values"]): QualityRow["verdict"] {
  const holds = (value: number | null): boolean => value !== null && range[0] <= value && value <= range[1];
  if (holds(values[of])) return "inside";
  return of === "hvarfner-2024" && holds(values["as-analysed"]) ? "as-analysed" : "outside";
}

/** Reads figures off evaluations that are made once each. */
function createMeasure(
  campaign: Campaign,
  seed: number,
): (figure: ExpectedFigure, model: QualityModel) => number | null {
  const evaluations = new Map<string, OutcomeEvaluation>();
  const evaluate = ({ outcome, folds, without }: ExpectedFigure, model: QualityModel): OutcomeEvaluation => {
    const key = JSON.stringify([model, outcome, folds, without]);
    const known = evaluations.get(key);
    if (known !== undefined) return known;
    const exclude = without === null ? [] : [without];
    const evaluation = crossValidate(campaign, outcome, { ...MODELS[model], folds, seed, exclude });
    evaluations.set(key, evaluation);
    return evaluation;
  };
  return (figure, model) => {
    const { inside, metric } = figure;
    if (metric === "noise") return fittedNoise(campaign, figure.outcome, model, seed);
    const evaluation = evaluate(figure, model);
    if (inside === "all") return evaluation[metric];
    const level = evaluation.withinContext.find(({ context }) =>
      Object.entries(inside).every(([name, state]) => context[name] === state),
    );
    return level?.[metric] ?? null;
  };
}

/** Standard deviation of the noise that a fit to all rows infers, in the outcome's unit or of its logarithm. */
function fittedNoise(campaign: Campaign, name: string, model: QualityModel, seed: number): number | null {
  const outcome = campaign.outcomes.find((other) => other.name === name)!;
  const { data } = outcomeData(campaign, outcome);
  const surrogate = fitCandidate(MODELS[model], data, { campaign, outcome, seed });
  const noise = Object.entries(surrogate.describe()).find(([key]) =>
    key.startsWith("noise standard deviation"),
  );
  return typeof noise?.[1] === "number" ? noise[1] : null;
}
