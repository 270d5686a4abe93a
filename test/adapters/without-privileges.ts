import { chmodSync } from "node:fs";

/** User and group `nobody` on Linux. */
const NOBODY = 65_534;

/**
 * Runs work as a user whom permissions bind: root, as whom containers run tests, may read and write everything.
 *
 * @param folder - Opened to other users, so that only what the test closes is closed.
 */
export async function withoutPrivileges<T>(folder: string, work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  chmodSync(folder, 0o755);
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
