import type { Problem } from "../errors.js";
import type { RunFinding } from "../space/knowledge.js";
import type { Campaign } from "./campaign.js";
import type { Trial } from "./trial.js";

/** A comment that begins so and gives a reason accepts what the process would refuse; it stays with the trial. */
const ACCEPTED = /^accepted:\s*(\S.*)$/su;
/** Warnings that are shown; the rest is counted. */
const SHOWN = 3;

/** What a process says about measured runs: contradictions are problems, the rest are messages. */
export interface CheckedRuns {
  readonly problems: readonly Problem[];
  readonly messages: readonly string[];
}

/** What the process says about one run; nothing where it checks none. */
function runFindings(campaign: Campaign, trial: Trial): readonly RunFinding[] {
  const { knowledge } = campaign;
  if (knowledge?.checkRun === undefined) return [];
  const accepted = ACCEPTED.exec(trial.comment ?? "")?.[1];
  const values = new Map<string, { readonly value: number; readonly unit: string }>();
  for (const { name, unit } of [...campaign.space.context, ...campaign.space.parameters]) {
    const value = trial.context[name] ?? trial.parameters[name];
    if (typeof value === "number") values.set(name, { value, unit });
  }
  for (const { name, unit } of campaign.outcomes) {
    const observation = trial.observations[name];
    if (observation !== undefined) values.set(name, { value: observation.value, unit });
  }
  return knowledge.checkRun({ values, ...(accepted === undefined ? {} : { accepted }) });
}

/**
 * Checks runs before they are taken.
 *
 * @param whereOf - How a user finds a trial: its line, or its id.
 */
export function checkRuns(
  campaign: Campaign,
  trials: readonly Trial[],
  whereOf: (trial: Trial) => string,
): CheckedRuns {
  const problems: Problem[] = [];
  const warnings: string[] = [];
  for (const trial of trials) {
    for (const { verdict, message } of runFindings(campaign, trial)) {
      if (verdict === "warned") warnings.push(`${whereOf(trial)}: ${message}.`);
      else problems.push(refusal(whereOf(trial), message));
    }
  }
  return { problems, messages: runMessages(warnings) };
}

/** A contradiction as a problem, with how to accept it. */
function refusal(where: string, message: string): Problem {
  return {
    where,
    found: message,
    expected: "measurements of one run that agree",
    remedy: "Correct them, or accept them with a comment that says why: accepted: <reason>.",
  };
}

/** The first warnings, and how many more there are. */
export function runMessages(warnings: readonly string[]): readonly string[] {
  const rest = warnings.length - SHOWN;
  const more = rest > 0 ? [`${rest} more such warning${rest === 1 ? "" : "s"} about measured runs.`] : [];
  return [...warnings.slice(0, SHOWN), ...more];
}
