import type { AskOptions } from "../../src/campaign/ask.js";
import { type Campaign, withTrials } from "../../src/campaign/campaign.js";
import type { Observation, Trial } from "../../src/campaign/trial.js";
import { createCampaign } from "../../src/create-campaign.js";
import { createRng, permutation, type Rng } from "../../src/math/rng.js";
import type { Settings, SettingValue } from "../../src/space/parameter.js";

/** A relation that every suggestion keeps, beside our own arithmetic of it. */
export interface Rule {
  readonly source: string;
  /** ≥ 0 where it holds, up to rounding errors of numbers of size `scale`. */
  readonly slack: (values: Readonly<Record<string, number>>) => number;
  readonly scale: number;
  /** Whether its opposite is also asked: then it holds to the tolerance of an equality. */
  readonly pinched: boolean;
}

export interface ParameterEntry {
  readonly unit?: string;
  readonly type?: "integer";
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly scale?: "log";
  readonly values?: readonly number[];
  readonly choices?: readonly string[];
  readonly was?: SettingValue;
  readonly max_move?: number;
  readonly tolerance?: number;
  readonly change?: { readonly effort: "hard"; readonly minutes: number; readonly scrap: number };
}

/** A campaign in the middle of its life, a request, and what the answer must keep. */
export interface RandomCase {
  readonly campaign: Campaign;
  readonly entries: Readonly<Record<string, ParameterEntry>>;
  readonly rules: readonly Rule[];
  readonly options: Omit<AskOptions, "workLimit">;
  /** Most searches are short: it is the promises that are tried here, not the gain. */
  readonly effort: Pick<AskOptions, "workLimit">;
  /** What was asked, told apart from what the engine makes of it. */
  readonly context: Settings;
}

const HARD = { effort: "hard", minutes: 45, scrap: 30 } as const;

/** One of each kind of parameter as people write them; all without unit, so that any two may be added. */
const ENTRIES: Readonly<Record<string, readonly ParameterEntry[]>> = {
  load: [
    { min: 200, max: 1600, scale: "log" },
    { min: 0, max: 7 },
    { min: 200, max: 1600, step: 50 },
  ],
  temperature: [
    { min: 25, max: 120, step: 5 },
    { min: 25, max: 120, step: 5, change: HARD },
    { min: 0, max: 1, step: 0.3 },
  ],
  gap: [
    { min: 430, max: 555, step: 1 },
    { min: -5, max: 5, step: 0.25 },
    { min: 3, max: 3.0004 },
  ],
  rate: [
    { min: 0.02, max: 1.5, scale: "log" },
    { min: 0.1, max: 2, step: 0.1, scale: "log" },
  ],
  speed: [{ values: [5, 10, 20, 40, 60, 80] }, { values: [1, 10, 1000], scale: "log" }],
  passes: [
    { type: "integer", min: 1, max: 3 },
    { type: "integer", min: 0, max: 40 },
  ],
  mode: [{ choices: ["a", "b"] }, { choices: ["x", "y", "z"], change: HARD }],
};

type Outcomes = Readonly<Record<string, Record<string, unknown>>>;

/** Objectives, limits, targets, known and composite outcomes in the combinations that campaigns have. */
const OUTCOMES: readonly Outcomes[] = [
  { y: { goal: "maximize" } },
  { y: { goal: "minimize", spec: { min: -0.5, safety: true } }, z: { spec: { max: 3 } } },
  { y: { goal: "target", target: 0.3 }, z: {} },
  { y: { goal: "maximize" }, z: { goal: "minimize", threshold: 1 } },
  { y: { spec: { min: -1, max: 1 } } },
  { y: { goal: "maximize", scale: "log" }, z: { atLeast: { share: 0.9, of: "incumbent" } } },
  { y: { goal: "maximize" }, z: { goal: "minimize", spec: { max: 2 } }, w: { goal: "target", target: 1 } },
  {
    y: { goal: "maximize" },
    z: {},
    product: { formula: "y * z", composite: true, spec: { max: 4 } },
  },
  {
    y: { goal: "maximize", sem: 0.1 },
    duration: { unit: "h", formula: "2 + 0.001 * first^2", goal: "minimize" },
  },
];

function pick<T>(rng: Rng, of: readonly T[]): T {
  return of[rng.integer(of.length)]!;
}

function chance(rng: Rng, share: number): boolean {
  return rng.uniform() < share;
}

