import { isSameContext } from "../../src/campaign/same-context.js";
import { settingsKey } from "../../src/campaign/settings-key.js";
import type { AskResult, Suggestion } from "../../src/campaign/suggestion.js";
import type { Settings } from "../../src/space/parameter.js";
import type { ParameterEntry, RandomCase } from "./random-campaigns.js";

/** Path of the first number in a value that is not finite; undefined where all are. */
export function notFinite(value: unknown, path = "answer"): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${path} = ${value}`;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, of] of Object.entries(value)) {
    const found = notFinite(of, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What is wrong with one setting by the campaign file alone. */
function settingFault(entry: ParameterEntry, value: unknown): string | null {
  if (entry.choices !== undefined) return entry.choices.includes(String(value)) ? null : "no choice";
  if (typeof value !== "number") return "no number";
  if (entry.values !== undefined) return entry.values.includes(value) ? null : "not in the set";
  if (!(value >= entry.min! && value <= entry.max!)) return "outside the bounds";
  const step = entry.type === "integer" ? 1 : entry.step;
  if (step === undefined) return null;
  const k = (value - entry.min!) / step;
  return Math.abs(k - Math.round(k)) < 1e-9 ? null : "not on a step";
}

function settingFaults({ entries, rules, options, context }: RandomCase, parameters: Settings): string[] {
  const faults = Object.entries(entries).flatMap(([name, entry]) => {
    const fault = settingFault(entry, parameters[name]);
    return fault === null ? [] : [`${name} = ${String(parameters[name])}: ${fault}`];
  });
  const values = { ...context, ...parameters } as Record<string, number>;
  for (const { source, slack, scale, pinched } of rules) {
    const below = slack(values);
    if (!(below >= -scale * (pinched ? 1e-6 : 1e-14))) faults.push(`${source} is missed by ${-below}`);
  }
  for (const [name, value] of Object.entries(options.fix ?? {}))
    if (parameters[name] !== value) faults.push(`${name} is not fixed`);
  for (const [name, { max_move: most }] of Object.entries(entries)) {
    if (most === undefined) continue;
    const moved = Math.abs(Number(parameters[name]) - Number(options.from?.[name]));
    if (!(moved <= most * (1 + 1e-9) + 1e-9)) faults.push(`${name} moved by ${moved}`);
  }
  return faults;
}

/** Settings that count as tried, by our own count. */
function triedKeys({ campaign, context, options }: RandomCase): Set<string> {
  const names = campaign.space.parameters.map(({ name }) => name);
  const tried = [...campaign.trials, ...(options.pending ?? [])].filter(
    (t) => t.status !== "abandoned" && isSameContext(campaign.space, { ...context, ...t.context }, context),
  );
  return new Set(tried.map((t) => settingsKey(only(t.parameters, names))));
}

function only(settings: Settings, names: readonly string[]): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => names.includes(name)));
}

function predictionFaults(s: Suggestion): string[] {
  const faults = Object.entries(s.predictions).flatMap(([name, { interval95, stdDev, mean }]) => {
    const ordered = interval95[0] <= interval95[1] && stdDev >= 0 && Number.isFinite(mean);
    return ordered ? [] : [`${name}: ${mean} ± ${stdDev} in ${interval95.join(" to ")}`];
  });
  const shares = [s.probabilityFeasible, s.success?.probability, s.safety?.probability];
  if (!shares.every((share) => share === null || share === undefined || (share >= 0 && share <= 1)))
    faults.push(`probabilities ${shares.join(", ")}`);
  if (s.safety !== undefined && !(s.safety.probability >= s.safety.floor - 1e-12))
    faults.push(`safe with ${s.safety.probability}, asked ${s.safety.floor}`);
  return s.reasons[0] === undefined || s.reasons[0] === "" ? [...faults, "no reason"] : faults;
}

/** Every promise that an answer breaks, checked against the campaign file without the engine's own checks. */
export function brokenPromises(one: RandomCase, answer: AskResult): string[] {
  const faults: string[] = [];
  const infinite = notFinite(answer);
  if (infinite !== undefined) faults.push(infinite);
  const tried = triedKeys(one);
  const ids = new Set([...one.campaign.trials, ...(one.options.pending ?? [])].map((t) => t.id));
  for (const s of answer.suggestions) {
    faults.push(...settingFaults(one, s.parameters), ...predictionFaults(s));
    if (JSON.stringify(s.context) !== JSON.stringify(one.context)) faults.push("another context");
    const key = settingsKey(s.parameters);
    const onPurpose = s.replication !== undefined || s.acquisition.name === "replication";
    if (!onPurpose && tried.has(key)) faults.push(`${key} again`);
    if (ids.has(s.trial)) faults.push(`trial ${s.trial} again`);
    if (one.options.safe !== s.safety?.floor) faults.push("no word on safety");
    tried.add(key);
    ids.add(s.trial);
  }
  if (answer.suggestions.length !== one.options.count && answer.warnings.length === 0)
    faults.push(`${answer.suggestions.length} of ${one.options.count} runs, and no word on it`);
  const planned = answer.plan?.runs.map(({ trial }) => trial).toSorted();
  const suggested = answer.suggestions.map(({ trial }) => trial).toSorted();
  if (planned !== undefined && planned.join() !== suggested.join()) faults.push(`plan of ${planned.join()}`);
  return faults;
}
