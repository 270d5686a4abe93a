import { canonicalJson } from "../math/canonical-json.js";
import { sha256Hex } from "../math/sha256.js";
import { withoutFields } from "./defined-fields.js";
import { sortById } from "./settings-key.js";
import type { Trial } from "./trial.js";

/**
 * SHA-256 of what the trials say, whatever their order. Comments do not count: they teach nothing.
 *
 * @throws CellwrightError NON_FINITE if a value is not a finite number.
 */
export function dataHash(trials: readonly Trial[]): string {
  return sha256Hex(canonicalJson(sortById(trials).map((trial) => withoutFields(trial, "comment"))));
}
