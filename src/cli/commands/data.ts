import { resolve } from "node:path";
import Table from "cli-table3";
import { openCampaign } from "../../adapters/open-campaign.js";
import { getShippedDataset, listShippedDatasets } from "../../adapters/shipped-datasets.js";
import type { DecimalMark } from "../../data/parse-options.js";
import type { CliEffects } from "../effects.js";
import { createProgress } from "../progress.js";

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
  const table = new Table({
    head: ["data set", "rows", "licence", "state", "what it is"],
    style: { head: [], border: [], compact: true },
    colWidths: [null, null, null, null, 60],
    wordWrap: true,
  });
  for (const set of sets) {
    table.push([
      set.name,
      String(set.rows),
      set.licence,
      set.available ? "shipped" : "get --from DIR",
      set.title,
    ]);
  }
  effects.out(`${table.toString()}\n`);
  effects.err("Copy one with: cellwright data get NAME --dir DIR\n");
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
  const { campaign, messages } = await openCampaign(path, {
    ...options,
    cwd: effects.cwd,
    store: "none",
    signal: effects.signal,
    onProgress: (done, total) => progress.update("reading", done, total),
  }).finally(() => progress.done());
  const { trials } = campaign;
  const completed = trials.filter((t) => t.status === "completed");
  effects.out(
    `${campaign.name}: ${trials.length} rows, ${completed.length} with results. No problems found.\n`,
  );
  for (const outcome of campaign.outcomes) {
    if (outcome.formula?.known === true) continue;
    const measured = completed.filter((t) => t.observations[outcome.name] !== undefined).length;
    effects.out(`  ${outcome.name}: ${measured} measured\n`);
  }
  for (const message of messages) effects.out(`  note: ${message}\n`);
}
