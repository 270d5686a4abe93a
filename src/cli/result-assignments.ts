import type { Campaign } from "../campaign/campaign.js";
import { isStillMaturing } from "../campaign/maturing.js";
import type { Trial, TrialUpdate } from "../campaign/trial.js";
import { CellwrightError } from "../errors.js";
import type { Settings } from "../space/parameter.js";
import { openTrialWith } from "./match-trial.js";
import {
  type Assignable,
  assignableContext,
  assignableParameters,
  parseAssignments,
  splitAssignments,
} from "./assignments.js";

const STATUSES = ["suggested", "running", "completed", "failed", "abandoned"];
const TEXTS = new Set(["trial", "status", "reason", "comment", "measured_at"]);

/**
 * One run from `name=value` texts: a trial id or settings that match a suggested trial, and what was measured.
 *
 * @throws CellwrightError USAGE if a name or a value cannot be read; TRIAL_UNKNOWN if neither id nor settings are given.
 */
export function updateFromAssignments(campaign: Campaign, texts: readonly string[]): TrialUpdate {
  const all = splitAssignments(texts, "record");
  const text = (name: string): string | undefined => all.get(name);
  const columns = [campaign.group, campaign.wholePlot].filter((name) => name !== undefined);
  const rest = new Map([...all].filter(([name]) => !TEXTS.has(name) && !columns.includes(name)));
  const outcomes = assignableOutcomes(campaign);
  const parameters = assignableParameters(campaign);
  const context = assignableContext(campaign);
  const values = parseAssignments(rest, new Map([...parameters, ...context, ...outcomes]), "record", [
    ...TEXTS,
    ...columns,
  ]);
  const pick = (names: ReadonlyMap<string, unknown>): Settings =>
    Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
  const settings = pick(parameters);
  const measured = observations(campaign, values);
  const known = findTrial(campaign, text("trial"), settings);
  const running = isStillMaturing(campaign, { ...known?.observations, ...measured });
  const status = statusOf(text("status"), Object.keys(measured).length > 0, running, text("reason"));
  const byId = text("trial") !== undefined;
  const group = campaign.group === undefined ? undefined : text(campaign.group);
  const wholePlot = campaign.wholePlot === undefined ? undefined : text(campaign.wholePlot);
  return {
    id: known?.id ?? text("trial") ?? newId(campaign),
    ...(known === undefined || (byId && Object.keys(settings).length > 0)
      ? { parameters: { ...known?.parameters, ...settings } }
      : {}),
    ...(Object.keys(pick(context)).length > 0 ? { context: { ...known?.context, ...pick(context) } } : {}),
    observations: measured,
    ...(status === undefined ? {} : { status }),
    ...(text("reason") === undefined ? {} : { reason: text("reason")! }),
    ...(text("comment") === undefined ? {} : { comment: text("comment")! }),
    ...(text("measured_at") === undefined ? {} : { measuredAt: text("measured_at")! }),
    ...(group === undefined ? {} : { group }),
    ...(wholePlot === undefined ? {} : { wholePlot }),
  };
}

function assignableOutcomes(campaign: Campaign): ReadonlyMap<string, Assignable> {
  const learned = campaign.outcomes.filter((outcome) => outcome.formula?.known !== true);
  return new Map(
    learned.flatMap((outcome) => [
      [outcome.name, { unit: outcome.unit }],
      [`${outcome.name}_sem`, { unit: outcome.unit }],
    ]),
  );
}

function observations(campaign: Campaign, values: Settings): Trial["observations"] {
  const found: Record<string, { value: number; standardError?: number }> = {};
  for (const { name } of campaign.outcomes) {
    const value = values[name];
    const sem = values[`${name}_sem`];
    if (typeof value !== "number") {
      if (sem === undefined) continue;
      throw new CellwrightError("USAGE", `${name}_sem: found a standard error without ${name}. Tell both.`);
    }
    found[name] = typeof sem === "number" ? { value, standardError: sem } : { value };
  }
  return found;
}

function statusOf(
  text: string | undefined,
  measured: boolean,
  running: boolean,
  reason: string | undefined,
): Trial["status"] | undefined {
  if (text === undefined && measured) return running ? undefined : "completed";
  if (text === undefined) return reason === undefined ? undefined : "failed";
  if (!STATUSES.includes(text)) {
    throw new CellwrightError("USAGE", `status: found "${text}", expected one of ${STATUSES.join(", ")}.`);
  }
  return text as Trial["status"];
}

function findTrial(campaign: Campaign, id: string | undefined, settings: Settings): Trial | undefined {
  if (id !== undefined) {
    const trial = campaign.trials.find((t) => t.id === id);
    if (trial === undefined && missingParameters(campaign, settings).length > 0) {
      const open = campaign.trials
        .filter((t) => t.status === "suggested" || t.status === "running")
        .map((t) => t.id);
      throw new CellwrightError(
        "TRIAL_UNKNOWN",
        `There is no trial "${id}". ${open.length === 0 ? "None is open." : `Open trials: ${open.join(", ")}.`} For a run made on your own, give all its settings too.`,
      );
    }
    return trial;
  }
  const missing = missingParameters(campaign, settings);
  if (missing.length > 0) {
    throw new CellwrightError(
      "TRIAL_UNKNOWN",
      `Say which run: trial=ID, or all settings (missing: ${missing.join(", ")}).`,
    );
  }
  return openTrialWith(campaign, settings);
}

function missingParameters(campaign: Campaign, settings: Settings): string[] {
  return campaign.space.parameters.map((p) => p.name).filter((name) => !(name in settings));
}

function newId(campaign: Campaign): string {
  const ids = new Set(campaign.trials.map((trial) => trial.id));
  for (let n = 1; ; n++) {
    const id = `R${String(n).padStart(3, "0")}`;
    if (!ids.has(id)) return id;
  }
}
