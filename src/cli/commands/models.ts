import { openCampaignFile } from "../../adapters/open-campaign.js";
import { acquireRunLock } from "../../adapters/run-lock.js";
import type { ModelFiles } from "../../adapters/model-files.js";
import { formatR2 } from "../../plots/format.js";
import type { CliEffects } from "../effects.js";
import { fittedTable } from "../fitted-table.js";
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
  if (action === "list") effects.out(await list(files, path, effects));
  else if (action === "show") effects.out(await files.card(version ?? "champion"));
  else await change(action, files, version, effects);
}

async function list(files: ModelFiles, path: string, effects: CliEffects): Promise<string> {
  const saved = await files.list();
  if (saved.length === 0) return `No models are saved yet. Make one with: cellwright train ${path}\n`;
  const rows = saved.map(({ version, status, record, problem }) => {
    const quality = record?.outcomes.map(({ name, scores }) => `${name} ${formatR2(scores?.r2 ?? null)}`);
    const trained = record?.createdAt.slice(0, 16).replace("T", " ") ?? "";
    return [version, status, trained, quality?.join(", ") ?? problem ?? ""];
  });
  const head = ["version", "state", "trained", "outcomes (R² of held-out groups)"];
  return `${fittedTable({ head, rows, whole: [0, 1] }, effects)}\n${await championNote(files, saved, path)}`;
}

/** Says so where the champion is not among the versions, or nothing is one. */
async function championNote(
  files: ModelFiles,
  saved: Awaited<ReturnType<ModelFiles["list"]>>,
  path: string,
): Promise<string> {
  const { champion } = await files.lifecycle();
  if (saved.some(({ version }) => version === champion)) return "";
  const why = champion === null ? "No version is the champion." : `The champion, ${champion}, is missing.`;
  return `${why} Name one with: cellwright models promote ${path} VERSION\n`;
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
