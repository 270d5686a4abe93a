import type { Campaign } from "../campaign/campaign.js";
import type { RunPlan } from "../campaign/run-plan.js";
import { formatPlain } from "../plots/format.js";
import type { CliEffects } from "./effects.js";
import { fittedTable } from "./fitted-table.js";

/** The run plan as it is worked off: one run a row with what is changed before it, then what it rests on. */
export function formatRunPlan(
  campaign: Campaign,
  plan: RunPlan,
  wrapped: (text: string) => string,
  effects: Pick<CliEffects, "columns">,
): readonly string[] {
  const scrap = plan.runs.some(({ totalScrapMetres }) => totalScrapMetres > 0);
  const rows = plan.runs.map((run, i) => {
    const changes = run.changes.map((change) => changeText(campaign, change));
    const amounts = scrap
      ? [run.minutes, run.scrapMetres, run.totalMinutes, run.totalScrapMetres]
      : [run.minutes, run.totalMinutes];
    return [
      String(i + 1),
      run.trial,
      changes.length === 0 ? "–" : changes.join("; "),
      ...amounts.map((value) => formatPlain(Number(value.toPrecision(4)))),
    ];
  });
  const amounts = scrap ? ["min", "scrap, m", "min so far", "scrap so far, m"] : ["min", "min so far"];
  const table = fittedTable(
    {
      head: ["order", "run", "change before it", ...amounts],
      rows,
      align: ["right", "left", "left", ...amounts.map(() => "right" as const)],
      whole: [1],
    },
    effects,
  );
  return [table, ...plan.summary.map(wrapped)];
}

function changeText(
  campaign: Campaign,
  { parameter, from, to }: RunPlan["runs"][number]["changes"][number],
): string {
  const unit = campaign.space.parameters.find(({ name }) => name === parameter)?.unit ?? "1";
  return `${parameter} ${formatPlain(from)} → ${formatPlain(to)}${unit === "1" ? "" : ` ${unit}`}`;
}
