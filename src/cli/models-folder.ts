import { join, resolve } from "node:path";
import { type ModelFiles, openModelFiles } from "../adapters/model-files.js";
import type { OpenedCampaign } from "../adapters/open-campaign.js";

/** The saved models of an opened campaign: `models/` beside its file, or the folder that the user names. */
export function modelFilesOf(
  opened: Pick<OpenedCampaign, "campaign" | "file">,
  models: string | undefined,
  cwd: string,
): ModelFiles {
  const folder = models === undefined ? join(opened.file.folder, "models") : resolve(cwd, models);
  return openModelFiles(folder, opened.campaign.name);
}
