import { describe, expect, it } from "vitest";
import { matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import { fitMaturing, type MaturingResult } from "../../src/surrogates/maturing-signals.js";
import type { TaskData } from "../../src/surrogates/multi-task-data.js";
import type { InputDimension, Surrogate } from "../../src/surrogates/surrogate.js";

const INPUTS: readonly InputDimension[] = [
  { name: "c_rate", kind: "continuous" },
  { name: "temperature", kind: "continuous" },
];

type Outcome = (x: readonly number[]) => number;
const life: Outcome = (x) => 800 + 60 * Math.sin(4 * x[0]!) + 80 * x[1]! * x[1]!;
/** Falls as life rises, in a unit of its own. */
const telling: Outcome = (x) => 2 - (life(x) - 800) / 400 + 0.02 * x[0]!;
const useless: Outcome = (x) => 97 + Math.cos(11 * x[0]! + 7 * x[1]!);

interface Cells {
  readonly life: TaskData;
  readonly telling: TaskData;
  readonly useless: TaskData;
  readonly points: readonly (readonly number[])[];
}

/** Mature cells first; the others have early signals alone. */
function cells(mature: number, running: number, seed: number): Cells {
  const rng = createRng(seed);
  const points = Array.from({ length: mature + running }, () => [rng.uniform(), rng.uniform()]);
  const task = (name: string, rows: typeof points, of: Outcome, noise: number): TaskData => ({
    name,
    data: {
      inputs: INPUTS,
      X: matrixFromRows(rows),
      y: Float64Array.from(rows, (x) => of(x) + noise * rng.normal()),
    },
    scale: "identity",
  });
  return {
    points,
    life: task("cycle_life", points.slice(0, mature), life, 3),
    telling: task("resistance", points, telling, 0.01),
    useless: task("colour", points, useless, 0.03),
  };
}

function fit(
  { life: outcome }: Cells,
  signals: readonly TaskData[],
  use: "auto" | "always" = "auto",
): MaturingResult {
  const alone = fitGaussianProcess(outcome.data, { scale: "identity" });
  return fitMaturing(outcome, signals, alone, { use, seed: 0 });
}

function rmse(model: Pick<Surrogate, "predict">): number {
  const rng = createRng(9_999);
  const points = Array.from({ length: 150 }, () => [rng.uniform(), rng.uniform()]);
  const { mean } = model.predict(matrixFromRows(points));
  return Math.sqrt(points.reduce((sum, x, i) => sum + (life(x) - mean[i]!) ** 2, 0) / points.length);
}

describe("fitMaturing", () => {
  it("takes a signal that tells of the outcome, in a unit and with a sign of its own, and gains by it", () => {
    const data = cells(8, 25, 1);
    const { model, verdicts, gain } = fit(data, [data.telling]);
    expect(model).not.toBeNull();
    expect(verdicts[0]).toMatchObject({ signal: "resistance", used: true });
    expect(verdicts[0]!.correlation).toBeLessThan(-0.8);
    expect(gain!.begun.gain).toBeGreaterThan(gain!.begun.standardError);
    const alone = fitGaussianProcess(data.life.data, { scale: "identity" });
    expect(rmse(model!.task("cycle_life"))).toBeLessThan(0.6 * rmse(alone));
  });

  it("narrows the prediction of a running cell whose signal is known", () => {
    const data = cells(8, 25, 1);
    const { model } = fit(data, [data.telling]);
    const running = matrixFromRows([data.points[20]!]);
    const alone = fitGaussianProcess(data.life.data, { scale: "identity" });
    expect(model!.task("cycle_life").predict(running).stdDev[0]).toBeLessThan(
      0.6 * alone.predict(running).stdDev[0]!,
    );
  });

  it("leaves signals out that tell nothing, over several campaigns, and keeps those beside them that do", () => {
    let taken = 0;
    for (let seed = 0; seed < 8; seed++) {
      const data = cells(10, 15, 50 + seed);
      if (fit(data, [data.useless]).model !== null) taken++;
    }
    expect(taken).toBeLessThanOrEqual(1);
    const data = cells(10, 20, 3);
    const { verdicts } = fit(data, [data.useless, data.telling]);
    expect(verdicts.find(({ signal }) => signal === "resistance")!.used).toBe(true);
  });

  it("compares nothing with fewer than five mature settings, unless it must", () => {
    const data = cells(4, 20, 1);
    expect(fit(data, [data.telling])).toEqual({ model: null, verdicts: [], gain: null });
    const forced = fit(data, [data.telling], "always");
    expect(forced.model!.rank).toBeGreaterThan(0);
    expect(forced.verdicts[0]!.used).toBe(true);
  });

  it("takes useless signals too where it must, and says what that costs", () => {
    const data = cells(10, 15, 51);
    const { model, gain } = fit(data, [data.useless], "always");
    expect(model).not.toBeNull();
    expect(gain!.settings).toBe(10);
  });
});
