import { withoutFields } from "../../src/campaign/defined-fields.js";
import { campaignColumns } from "../../src/campaign/campaign-columns.js";
import { type Campaign, withTrials } from "../../src/campaign/campaign.js";
import { fitOutcomes } from "../../src/campaign/fit-outcomes.js";
import { trialsFromTable } from "../../src/campaign/trials-from-table.js";
import { groupsOf } from "../../src/campaign/trial-groups.js";
import type { Trial } from "../../src/campaign/trial.js";
import { readShippedDataset } from "../../src/adapters/shipped-datasets.js";
import { createCampaign } from "../../src/create-campaign.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { createRng, permutation } from "../../src/math/rng.js";

/** A shipped data set with an outcome that is known late, and signals that were known before. */
export interface LateOutcome {
  readonly dataset: string;
  readonly group: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly outcome: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly signals: Readonly<Record<string, string>>;
}

export const USES = ["never", "auto", "always"] as const;

/** Error of the late outcome of running conditions, in its unit, and mean pinball loss of their cells. */
export interface BackTest {
  readonly rmse: number;
  readonly pinball: number;
  /** Signals that counted. */
  readonly used: readonly string[];
}

export function lateCampaign(late: LateOutcome, use: (typeof USES)[number]): Campaign {
  const signals = Object.fromEntries(Object.keys(late.signals).map((name, k) => [name, 10 * (k + 1)]));
  const early = Object.entries(late.signals).map(([name, unit]) => [name, { unit }] as const);
  return createCampaign({
    campaign: late.dataset,
    group: late.group,
    parameters: late.parameters,
    ...(late.context && { context: late.context }),
    outcomes: {
      [late.outcome]: { ...late.spec, goal: "maximize", matures: { signals, hours: 1000, use } },
      ...Object.fromEntries(early),
    },
  });
}

export async function lateTrials(campaign: Campaign, late: LateOutcome): Promise<readonly Trial[]> {
  const table = await readShippedDataset(late.dataset, { expectations: campaignColumns(campaign) });
  const { trials } = trialsFromTable(campaign, table);
  return trials.filter(({ observations }) => observations[late.outcome] !== undefined);
}

/** Some conditions are mature; of the others only signals are known, and their late outcome is predicted. */
export async function backTest(
  late: LateOutcome,
  all: readonly Trial[],
  mature: number,
  seed: number,
  use: (typeof USES)[number],
): Promise<BackTest> {
  const campaign = lateCampaign(late, use);
  const groups = groupsOf(all);
  const conditions = [...new Set(groups.values())].sort();
  const names = [...permutation(createRng(seed), conditions.length)].map((k) => conditions[k]!);
  const known = new Set(names.slice(0, mature));
  const trials = all.map((trial): Trial => {
    if (known.has(groups.get(trial.id)!)) return trial;
    const early = withoutFields(trial.observations, late.outcome);
    return { ...trial, status: "running", observations: early };
  });
  const told = withTrials(campaign, trials);
  const { model, signals } = (await fitOutcomes(told, { seed: 1 })).fitted.get(late.outcome)!;
  const running = all.filter(({ id }) => !known.has(groups.get(id)!));
  const points = matrixFromRows(running.map((t) => told.space.encode(t.parameters, t.context)));
  const posterior = model.predict(points);
  const truth = running.map((trial) => trial.observations[late.outcome]!.value);
  return {
    rmse: conditionError(running, groups, posterior.mean, truth),
    pinball: meanPinball((p) => posterior.quantile(p, "observed"), truth),
    used: signals?.used ?? [],
  };
}

/** Root mean square over conditions of the mean of their cells less what was predicted. */
function conditionError(
  running: readonly Trial[],
  groups: ReadonlyMap<string, string>,
  mean: Float64Array,
  truth: readonly number[],
): number {
  const misses = new Map<string, number[]>();
  running.forEach(({ id }, i) => {
    const name = groups.get(id)!;
    misses.set(name, [...(misses.get(name) ?? []), truth[i]! - mean[i]!]);
  });
  const means = [...misses.values()].map((m) => m.reduce((a, b) => a + b, 0) / m.length);
  return Math.sqrt(means.reduce((sum, miss) => sum + miss * miss, 0) / means.length);
}

/** Mean pinball loss at 19 probabilities, twice: close to the continuous ranked probability score. */
function meanPinball(quantile: (p: number) => Float64Array, truth: readonly number[]): number {
  let loss = 0;
  for (let k = 1; k < 20; k++) {
    const q = quantile(k / 20);
    truth.forEach((y, i) => {
      const miss = y - q[i]!;
      loss += 2 * Math.max((k / 20) * miss, (k / 20 - 1) * miss);
    });
  }
  return loss / (19 * truth.length);
}
