import { type Campaign, withTrials } from "../../src/campaign/campaign.js";
import type { Trial } from "../../src/campaign/trial.js";
import { createRng, permutation, type Rng } from "../../src/math/rng.js";
import type { Settings, SettingValue } from "../../src/space/parameter.js";
import { shippedCampaign } from "./campaign-fixtures.js";
import { allowedValue, type ParameterEntry, type RandomCase, type Rule } from "./random-campaigns.js";

/** What a shipped campaign must keep, stated once more apart from its file, and what may be asked of it. */
interface Shipped {
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly fixes: readonly Settings[];
  readonly context: (rng: Rng) => Settings;
}

const guard = (source: string, rate: string, perDegree: number): Rule => ({
  source,
  slack: (v) => perDegree * (v["temperature"]! - 5) - v[rate]!,
  scale: 10,
  pinched: false,
});

const SHIPPED: readonly Shipped[] = [
  {
    name: "nmc-graphite-formation",
    rules: [
      guard("c_rate_cc1 <= 0.05 * (temperature - 5)", "c_rate_cc1", 0.05),
      guard("c_rate_cc2 <= 0.03 * (temperature - 5)", "c_rate_cc2", 0.03),
    ],
    fixes: [
      {},
      {},
      { temperature: 25 },
      { temperature: 55 },
      { c_rate_cc1: 1 },
      { v_cutoff_cc1: 3.6, c_rate_cc2: 0.5 },
    ],
    context: (rng) => ({ rest_ocv: rng.integer(169), n_verification_cycles: rng.integer(3) }),
  },
  {
    name: "nmc622-pilot-density",
    rules: [],
    fixes: [{}, {}, { roll_temperature: 90 }, { target_density: 3.05 }],
    context: (rng) => ({ target_coating_weight: Number((120 + 65 * rng.uniform()).toFixed(2)) }),
  },
];

const READ = new Map<string, Campaign>();

function campaignOf(name: string): Campaign {
  const known = READ.get(name) ?? shippedCampaign(name);
  READ.set(name, known);
  return known;
}

/** Some of its measured rows, some of them turned into failed, abandoned or unfinished ones. */
function someRows(rng: Rng, { trials }: Campaign): Trial[] {
  const order = [...permutation(rng, trials.length)].slice(0, rng.integer(Math.min(40, trials.length + 1)));
  return order.map((i): Trial => {
    const trial = trials[i]!;
    const u = rng.uniform();
    if (u < 0.1) return { ...trial, status: "failed", observations: {}, reason: "tab broke" };
    if (u < 0.15) return { ...trial, status: "abandoned" };
    if (u < 0.2) return { ...trial, status: "running", observations: {} };
    const kept = Object.entries(trial.observations).filter(() => rng.uniform() < 0.95);
    return { ...trial, observations: Object.fromEntries(kept) };
  });
}

/** A shipped campaign with a part of its rows, and a request. */
export function shippedCase(seed: number): RandomCase {
  const rng = createRng(seed).fork("random-shipped-campaigns");
  const { name, rules, fixes, context: drawContext } = SHIPPED[rng.integer(SHIPPED.length)]!;
  const whole = campaignOf(name);
  const entries = whole.spec.parameters as Readonly<Record<string, ParameterEntry>>;
  const context = drawContext(rng);
  const pending: Record<string, SettingValue> = {};
  for (const [parameter, entry] of Object.entries(entries)) pending[parameter] = allowedValue(rng, entry);
  const one = { id: "p1", status: "running", context: {}, observations: {}, origin: "measured" } as const;
  return {
    campaign: withTrials(whole, someRows(rng, whole)),
    ...{ entries, rules, context },
    options: {
      ...{ count: 1 + rng.integer(6), seed: rng.integer(1000), context },
      fix: fixes[rng.integer(fixes.length)]!,
      ...(rng.uniform() < 0.2 && { pending: [{ ...one, parameters: pending }] }),
      ...(rng.uniform() < 0.2 && { share: false }),
      ...(name === "nmc-graphite-formation" && rng.uniform() < 0.2 && { per: { of: "hour" as const } }),
      ...(name === "nmc622-pilot-density" && rng.uniform() < 0.2 && { safe: 0.3 }),
    },
    effort: { workLimit: [50, 400, 1500][rng.integer(3)]! },
  };
}
