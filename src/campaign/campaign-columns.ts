import type { ColumnExpectation } from "../data/table.js";
import type { Campaign } from "./campaign.js";
import { formulaColumns } from "./formula-outcomes.js";

/**
 * The columns that a data file of this campaign may hold, beside the standard ones that every file may (`status`,
 * `origin`, `<outcome>_sem` …). Parameters and context are required: a row without them teaches nothing.
 */
export function campaignColumns(campaign: Campaign): readonly ColumnExpectation[] {
  const settings = [
    ...campaign.space.parameters.map((v) => ({ v, role: "parameter" as const })),
    ...campaign.space.context.map((v) => ({ v, role: "context" as const })),
  ];
  return [
    { name: "trial", kind: "text", role: "id" },
    ...(campaign.group === undefined ? [] : [{ name: campaign.group, kind: "text", role: "group" } as const]),
    ...(campaign.wholePlot === undefined || campaign.wholePlot === campaign.group
      ? []
      : [{ name: campaign.wholePlot, kind: "text", role: "metadata" } as const]),
    ...settings.map(({ v, role }): ColumnExpectation => {
      if (v.kind === "categorical")
        return { name: v.name, kind: "choice", choices: v.choices, role, required: true };
      return {
        name: v.name,
        kind: v.kind === "integer" ? "integer" : "number",
        unit: v.unit,
        role,
        required: true,
      };
    }),
    ...campaign.outcomes.map(
      (o): ColumnExpectation => ({ name: o.name, kind: "number", unit: o.unit, role: "outcome" }),
    ),
    ...formulaColumns(campaign).map(
      (name): ColumnExpectation => ({ name, kind: "number", role: "metadata" }),
    ),
  ];
}
