/**
 * Whether early signals help to predict and to choose, on shipped data and in SYNTHETIC campaigns with few channels.
 *
 * npm run bench -- maturing [--designs 6] [--seeds 8] [--part data|channels|design]
 *
 * First-cycle efficiency and low-SOC resistance of the formation protocols are not in the shipped set: what stands in for
 * them is said in each line.
 */
import { parseArgs } from "node:util";
import { quartiles } from "../src/benchmark/comparison.js";
import {
  type BackTest,
  backTest,
  type LateOutcome,
  lateCampaign,
  lateTrials,
  USES,
} from "./maturing/back-test.js";
import {
  CHANNELS,
  createPlant,
  type DesignAdvice,
  HOURS,
  playChannels,
  playDesign,
  type Policy,
} from "./maturing/channel-campaign.js";
import { markdown } from "./optimiser/tables.js";

const { values } = parseArgs({
  options: {
    designs: { type: "string", default: "6" },
    seeds: { type: "string", default: "8" },
    part: { type: "string", default: "all" },
  },
});

const formation: Omit<LateOutcome, "signals"> = {
  dataset: "formation-protocols-nmc-graphite",
  group: "protocol_id",
  parameters: {
    c_rate_cc1: { unit: "C", min: 0.02, max: 2.5, scale: "log" },
    v_cutoff_cc1: { unit: "V", min: 3.6, max: 4.1 },
    c_rate_cc2: { unit: "C", min: 0.02, max: 2.5, scale: "log" },
    temperature: { unit: "degC", min: 25, max: 55 },
  },
  outcome: "cycle_life",
  spec: { unit: "1", scale: "log" },
};
const calendering: Omit<LateOutcome, "signals"> = {
  dataset: "calendering-nmc622-pilot",
  group: "condition_id",
  parameters: {
    target_density: { unit: "g/cm3", min: 2.7, max: 3.2 },
    roll_temperature: { unit: "degC", min: 85, max: 145 },
    target_coating_weight: { unit: "g/m2", min: 120, max: 185 },
  },
  outcome: "capacity_c2_cycle50",
  spec: { unit: "mAh/g" },
};
const graphite: Omit<LateOutcome, "signals"> = {
  dataset: "electrodes-graphite",
  group: "recipe_id",
  parameters: {
    coating_gap: { unit: "um", min: 100, max: 300 },
    coating_speed: { unit: "m/min", min: 0.1, max: 0.4 },
    drying_temperature: { unit: "degC", min: 60, max: 100 },
    calendered: { unit: "1", min: 0, max: 1 },
  },
  outcome: "capacity_cycle30",
  spec: { unit: "mAh/g" },
};

const CASES: readonly (readonly [string, LateOutcome, readonly number[]])[] = [
  ["formation: knee → life", { ...formation, signals: { knee_cycle: "1" } }, [8, 16, 30]],
  ["formation: electrolyte → life", { ...formation, signals: { electrolyte_mass: "g" } }, [8, 16]],
  [
    "calendering: first-cycle loss and 5C capacity → capacity at cycle 50",
    { ...calendering, signals: { first_cycle_loss: "%", capacity_5c: "mAh/g" } },
    [6, 10],
  ],
  [
    "graphite: active mass and porosity → capacity at cycle 30",
    { ...graphite, signals: { active_mass: "mg", porosity: "%" } },
    [8, 16],
  ],
];

const isAsked = (part: string): boolean => values.part === "all" || values.part === part;
if (isAsked("data")) console.log(await onData(Number(values.designs)));
if (isAsked("channels")) console.log(await onChannels(Number(values.seeds)));
if (isAsked("design")) console.log(await onDesigns(3 * Number(values.seeds)));

async function onData(designs: number): Promise<string> {
  const rows: string[][] = [];
  for (const [label, late, matures] of CASES) {
    const all = await lateTrials(lateCampaign(late, "never"), late);
    for (const mature of matures) {
      const cells: string[] = [];
      let taken = 0;
      for (const use of USES) {
        const tests: BackTest[] = [];
        for (let seed = 1; seed <= designs; seed++) tests.push(await backTest(late, all, mature, seed, use));
        const mean = (of: (one: BackTest) => number): number =>
          tests.reduce((sum, one) => sum + of(one), 0) / tests.length;
        cells.push(`${mean((t) => t.rmse).toPrecision(3)} / ${mean((t) => t.pinball).toPrecision(3)}`);
        if (use === "auto") taken = tests.filter(({ used }) => used.length > 0).length;
      }
      rows.push([label, String(mature), ...cells, `${taken} of ${designs}`]);
    }
  }
  const head = [
    "late outcome",
    "mature conditions",
    "without signals",
    "auto",
    "always",
    "signals taken by auto",
  ];
  const title = `Error of condition means / ranked probability score of cells, running conditions, mean of ${designs} random orders`;
  return markdown({ title, head, rows });
}

async function onChannels(seeds: number): Promise<string> {
  const budget = 18 * HOURS.life;
  const marks = [10, 14, 18].map((cells) => cells * HOURS.life);
  const rows: string[][] = [];
  for (const correlation of [0.9, 0.5, 0]) {
    for (const policy of ["all to the end", "as advised"] satisfies Policy[]) {
      const regrets: number[][] = [];
      let cells = 0;
      for (let seed = 1; seed <= seeds; seed++) {
        const plant = createPlant(seed, correlation);
        const path = await playChannels(plant, policy, seed, budget);
        cells += path.at(-1)!.cells / seeds;
        const at = (mark: number) => path.findLast(({ hours }) => hours <= mark) ?? path[0]!;
        regrets.push(marks.map((mark) => 100 * (1 - at(mark).life / plant.best)));
      }
      const shown = marks.map((_, k) => {
        const sample = regrets.map((regret) => regret[k]!);
        const mean = sample.reduce((a, b) => a + b, 0) / sample.length;
        return `${mean.toFixed(1)} % (${quartiles(sample)
          .map((q) => q.toFixed(1))
          .join(", ")})`;
      });
      rows.push([correlation.toFixed(1), policy, ...shown, cells.toFixed(0)]);
    }
  }
  const head = ["correlation", "policy", ...marks.map((h) => `after ${h} channel hours`), "cells begun"];
  const title = `SYNTHETIC plant, ${CHANNELS} channels, ${seeds} seeds: regret in life of the setting chosen, mean (quartiles)`;
  return markdown({ title, head, rows });
}

async function onDesigns(seeds: number): Promise<string> {
  const rows: string[][] = [];
  for (const correlation of [0.9, 0.5, 0]) {
    for (const mature of [8, 16]) {
      const played: DesignAdvice[] = [];
      const regrets: number[][] = [];
      for (let seed = 1; seed <= seeds; seed++) {
        const plant = createPlant(seed, correlation);
        const one = await playDesign(plant, seed, mature, 20);
        played.push(one);
        const { all, kept, random } = one.life;
        regrets.push([all, kept, random].map((life) => 100 * (1 - life / plant.best)));
      }
      const mean = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0) / of.length;
      const share = mean(played.map(({ hours }) => hours.kept / hours.all));
      const shown = [0, 1, 2].map((k) => `${mean(regrets.map((r) => r[k]!)).toFixed(1)} %`);
      rows.push([correlation.toFixed(1), String(mature), `${(100 * share).toFixed(0)} %`, ...shown]);
    }
  }
  const head = ["correlation", "mature", "hours kept", "regret, all ends", "kept ends", "as many at random"];
  const title = `SYNTHETIC plant, 20 random cells running with their signals, one advice, mean of ${seeds} seeds`;
  return markdown({ title, head, rows });
}