/** A value that the parameter may be set to, as an exact decimal. */
export function allowedValue(rng: Rng, entry: ParameterEntry): SettingValue {
  if (entry.choices !== undefined) return pick(rng, entry.choices);
  if (entry.values !== undefined) return pick(rng, entry.values);
  const [min, max] = [entry.min!, entry.max!];
  const step = entry.type === "integer" ? 1 : entry.step;
  if (step === undefined) return Number((min + rng.uniform() * (max - min)).toPrecision(6));
  return Number((min + rng.integer(Math.floor((max - min) / step + 1e-9) + 1) * step).toFixed(4));
}

/** What was run: mostly allowed, now and then beside the steps or outside the bounds. */
function ranValue(rng: Rng, entry: ParameterEntry): SettingValue {
  if (entry.choices !== undefined || chance(rng, 0.8)) return allowedValue(rng, entry);
  const [low, high] =
    entry.values === undefined ? [entry.min!, entry.max!] : [entry.values[0]!, entry.values.at(-1)!];
  const value = low + (1.4 * rng.uniform() - 0.2) * (high - low);
  return Number((entry.scale === "log" ? Math.max(value, low / 2) : value).toPrecision(5));
}

function clamped(entry: ParameterEntry, value: SettingValue): SettingValue {
  if (typeof value !== "number" || entry.step !== undefined || entry.min === undefined) return value;
  return Math.min(entry.max!, Math.max(entry.min, value));
}

type Entries = Readonly<Record<string, ParameterEntry>>;

function someEntries(rng: Rng): Entries {
  const names = [...permutation(rng, Object.keys(ENTRIES).length)].map((i) => Object.keys(ENTRIES)[i]!);
  return Object.fromEntries(
    names.slice(0, 1 + rng.integer(5)).map((name) => [name, pick(rng, ENTRIES[name]!)]),
  );
}

/** Bounds, steps and sets as they are after somebody changed them in mid-campaign. */
function changedEntries(rng: Rng, entries: Entries): Entries {
  const changed = Object.entries(entries).flatMap(([name, entry]): [string, ParameterEntry][] => {
    if (chance(rng, 0.1) && name !== Object.keys(entries)[0]) return [];
    if (chance(rng, 0.7)) return [[name, entry]];
    if (entry.choices !== undefined)
      return [[name, { ...entry, choices: [...entry.choices.slice(1), "new"] }]];
    if (entry.values !== undefined) return [[name, { ...entry, values: [...entry.values.slice(1), 2000] }]];
    const width = entry.max! - entry.min!;
    const { step } = entry;
    if (entry.type === "integer") return [[name, { ...entry, min: entry.min! + 1, max: entry.max! + 4 }]];
    const min = step === undefined ? Number((entry.min! + 0.1 * width).toPrecision(8)) : entry.min! + step;
    return [[name, { ...entry, min, max: Number((entry.max! + 0.2 * width).toPrecision(8)) }]];
  });
  const missing = Object.keys(ENTRIES).filter((name) => entries[name] === undefined);
  if (missing.length > 0 && chance(rng, 0.4)) {
    const name = pick(rng, missing);
    const entry = pick(rng, ENTRIES[name]!);
    changed.push([name, chance(rng, 0.6) ? { ...entry, was: allowedValue(rng, entry) } : entry]);
  }
  return Object.fromEntries(changed);
}

/** Relations that the planted settings keep, with little or much room, or none. */
function someRules(
  rng: Rng,
  entries: Entries,
  planted: Readonly<Record<string, number>>,
  state: boolean,
): Rule[] {
  const names = Object.keys(entries).filter((name) => entries[name]!.choices === undefined);
  const rules: Rule[] = [];
  const add = (
    text: string,
    sign: "<=" | ">=",
    of: (v: Readonly<Record<string, number>>) => number,
    room: number,
  ): void => {
    const value = of(planted);
    const limit = Number((value + (sign === "<=" ? 1 : -1) * room).toPrecision(12));
    rules.push({
      source: `${text} ${sign} ${limit}`,
      slack: (v) => (sign === "<=" ? limit - of(v) : of(v) - limit),
      scale:
        10 *
        (Math.abs(value) + Math.abs(limit) + names.reduce((sum, name) => sum + Math.abs(planted[name]!), 0)),
      pinched: room === 0,
    });
  };
  const widths = names.map((name) => {
    const { min, max, values } = entries[name]!;
    return values === undefined ? max! - min! : values.at(-1)! - values[0]!;
  });
  for (let left = rng.integer(4); left > 0 && names.length > 0; left--) {
    const [i, j] = [rng.integer(names.length), rng.integer(names.length)];
    const [a, b] = [names[i]!, names[j]!];
    const room = pick(rng, [0.01, 0.1, 0.4]) * (widths[i]! + widths[j]!);
    const sign = pick(rng, ["<=", ">="] as const);
    const kind = rng.integer(5);
    if (kind === 0) add(`${a} + 2 * ${b}`, sign, (v) => v[a]! + 2 * v[b]!, room);
    if (kind === 1)
      add(`${a} * ${b}`, sign, (v) => v[a]! * v[b]!, room * (Math.abs(planted[a]!) + Math.abs(planted[b]!)));
    if (kind === 2)
      add(`${a}^2 - ${b}`, sign, (v) => v[a]! * v[a]! - v[b]!, room * (1 + 2 * Math.abs(planted[a]!)));
    if (kind === 3 && state) add(`${a} - 3 * state`, sign, (v) => v[a]! - 3 * v["state"]!, room);
    if (kind === 4 && chance(rng, 0.3) && a !== b) {
      add(`${a} + ${b}`, "<=", (v) => v[a]! + v[b]!, 0);
      add(`${a} + ${b}`, ">=", (v) => v[a]! + v[b]!, 0);
    }
  }
  return rules;
}

