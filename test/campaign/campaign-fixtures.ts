import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { campaignColumns } from "../../src/campaign/campaign-columns.js";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { trialsFromTable } from "../../src/campaign/trials-from-table.js";
import type { Trial } from "../../src/campaign/trial.js";
import { createCampaign as createShippedCampaign } from "../../src/create-campaign.js";
import { parseCsv } from "../../src/data/parse-csv.js";
import type { Settings } from "../../src/space/parameter.js";

const datasets = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "datasets");

/** A completed, measured trial. */
export function completed(
  id: string,
  parameters: Settings,
  outcomes: Readonly<Record<string, number>>,
  more: Partial<Trial> = {},
): Trial {
  const observations = Object.fromEntries(Object.entries(outcomes).map(([name, value]) => [name, { value }]));
  return { id, status: "completed", parameters, context: {}, observations, origin: "measured", ...more };
}

/** Two continuous parameters, one objective with its optimum at (0.3, 0.7), no noise. */
export function twoParameterCampaign(more: Record<string, unknown> = {}): Campaign {
  return createCampaign({
    campaign: "two-parameters",
    parameters: { a: { unit: "1", min: 0, max: 1 }, b: { unit: "1", min: 0, max: 1 } },
    outcomes: { y: { unit: "1", goal: "maximize" } },
    ...more,
  });
}

export function bowl(a: number, b: number): number {
  return 10 - 40 * (a - 0.3) * (a - 0.3) - 25 * (b - 0.7) * (b - 0.7);
}

/** `n` trials of the two-parameter campaign on a fixed lattice. */
export function bowlTrials(n: number): Trial[] {
  return Array.from({ length: n }, (_, i) => {
    const [a, b] = [(0.5 + i * 0.754877666) % 1, (0.5 + i * 0.569840291) % 1];
    return completed(`t${String(i).padStart(3, "0")}`, { a, b }, { y: bowl(a, b) });
  });
}

/** A shipped campaign with its shipped data. */
export function shippedCampaign(
  name: string,
  edit: (spec: Record<string, unknown>) => unknown = (s) => s,
): Campaign {
  const text = readFileSync(join(datasets, "campaigns", `${name}.campaign.yaml`), "utf8");
  const campaign = createShippedCampaign(edit(parse(text) as Record<string, unknown>));
  const folder = join(datasets, campaign.spec.data!);
  const descriptor = JSON.parse(readFileSync(join(folder, "datapackage.json"), "utf8")) as {
    resources: { schema: { primaryKey: string[]; fields: { name: string; unit?: string }[] } }[];
  };
  const { schema } = descriptor.resources[0]!;
  const table = parseCsv(readFileSync(join(folder, "data.csv"), "utf8"), {
    source: campaign.spec.data!,
    expectations: campaignColumns(campaign),
    schemaUnits: Object.fromEntries(
      schema.fields.filter((f) => (f.unit ?? "") !== "").map((f) => [f.name, f.unit!]),
    ),
    primaryKey: schema.primaryKey[0]!,
  });
  return withTrials(campaign, trialsFromTable(campaign, table).trials);
}
