/**
 * What the compaction law as a prior mean is worth on the 18 cathodes of `calendering-gap-speed`: `npm run bench --
 * compaction [splits]`. Five rows to learn from, thirteen held out, 100 seeded splits; the same splits for every model.
 *
 * Pressing is delta = electrode_thickness_before + 500 − roll_gap, um (shims of 500 um: an assumption of the analysis
 * that the reference figures come from, note before DOMAIN 4.4).
 */
import process from "node:process";
import { readShippedDataset } from "../src/adapters/shipped-datasets.js";
import { withTrials } from "../src/campaign/campaign.js";
import { fitOutcomes } from "../src/campaign/fit-outcomes.js";
import type { Trial } from "../src/campaign/trial.js";
import { createCampaign } from "../src/create-campaign.js";
import type { Table } from "../src/data/table.js";
import { exp, log } from "../src/math/elementary.js";
import { minimize } from "../src/math/lbfgsb.js";
import { createMatrix, type Matrix, matrixFromRows } from "../src/math/matrix.js";
import { mean, median, quantileOf } from "../src/math/metrics.js";
import { createRng, permutation } from "../src/math/rng.js";
import { compactedDensity, compactionMean } from "../src/process/calendering/compaction-mean.js";
import { fitGaussianProcess } from "../src/surrogates/gaussian-process.js";
import type { GaussianProcessPresetName } from "../src/surrogates/presets/preset.js";
import { fitGaussianProcessWithMean } from "../src/surrogates/prior-mean-gaussian-process.js";
import type { FittedParameter } from "../src/surrogates/prior-mean-description.js";
import type { SurrogateData } from "../src/surrogates/surrogate.js";

const SHIMS_UM = 500;
const TRAINING_ROWS = 5;
/**
 * Solid density of NMC622 coatings, g/cm3 (measured in the pilot set, note before DOMAIN 4.4). The width covers two
 * decades (assumption): over a gap, which is no pressure, the law is descriptive, and its limit need not be the solid's.
 */
const MAXIMUM_DENSITY = { median: 4.45, logStdDev: 1 };
/** Compaction resistance in um of gap: nothing is published, so the width covers two decades (assumption). */
const RESISTANCE = { median: 200, logStdDev: 1 };

/** Columns of numbers in their units, and the range that maps them to [0, 1]. */
interface Column {
  readonly name: string;
  readonly values: Float64Array;
  readonly lower: number;
  readonly range: number;
}

interface Rows {
  readonly raw: readonly Column[];
  readonly delta: Column;
  readonly before: Column;
  readonly after: Float64Array;
}

function columnOf(name: string, values: Float64Array): Column {
  const lower = values.reduce((a, b) => Math.min(a, b));
  const upper = values.reduce((a, b) => Math.max(a, b));
  return { name, values, lower, range: upper - lower };
}

function readRows(table: Table): Rows {
  const electrode = table.columns.get("electrode");
  if (electrode?.kind !== "text") throw new Error("compaction: column electrode is missing");
  const rows = electrode.values.flatMap((value, i) => (value === "cathode" ? [i] : []));
  const numbers = (name: string): Float64Array => {
    const column = table.columns.get(name);
    if (column?.kind !== "number") throw new Error(`compaction: column ${name} is missing`);
    return Float64Array.from(rows, (i) => column.values[i]!);
  };
  const thickness = numbers("electrode_thickness_before");
  const gap = numbers("roll_gap");
  const raw = ["roll_gap", "web_speed", "coating_weight", "electrode_thickness_before", "density_before"];
  return {
    raw: raw.map((name) => columnOf(name, numbers(name))),
    delta: columnOf(
      "delta",
      thickness.map((value, i) => value + SHIMS_UM - gap[i]!),
    ),
    before: columnOf("density_before", numbers("density_before")),
    after: numbers("density_after"),
  };
}

function dataOf(columns: readonly Column[], after: Float64Array, rows: readonly number[]): SurrogateData {
  const X = createMatrix(rows.length, columns.length);
  rows.forEach((row, i) =>
    columns.forEach(
      ({ values, lower, range }, k) => (X.data[i * columns.length + k] = (values[row]! - lower) / range),
    ),
  );
  return {
    inputs: columns.map(({ name }) => ({ name, kind: "continuous" })),
    X,
    y: Float64Array.from(rows, (row) => after[row]!),
  };
}

