import { join } from "node:path";
import { readCampaignFile } from "../../src/adapters/campaign-file.js";
import { datasetsFolder, readShippedDataset } from "../../src/adapters/shipped-datasets.js";
import { campaignColumns } from "../../src/campaign/campaign-columns.js";
import { createCampaign } from "../../src/create-campaign.js";
import type { QualitySource } from "../../src/evaluation/quality-table.js";

/** A shipped campaign with the table of its data set. */
export async function openCampaignSource(name: string): Promise<QualitySource> {
  const path = join(datasetsFolder(), "campaigns", `${name}.campaign.yaml`);
  const campaign = createCampaign(readCampaignFile(path, ".").content);
  const table = await readShippedDataset(campaign.spec.data!, { expectations: campaignColumns(campaign) });
  return { spec: campaign.spec, table, ...(campaign.knowledge && { knowledge: campaign.knowledge }) };
}
