import { LARGEST_MAGNITUDE } from "../data/number-column.js";
import { nameList, quoted } from "../data/quoted.js";
import { isIsoDate } from "../data/standard-columns.js";
import { CellwrightError, type Problem } from "../errors.js";
import { type Campaign, withTrials } from "./campaign.js";
import { checkOrigins } from "./check-origins.js";
import { definedFields } from "./defined-fields.js";
import { completeFormulas, formulaColumns } from "./formula-outcomes.js";
import { isClock, isStillMaturing } from "./maturing.js";
import { idProblem } from "./row-ids.js";
import { settingsProblems } from "./settings-problems.js";
import { spellingRemedy } from "./spelling.js";
import type { Observation, Trial, TrialUpdate } from "./trial.js";

export interface TellOptions {
  /** Let a result replace another one that was told before. */
  readonly correct?: boolean;
  /** Let SYNTHETIC and measured trials stand in one campaign. */
  readonly mixOrigins?: boolean;
}

/**
 * Tells what became of trials: returns a new campaign, and telling the same again changes nothing.
 *
 * An update adds to what is known of the trial of that id, or makes a new trial. A trial with an observation and no
 * stated status is completed; early signals alone of an outcome that matures leave it running.
 *
 * @throws CellwrightError DATA_INVALID for unknown names, values that are not finite, ids and dates that are none, or
 *   mixed origins.
 * @throws CellwrightError TRIAL_CONFLICT if a result differs from one told before and `correct` is not set.
 */
export function tell(
  campaign: Campaign,
  updates: readonly TrialUpdate[],
  options: TellOptions = {},
): Campaign {
  const problems = updates.flatMap((update) => updateProblems(campaign, update));
  if (problems.length > 0) throw invalid(problems);
  const trials = new Map(campaign.trials.map((trial) => [trial.id, trial]));
  const conflicts: Problem[] = [];
  for (const update of updates) {
    const merged = mergeTrial(campaign, trials.get(update.id), update, options.correct === true, conflicts);
    trials.set(update.id, completeFormulas(campaign, merged, update));
  }
  if (conflicts.length > 0) throw conflicting(conflicts);
  const next = [...trials.values()];
  const missing = next.flatMap((trial) => newTrialProblems(campaign, trial, updates));
  if (missing.length > 0) throw invalid(missing);
  checkOrigins(next, options.mixOrigins === true);
  return withTrials(campaign, next);
}

function invalid(problems: readonly Problem[]): CellwrightError {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return new CellwrightError("DATA_INVALID", `The results have ${count}; nothing was recorded.`, {
    problems,
  });
}

function conflicting(problems: readonly Problem[]): CellwrightError {
  return new CellwrightError(
    "TRIAL_CONFLICT",
    "Results differ from what was told before; nothing was recorded. Say that it is a correction, or use another trial id.",
    { problems },
  );
}

function updateProblems(campaign: Campaign, update: TrialUpdate): Problem[] {
  const where = `trial ${update.id}`;
  const problems: Problem[] = [];
  if (update.id === "") problems.push({ where: "trial", found: "an empty id", expected: "an id" });
  const unusable = idProblem(update.id);
  if (unusable !== null) return [{ where: "trial", ...unusable }];
  if (update.measuredAt !== undefined && !isIsoDate(update.measuredAt)) {
    problems.push({
      where: `${where}, measured_at`,
      found: quoted(update.measuredAt),
      expected: "a date such as 2025-04-21 or 2025-04-21T14:30",
    });
  }
  problems.push(...settingsProblems(campaign, update.parameters ?? {}, update.context ?? {}, where));
  const known = [...campaign.outcomes.map((o) => o.name), ...formulaColumns(campaign)];
  for (const [name, observation] of Object.entries(update.observations ?? {})) {
    if (!known.includes(name)) {
      const remedy = spellingRemedy(name, known);
      problems.push({
        where: `${where}, ${name}`,
        found: `the unknown outcome ${name}`,
        expected: "an outcome of the campaign",
        remedy,
      });
    } else problems.push(...observationProblems(campaign, `${where}, ${name}`, name, observation));
  }
  return problems;
}