/** The compaction law over encoded columns among which are those that delta and the density before are made of. */
function lawOver(columns: readonly Column[]) {
  const quantity = (constant: number, signs: Readonly<Record<string, number>>) => ({
    constant: columns.reduce((sum, { name, lower }) => sum + (signs[name] ?? 0) * lower, constant),
    weights: columns.map(({ name, range }) => (signs[name] ?? 0) * range),
  });
  const direct = columns.some(({ name }) => name === "delta");
  const pressing = direct
    ? quantity(0, { delta: 1 })
    : quantity(SHIMS_UM, { electrode_thickness_before: 1, roll_gap: -1 });
  return compactionMean({
    pressing: { ...pressing, unit: "um" },
    densityBefore: quantity(0, { density_before: 1 }),
    maximumDensity: MAXIMUM_DENSITY,
    resistance: RESISTANCE,
  });
}

/** ρ_max and γ by least squares in logarithms from several starts; wide bounds only. */
function leastSquares({ delta, before, after }: Rows, rows: readonly number[]): Float64Array {
  const bounds = {
    lower: Float64Array.of(log(3), log(5)),
    upper: Float64Array.of(log(50), log(1e4)),
  };
  const cost = (u: Float64Array, gradient: Float64Array): number => {
    const [maximum, resistance] = [exp(u[0]!), exp(u[1]!)];
    gradient.fill(0);
    let sum = 0;
    for (const row of rows) {
      const law = compactedDensity(delta.values[row]!, before.values[row]!, maximum, resistance);
      const residual = law.density - after[row]!;
      sum += 1e4 * residual * residual; // residuals in 0.01 g/cm3, so that tolerances mean little
      gradient[0] = gradient[0]! + 2e4 * residual * law.perMaximum * maximum;
      gradient[1] = gradient[1]! + 2e4 * residual * law.perResistance * resistance;
    }
    return sum;
  };
  const starts = [4, 5, 8].flatMap((maximum) =>
    [30, 100, 500].map((resistance) =>
      minimize(cost, Float64Array.of(log(maximum), log(resistance)), bounds),
    ),
  );
  return starts.reduce((best, found) => (found.value < best.value ? found : best)).x.map(exp);
}

function predictLaw({ delta, before }: Rows, theta: Float64Array, rows: readonly number[]): Float64Array {
  return Float64Array.from(
    rows,
    (row) => compactedDensity(delta.values[row]!, before.values[row]!, theta[0]!, theta[1]!).density,
  );
}

/** The same campaign file that a user would write, on the raw columns: what `suggest` and `train` fit. */
function campaignPath(rows: Rows): Predict {
  const bounds = rows.raw.map(({ name, lower, range }) => ({ name, min: lower, max: lower + range }));
  const units: Readonly<Record<string, string>> = {
    roll_gap: "um",
    web_speed: "m/min",
    coating_weight: "g/m2",
    electrode_thickness_before: "um",
    density_before: "g/cm3",
  };
  const entries = bounds.map(
    ({ name, min, max }) => [name, { unit: units[name]!, min, max, scale: "linear" }] as const,
  );
  const campaign = createCampaign({
    campaign: "gap",
    process: "calendering",
    material: { preset: "NMC622", solid_density: MAXIMUM_DENSITY.median },
    parameters: Object.fromEntries(entries.slice(0, 1)),
    context: Object.fromEntries(entries.slice(1)),
    outcomes: {
      density_after: {
        unit: "g/cm3",
        scale: "identity",
        surrogate: { prior_mean: { name: "calendering.compaction", gap_offset: SHIMS_UM } },
      },
    },
  });
  const settings = (row: number): [Record<string, number>, Record<string, number>] => {
    const values = rows.raw.map(({ name, values: column }) => [name, column[row]!] as const);
    return [Object.fromEntries(values.slice(0, 1)), Object.fromEntries(values.slice(1))];
  };
  return async (train, test) => {
    const trials = train.map((row): Trial => {
      const [parameters, context] = settings(row);
      return {
        id: `row ${row}`,
        status: "completed",
        parameters,
        context,
        observations: { density_after: { value: rows.after[row]! } },
        origin: "measured",
      };
    });
    const { fitted } = await fitOutcomes(withTrials(campaign, trials));
    const { model } = fitted.get("density_after")!;
    const points = test.map((row) => campaign.space.encode(...settings(row)));
    return model.predict(matrixFromRows(points)).mean;
  };
}

type Predict = (train: readonly number[], test: readonly number[]) => Float64Array | Promise<Float64Array>;

