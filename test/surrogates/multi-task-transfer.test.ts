import { describe, expect, it } from "vitest";
import type { CellwrightError } from "../../src/errors.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import type { TaskData } from "../../src/surrogates/multi-task-data.js";
import { fitWithSources } from "../../src/surrogates/multi-task-transfer.js";
import type { Surrogate } from "../../src/surrogates/surrogate.js";

type Outcome = (x: ArrayLike<number>) => number;

const truth: Outcome = (x) => 40 + 5 * Math.sin(4 * x[0]!) + 6 * x[1]! * x[1]!;
/** The same machine at another level. */
const helpful: Outcome = (x) => 46 + 4.5 * Math.sin(4 * x[0]!) + 6.3 * x[1]! * x[1]!;
/** Another process: nothing in common, quickly varying, far larger. */
const harmful: Outcome = (x) => 40 + 60 * Math.sin(23 * x[0]!) * Math.cos(19 * x[1]!);

function task(name: string, n: number, seed: number, outcome: Outcome, noise = 0.2): TaskData {
  const rng = createRng(seed);
  const rows = Array.from({ length: n }, () => [rng.uniform(), rng.uniform()]);
  return {
    name,
    data: {
      inputs: [
        { name: "line_load", kind: "continuous" },
        { name: "roll_temperature", kind: "continuous" },
      ],
      X: matrixFromRows(rows),
      y: Float64Array.from(rows, (row) => outcome(row) + noise * rng.normal()),
    },
  };
}

function rmse(model: Surrogate): number {
  const test = task("test", 150, 9_999, truth, 0).data;
  const { mean } = model.predict(test.X);
  return Math.sqrt(test.y.reduce((sum, y, i) => sum + (y - mean[i]!) ** 2, 0) / test.y.length);
}

describe("the transfer check", () => {
  const target = task("line 2", 9, 1, truth);
  const good = task("line 1", 30, 2, helpful);
  const bad = task("old coater", 30, 3, harmful);
  const { surrogate, model, verdicts } = fitWithSources(target, [bad, good]);
  const [badVerdict, goodVerdict] = verdicts;

  it("uses a planted helpful source, and says by how much it helps", () => {
    expect(goodVerdict!.used).toBe(true);
    expect(goodVerdict!.gain).toBeGreaterThan(2 * goodVerdict!.standardError);
    expect(goodVerdict!.correlation).toBeGreaterThan(0.9);
    expect(goodVerdict!.words).toContain(`rises by ${goodVerdict!.gain.toFixed(1)} nats`);
    expect(goodVerdict!.words).toContain("line 1 is used, with correlation 0.");
    expect(model!.tasks).toEqual(["line 2", "line 1"]);
    expect(surrogate.kind).toBe("multi-task-gaussian-process");
    expect(rmse(surrogate)).toBeLessThan(0.5 * rmse(fitGaussianProcess(target.data)));
  });

  it("leaves a planted harmful source out, and says by how much it would harm", () => {
    expect(badVerdict!.used).toBe(false);
    expect(badVerdict!.gain).toBeLessThan(0);
    expect(badVerdict!.words).toContain(`falls by ${(-badVerdict!.gain).toFixed(1)} nats`);
    expect(badVerdict!.words).toContain("old coater is left out");
  });

  it("falls back to the target's own Gaussian process, bit for bit, where no source helps", () => {
    const result = fitWithSources(target, [bad]);
    expect(result.model).toBeNull();
    expect(result.surrogate.toJSON()).toEqual(fitGaussianProcess(target.data).toJSON());
  });

  it("does no harm over several campaigns with useless sources", () => {
    let joint = 0;
    let alone = 0;
    for (let seed = 0; seed < 6; seed++) {
      const few = task("line 2", 12, 100 + seed, truth);
      const noise = task("noise", 20, 200 + seed, () => 40, 5);
      joint += rmse(fitWithSources(few, [noise]).surrogate);
      alone += rmse(fitGaussianProcess(few.data));
    }
    expect(joint).toBeLessThan(1.1 * alone);
  });

  it("refuses a source that has the target's name", () => {
    try {
      fitWithSources(target, [target]);
      expect.unreachable();
    } catch (error) {
      expect((error as CellwrightError).code).toBe("INVALID_OPTION");
    }
  });
});