function observationProblems(
  campaign: Campaign,
  where: string,
  name: string,
  { value, standardError }: Observation,
): Problem[] {
  const problems: Problem[] = [];
  const log = campaign.outcomes.find((o) => o.name === name)?.scale === "log";
  if (!(Math.abs(value) <= LARGEST_MAGNITUDE))
    problems.push({ where, found: String(value), expected: "a finite number" });
  else if (log && !(value > 0))
    problems.push({ where, found: String(value), expected: "a value above 0 for scale: log" });
  if (standardError !== undefined && !(standardError >= 0 && standardError < Infinity)) {
    problems.push({
      where,
      found: `a standard error of ${standardError}`,
      expected: "a finite number of at least 0",
    });
  }
  return problems;
}

const CORRECT = "Correct it on purpose, or record it as another trial.";

function mergeTrial(
  campaign: Campaign,
  before: Trial | undefined,
  update: TrialUpdate,
  correct: boolean,
  conflicts: Problem[],
): Trial {
  const where = `trial ${update.id}`;
  const parameters = mergeRecord(
    before?.parameters,
    update.parameters,
    () => correct,
    `${where}, `,
    conflicts,
  );
  // The state of a run that is still open was asked for, not measured: what is told takes its place.
  const open = before?.status === "suggested" || before?.status === "running";
  const context = mergeRecord(
    before?.context,
    update.context,
    () => correct || open,
    `${where}, `,
    conflicts,
  );
  const observations = mergeRecord(
    before?.observations,
    update.observations,
    // Hours that a running cell has been on its channel grow: telling more of them contradicts nothing.
    (name) => correct || (open && isClock(campaign, name)),
    `${where}, `,
    conflicts,
  );
  const running = isStillMaturing(campaign, observations);
  const status = update.status ?? impliedStatus(before?.status, update, running);
  const finished = before?.status === "completed" || before?.status === "failed";
  if (finished && status !== before.status && !correct) {
    const expected = `${before.status}, as told before`;
    conflicts.push({ where: `${where}, status`, found: status, expected, remedy: CORRECT });
  }
  const { id, reason, group, wholePlot, measuredAt, comment } = { ...before, ...definedFields(update) };
  return {
    id,
    status,
    parameters,
    context,
    observations,
    origin: update.origin ?? before?.origin ?? "measured",
    ...definedFields({ reason, group, wholePlot, measuredAt, comment }),
  };
}

function impliedStatus(
  before: Trial["status"] | undefined,
  update: TrialUpdate,
  running: boolean,
): Trial["status"] {
  const measured = Object.keys(update.observations ?? {}).length > 0;
  if (measured && (before === undefined || before === "suggested" || before === "running"))
    return running ? "running" : "completed";
  return before ?? "suggested";
}

type Entry = string | number | Observation;

function mergeRecord<T extends Entry>(
  before: Readonly<Record<string, T>> = {},
  update: Readonly<Record<string, T>> = {},
  mayChange: (name: string) => boolean,
  where: string,
  conflicts: Problem[],
): Readonly<Record<string, T>> {
  for (const [name, value] of Object.entries(update)) {
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    if (mayChange(name) || old === undefined || sameEntry(old, value)) continue;
    conflicts.push({
      where: `${where}${name}`,
      found: shown(value),
      expected: `${shown(old)}, as told before`,
      remedy: CORRECT,
    });
  }
  return { ...before, ...update };
}

function sameEntry(a: Entry, b: Entry): boolean {
  if (typeof a !== "object" || typeof b !== "object") return a === b;
  return a.value === b.value && (a.standardError ?? 0) === (b.standardError ?? 0);
}

function shown(entry: Entry): string {
  return typeof entry === "object" ? String(entry.value) : String(entry);
}

/** A trial that was not known needs all its parameters: without them it teaches nothing. */
function newTrialProblems(campaign: Campaign, trial: Trial, updates: readonly TrialUpdate[]): Problem[] {
  if (!updates.some((u) => u.id === trial.id) || campaign.trials.some((t) => t.id === trial.id)) return [];
  const missing = campaign.space.parameters
    .map(({ name }) => name)
    .filter((name) => !Object.hasOwn(trial.parameters, name));
  if (missing.length === 0) return [];
  const known = spellingRemedy(
    trial.id,
    campaign.trials.map(({ id }) => id),
  );
  return [
    {
      where: `trial ${trial.id}`,
      found: `nothing for ${nameList(missing)}`,
      expected: "all settings of a trial that is not known yet",
      remedy: `Tell them, or correct the id. ${known}`,
    },
  ];
}
