import { describe, expect, it } from "vitest";
import { fitOutcomes } from "../../src/campaign/fit-outcomes.js";
import { withTrials } from "../../src/campaign/campaign.js";
import { createCampaign } from "../../src/create-campaign.js";
import type { CellwrightError } from "../../src/errors.js";
import { candidatesFor } from "../../src/evaluation/candidate-model.js";
import { crossValidate } from "../../src/evaluation/cross-validation.js";
import { loadSurrogate } from "../../src/surrogates/load-surrogate.js";
import { resolvePriorMean } from "../../src/process/resolve-prior-mean.js";
import { completed } from "./campaign-fixtures.js";

const file = (surrogate?: unknown, more: Readonly<Record<string, unknown>> = {}) => ({
  campaign: "line-load",
  process: "calendering",
  material: "NMC622",
  parameters: { line_load: { unit: "N/mm", min: 100, max: 1600, scale: "log" } },
  context: { initial_density: { unit: "g/cm3", min: 2.3, max: 2.6, value: 2.45 } },
  outcomes: {
    density: { unit: "g/cm3", goal: "maximize", ...(surrogate === undefined ? {} : { surrogate }) },
  },
  ...more,
});
const declared = { prior_mean: "calendering.compaction" };

/** Runs that follow the law with a resistance of 500 N/mm, within .01 g/cm3. */
const runs = (rows: number) =>
  Array.from({ length: rows }, (_, i) => {
    const load = 100 * 16 ** (i / (rows - 1));
    const before = 2.4 + 0.02 * (i % 5);
    const density = 3.6 - (3.6 - before) * Math.exp(-load / 500) + 0.01 * Math.sin(7 * i);
    return completed(
      `r${String(i).padStart(2, "0")}`,
      { line_load: load },
      { density },
      { context: { initial_density: before } },
    );
  });
const campaignOf = (surrogate?: unknown, rows = 16) =>
  withTrials(createCampaign(file(surrogate)), runs(rows));
const fitOf = async (surrogate?: unknown, rows = 16) =>
  (await fitOutcomes(campaignOf(surrogate, rows))).fitted.get("density")!;

function problemsOf(spec: unknown): CellwrightError["problems"] {
  try {
    createCampaign(spec);
  } catch (error) {
    return (error as CellwrightError).problems;
  }
  return [];
}

describe("the law of an outcome", () => {
  it("is fitted where the file names it, and its parameters are stated with intervals", async () => {
    const fitted = await fitOf(declared);
    expect(fitted.priorMean).toBe("calendering.compaction");
    const [, value, low, high] = /compaction resistance (\d+) N\/mm \(95 % interval (\d+) to (\d+)\)/u
      .exec(fitted.law!)!
      .map(Number);
    expect(low!).toBeLessThan(500);
    expect(high!).toBeGreaterThan(500);
    expect(Math.abs(value! - 500)).toBeLessThan(60);
  });

  it("predicts beyond the tried loads better than a process alone", async () => {
    const few = runs(8).slice(0, 5);
    const error = async (surrogate: unknown): Promise<number> => {
      const campaign = withTrials(createCampaign(file(surrogate)), few);
      const { model } = (await fitOutcomes(campaign)).fitted.get("density")!;
      const x = campaign.space.encode({ line_load: 1500 }, { initial_density: 2.45 });
      const truth = 3.6 - (3.6 - 2.45) * Math.exp(-1500 / 500);
      return Math.abs(model.predict({ rows: 1, cols: 2, data: x }).mean[0]! - truth);
    };
    expect(await error(declared)).toBeLessThan(0.5 * (await error({ prior_mean: "none" })));
  });

  it("is taken without being named only where left-out settings say so, and the message says which", async () => {
    const fitted = await fitOf();
    const taken = fitted.priorMean !== undefined;
    expect(fitted.law).toMatch(
      taken ? /learned around it, because/u : /offered by the process and not taken/u,
    );
    expect(fitted.law).toMatch(/log density [+−]\d/u);
    expect((await fitOf({ prior_mean: "none" })).law).toBeUndefined();
    expect((await fitOf(undefined, 6)).law).toBeUndefined(); // too few to compare
  });

  it("keeps its bits through JSON and the resolver of names", async () => {
    const { model } = await fitOf(declared);
    const record = JSON.parse(JSON.stringify(model.toJSON())) as ReturnType<typeof model.toJSON>;
    const points = { rows: 2, cols: 2, data: Float64Array.of(0.2, 0.5, 0.9, 0.1) };
    expect(loadSurrogate(record, resolvePriorMean).predict(points).mean).toEqual(model.predict(points).mean);
    expect(() => loadSurrogate(record)).toThrow("The saved surrogate is damaged.");
  });

  it("is what cross-validation fits, and dropped with a parameter that it reads", () => {
    const campaign = campaignOf(declared);
    const density = campaign.outcomes[0]!;
    const gp = { kind: "gaussian-process", preset: "default" } as const;
    expect(candidatesFor(campaign, density, [gp, { kind: "random-forest" }])).toEqual([
      { ...gp, priorMean: "calendering.compaction" },
      { kind: "random-forest" },
    ]);
    const around = { ...gp, priorMean: "calendering.compaction" };
    expect(crossValidate(campaign, "density", { ...around, folds: 4 }).priorMean).toBe(
      "calendering.compaction",
    );
    const without = crossValidate(campaign, "density", { ...around, folds: 4, exclude: ["line_load"] });
    expect(without.priorMean).toBeUndefined();
    const offered = campaignOf();
    expect(candidatesFor(offered, offered.outcomes[0]!, [gp, { ...gp, preset: "hvarfner-2024" }])).toEqual([
      gp,
      around,
      { ...gp, preset: "hvarfner-2024" },
    ]);
  });
});

