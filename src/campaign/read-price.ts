import type { OutcomeSpec } from "./campaign-spec.js";
import { numberWithUnit } from "./number-with-unit.js";
import type { EntryReport } from "./read-parameters.js";
import { describeValue } from "./spec-problems.js";

export type Currency = "USD" | "EUR";

/** What one unit better of an outcome is worth: a year, or for every cell or square metre made. */
export interface OutcomePrice {
  readonly amount: number;
  readonly currency: Currency;
  readonly per: "year" | "cell" | "m2";
}

const PRICE_UNIT = /^(USD|EUR)(?:\/(cell|m2))?$/u;

/** The price of an outcome's entry; only what has a goal has a better. */
export function readPrice(
  spec: OutcomeSpec,
  goal: "maximize" | "minimize" | "target" | undefined,
  report: EntryReport,
): OutcomePrice | undefined {
  if (spec.value === undefined) return undefined;
  const parts = numberWithUnit(String(spec.value));
  const unit = PRICE_UNIT.exec(parts?.unit ?? "");
  if (parts === null || unit === null || !(parts.value > 0 && parts.value < Infinity)) {
    report.problem(
      "value",
      describeValue(spec.value),
      "an amount above 0 in USD, USD/cell, USD/m2, EUR, EUR/cell or EUR/m2",
      "Write for example value: 0.002 USD/cell.",
    );
    return undefined;
  }
  if (goal === undefined) {
    report.problem("value", describeValue(spec.value), "a goal beside it", "Add goal, or remove value.");
    return undefined;
  }
  const per = unit[2] === "cell" ? "cell" : unit[2] === "m2" ? "m2" : "year";
  return { amount: parts.value, currency: unit[1] as Currency, per };
}