/** A response of settings and state, of any size, with scatter. */
function response(rng: Rng): (values: Settings, noise: Rng) => number {
  const [phase, scale, offset] = [
    6 * rng.uniform(),
    pick(rng, [1, 1, 1, 1, 1e-6, 1e6, 1e-25, 1e25]),
    pick(rng, [0, 0, 2, -3]),
  ];
  const scatter = pick(rng, [0, 0.05, 0.3]);
  const constant = chance(rng, 0.06);
  return (values, noise) => {
    if (constant) return scale;
    const waves = Object.entries(values).map(([name, value], k) => {
      const x =
        typeof value === "number" ? Math.log(1 + Math.abs(value)) : value.length + (value.charCodeAt(0) % 3);
      return Math.sin(phase + (k + 1) * x + name.length);
    });
    const outlier = chance(noise, 0.02) ? 50 : 1;
    return scale * outlier * (offset + waves.reduce((a, b) => a + b, 0) + scatter * noise.normal());
  };
}

const STATUSES = [
  ...Array.from({ length: 12 }, () => "completed" as const),
  ...(["failed", "failed", "running", "suggested", "abandoned"] as const),
];

interface History {
  readonly entries: Entries;
  readonly outcomes: Outcomes;
  readonly states: boolean;
}

function someTrials(rng: Rng, { entries, outcomes, states }: History, rows: number): Trial[] {
  const responses = Object.keys(outcomes).map((name) => ({ name, of: response(rng), spec: outcomes[name]! }));
  const trials: Trial[] = [];
  for (let i = 0; i < rows; i++) {
    const again = i > 0 && chance(rng, 0.15) ? pick(rng, trials) : undefined;
    const parameters =
      again?.parameters ??
      Object.fromEntries(Object.entries(entries).map(([n, entry]) => [n, ranValue(rng, entry)]));
    const context: Record<string, SettingValue> = {};
    if (states && chance(rng, 0.95)) context["state"] = Number((35 + 25 * rng.uniform()).toFixed(1));
    if (states && chance(rng, 0.95)) context["coil"] = pick(rng, ["k1", "k2"]);
    const status = pick(rng, STATUSES);
    const observations: Record<string, Observation> = {};
    for (const { name, of, spec } of responses) {
      if (spec["formula"] !== undefined || chance(rng, 0.08)) continue;
      const value = of(parameters, rng);
      const told = spec["scale"] === "log" ? Math.exp(value / (1 + Math.abs(value))) : value;
      observations[name] = { value: told, ...(chance(rng, 0.1) && { standardError: 0.05 * Math.abs(told) }) };
    }
    const measured = status === "completed" || (status === "running" && chance(rng, 0.5));
    trials.push({
      ...{ id: `t${i}`, status, parameters, context, origin: "measured" },
      observations: measured ? observations : {},
      ...(status === "failed" && chance(rng, 0.8) && { reason: pick(rng, ["web break", "crack"]) }),
      ...(chance(rng, 0.2) && { measuredAt: `2026-01-${String(1 + rng.integer(28)).padStart(2, "0")}` }),
      ...(chance(rng, 0.1) && { group: pick(rng, ["g1", "g2"]) }),
    });
  }
  return trials;
}

