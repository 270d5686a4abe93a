import { ask } from "../../src/campaign/ask.js";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { adviseCells } from "../../src/campaign/cell-advice.js";
import { withoutFields } from "../../src/campaign/defined-fields.js";
import { fitOutcomes } from "../../src/campaign/fit-outcomes.js";
import type { Trial } from "../../src/campaign/trial.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { createRng, permutation, type Rng } from "../../src/math/rng.js";
import type { Settings } from "../../src/space/parameter.js";

export const CHANNELS = 4;
export const HOURS = { signal: 80, life: 1500 } as const;
/** Replicate scatter of measured lives (DOMAIN: 8.5 %). */
const SCATTER = 0.085;

export type Policy = "all to the end" | "as advised";

/** A SYNTHETIC plant: life of a protocol, and an early signal whose latent value correlates with it. */
export interface MaturingPlant {
  meanLife(settings: Settings): number;
  signal(settings: Settings, rng: Rng): number;
  readonly best: number;
}

/** @param correlation - Of the signal's latent function with that of the logarithm of life, over functions. */
export function createPlant(seed: number, correlation: number): MaturingPlant {
  const rng = createRng(seed).fork("plant");
  const [life, other] = [smooth(rng), smooth(rng)];
  const at = ({ a, b, c }: Settings): number[] => [Number(a), Number(b), Number(c)];
  const meanLife = (settings: Settings): number => 800 * Math.exp(0.18 * life(at(settings)));
  const grid = Array.from({ length: 21 ** 3 }, (_, i) => ({
    a: (i % 21) / 20,
    b: (Math.floor(i / 21) % 21) / 20,
    c: Math.floor(i / 441) / 20,
  }));
  return {
    meanLife,
    signal: (settings, noise) =>
      correlation * life(at(settings)) +
      Math.sqrt(1 - correlation * correlation) * other(at(settings)) +
      0.1 * noise.normal(),
    best: grid.reduce((most, settings) => Math.max(most, meanLife(settings)), 0),
  };
}

/** A random smooth function with variance 1 and lengthscale .6 by 60 waves. */
function smooth(rng: Rng): (x: readonly number[]) => number {
  const waves = Array.from({ length: 60 }, () => ({
    frequency: [rng.normal() / 0.6, rng.normal() / 0.6, rng.normal() / 0.6],
    phase: 2 * Math.PI * rng.uniform(),
    height: rng.normal() * Math.sqrt(2 / 60),
  }));
  return (x) =>
    waves.reduce(
      (sum, { frequency, phase, height }) =>
        sum + height * Math.cos(frequency.reduce((s, w, k) => s + w * x[k]!, phase)),
      0,
    );
}

const ABOUT_ONE = { unit: "1", min: 0, max: 1 };

function emptyCampaign(): Campaign {
  return createCampaign({
    campaign: "maturing-plant",
    parameters: { a: ABOUT_ONE, b: ABOUT_ONE, c: ABOUT_ONE },
    outcomes: {
      cycle_life: {
        ...{ unit: "1", goal: "maximize", scale: "log" },
        matures: { signals: { low_soc_resistance: HOURS.signal }, hours: HOURS.life },
      },
      low_soc_resistance: { unit: "1", scale: "identity" },
    },
  });
}

/** Hours of channels used, and the true mean life of the setting that one would choose then. */
export interface Checkpoint {
  readonly hours: number;
  readonly life: number;
  readonly cells: number;
}

