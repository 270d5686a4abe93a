import { resolve } from "node:path";
import { checkCampaignData } from "../../adapters/check-data.js";
import { getShippedDataset, listShippedDatasets } from "../../adapters/shipped-datasets.js";
import type { DecimalMark } from "../../data/parse-options.js";
import type { CliEffects } from "../effects.js";
import { DEFAULT_COLUMNS, fittedTable } from "../fitted-table.js";
import { createProgress } from "../progress.js";
import { wrapText } from "../wrap-text.js";

/** `cellwright data list`: what is shipped and what can be brought, with licence and rows. */
export async function listData(
  options: { readonly format: "table" | "json" },
  effects: CliEffects,
): Promise<void> {
  const sets = await listShippedDatasets();
  if (options.format === "json") {
    effects.out(`${JSON.stringify(sets, null, 2)}\n`);
    return;
  }
  effects.out(
    (effects.columns ?? DEFAULT_COLUMNS) < LEAST_TABLE ? listing(sets, effects) : table(sets, effects),
  );
  effects.err("Copy one with: cellwright data get NAME --dir DIR\n");
}

type Sets = Awaited<ReturnType<typeof listShippedDatasets>>;

/** On a narrower terminal the sets are listed below each other: names are typed, and must not be broken. */
const LEAST_TABLE = 110;

const stateOf = (available: boolean): string => (available ? "shipped" : "get --from DIR");

function table(sets: Sets, effects: CliEffects): string {
  const head = ["data set", "rows", "licence", "state", "what it is"];
  const rows = sets.map(({ name, rows: count, licence, available, title }) => {
    return [name, String(count), licence, stateOf(available), title];
  });
  return `${fittedTable({ head, rows, whole: [0, 1, 3] }, effects)}\n`;
}

function listing(sets: Sets, { columns }: CliEffects): string {
  return sets
    .map(({ name, rows, licence, available, title }) =>
      [
        `${name} (${rows} rows, ${stateOf(available)})`,
        wrapText(`  ${title}`, columns, "  "),
        wrapText(`  Licence: ${licence}`, columns, "  "),
      ].join("\n"),
    )
    .join("\n\n")
    .concat("\n\n");
}

/** `cellwright data get`: copies a set into a folder; every file's checksum is verified. */
export async function getData(
  name: string,
  options: { readonly from?: string; readonly dir: string },
  effects: CliEffects,
): Promise<void> {
  const written = await getShippedDataset(name, {
    into: resolve(effects.cwd, options.dir),
    ...(options.from === undefined ? {} : { from: resolve(effects.cwd, options.from) }),
  });
  for (const file of written) effects.out(`${file}\n`);
}

export interface CheckOptions {
  readonly data?: string;
  readonly decimal?: DecimalMark;
  readonly mixOrigins?: boolean;
  readonly skipInvalid?: boolean;
}

/** `cellwright data check`: reads the data as `suggest` would and says what it found. */
export async function checkData(path: string, options: CheckOptions, effects: CliEffects): Promise<void> {
  const progress = createProgress(effects);
  const { campaign, rows, completed, measured, messages } = await checkCampaignData(path, {
    ...options,
    cwd: effects.cwd,
    signal: effects.signal,
    onProgress: (done, total) => progress.update("reading", done, total),
  }).finally(() => progress.done());
  effects.out(`${campaign.name}: ${rows} rows, ${completed} with results. No problems found.\n`);
  for (const [outcome, count] of measured) effects.out(`  ${outcome}: ${count} measured\n`);
  for (const message of messages) effects.out(`  note: ${message}\n`);
}
