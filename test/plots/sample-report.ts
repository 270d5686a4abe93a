import type { OutcomePrediction, Suggestion } from "../../src/campaign/suggestion.js";
import type { OutcomeQuality, ReportData, ResponseSlice, SlicePoint } from "../../src/plots/report-data.js";

/**
 * A report with plausible numbers, for the tests of plots and pages. The measured values are condition means of
 * the shipped set `calendering-nmc622-pilot` (CC0); the model's curves are made up.
 */
const CONDITIONS: readonly (readonly [string, number, number, number, number, number, number, number])[] = [
  // condition, roll temperature, target density, coating weight, porosity, tensile strength, 0.2C, 5C
  ["EXP_01", 85, 2.7, 122.48, 41.4, 685.1, 412.6, 316.1],
  ["EXP_02", 85, 2.95, 122.48, 36.08, 619.1, 448.9, 349.0],
  ["EXP_03", 85, 3.2, 122.48, 31.94, 777.2, 481.1, 382.4],
  ["EXP_04", 120, 2.7, 122.48, 39.7, 683.7, 414.6, 306.3],
  ["EXP_05", 120, 2.95, 122.48, 35.24, 741.6, 453.7, 348.3],
  ["EXP_06", 120, 3.2, 122.48, 30.64, 758.6, 492.1, 388.0],
  ["EXP_07", 145, 2.7, 122.48, 39.38, 653.6, 403.5, 277.5],
  ["EXP_08", 145, 2.95, 122.48, 35.18, 781.0, 456.8, 355.3],
  ["EXP_09", 145, 3.2, 122.48, 30.61, 745.7, 494.8, 382.8],
  ["EXP_10", 85, 2.7, 182.73, 40.32, 660.1, 415.8, 40.9],
  ["EXP_11", 85, 2.95, 182.73, 34.49, 592.6, 459.6, 223.4],
  ["EXP_12", 85, 3.2, 182.73, 30.13, 609.2, 489.4, 148.3],
  ["EXP_13", 120, 2.7, 182.73, 39.17, 698.0, 417.3, 117.7],
  ["EXP_14", 120, 2.95, 182.73, 34.8, 632.7, 462.9, 194.9],
  ["EXP_15", 120, 3.2, 182.73, 30.22, 634.3, 492.8, 181.4],
  ["EXP_16", 145, 2.7, 182.73, 39.75, 652.2, 426.7, 74.2],
  ["EXP_17", 145, 2.95, 182.73, 35.01, 687.4, 458.5, 192.6],
  ["EXP_18", 145, 3.2, 182.73, 29.47, 705.6, 491.8, 138.5],
];
const HEAVY = 182.73;

const OUTCOMES = [
  { name: "capacity_5c_volumetric", column: 7, stdDev: 34, noise: 18 },
  { name: "capacity_0p2c_volumetric", column: 6, stdDev: 4, noise: 3.5 },
  { name: "porosity_after", column: 4, stdDev: 0.5, noise: 0.4 },
  { name: "tensile_strength_after", column: 5, stdDev: 40, noise: 33 },
] as const;

/** Made-up posterior means at the heavy coating. */
function meanOf(outcome: string, density: number, temperature: number): number {
  const d = density - 2.95;
  const t = (temperature - 120) / 25;
  if (outcome === "capacity_5c_volumetric") return 196 + 128 * d - 820 * d * d - 6 * t;
  if (outcome === "capacity_0p2c_volumetric") return 461 + 148 * d - 40 * d * d + 1.2 * t;
  if (outcome === "porosity_after") return 34.8 - 19.4 * d - 0.3 * t;
  return 652 + 14 * t;
}

/** Wider between the measured densities than at them. */
const spread = (density: number): number =>
  1 + 2.4 * Math.min(...[2.7, 2.95, 3.2].map((m) => Math.abs(density - m))) * 8;

