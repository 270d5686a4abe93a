import { readFileSync } from "node:fs";

/** Reads a golden file of test/golden; the caller says what it holds. */
export function readGolden(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../golden/${name}`, import.meta.url), "utf8")) as unknown;
}
