import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { campaignColumns } from "../campaign/campaign-columns.js";
import { type Campaign, withTrials } from "../campaign/campaign.js";
import type { Trial } from "../campaign/trial.js";
import { type RowPurpose, storedMessages } from "../campaign/row-messages.js";
import { trialsFromTable } from "../campaign/trials-from-table.js";
import { createCampaign } from "../create-campaign.js";
import { nearestName } from "../data/nearest-name.js";
import type { DecimalMark } from "../data/parse-options.js";
import type { Table, TrialStatus } from "../data/table.js";
import { CellwrightError } from "../errors.js";
import { type CampaignFile, readCampaignFile } from "./campaign-file.js";
import { readTable } from "./read-table.js";
import { datasetNames, isShippedDataset, readShippedDataset } from "./shipped-datasets.js";
import { type TrialStore, openTrialStore } from "./trial-store.js";

export interface OpenCampaignOptions {
  readonly cwd: string;
  /** A file or a shipped set that takes the place of the campaign's own data and of its store. */
  readonly data?: string | undefined;
  readonly mixOrigins?: boolean | undefined;
  readonly skipInvalid?: boolean | undefined;
  /** Decimal mark of the data; found out when absent. */
  readonly decimal?: DecimalMark | undefined;
  /** Column that takes the place of the campaign's `group`. */
  readonly group?: string | undefined;
  /** `create`: the command will write; `read`: take what is there; `none`: files alone. */
  readonly store: "create" | "read" | "none";
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A campaign with the trials of its data and its store. */
export interface OpenedCampaign {
  /** All trials: history of the data, then the store's. */
  readonly campaign: Campaign;
  /** The campaign with the history alone. */
  readonly base: Campaign;
  readonly file: CampaignFile;
  readonly store: TrialStore | null;
  readonly revision: number;
  /** What the reader did and the user should know. */
  readonly messages: readonly string[];
}

/** Where the campaign keeps its trials: `.cellwright/<campaign>.db` beside its file. */
function storePath(file: CampaignFile, campaignName: string): string {
  return join(file.folder, ".cellwright", `${campaignName}.db`);
}

/**
 * Reads a campaign file alone: no data, no trials.
 *
 * @throws CellwrightError CAMPAIGN_INVALID, FILE_UNREADABLE
 */
export function openCampaignFile(
  path: string,
  cwd: string,
  overrides: { readonly group?: string | undefined } = {},
): Pick<OpenedCampaign, "campaign" | "file"> {
  const file = readCampaignFile(path, cwd);
  try {
    return { file, campaign: createCampaign(withGroup(file.content, overrides.group)) };
  } catch (error) {
    throw file.located(error);
  }
}

function withGroup(content: unknown, group: string | undefined): unknown {
  const isObject = typeof content === "object" && content !== null && !Array.isArray(content);
  return group === undefined || !isObject ? content : { ...content, group };
}

/**
 * Reads a campaign file, its data and its store.
 *
 * @throws CellwrightError CAMPAIGN_INVALID, DATA_INVALID, FILE_UNREADABLE, STORE_INVALID
 */
export async function openCampaign(path: string, options: OpenCampaignOptions): Promise<OpenedCampaign> {
  const { file, campaign: empty } = openCampaignFile(path, options.cwd, options);
  const { trials, messages } = await readHistory(empty, file, options);
  checkGroupColumn(options.group, trials);
  const base = withTrials(empty, trials);
  if (options.data !== undefined || options.store === "none") {
    return { campaign: base, base, file, store: null, revision: 0, messages };
  }
  const store = await openTrialStore(storePath(file, empty.name), { create: options.store === "create" });
  if (store === null) return { campaign: base, base, file, store, revision: 0, messages };
  try {
    const stored = await store.load();
    return {
      campaign: withStored(base, stored.trials),
      base,
      file,
      store,
      revision: stored.revision,
      messages: [...messages, ...storedMessages(base, stored.trials)],
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The stored trials added to the history; a stored trial replaces a historical one of the same id. */
export function withStored(base: Campaign, stored: readonly Trial[]): Campaign {
  const ids = new Set(stored.map((trial) => trial.id));
  return withTrials(base, [...base.trials.filter((trial) => !ids.has(trial.id)), ...stored]);
}

/** A group that was asked for must be there: cross-validation would silently split it otherwise. */
function checkGroupColumn(group: string | undefined, trials: readonly Trial[]): void {
  if (group === undefined || trials.length === 0 || trials.some((trial) => trial.group !== undefined)) return;
  throw new CellwrightError(
    "USAGE",
    `--group: found "${group}", expected a column of the data. Check its spelling, or leave --group out.`,
  );
}

async function readHistory(
  campaign: Campaign,
  file: CampaignFile,
  options: OpenCampaignOptions,
): Promise<{ trials: readonly Trial[]; messages: readonly string[] }> {
  const table = await readData(campaign, file, options);
  if (table === null) return { trials: [], messages: [] };
  return withMessages(campaign, table, options);
}

/** The table of a campaign's data, or null where none is named. */
export async function readData(
  campaign: Campaign,
  file: CampaignFile,
  options: Omit<OpenCampaignOptions, "store">,
): Promise<Table | null> {
  const named = options.data ?? campaign.spec.data;
  if (named === undefined) return null;
  const folder = options.data === undefined ? file.folder : options.cwd;
  const reading = {
    expectations: campaignColumns(campaign),
    skipInvalid: options.skipInvalid ?? false,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  };
  const path = resolve(folder, named);
  if (existsSync(path)) return readTable(path, { ...reading, source: named, decimal: options.decimal });
  if (isShippedDataset(named)) return readShippedDataset(named, reading);
  const near = nearestName(named, datasetNames());
  const place = options.data === undefined ? ` (\`data:\` of ${file.name})` : "";
  throw new CellwrightError(
    "FILE_UNREADABLE",
    `There is no file ${named}${place}, and no shipped data set of that name. ${near === undefined ? "Correct the path." : `Did you mean the data set ${near}?`}`,
    { details: { path } },
  );
}

/** Reads a table with the columns of a campaign from a file that the user names. */
export async function readCampaignTable(
  campaign: Campaign,
  name: string,
  options: Pick<OpenCampaignOptions, "cwd" | "skipInvalid" | "decimal" | "mixOrigins" | "signal"> &
    RowOptions,
): Promise<{ trials: readonly Trial[]; messages: readonly string[] }> {
  const { purpose } = options;
  // A row of results may name its trial in place of the settings, and candidates stand in the state that is asked for.
  const isOptional = (role: string): boolean =>
    purpose === "results" || (purpose === "candidates" && role === "context");
  const table = await readTable(resolve(options.cwd, name), {
    source: name,
    expectations: campaignColumns(campaign).map((one) =>
      isOptional(one.role) ? { ...one, required: false } : one,
    ),
    decimal: options.decimal,
    skipInvalid: options.skipInvalid ?? false,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return withMessages(campaign, table, options);
}

interface RowOptions {
  /** Status of rows that state none. */
  readonly status?: TrialStatus;
  readonly purpose?: RowPurpose;
}

function withMessages(
  campaign: Campaign,
  table: Table,
  options: Parameters<typeof tableTrials>[2],
): { trials: readonly Trial[]; messages: readonly string[] } {
  const { trials, messages } = tableTrials(campaign, table, options);
  return { trials, messages: [...table.messages, ...messages] };
}

/** The trials of a table, with what was done to them. */
export function tableTrials(
  campaign: Campaign,
  table: Table,
  options: Pick<OpenCampaignOptions, "mixOrigins" | "skipInvalid"> & RowOptions,
): { readonly trials: readonly Trial[]; readonly messages: readonly string[] } {
  return trialsFromTable(campaign, table, {
    mixOrigins: options.mixOrigins ?? false,
    skipInvalid: options.skipInvalid ?? false,
    ...(options.status === undefined ? {} : { status: options.status }),
    ...(options.purpose === undefined ? {} : { purpose: options.purpose }),
  });
}
