import { CellwrightError } from "../errors.js";

export type ModelStatus = "candidate" | "champion" | "retired";

/** One change of a model's standing. */
interface LifecycleEvent {
  /** ISO 8601. */
  readonly time: string;
  readonly action: "promoted" | "rolled-back" | "retired";
  /** The version that the event is about; for `rolled-back` the one that became champion again. */
  readonly version: string;
  /** The champion before, if another. */
  readonly replaced: string | null;
  readonly reason: string;
}

/** Which of a campaign's models is in use, and how it came to that. The models themselves never change. */
export interface Lifecycle {
  readonly schema: "cellwright.lifecycle/1";
  readonly campaign: string;
  readonly champion: string | null;
  /** Oldest first; only ever appended to. */
  readonly history: readonly LifecycleEvent[];
}

/** Why and when a change is made. */
export interface ChangeNote {
  readonly time: string;
  readonly reason: string;
}

/** No champion, no history. */
export function createLifecycle(campaign: string): Lifecycle {
  return { schema: "cellwright.lifecycle/1", campaign, champion: null, history: [] };
}

/** The standing of a version: a saved model that nobody promoted is a candidate. */
export function statusOf(lifecycle: Lifecycle, version: string): ModelStatus {
  if (lifecycle.champion === version) return "champion";
  const touched = lifecycle.history.some((event) => event.version === version || event.replaced === version);
  return touched ? "retired" : "candidate";
}

/**
 * Makes `version` the champion; the one before is retired.
 *
 * @param versions - All saved versions.
 * @throws CellwrightError MODEL_NOT_FOUND; NOTHING_TO_DO if it is the champion already.
 */
export function promote(
  lifecycle: Lifecycle,
  versions: readonly string[],
  version: string,
  note: ChangeNote,
): Lifecycle {
  requireVersion(lifecycle, versions, version);
  if (lifecycle.champion === version) {
    throw new CellwrightError(
      "NOTHING_TO_DO",
      `${version} is the champion of ${lifecycle.campaign} already.`,
    );
  }
  return append(lifecycle, version, { ...note, action: "promoted", version, replaced: lifecycle.champion });
}

/**
 * Makes the champion before the present one champion again; repeated, it goes further back.
 *
 * @throws CellwrightError NOTHING_TO_DO if there was none before that is still saved and was not retired.
 */
export function rollback(lifecycle: Lifecycle, versions: readonly string[], note: ChangeNote): Lifecycle {
  const { champion } = lifecycle;
  const before = championStack(lifecycle).filter(
    (version) => version !== champion && versions.includes(version),
  );
  const version = before.at(-1);
  if (champion === null || version === undefined) {
    throw new CellwrightError(
      "NOTHING_TO_DO",
      `${lifecycle.campaign} has no champion before ${champion ?? "the first"} to go back to. Promote a version by name instead.`,
    );
  }
  return append(lifecycle, version, { ...note, action: "rolled-back", version, replaced: champion });
}

/**
 * Takes a version that is not in use out of the running: `rollback` no longer goes back to it.
 *
 * @throws CellwrightError MODEL_NOT_FOUND; INVALID_OPTION if it is the champion.
 */
export function retire(
  lifecycle: Lifecycle,
  versions: readonly string[],
  version: string,
  note: ChangeNote,
): Lifecycle {
  requireVersion(lifecycle, versions, version);
  if (lifecycle.champion === version) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `${version} is the champion of ${lifecycle.campaign}. Promote another version or roll back, then retire it.`,
    );
  }
  return append(lifecycle, lifecycle.champion, { ...note, action: "retired", version, replaced: null });
}

/** Champions in the order in which `rollback` passes them, the present one last. */
function championStack(lifecycle: Lifecycle): readonly string[] {
  let stack: string[] = [];
  for (const { action, version } of lifecycle.history) {
    if (action === "promoted") stack.push(version);
    else if (action === "rolled-back") stack = stack.slice(0, stack.lastIndexOf(version) + 1);
    else stack = stack.filter((other) => other !== version);
  }
  return stack;
}

function append(lifecycle: Lifecycle, champion: string | null, event: LifecycleEvent): Lifecycle {
  return { ...lifecycle, champion, history: [...lifecycle.history, event] };
}

function requireVersion(lifecycle: Lifecycle, versions: readonly string[], version: string): void {
  if (versions.includes(version)) return;
  const known = versions.length === 0 ? "none is saved" : `saved: ${versions.join(", ")}`;
  throw new CellwrightError("MODEL_NOT_FOUND", `${lifecycle.campaign} has no model ${version} (${known}).`);
}