describe("a campaign file that names a law", () => {
  it("is told of unknown laws and numbers with the nearest name", () => {
    expect(problemsOf(file({ prior_mean: "calendering.compactoin" }))).toEqual([
      {
        where: "outcomes.density.surrogate.prior_mean",
        found: '"calendering.compactoin"',
        expected: "calendering.compaction or none",
        remedy: "Did you mean calendering.compaction?",
      },
    ]);
    expect(
      problemsOf(file({ prior_mean: { name: "calendering.compaction", gap_ofset: 500 } }))[0],
    ).toMatchObject({
      where: "outcomes.density.surrogate.prior_mean.gap_ofset",
      remedy: "Did you mean gap_offset?",
    });
    expect(problemsOf(file({ prior_mean: 3 }))[0]!.where).toBe("outcomes.density.surrogate.prior_mean");
    expect(problemsOf({ ...file(declared), process: undefined })[0]!.expected).toMatch(/no laws/u);
  });

  it("is told what its inputs or outcome lack", () => {
    const speed = { parameters: { line_speed: { unit: "m/min", min: 1, max: 10 } } };
    expect(problemsOf(file(declared, speed))[0]).toMatchObject({
      where: "outcomes.density.surrogate.prior_mean",
      expected: "it needs line_load (N/mm), or roll_gap and the thickness before (um)",
    });
    const adhesion = { outcomes: { adhesion: { unit: "N/m", surrogate: declared } } };
    expect(problemsOf(file(undefined, adhesion))[0]!.expected).toMatch(/the law is for density/u);
    const bare = { material: undefined, context: {} };
    expect(problemsOf(file(declared, bare))[0]!.expected).toMatch(/density before calendering/u);
  });
});

describe("scales that make physics linear", () => {
  const speed = (entry: object) =>
    createCampaign(file(undefined, { parameters: { line_speed: { unit: "m/min", ...entry } } }));

  it("are taken where the file states none, with a message", () => {
    const campaign = speed({ min: 5, max: 80 });
    expect(campaign.space.parameters[0]).toMatchObject({ scale: "log" });
    expect(campaign.messages.join()).toMatch(/line_speed: scale: log, because .*state scale: linear/u);
  });

  it("never override the file, and leave ranges without a logarithm alone", () => {
    expect(speed({ min: 5, max: 80, scale: "linear" }).space.parameters[0]).toMatchObject({
      scale: "linear",
    });
    expect(speed({ min: 0, max: 80 }).space.parameters[0]).toMatchObject({ scale: "linear" });
  });
});

