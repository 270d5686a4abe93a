import { accessSync, constants } from "node:fs";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Path of this machine's browser (`CHROMIUM` names another); null where there is none. */
export function findChromium(): string | null {
  const named = process.env["CHROMIUM"];
  const places = named === undefined || named === "" ? PLACES : [named];
  return places.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
