import Table from "cli-table3";
import type { Campaign } from "../campaign/campaign.js";
import type { RunPlan } from "../campaign/run-plan.js";
import { formatPlain } from "../plots/format.js";

/** The run plan as it is worked off: one run a row with what is changed before it, then what it rests on. */
export function formatRunPlan(
  campaign: Campaign,
  plan: RunPlan,
  wrapped: (text: string) => string,
): readonly string[] {
  const scrap = plan.runs.some(({ totalScrapMetres }) => totalScrapMetres > 0);
  const table = new Table({
    head: [
      ...["Order", "run", "change before it"],
      ...(scrap ? ["min", "scrap m", "min so far", "scrap m so far"] : ["min", "min so far"]),
    ],
    style: { head: [], border: [], compact: true },
    colAligns: ["right", "left", "left", "right", "right", ...(scrap ? (["right", "right"] as const) : [])],
  });
  plan.runs.forEach((run, i) => {
    const changes = run.changes.map((change) => changeText(campaign, change));
    table.push([
      String(i + 1),
      run.trial,
      changes.length === 0 ? "–" : changes.join("\n"),
      ...(scrap
        ? [run.minutes, run.scrapMetres, run.totalMinutes, run.totalScrapMetres]
        : [run.minutes, run.totalMinutes]
      ).map(amount),
    ]);
  });
  return [table.toString(), ...plan.summary.map(wrapped)];
}

function changeText(
  campaign: Campaign,
  { parameter, from, to }: RunPlan["runs"][number]["changes"][number],
): string {
  const unit = campaign.space.parameters.find(({ name }) => name === parameter)?.unit ?? "1";
  return `${parameter} ${formatPlain(from)} → ${formatPlain(to)}${unit === "1" ? "" : ` ${unit}`}`;
}

const amount = (value: number): string => formatPlain(Number(value.toPrecision(4)));