function predict(
  outcome: (typeof OUTCOMES)[number],
  density: number,
  temperature: number,
): OutcomePrediction {
  const mean = meanOf(outcome.name, density, temperature);
  const stdDev = outcome.stdDev * 0.6 * spread(density);
  const half = 1.96 * Math.sqrt(stdDev * stdDev + outcome.noise * outcome.noise);
  const unit = {
    capacity_5c_volumetric: "mAh/cm3",
    capacity_0p2c_volumetric: "mAh/cm3",
    porosity_after: "%",
    tensile_strength_after: "kPa",
  }[outcome.name];
  return { mean, stdDev, interval95: [mean - half, mean + half], unit, source: "learned" };
}

const SETTINGS = [
  {
    target_density: 2.95,
    roll_temperature: 120,
    why: "Expected to be the best compromise: 5C capacity 20 mAh/cm³ above the mean of the heavy coating at 3.20 g/cm³, inside the porosity specification.",
  },
  {
    target_density: 3.05,
    roll_temperature: 120,
    why: "Between two measured densities: the 5C interval is widest here, and the answer decides how dense the cathode may be rolled.",
  },
  {
    target_density: 3.1,
    roll_temperature: 90,
    why: "Same day as run 1 if both temperatures are run together: separates the effect of temperature from that of the day.",
  },
  {
    target_density: 2.9,
    roll_temperature: 145,
    why: "Highest expected 5C capacity among settings not yet tried above 140 °C.",
  },
] as const;

function suggestion(settings: (typeof SETTINGS)[number], i: number): Suggestion {
  const predictions = Object.fromEntries(
    OUTCOMES.map((o) => [o.name, predict(o, settings.target_density, settings.roll_temperature)]),
  );
  return {
    trial: `s-${i + 1}`,
    parameters: { target_density: settings.target_density, roll_temperature: settings.roll_temperature },
    context: { target_coating_weight: HEAVY },
    predictions,
    probabilityFeasible: [0.972, 0.998, 0.9991, 0.81][i]!,
    specifications: {
      porosity_after: { kind: "model", probability: [0.972, 0.998, 0.9991, 0.81][i]! },
      tensile_strength_after: { kind: "base-rate", passed: 17, of: 18, interval95: [0.764, 0.994] },
    },
    acquisition: { name: "noisy log expected hypervolume improvement", value: -1.2 - i / 10 },
    origin: "model",
    reasons: [settings.why],
    hours: 1.5,
    cost: 40,
  };
}

function quality(index: number): OutcomeQuality {
  const outcome = OUTCOMES[index]!;
  const rows = CONDITIONS.map((c, i) => {
    const observed = c[outcome.column];
    const mean =
      observed +
      outcome.stdDev *
        [0.4, -0.9, 1.1, 0.2, -0.5, 0.8, -1.3, 0.1, 0.6][i % 9]! *
        (c[3] === HEAVY ? 1.5 : 0.5);
    return {
      label: c[0],
      observed,
      mean,
      interval95: [mean - 1.9 * outcome.stdDev, mean + 1.9 * outcome.stdDev] as const,
      inContext: c[3] === HEAVY,
    };
  });
  const r2 = [0.84, 0.95, 0.96, 0.22][index]!;
  const within = [-0.31, 0.96, 0.95, -0.3][index]!;
  const rmse = [58.2, 5.4, 0.66, 45.1][index]!;
  return {
    outcome: outcome.name,
    heldOut: "one condition at a time",
    pooled: {
      groups: 18,
      r2,
      rmse: rmse * 0.8,
      inside95: [38, 46, 14, 16][index]!,
      of: [54, 54, 18, 18][index]!,
    },
    withinContext: {
      groups: 9,
      r2: within,
      rmse,
      inside95: [18, 23, 7, 8][index]!,
      of: [27, 27, 9, 9][index]!,
    },
    without: [
      { parameter: "roll_temperature", pooledR2: r2 + 0.03, withinR2: [0.64, 0.97, 0.98, -0.2][index]! },
      { parameter: "target_density", pooledR2: 0.3, withinR2: -1.4 },
    ],
    ...(index === 3 ? { baseRate: { passed: 17, of: 18, interval95: [0.764, 0.994] as const } } : {}),
    parity: rows,
  };
}