/** Plays one campaign until the budget of channel hours is used: six cells to their ends, then by the policy. */
export async function playChannels(
  plant: MaturingPlant,
  policy: Policy,
  seed: number,
  budget: number,
): Promise<readonly Checkpoint[]> {
  const noise = createRng(seed).fork("noise");
  let campaign = emptyCampaign();
  let hours = 0;
  const checkpoints: Checkpoint[] = [];
  const change = (ids: ReadonlySet<string>, how: (trial: Trial) => Trial): void => {
    campaign = withTrials(
      campaign,
      campaign.trials.map((trial) => (ids.has(trial.id) ? how(trial) : trial)),
    );
  };
  const start = async (count: number): Promise<ReadonlySet<string>> => {
    const { suggestions } = await ask(campaign, { count, seed });
    const begun = suggestions.map(
      ({ trial, parameters }): Trial => ({
        ...{ id: trial, status: "running", parameters, context: {}, origin: "SYNTHETIC" },
        observations: { low_soc_resistance: { value: plant.signal(parameters, noise) } },
      }),
    );
    campaign = withTrials(campaign, [...campaign.trials, ...begun]);
    hours += count * HOURS.signal;
    return new Set(begun.map(({ id }) => id));
  };
  const finish = async (ids: ReadonlySet<string>): Promise<void> => {
    change(ids, (trial) => {
      const value = plant.meanLife(trial.parameters) * Math.exp(SCATTER * noise.normal());
      const observations = { ...trial.observations, cycle_life: { value } };
      return { ...trial, status: "completed", observations };
    });
    hours += ids.size * (HOURS.life - HOURS.signal);
    const life = plant.meanLife(await chosen(campaign));
    checkpoints.push({ hours, life, cells: campaign.trials.length });
  };
  await finish(await start(6));
  while (hours < budget) {
    let running = await start(CHANNELS);
    for (let round = 0; policy === "as advised" && round < 3; round++) {
      const { cells } = await adviseCells(campaign, { seed });
      const freed = new Set(cells.flatMap((c) => (c.advice === "free the channel" ? [c.trial] : [])));
      if (freed.size === 0) break;
      change(freed, (trial) => ({ ...trial, status: "abandoned" }));
      const kept = [...running].filter((id) => !freed.has(id));
      running = new Set([...kept, ...(round < 2 ? await start(freed.size) : [])]);
    }
    if (running.size > 0) await finish(running);
  }
  return checkpoints;
}

/** Settings with the largest predicted mean among those that were tried. */
async function chosen(campaign: Campaign): Promise<Settings> {
  const { model } = (await fitOutcomes(campaign, { seed: 1 })).fitted.get("cycle_life")!;
  const tried = campaign.trials.filter(({ status }) => status !== "suggested");
  const { mean } = model.predict(matrixFromRows(tried.map((t) => campaign.space.encode(t.parameters, {}))));
  const best = mean.reduce((a, value, i) => (value > mean[a]! ? i : a), 0);
  return tried[best]!.parameters;
}

/** What one advice on a design that was started at once saves, and what it costs. */
export interface DesignAdvice {
  /** Hours that the running cells still take: all, and those that are kept. */
  readonly hours: { readonly all: number; readonly kept: number };
  /** True mean life of the setting chosen after the ends of all, of the kept ones, and of as many taken at random. */
  readonly life: { readonly all: number; readonly kept: number; readonly random: number };
}

/** Random cells, some mature, the others with signals: one advice, then the ends of the cells that are kept. */
export async function playDesign(
  plant: MaturingPlant,
  seed: number,
  mature: number,
  running: number,
): Promise<DesignAdvice> {
  const rng = createRng(seed).fork("design");
  const empty = emptyCampaign();
  const all = Array.from({ length: mature + running }, (_, i): Trial => {
    const parameters = { a: rng.uniform(), b: rng.uniform(), c: rng.uniform() };
    const value = plant.meanLife(parameters) * Math.exp(SCATTER * rng.normal());
    const low_soc_resistance = { value: plant.signal(parameters, rng) };
    return {
      ...{ id: `D${String(i).padStart(2, "0")}`, status: "completed", parameters, context: {} },
      ...{ observations: { low_soc_resistance, cycle_life: { value } }, origin: "SYNTHETIC" },
    };
  });
  const begun = (trial: Trial, status: Trial["status"]): Trial => ({
    ...trial,
    status,
    observations: withoutFields(trial.observations, "cycle_life"),
  });
  const late = all.slice(mature);
  const told = all.map((trial, i) => (i < mature ? trial : begun(trial, "running")));
  const { cells } = await adviseCells(withTrials(empty, told), { seed });
  const kept = new Set(cells.flatMap((c) => (c.advice === "keep cycling" ? [c.trial] : [])));
  const random = new Set([...permutation(rng, running)].slice(0, kept.size).map((k) => late[k]!.id));
  const chosenAfter = async (ended: ReadonlySet<string>): Promise<number> => {
    const trials = all.map((t, i) => (i < mature || ended.has(t.id) ? t : begun(t, "abandoned")));
    return plant.meanLife(await chosen(withTrials(empty, trials)));
  };
  const left = HOURS.life - HOURS.signal;
  return {
    hours: { all: running * left, kept: kept.size * left },
    life: {
      all: await chosenAfter(new Set(late.map(({ id }) => id))),
      kept: await chosenAfter(kept),
      random: await chosenAfter(random),
    },
  };
}
