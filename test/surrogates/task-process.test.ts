import { describe, expect, it } from "vitest";
import { matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { fitMultiTask, type MultiTaskGaussianProcess } from "../../src/surrogates/multi-task.js";
import type { InputDimension } from "../../src/surrogates/surrogate.js";

const INPUTS: readonly InputDimension[] = [{ name: "a", kind: "continuous" }];

/** Two outcomes of 12 runs, the first known of 7; on the identity scale. */
function joint(): MultiTaskGaussianProcess {
  const rng = createRng(3);
  const points = Array.from({ length: 12 }, () => [rng.uniform()]);
  const of = (name: string, rows: typeof points, scale: number) => ({
    name,
    data: {
      inputs: INPUTS,
      X: matrixFromRows(rows),
      y: Float64Array.from(rows, ([a]) => scale * Math.sin(5 * a!) + 0.05 * rng.normal()),
    },
    scale: "identity" as const,
  });
  return fitMultiTask({ outcomes: [of("late", points.slice(0, 7), 1), of("early", points, -3)] });
}

describe("a task of a joint model as a process", () => {
  it("is the posterior given one more row of the task: Bayes' rule for one observation", () => {
    const task = joint().task("late");
    const points = matrixFromRows([[0.2], [0.55], [0.9], [0.43]]);
    const { mean, covariance } = task.joint(points);
    const noise = task.noiseVariance[0]!;
    const z = 0.7;
    const given = task.withObservations({
      X: matrixFromRows([[0.43]]),
      y: Float64Array.of(task.modelScale.toRaw(z)),
    });
    const after = given.joint(matrixFromRows([[0.2], [0.55], [0.9]]));
    const own = covariance.data[3 * 4 + 3]! + noise;
    for (let i = 0; i < 3; i++) {
      const gain = covariance.data[i * 4 + 3]! / own;
      expect(after.mean[i]).toBeCloseTo(mean[i]! + gain * (z - mean[3]!), 8);
      expect(after.covariance.data[i * 3 + i]).toBeCloseTo(
        covariance.data[i * 4 + i]! - gain * covariance.data[i * 4 + 3]!,
        8,
      );
    }
  });

  it("leaves a setting out with all its tasks, one as leave-one-out does and several together", () => {
    const task = joint().task("late");
    const { mean } = task.leaveOneOut();
    expect(task.leaveSettingsOut([2])[0]).toBeCloseTo(mean[2]!, 9);
    const both = task.leaveSettingsOut([2, 3]);
    expect(both).toHaveLength(2);
    expect(both[0]).not.toBeCloseTo(mean[2]!, 9);
  });

  it("is surer of a left-out result where the other tasks of its run stay known", () => {
    const model = joint();
    const fresh = model.task("late").leaveOneOut().stdDev;
    model.leaveTaskOut("late").stdDev.forEach((begun, i) => expect(begun).toBeLessThan(fresh[i]!));
  });

  it("has hyperparameters of its own: its prior variance, its noise, the lengthscales of all", () => {
    const model = joint();
    const { hyperparameters } = model.task("late");
    expect(hyperparameters.lengthscales).toEqual(model.hyperparameters.lengthscales);
    expect(hyperparameters.noiseVariance).toHaveLength(1);
    expect(hyperparameters.signalVariance).toBeGreaterThan(0);
  });
});