function slice(
  outcome: (typeof OUTCOMES)[number],
  parameter: "target_density" | "roll_temperature",
): ResponseSlice {
  const at = Array.from({ length: 41 }, (_, i) =>
    parameter === "target_density" ? 2.7 + 0.0125 * i : 85 + 1.5 * i,
  );
  const predictions = at.map((x) =>
    parameter === "target_density" ? predict(outcome, x, 120) : predict(outcome, 2.95, x),
  );
  const held = parameter === "target_density" ? { roll_temperature: 120 } : { target_density: 2.95 };
  const measured = CONDITIONS.filter((c) => c[3] === HEAVY).map(
    (c): SlicePoint => ({
      x: parameter === "target_density" ? c[2] : c[1],
      y: c[outcome.column],
      onSlice: parameter === "target_density" ? c[1] === 120 : c[2] === 2.95,
    }),
  );
  return {
    outcome: outcome.name,
    parameter,
    held: { ...held, target_coating_weight: HEAVY },
    at,
    mean: predictions.map((p) => p.mean),
    latent95: predictions.map((p) => [p.mean - 1.96 * p.stdDev, p.mean + 1.96 * p.stdDev]),
    observed95: predictions.map((p) => p.interval95),
    measured,
  };
}

const densities = Array.from({ length: 21 }, (_, i) => 2.7 + 0.025 * i);
const temperatures = Array.from({ length: 13 }, (_, i) => 85 + 5 * i);

