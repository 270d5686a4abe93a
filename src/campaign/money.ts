import { CellwrightError, type Problem } from "../errors.js";
import { compatible, convert } from "../units.js";
import type { Outcome } from "./campaign.js";
import type { CampaignSpec } from "./campaign-spec.js";
import { definedFields } from "./defined-fields.js";
import type { Currency, OutcomePrice } from "./read-price.js";
import type { OutcomePrediction } from "./suggestion.js";

/** What outcomes are worth and runs cost, in one currency. */
export interface CampaignMoney {
  readonly currency: Currency;
  /** What one unit better is worth a year, by outcome. */
  readonly prices: ReadonlyMap<string, number>;
  /** Absent where the file states no `trial_cost`. */
  readonly cost?: RunCost;
}

export interface RunCost {
  readonly fixed: number;
  readonly perHour: number;
  /** Computed outcome that counts the hours of a run, where an hour costs. */
  readonly hours?: string;
  /** Computed outcome that is part of the cost. */
  readonly outcome?: string;
}

/** Constants of `economics` that say how much is made a year. */
const VOLUMES = { year: null, cell: "cells_per_year", m2: "electrode_area_per_year" } as const;

/**
 * What a campaign says of money; null where it says nothing.
 *
 * Nothing is assumed of the plant: a price per cell or square metre needs the plant's own yearly number.
 *
 * @throws CellwrightError CAMPAIGN_INVALID with every problem at once.
 */
export function readMoney(spec: CampaignSpec, outcomes: readonly Outcome[]): CampaignMoney | null {
  const priced = outcomes.filter((o) => o.value !== undefined);
  const { trial_cost: cost } = spec;
  if (priced.length === 0 && cost === undefined) return null;
  const problems: Problem[] = [];
  const currency = cost?.currency ?? priced[0]?.value?.currency ?? "USD";
  const prices = priced.map((o): [string, number] => {
    const at = `outcomes.${o.name}.value`;
    return [o.name, o.value!.amount * yearlyVolume(o.value!, spec, currency, at, problems)];
  });
  const read = cost === undefined ? undefined : readCost(cost, outcomes, currency, problems);
  if (problems.length > 0) {
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    throw new CellwrightError("CAMPAIGN_INVALID", `The campaign has ${count}.`, { problems });
  }
  return { currency, prices: new Map(prices), ...definedFields({ cost: read }) };
}

function yearlyVolume(
  price: OutcomePrice,
  spec: CampaignSpec,
  currency: Currency,
  where: string,
  problems: Problem[],
): number {
  if (price.currency !== currency) {
    problems.push({
      where,
      found: price.currency,
      expected: currency,
      remedy: "There is no exchange rate in the program: state all money in one currency.",
    });
  }
  const constant = VOLUMES[price.per];
  if (constant === null) return 1;
  const volume = spec.economics?.[constant];
  if (volume !== undefined && volume > 0) return volume;
  problems.push({
    where: `economics.${constant}`,
    found: volume === undefined ? "nothing" : String(volume),
    expected: `how many ${price.per === "cell" ? "cells" : "m2"} are made a year`,
    remedy: `Add economics: { ${constant}: … }, or state value as an amount a year.`,
  });
  return 0;
}

function readCost(
  spec: NonNullable<CampaignSpec["trial_cost"]>,
  outcomes: readonly Outcome[],
  currency: Currency,
  problems: Problem[],
): RunCost {
  const { fixed = 0, per_hour: perHour = 0, outcome } = spec;
  const known = outcomes.filter((o) => o.formula?.known === true);
  const hours = known.find((o) => compatible(o.unit, "h"))?.name;
  if (perHour > 0 && hours === undefined) {
    problems.push({
      where: "trial_cost.per_hour",
      found: "no computed outcome in a unit of time",
      expected: "the hours of a run, as a formula",
      remedy: "Add an outcome such as cycler_time: { unit: h, formula: … }.",
    });
  }
  if (outcome !== undefined && !known.some((o) => o.name === outcome && compatible(o.unit, currency))) {
    problems.push({
      where: "trial_cost.outcome",
      found: outcome,
      expected: `an outcome in ${currency} that is computed from settings`,
      remedy: `Add the outcome with unit: ${currency} and a formula.`,
    });
  }
  if (!(fixed > 0 || perHour > 0 || outcome !== undefined)) {
    problems.push({
      where: "trial_cost",
      found: "nothing that costs",
      expected: "fixed, per_hour or outcome",
      remedy: "Add trial_cost: { fixed: … }.",
    });
  }
  return { fixed, perHour, ...definedFields({ hours: perHour > 0 ? hours : undefined, outcome }) };
}

/** What a run with these predictions costs. */
export function runCost(
  { fixed, perHour, hours, outcome }: RunCost,
  currency: Currency,
  predictions: Readonly<Record<string, Pick<OutcomePrediction, "mean" | "unit">>>,
): number {
  const amount = (name: string | undefined, unit: string): number => {
    const predicted = name === undefined ? undefined : predictions[name];
    return predicted === undefined ? 0 : convert(predicted.mean, predicted.unit, unit);
  };
  return fixed + perHour * amount(hours, "h") + amount(outcome, currency);
}
