import { sliceTable } from "../data/slice-table.js";
import type { Campaign } from "../campaign/campaign.js";
import { type OpenCampaignOptions, openCampaignFile, readData, tableTrials } from "./open-campaign.js";

/** What a campaign's data hold. */
export interface CheckedData {
  readonly campaign: Campaign;
  readonly rows: number;
  readonly completed: number;
  /** Completed rows with a value, by learned outcome. */
  readonly measured: ReadonlyMap<string, number>;
  readonly messages: readonly string[];
}

/** Rows that become trials at a time: a million rows at once would take a gigabyte. */
const ROWS_AT_A_TIME = 100_000;

/**
 * Reads data as `suggest` would and counts what they hold; nothing is kept of the rows.
 *
 * @throws CellwrightError CAMPAIGN_INVALID, DATA_INVALID, FILE_UNREADABLE
 */
export async function checkCampaignData(
  path: string,
  options: Omit<OpenCampaignOptions, "store">,
): Promise<CheckedData> {
  const { file, campaign } = openCampaignFile(path, options.cwd, options);
  const learned = campaign.outcomes.filter((outcome) => outcome.formula?.known !== true);
  const measured = new Map(learned.map(({ name }) => [name, 0]));
  const table = await readData(campaign, file, options);
  if (table === null) return { campaign, rows: 0, completed: 0, measured, messages: [] };
  const messages = [...table.messages];
  let completed = 0;
  let rows = 0;
  for (let from = 0; from === 0 || from < table.rowCount; from += ROWS_AT_A_TIME) {
    const to = Math.min(from + ROWS_AT_A_TIME, table.rowCount);
    const part = tableTrials(campaign, sliceTable(table, from, to), options);
    const where = table.rowCount > ROWS_AT_A_TIME ? `rows ${from + 1} to ${to}: ` : "";
    messages.push(...part.messages.map((message) => `${where}${message}`));
    rows += part.trials.length;
    for (const trial of part.trials) {
      if (trial.status !== "completed") continue;
      completed += 1;
      for (const name of measured.keys())
        if (trial.observations[name] !== undefined) measured.set(name, measured.get(name)! + 1);
    }
  }
  return { campaign, rows, completed, measured, messages };
}
