import type { Campaign } from "./campaign.js";
import type { CellAdvice } from "./cell-advice.js";
import type { RunningCell } from "./cell-outlook.js";
import { type CellValues, CONFIRM, HEAD_START } from "./cell-values.js";
import { formatNumber } from "./format-number.js";
import type { Maturing } from "./maturing.js";
import { percent } from "./stopping.js";

export type ChannelAdvice = "keep cycling" | "free the channel";

const amount = (value: number, unit: string): string =>
  unit === "1" ? formatNumber(value) : `${formatNumber(value)} ${unit}`;

/** Of draws: none is no proof of never. */
const share = (probability: number): string => (probability === 0 ? "below 0.2 %" : percent(probability));

/** The advice with its numbers. */
export function cellWords(
  { name, unit }: Maturing,
  cell: Omit<CellAdvice, "why">,
  values: CellValues,
): string {
  const { advice, predicted, probabilityBest, probabilityKept, value, hoursLeft, money } = cell;
  const verdict = advice === "keep cycling" ? "Keep cycling" : "Free the channel";
  const expected =
    predicted === null
      ? `${name} cannot be predicted yet`
      : `${name} is expected at ${amount(predicted.mean, unit)} (95 % of such cells: ${formatNumber(predicted.interval95[0])} to ${amount(predicted.interval95[1], unit)})`;
  const chances = [
    ...(probabilityBest === null ? [] : [`among the best with probability ${share(probabilityBest)}`]),
    ...(probabilityKept === null ? [] : [`keeps the specifications with ${percent(probabilityKept)}`]),
  ];
  const outlook = [expected, ...chances].join(", ");
  const held = (probabilityBest ?? 0) >= CONFIRM ? " It may well be the best: its end confirms that." : "";
  if (value === null) return `${verdict}: ${outlook}. ${values.silence ?? ""}`.trimEnd();
  const left = `${formatNumber(hoursLeft)} h more`;
  if (money !== undefined) {
    const verb = money.worth >= money.cost ? "pays for" : "does not pay for";
    return `${verdict}: ${outlook}. Knowing its end is worth ${formatNumber(money.worth)} ${money.currency} in a year, which ${verb} ${left} at ${formatNumber(money.cost)} ${money.currency}.${held}`;
  }
  const perHour = amount((1000 * value) / Math.max(hoursLeft, 1), values.unit);
  const bar = amount(1000 * values.newRun!.valuePerHour, values.unit);
  const isLess = (HEAD_START * value) / Math.max(hoursLeft, 1) < values.newRun!.valuePerHour;
  const compared = isLess ? "less than half" : "at least half";
  return `${verdict}: ${outlook}. Knowing its end raises the best setting by ${amount(value, values.unit)} in ${left}, ${perHour} per 1,000 h: ${compared} the ${bar} of the best new run in its channel.${held}`;
}

/** What holds of all cells. */
export function messagesOn(
  campaign: Campaign,
  running: readonly RunningCell[],
  { silence, price, newRun }: CellValues,
): string[] {
  const messages = silence === null ? [] : [silence];
  const unsigned = running.filter(({ signals }) => signals.length === 0).length;
  if (unsigned > 0)
    messages.push(
      `${unsigned} running cell${unsigned === 1 ? " has" : "s have"} no early signal yet: ${unsigned === 1 ? "it is" : "they are"} judged by settings alone.`,
    );
  if (silence === null && price === null && (campaign.money?.prices.size ?? 0) > 0)
    messages.push(
      "Prices do not decide: that takes one objective, with a value, and a trial_cost with per_hour.",
    );
  if (newRun !== null && !(newRun.value > 0))
    messages.push("No new run is expected to raise the best setting: freed channels have no better use.");
  return messages;
}