function someOptions(rng: Rng, entries: Entries, planted: Settings, outcomes: Outcomes): AskOptions {
  const names = Object.keys(entries);
  const fixed = names.filter(() => chance(rng, 0.12));
  const limited = Object.values(outcomes).some(({ spec }) => spec !== undefined);
  return {
    count: 1 + rng.integer(chance(rng, 0.5) ? 2 : 8),
    seed: rng.integer(1000),
    fix: Object.fromEntries(fixed.map((name) => [name, planted[name]!])),
    from: Object.fromEntries(
      names.filter((n) => entries[n]!.max_move !== undefined).map((n) => [n, planted[n]!]),
    ),
    ...(chance(rng, 0.15) && { pending: [pendingTrial(rng, entries)] }),
    ...(chance(rng, 0.2) && { share: false }),
    ...(chance(rng, 0.06) && { replicate: true }),
    ...(chance(rng, 0.3) && outcomes["duration"] !== undefined && { per: { of: "hour" as const } }),
    ...(limited && chance(rng, 0.25) && { safe: pick(rng, [0.3, 0.8, 0.95]) }),
    ...(chance(rng, 0.1) && {
      acquisition: pick(rng, ["ucb", "thompson", "parego", "straddle", "variance"] as const),
    }),
    ...(chance(rng, 0.1) && { search: "trust-region" as const }),
    ...(chance(rng, 0.02) && { explain: true }),
    ...(chance(rng, 0.88) && { workLimit: pick(rng, [1, 50, 400, 1500]) }),
  };
}

/** A run under way that the campaign does not hold. */
function pendingTrial(rng: Rng, entries: Entries): Trial {
  const parameters = Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, allowedValue(rng, entry)]),
  );
  return { id: "p1", status: "running", parameters, context: {}, observations: {}, origin: "measured" };
}

/** A random campaign with a history, changed in the middle or not, and a request that its planted settings can meet. */
export function randomCase(seed: number): RandomCase {
  const rng = createRng(seed).fork("random-campaigns");
  const states = chance(rng, 0.4);
  const before = someEntries(rng);
  const outcomes = pick(rng, OUTCOMES);
  const rows = chance(rng, 0.5) ? rng.integer(8) : rng.integer(33);
  const trials = someTrials(rng, { entries: before, outcomes, states }, rows);
  const entries = withRequests(rng, chance(rng, 0.4) ? changedEntries(rng, before) : before);
  const now = chance(rng, 0.15) ? pick(rng, OUTCOMES) : outcomes;
  const planted = Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, clamped(entry, allowedValue(rng, entry))]),
  );
  const context: Settings = states ? { state: 44, coil: pick(rng, ["k1", "k2"]) } : {};
  const numbers = Object.fromEntries(
    Object.entries({ ...planted, ...context }).filter(
      (entry): entry is [string, number] => typeof entry[1] === "number",
    ),
  );
  const rules = someRules(rng, entries, numbers, states);
  const campaign = createCampaign({
    campaign: "random",
    parameters: Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, withUnit(entry)])),
    ...(states && { context: { state: { unit: "1" }, coil: { choices: ["k1", "k2"] } } }),
    outcomes: withFirst(now, Object.keys(numbers)[0]),
    constraints: rules.map(({ source }) => source),
  });
  const { workLimit, ...options } = someOptions(rng, entries, planted, now);
  return {
    campaign: withTrials(campaign, trials),
    ...{ entries, rules, context },
    options: { ...options, context },
    effort: workLimit === undefined ? {} : { workLimit },
  };
}

function withUnit(entry: ParameterEntry): ParameterEntry {
  return entry.choices === undefined ? { unit: "1", ...entry } : entry;
}

function withRequests(rng: Rng, entries: Entries): Entries {
  return Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => {
      const limited = entry.choices === undefined && chance(rng, 0.06);
      const width = entry.values === undefined ? (entry.max ?? 0) - (entry.min ?? 0) : 40;
      return [
        name,
        limited ? { ...entry, max_move: Number((width * pick(rng, [0.1, 0.3])).toPrecision(2)) } : entry,
      ];
    }),
  );
}

/** Outcomes with their unit, and with a formula over a parameter that is there. */
function withFirst(outcomes: Outcomes, first = "1"): Outcomes {
  return Object.fromEntries(
    Object.entries(outcomes).map(([name, outcome]) => {
      const { formula } = outcome;
      const told = typeof formula === "string" ? { formula: formula.replace("first", first) } : {};
      return [name, { unit: "1", ...outcome, ...told }];
    }),
  );
}
