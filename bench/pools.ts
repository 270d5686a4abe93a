/**
 * The optimiser among experiments that were made, so that its answers are measurements and not formulas.
 *
 * npm run bench -- pools [--seeds 40] [--pools FOLDER]
 *
 * Formation protocols ship with the repository. Crossed barrels and silver nanoparticles (Liang et al. 2021, npj
 * Computational Materials 7:188) are read from FOLDER, which is not carried; without it that half says that it is left out.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { quartiles } from "../src/benchmark/comparison.js";
import { createRng } from "../src/math/rng.js";
import { markdown } from "./optimiser/tables.js";
import { type Pool, playPool, poolMean } from "./pools/pool.js";

const root = process.env["CELLWRIGHT_ROOT"] ?? process.cwd();
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "40" },
    pools: { type: "string", default: join(root, "..", "shared", "datasets", "bo-pools") },
  },
});
const SEEDS = Number(values.seeds);

console.log(await formation());
for (const [file, goal] of [
  ["crossed-barrel", "maximize"],
  ["agnp", "minimize"],
] as const) {
  const path = join(values.pools, `${file}.csv`);
  if (existsSync(path)) console.log(await topShare(await publishedPool(file, path, goal)));
  else
    console.log(
      `${file}: left out, because there is no ${file}.csv in the folder of pools (--pools FOLDER).\n`,
    );
}

/** Regret of the protocol that one would recommend, in percent of the best protocol's mean life. */
async function formation(): Promise<string> {
  const pool = await formationPool();
  const means = pool.settings.map((_, i) => poolMean(pool, i));
  const best = Math.max(...means);
  const checkpoints = [12, 18, 24];
  const rows: string[][] = [];
  for (const strategy of ["engine", "random"] as const) {
    const regrets: number[][] = [];
    for (let seed = 0; seed < SEEDS; seed++) {
      const rng = createRng(seed);
      const { incumbents } = await playPool(pool, { strategy, first: 6, pulls: 24, rng, judge: true });
      regrets.push(checkpoints.map((n) => 100 * (1 - means[incumbents[n - 1]!]! / best)));
    }
    rows.push([
      strategy === "engine" ? "Cellwright" : "random cells",
      ...checkpoints.map((_, k) => {
        const sample = regrets.map((regret) => regret[k]!);
        const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length;
        return `${mean.toFixed(1)} % (${quartiles(sample)
          .map((value) => value.toFixed(1))
          .join(" / ")})`;
      }),
    ]);
  }
  return markdown({
    title: `Formation protocols (${pool.settings.length} protocols, measured cells drawn one at a time, 6 at random first): mean regret of the recommended protocol over ${SEEDS} seeds, quartiles in brackets`,
    head: ["", ...checkpoints.map((n) => `after ${n} cells`)],
    rows,
  });
}

/** How many experiments until one of the best 5 %, and the best share of them found. */
async function topShare(pool: Pool): Promise<string> {
  const sign = pool.goal === "maximize" ? -1 : 1;
  const order = pool.settings.map((_, i) => i).sort((a, b) => sign * (poolMean(pool, a) - poolMean(pool, b)));
  const top = new Set(order.slice(0, Math.ceil(0.05 * order.length)));
  const pulls = Math.min(100, pool.settings.length);
  const rows: string[][] = [];
  for (const strategy of ["engine", "random"] as const) {
    const first: number[] = [];
    const share: number[] = [];
    const found: number[] = [];
    for (let seed = 0; seed < SEEDS; seed++) {
      const run = await playPool(pool, { strategy, first: 2, pulls, rng: createRng(seed), judge: false });
      const hit = run.pulls.findIndex((i) => top.has(i));
      first.push(hit === -1 ? pulls : hit + 1);
      share.push((100 * run.pulls.slice(0, 50).filter((i) => top.has(i)).length) / top.size);
      found.push(run.pulls.includes(order[0]!) ? run.pulls.indexOf(order[0]!) + 1 : pulls + 1);
    }
    rows.push([
      strategy === "engine" ? "Cellwright" : "random search",
      quartiles(first)
        .map((value) => value.toFixed(0))
        .join(" / "),
      `${quartiles(share)[1].toFixed(0)} %`,
      `${((100 * found.filter((at) => at <= pulls).length) / SEEDS).toFixed(0)} %`,
    ]);
  }
  return markdown({
    title: `${pool.name}: ${pool.settings.length} measured settings, ${SEEDS} seeds, 2 at random first`,
    head: [
      "",
      "experiments until one of the best 5 %",
      "of the best 5 % found after 50",
      `the very best found within ${pulls}`,
    ],
    rows,
  });
}

async function formationPool(): Promise<Pool> {
  const rows = await readRows(join(root, "datasets", "formation-protocols-nmc-graphite", "data.csv"));
  const parameters = {
    c_rate_cc1: { scale: "log" },
    v_cutoff_cc1: {},
    c_rate_cc2: { scale: "log" },
    temperature: {},
  } as const; // those of the shipped campaign
  const measured = rows.filter((row) => row["cycle_life"] !== "");
  const { settings, results } = grouped(measured, Object.keys(parameters), "cycle_life", ["protocol_id"]);
  return {
    ...{ name: "formation-protocols", goal: "maximize", outcomeScale: "log", parameters, settings, results },
    specimens: true,
  };
}

async function publishedPool(name: string, path: string, goal: Pool["goal"]): Promise<Pool> {
  const rows = await readRows(path);
  const columns = Object.keys(rows[0]!);
  const outcome = columns.at(-1)!;
  // Column titles carry units, which names of parameters cannot.
  const plain = (title: string): string => title.replace(/\(.*$/u, "");
  const named = rows.map((row) => Object.fromEntries(columns.map((title) => [plain(title), row[title]!])));
  const inputs = columns.slice(0, -1).map(plain);
  return {
    ...{ name, goal, parameters: Object.fromEntries(inputs.map((input) => [input, {}])), specimens: false },
    ...grouped(named, inputs, plain(outcome)),
  };
}

/** Rows of the same settings together. */
function grouped(
  rows: readonly Readonly<Record<string, string>>[],
  inputs: readonly string[],
  outcome: string,
  by: readonly string[] = inputs,
): Pick<Pool, "settings" | "results"> {
  const groups = new Map<string, { settings: Record<string, number>; results: number[] }>();
  for (const row of rows) {
    const key = by.map((name) => row[name]).join(" ");
    const group = groups.get(key) ?? {
      settings: Object.fromEntries(inputs.map((name) => [name, Number(row[name])])),
      results: [],
    };
    group.results.push(Number(row[outcome]));
    groups.set(key, group);
  }
  const all = [...groups.values()];
  return { settings: all.map(({ settings }) => settings), results: all.map(({ results }) => results) };
}

async function readRows(path: string): Promise<Record<string, string>[]> {
  const { parse } = await import("csv-parse/sync");
  return parse(await readFile(path, "utf8"), { columns: true, bom: true });
}