/** The sample; parts can be replaced. */
export function sampleReport(changes: Partial<ReportData> = {}): ReportData {
  const [five, low] = OUTCOMES;
  return {
    campaign: "nmc622-pilot-density",
    title: "NMC622 pilot density",
    question: "For the heavy coating, how dense may the cathode be rolled before the 5C capacity collapses?",
    createdAt: "2026-11-22T18:11:42.123Z",
    provenance: {
      cellwright: "0.1.0",
      campaignHash: "5f1d7a84e690b7e5a2b4f1a0c9d8e7f65544332211009988776655443322110a",
      dataHash: "aa1d7a84e690b7e5a2b4f1a0c9d8e7f65544332211009988776655443322110b",
      modelId: "gaussian-process/default",
      seed: 1,
      workUnits: 18250,
      seal: "0b1d7a84e690b7e5a2b4f1a0c9d8e7f65544332211009988776655443322110c",
    },
    inputs: [
      {
        name: "target_density",
        label: "target density",
        unit: "g/cm3",
        role: "parameter",
        scale: "linear",
        min: 2.7,
        max: 3.2,
        step: 0.05,
      },
      {
        name: "roll_temperature",
        label: "roll temperature",
        unit: "degC",
        role: "parameter",
        scale: "linear",
        min: 85,
        max: 145,
        step: 5,
      },
      {
        name: "target_coating_weight",
        label: "target coating weight",
        unit: "g/m2",
        role: "context",
        scale: "linear",
        min: 120,
        max: 185,
      },
    ],
    outcomes: [
      {
        name: "capacity_5c_volumetric",
        label: "capacity 5C volumetric",
        unit: "mAh/cm3",
        goal: "maximize",
        threshold: 100,
        source: "learned",
      },
      {
        name: "capacity_0p2c_volumetric",
        label: "capacity 0.2C volumetric",
        unit: "mAh/cm3",
        goal: "maximize",
        threshold: 430,
        source: "learned",
      },
      {
        name: "porosity_after",
        label: "porosity after",
        unit: "%",
        specification: { min: 28, max: 36 },
        source: "learned",
      },
      {
        name: "tensile_strength_after",
        label: "tensile strength after",
        unit: "kPa",
        specification: { min: 600 },
        source: "learned",
      },
    ],
    context: { target_coating_weight: HEAVY },
    data: {
      source: "calendering-nmc622-pilot",
      citation: "Pilot-line calendering study of NMC622 cathodes, CC0 1.0",
      trials: 54,
      byStatus: { completed: 54 },
      group: { name: "condition_id", count: 18 },
      measured: 54,
      synthetic: 0,
      inContext: 27,
      failures: [],
      outcomes: OUTCOMES.map((o, i) => ({
        outcome: o.name,
        values: 54,
        counted: i < 2 ? 54 : 18,
        min: Math.min(...CONDITIONS.map((c) => c[o.column])),
        max: Math.max(...CONDITIONS.map((c) => c[o.column])),
        ...(i === 0 ? { best: { value: 223.4, label: "EXP_11, mean of 3" } } : {}),
        ...(i === 1 ? { best: { value: 492.8, label: "EXP_15, mean of 3" } } : {}),
      })),
    },
    quality: OUTCOMES.map((_, i) => quality(i)),
    slices: OUTCOMES.flatMap((o) => [slice(o, "target_density"), slice(o, "roll_temperature")]),
    maps: [
      {
        outcome: five.name,
        x: "target_density",
        y: "roll_temperature",
        held: { target_coating_weight: HEAVY },
        xs: densities,
        ys: temperatures,
        mean: temperatures.map((t) => densities.map((d) => meanOf(five.name, d, t))),
        measured: [85, 120, 145].flatMap((y) => [2.7, 2.95, 3.2].map((x) => ({ x, y, count: 3 }))),
      },
    ],
    tradeOff: {
      x: low.name,
      y: five.name,
      measured: CONDITIONS.filter((c) => c[3] === HEAVY).map((c) => ({
        label: c[0],
        x: c[6],
        y: c[7],
        inContext: true,
      })),
      front: densities.slice(13).map((d) => {
        const [x, y] = [predict(low, d, 120), predict(five, d, 120)];
        const range = (p: OutcomePrediction): [number, number] => [
          p.mean - 1.96 * p.stdDev,
          p.mean + 1.96 * p.stdDev,
        ];
        return { x: x.mean, y: y.mean, x95: range(x), y95: range(y) };
      }),
    },
    history: OUTCOMES.slice(0, 2).map((o) => ({
      outcome: o.name,
      points: CONDITIONS.map((c, i) => ({
        order: i + 1,
        label: c[0],
        value: c[o.column],
        status: "completed" as const,
        inContext: c[3] === HEAVY,
      })),
    })),
    suggestions: SETTINGS.map(suggestion),
    advice: {
      stop: false,
      expectedImprovement: 0.031,
      why: "The best next run is expected to gain 3.1 % of the hypervolume; go on.",
    },
    warnings: ["Specifications and thresholds are demonstration values, not a customer's."],
    caveats: [
      "Roll temperature and calendering day are the same thing in these data (one day each); an effect of temperature may be an effect of the day. To separate them run two temperatures on one day, repeating target 2.95 of an earlier day.",
      "Half-cells against lithium; 3 cells a condition. Not full-cell rate capability or life.",
      "Tensile strength cannot be predicted from these settings; its probability is little more than the share of past runs that passed.",
      "Line load, speed, peel adhesion and tortuosity were not measured: no compaction resistance can be stated from this set.",
      "145 °C is a measured setting of a PVDF cathode; never propose it for CMC/SBR.",
    ],
    messages: [
      "porosity_after is equal in all rows of every condition_id: it counts once per group (18, not 54).",
      "Noise of capacity_5c_volumetric differs by coating weight: 4.6 at 122.48 g/m2, 27 at 182.73 g/m2.",
    ],
    constraints: [{ text: "roll_temperature <= 145", reason: "highest measured setting of a PVDF cathode" }],
    commands: [
      {
        command:
          "cellwright record nmc622-pilot-density.campaign.yaml trial=s-1 capacity_0p2c_volumetric=461",
        purpose: "type in the result of run 1",
      },
      {
        command: "cellwright suggest nmc622-pilot-density.campaign.yaml -n 4",
        purpose: "ask again with the new results",
      },
    ],
    ...changes,
  };
}