function modelsOf(
  rows: Rows,
): { readonly name: string; readonly reference: string; readonly predict: Predict }[] {
  const X = (columns: readonly Column[], test: readonly number[]): Matrix =>
    dataOf(columns, rows.after, test).X;
  const plain =
    (columns: readonly Column[], preset: GaussianProcessPresetName = "default"): Predict =>
    (train, test) =>
      fitGaussianProcess(dataOf(columns, rows.after, train), { scale: "identity", preset }).predict(
        X(columns, test),
      ).mean;
  const withMean =
    (columns: readonly Column[]): Predict =>
    (train, test) =>
      fitGaussianProcessWithMean(dataOf(columns, rows.after, train), {
        mean: lawOver(columns),
        scale: "identity",
      }).predict(X(columns, test)).mean;
  const delta = [rows.delta, rows.before];
  // The two columns that delta is made of: with so few rows every further column costs the plain process dearly.
  const gapAndThickness = rows.raw.filter(({ name }) => /^(roll_gap|electrode_thickness_before)$/.test(name));
  return [
    { name: "Gaussian process on raw columns", reference: ".222", predict: plain(rows.raw) },
    {
      name: "raw columns, preset hvarfner-2024",
      reference: ".222",
      predict: plain(rows.raw, "hvarfner-2024"),
    },
    { name: "gap and thickness, default preset", reference: ".222", predict: plain(gapAndThickness) },
    { name: "Gaussian process on delta", reference: ".102", predict: plain([rows.delta]) },
    {
      name: "compaction law alone",
      reference: ".124",
      predict: (train, test) => predictLaw(rows, leastSquares(rows, train), test),
    },
    { name: "compaction mean, raw columns", reference: ".124", predict: withMean(rows.raw) },
    { name: "campaign file, raw columns", reference: ".124", predict: campaignPath(rows) },
    { name: "compaction mean, delta", reference: "", predict: withMean(delta) },
  ];
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

function printParameters(title: string, parameters: readonly FittedParameter[]): void {
  console.log(`\n${title}`);
  for (const { name, unit, value, interval, identifiable } of parameters) {
    const range = interval === null ? "" : `, 95 % ${short(interval[0])} to ${short(interval[1])}`;
    console.log(`  ${name} ${short(value)} ${unit}${range}${identifiable ? "" : ": not identifiable"}`);
  }
}

const splits = Number(process.argv[2] ?? 100);
const rows = readRows(await readShippedDataset("calendering-gap-speed"));
const n = rows.after.length;
const all = Array.from({ length: n }, (_, i) => i);
const models = modelsOf(rows);
const pooled = models.map(() => [] as number[]);
const rootMeanSquares = models.map(() => [] as number[]);
for (let split = 0; split < splits; split++) {
  const order = [...permutation(createRng(split), n)];
  const test = order.slice(TRAINING_ROWS);
  for (const [k, { predict }] of models.entries()) {
    const predicted = await predict(order.slice(0, TRAINING_ROWS), test);
    const errors = test.map((row, i) => Math.abs(predicted[i]! - rows.after[row]!));
    pooled[k]!.push(...errors);
    rootMeanSquares[k]!.push(Math.sqrt(mean(errors.map((error) => error * error))));
  }
}
console.log(
  `${n} cathodes, ${TRAINING_ROWS} training rows, ${splits} splits. Held-out error, g/cm3: median of all absolute errors; median\n` +
    "over splits of the root mean square (quartiles); figure of the reference, which does not say of which kind it is.",
);
models.forEach(({ name, reference }, k) => {
  const sorted = [...rootMeanSquares[k]!].sort((a, b) => a - b);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((p) => quantileOf(sorted, p).toFixed(3));
  console.log(
    `  ${name.padEnd(34)}${median(pooled[k]!).toFixed(3).padStart(7)}${middle!.padStart(9)} (${low} to ${high})  ${reference}`,
  );
});
for (const [title, chosen] of [
  [`Parameters from all ${n} rows, compaction mean on raw columns`, all],
  ["The same from the first split's five rows", [...permutation(createRng(0), n)].slice(0, TRAINING_ROWS)],
] as const) {
  const fitted = fitGaussianProcessWithMean(dataOf(rows.raw, rows.after, chosen), {
    mean: lawOver(rows.raw),
    scale: "identity",
  });
  printParameters(title, fitted.parameters);
}
const alone = leastSquares(rows, all);
console.log(
  `\nLeast squares of the law alone, all rows: rho_max ${short(alone[0]!)} g/cm3, gamma ${short(alone[1]!)} um (reference 8.0 +- 4.6, 563 +- 528)`,
);
