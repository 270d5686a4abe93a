import Table from "cli-table3";
import { openCampaignFile } from "../../adapters/open-campaign.js";
import { acquireRunLock } from "../../adapters/run-lock.js";
import type { ModelFiles } from "../../adapters/model-files.js";
import { formatR2 } from "../../plots/format.js";
import type { CliEffects } from "../effects.js";
import { modelFilesOf } from "../models-folder.js";

/** `cellwright models list|show|promote|rollback`. */
export async function manageModels(
  action: "list" | "show" | "promote" | "rollback",
  path: string,
  version: string | undefined,
  options: { readonly models?: string },
  effects: CliEffects,
): Promise<void> {
  const opened = openCampaignFile(path, effects.cwd);
  const files = modelFilesOf(opened, options.models, effects.cwd);
  if (action === "list") effects.out(await list(files));
  else if (action === "show") effects.out(await files.card(version ?? "champion"));
  else await change(action, files, version, effects);
}

async function list(files: ModelFiles): Promise<string> {
  const saved = await files.list();
  if (saved.length === 0) return "No models are saved yet. Make one with: cellwright train CAMPAIGN\n";
  const table = new Table({
    head: ["version", "state", "trained", "outcomes (R² of held-out groups)"],
    style: { head: [], border: [], compact: true },
  });
  for (const { version, status, record, problem } of saved) {
    const quality = record?.outcomes
      .map(
        (o) =>
          `${o.name} ${o.scores?.r2 === undefined || o.scores.r2 === null ? "–" : formatR2(o.scores.r2)}`,
      )
      .join(", ");
    table.push([
      version,
      status,
      record?.createdAt.slice(0, 16).replace("T", " ") ?? "",
      quality ?? problem ?? "",
    ]);
  }
  return `${table.toString()}\n`;
}

async function change(
  action: "promote" | "rollback",
  files: ModelFiles,
  version: string | undefined,
  effects: CliEffects,
): Promise<void> {
  const lock = acquireRunLock(files.lockPath);
  try {
    const note = { time: effects.now().toISOString(), reason: `by hand: ${action}` };
    const lifecycle = action === "promote" ? await files.promote(version!, note) : await files.rollback(note);
    effects.out(`The champion is ${lifecycle.champion ?? "none"}.\n`);
  } finally {
    lock.release();
  }
}
