import { mkdir } from "node:fs/promises";
import { unmakeableFolder } from "./file-error.js";

/**
 * Makes a folder and the ones above it; one that is there already is taken.
 *
 * @param shown - The name as the user knows it, for messages.
 * @throws CellwrightError FILE_UNWRITABLE with the reason and a remedy.
 */
export async function makeFolder(path: string, shown = path): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw unmakeableFolder(shown, cause);
  }
}
