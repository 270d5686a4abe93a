import { openCampaign, readCampaignTable } from "../../adapters/open-campaign.js";
import { adviseCells } from "../../campaign/cell-advice.js";
import type { PresetChoice } from "../../campaign/choose-preset.js";
import type { DecimalMark } from "../../data/parse-options.js";
import { requestedSettings } from "../assignments.js";
import { cellsCsv, cellsText } from "../cells-table.js";
import type { CliEffects } from "../effects.js";
import { createProgress } from "../progress.js";
import { withWorkers } from "../with-workers.js";

export interface CellsCommandOptions {
  readonly data?: string;
  readonly decimal?: DecimalMark;
  readonly mixOrigins?: boolean;
  readonly skipInvalid?: boolean;
  readonly pending?: string;
  readonly seed: number;
  readonly preset: PresetChoice;
  readonly workers?: number;
  readonly context?: readonly string[];
  readonly format: "table" | "json" | "csv";
}

/** `cellwright cells`: which running cells to keep cycling, and whose channel to free. */
export async function cells(path: string, options: CellsCommandOptions, effects: CliEffects): Promise<void> {
  const { cwd, signal } = effects;
  const { data, decimal, mixOrigins, skipInvalid } = options;
  const opened = await openCampaign(path, {
    ...{ cwd, data, decimal, mixOrigins, skipInvalid, signal },
    store: "read",
  });
  await opened.store?.close();
  const { campaign } = opened;
  const named =
    options.pending === undefined
      ? null
      : await readCampaignTable(campaign, options.pending, { cwd, decimal, status: "running", signal });
  const { context } = requestedSettings(campaign, options);
  const progress = createProgress(effects);
  const answer = await withWorkers(options.workers, effects, (executor) =>
    adviseCells(campaign, {
      ...{ seed: options.seed, preset: options.preset, context, executor, signal },
      pending: named?.trials ?? [],
      onProgress: (p) => progress.update(p.stage, p.done, p.total),
    }),
  )
    .catch((error: unknown) => {
      throw opened.file.located(error);
    })
    .finally(() => progress.done());
  if (options.format === "json") return effects.out(`${JSON.stringify(answer, null, 2)}\n`);
  if (options.format === "csv") return effects.out(cellsCsv(campaign, answer));
  effects.out(cellsText(campaign, answer, effects));
  for (const warning of answer.warnings) effects.err(`! ${warning}\n`);
  const messages = [...opened.messages, ...(named?.messages ?? []), ...answer.messages, ...campaign.notes];
  for (const message of messages) effects.err(`note: ${message}\n`);
}