describe("options of the process that learns an outcome", () => {
  const outlier = runs(16).map((trial) =>
    trial.id === "r07" ? { ...trial, observations: { density: { value: 3.9 } } } : trial,
  );

  it("reach the fit of suggestions and of cross-validation", async () => {
    const campaign = withTrials(createCampaign(file({ robust: true })), outlier);
    const { fitted, messages } = await fitOutcomes(campaign);
    expect(fitted.get("density")!.model.outliers?.map(({ row }) => row)).toEqual([7]);
    expect(messages.join("\n")).toMatch(/1 row was treated as an outlier and counts less: r07\./u);
    const gp = { kind: "gaussian-process", preset: "default", folds: 4 } as const;
    const plain = withTrials(createCampaign(file({ prior_mean: "none" })), outlier);
    const inside = ({ predictions }: ReturnType<typeof crossValidate>): number =>
      predictions.filter(({ trial, hi, lo }) => trial !== "r07" && hi - lo < 0.6).length;
    expect(inside(crossValidate(campaign, "density", gp))).toBeGreaterThan(
      inside(crossValidate(plain, "density", gp)),
    );
  });

  it.each([{ kernel: "rbf" }, { mean: "linear" }, { input_warp: true }, { noise: "input-dependent" }])(
    "are described by the model: %o",
    async (surrogate) => {
      const { model } = await fitOf(surrogate);
      const { model: plain } = await fitOf({ prior_mean: "none" });
      expect(model.describe()).not.toEqual(plain.describe());
    },
  );

  it("are refused where they do not go together or have no input to act on", () => {
    expect(problemsOf(file({ robust: true, noise: "input-dependent" }))[0]!.expected).toBe("one of the two");
    expect(problemsOf(file({ robust: true, mean: "linear" }))[0]!.expected).toBe("one or the other");
    expect(problemsOf(file({ ...declared, kernel: "rbf" }))[0]!.found).toBe("prior_mean beside kernel");
    expect(problemsOf(file({ structure: "sum" }))[0]).toMatchObject({
      where: "outcomes.density.surrogate.structure",
      expected: "at least one categorical input",
    });
    expect(problemsOf(file({ kernel: "cosine" }))[0]!.where).toBe("outcomes.density.surrogate.kernel");
  });

  it("keep directions that the file states or the process knows", async () => {
    const noisy = runs(12).map((trial, i) => ({
      ...trial,
      observations: {
        density: { value: trial.observations["density"]!.value + (i % 2 === 0 ? 0.08 : -0.08) },
      },
    }));
    for (const surrogate of [{ monotone: { line_load: "increasing" } }, { monotone: "known" }]) {
      const campaign = withTrials(createCampaign(file(surrogate)), noisy);
      const { model } = (await fitOutcomes(campaign)).fitted.get("density")!;
      const loads = Array.from({ length: 21 }, (_, i) => i / 20);
      const points = { rows: 21, cols: 2, data: Float64Array.from(loads.flatMap((load) => [load, 0.5])) };
      const { mean } = model.predict(points);
      loads.slice(1).forEach((_, i) => expect(mean[i + 1]!).toBeGreaterThan(mean[i]! - 1e-3));
    }
    expect(createCampaign(file({ monotone: "known" })).messages.join()).toMatch(
      /monotone: known: increasing with line_load/u,
    );
  });

  it("are told of directions of inputs that are not there", () => {
    expect(problemsOf(file({ monotone: { line_lod: "increasing" } }))[0]).toMatchObject({
      where: "outcomes.density.surrogate.monotone.line_lod",
      remedy: "Did you mean line_load?",
    });
    expect(problemsOf(file({ monotone: { line_load: "up" } }))[0]!.where).toMatch(/surrogate\.monotone/u);
    expect(problemsOf(file({ monotone: "known", robust: true }))[0]!.expected).toBe("one or the other");
  });
});
