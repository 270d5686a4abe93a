import type { PlannedRun, RunPlan } from "../campaign/run-plan.js";
import { formatPlain, formatSetting, formatUnit } from "./format.js";
import { html, type Html, list, table } from "./html.js";
import type { ReportData } from "./report-data.js";
import { readableText } from "./report-words.js";

/** The runs in the order in which to make them, with what is changed before each. */
export function runPlanTable(data: ReportData, plan: RunPlan): Html {
  const scrap = plan.runs.some((run) => run.totalScrapMetres > 0);
  const runs = table({
    caption: "Run plan: the order that takes the least changeovers.",
    head: [
      ...["Order", "Run", "Change before it", "Minutes"],
      ...(scrap ? ["Scrap, m", "Minutes so far", "Scrap so far, m"] : ["Minutes so far"]),
    ].map((h) => html`${h}`),
    rows: plan.runs.map((run, i) => [
      html`${i + 1}`,
      html`${data.suggestions.findIndex(({ trial }) => trial === run.trial) + 1} <span class="range">${run.trial}</span>`,
      html`${changesText(data, run)}`,
      ...(scrap
        ? [run.minutes, run.scrapMetres, run.totalMinutes, run.totalScrapMetres]
        : [run.minutes, run.totalMinutes]
      ).map((value) => html`${formatPlain(Number(value.toPrecision(4)))}`),
    ]),
    wordColumns: [1, 2],
  });
  return html`${runs}${list(plan.summary.map((text) => html`${readableText(data, text)}`))}`;
}

function changesText(data: ReportData, { changes }: PlannedRun): string {
  if (changes.length === 0) return "–";
  return changes
    .map(({ parameter, from, to }) => {
      const input = data.inputs.find(({ name }) => name === parameter)!;
      const unit = input.choices === undefined ? formatUnit(input.unit) : "";
      return `${input.label} ${formatSetting(from, input)} → ${formatSetting(to, input)}${unit === "" ? "" : ` ${unit}`}`;
    })
    .join("; ");
}
