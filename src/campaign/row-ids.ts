import type { Table } from "../data/table.js";
import type { Problem } from "../errors.js";
import { canonicalJson } from "../math/canonical-json.js";
import { sha256Hex } from "../math/sha256.js";
import { withoutFields } from "./defined-fields.js";
import type { Trial } from "./trial.js";

/** Names rows without an id by a hash of what they say; equal rows are numbered, which of them is which cannot matter. */
export function nameUnnamed(trials: readonly Trial[]): Trial[] {
  const seen = new Map<string, number>();
  return trials.map((trial) => {
    if (trial.id !== "") return trial;
    const hash = sha256Hex(canonicalJson(withoutFields(trial, "comment"))).slice(0, 12);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    return { ...trial, id: count === 1 ? `row-${hash}` : `row-${hash}-${count}` };
  });
}

/** Ids that stand in several rows, with their lines. */
export function duplicateIds(trials: readonly Trial[], table: Table): Problem[] {
  const lines = new Map<string, number[]>();
  trials.forEach((trial, row) => {
    const line = table.lines[row] ?? row + 2;
    const known = lines.get(trial.id);
    if (known === undefined) lines.set(trial.id, [line]);
    else known.push(line);
  });
  return [...lines]
    .filter(([, found]) => found.length > 1)
    .map(([id, found]) => ({
      where: `lines ${found.slice(0, 5).join(", ")}${found.length > 5 ? ", …" : ""}, column trial`,
      found: `trial ${id} ${found.length} times`,
      expected: "each trial once",
      remedy: "Give repeated runs ids of their own.",
    }));
}
