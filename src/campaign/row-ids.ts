import { quoted } from "../data/quoted.js";
import type { Problem } from "../errors.js";
import { canonicalJson } from "../math/canonical-json.js";
import { sha256Hex } from "../math/sha256.js";
import { withoutFields } from "./defined-fields.js";
import type { Trial } from "./trial.js";

/** Ids are typed and stand in tables (assumption: a longer one is another column). */
const MAX_ID_LENGTH = 100;

/** Why a text cannot be the id of a trial, or null; an empty id is the caller's matter. */
export function idProblem(id: string): Omit<Problem, "where"> | null {
  const found = quoted(id);
  if (id.length > MAX_ID_LENGTH)
    return { found, expected: `an id of at most ${MAX_ID_LENGTH} characters`, remedy: "Shorten it." };
  return /\p{Cc}/u.test(id)
    ? { found, expected: "an id without line breaks and control characters", remedy: "Correct it." }
    : null;
}

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

/** Whether an id was made by `nameUnnamed`. */
export function isRowId(id: string): boolean {
  return /^row-[0-9a-f]{12}(?:-\d+)?$/u.test(id);
}

/** Ids that stand in several rows; `lines` are those of the trials. */
export function duplicateIds(trials: readonly Trial[], lines: readonly number[]): Problem[] {
  const byId = new Map<string, number[]>();
  trials.forEach((trial, row) => {
    const line = lines[row]!;
    const known = byId.get(trial.id);
    if (known === undefined) byId.set(trial.id, [line]);
    else known.push(line);
  });
  return [...byId]
    .filter(([, found]) => found.length > 1)
    .map(([id, found]) => ({
      where: `lines ${found.slice(0, 5).join(", ")}${found.length > 5 ? ", …" : ""}, column trial`,
      found: `trial ${id} ${found.length} times`,
      expected: "each trial once",
      remedy: "Give repeated runs ids of their own.",
    }));
}
