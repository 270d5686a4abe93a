import type { Campaign } from "./campaign.js";
import { isInsideLimits } from "./inside-limits.js";
import { isComplete } from "./trial-groups.js";
import type { Trial } from "./trial.js";

/**
 * What rows are for: `history` teaches; `results` may name a known trial in place of its settings; `settings`, all of
 * them, are to be predicted, and outcomes may be absent; `candidates` are settings for a request, in whose state they are
 * judged where they name none.
 */
export type RowPurpose = "history" | "results" | "settings" | "candidates";

/** What the user should know of trials that were taken, each for its purpose. */
export function rowMessages(campaign: Campaign, trials: readonly Trial[], purpose: RowPurpose): string[] {
  const outside = trials.filter(
    (t) => isComplete(campaign, t) && !isInsideLimits(campaign.space, t.parameters, t.context),
  ).length;
  if (purpose === "settings" || purpose === "candidates") {
    return outside === 0
      ? []
      : [`${counted(outside, "row")} outside the bounds or constraints: predictions there extrapolate.`];
  }
  return [
    ...incompleteMessages(campaign, trials),
    ...(purpose === "history" ? groupMessages(campaign, trials) : []),
    ...resultMessages(trials),
    ...(outside === 0
      ? []
      : [
          `${counted(outside, "row")} outside the bounds or constraints teach${outside === 1 ? "es" : ""} the models; suggestions stay inside.`,
        ]),
  ];
}

function incompleteMessages(campaign: Campaign, trials: readonly Trial[]): string[] {
  const variables = [...campaign.space.parameters, ...campaign.space.context];
  return variables.flatMap(({ name }) => {
    const lacks = (t: Trial): boolean => t.parameters[name] === undefined && t.context[name] === undefined;
    const missing = trials.filter(lacks).length;
    if (missing === 0) return [];
    const left = missing === 1 ? "is" : "are";
    return [
      `${counted(missing, "row")} without ${name} cannot be learned from and ${left} left out of every fit.`,
    ];
  });
}

function groupMessages(campaign: Campaign, trials: readonly Trial[]): string[] {
  const { group } = campaign;
  return group === undefined || trials.length === 0 || trials.some((t) => t.group !== undefined)
    ? []
    : [`No row has a ${group}: rows with equal settings count as one group.`];
}

function resultMessages(trials: readonly Trial[]): string[] {
  const messages: string[] = [];
  const empty = trials.filter((t) => t.status === "completed" && Object.keys(t.observations).length === 0);
  if (empty.length > 0) {
    const have = empty.length === 1 ? "has" : "have";
    messages.push(`${counted(empty.length, "completed row")} ${have} no outcome of this campaign.`);
  }
  const silent = trials.filter((t) => t.status === "failed" && t.reason === undefined);
  if (silent.length > 0)
    messages.push(
      `${counted(silent.length, "failed row")} ${silent.length === 1 ? "states" : "state"} no reason.`,
    );
  return messages;
}

/** What does not fit between the stored trials and the campaign file, which may have changed since. */
export function storedMessages({ space }: Campaign, stored: readonly Trial[]): readonly string[] {
  const known = new Set([...space.parameters, ...space.context].map(({ name }) => name));
  const names = (trial: Trial): readonly string[] => Object.keys({ ...trial.parameters, ...trial.context });
  const unknown = new Set(stored.flatMap(names).filter((name) => !known.has(name)));
  const lacking = stored.filter((t) =>
    space.parameters.some(({ name }) => !Object.hasOwn(t.parameters, name)),
  );
  const messages: string[] = [];
  if (lacking.length > 0) {
    const trials = lacking.length === 1 ? "1 stored trial has" : `${lacking.length} stored trials have`;
    messages.push(`${trials} no value for a parameter of the campaign file and cannot be learned from.`);
  }
  if (unknown.size > 0) {
    messages.push(
      `Stored trials have settings that the campaign file does not know (${[...unknown].join(", ")}). If another campaign of this folder has the same name, rename one: trials are kept by name.`,
    );
  }
  return messages;
}

/** `1 row`, `2 rows`. */
export function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
