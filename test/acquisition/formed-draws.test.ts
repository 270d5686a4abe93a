import { describe, expect, it } from "vitest";
import { type AcquisitionOptions, createAcquisition } from "../../src/acquisition/create-acquisition.js";
import { sampleOutcomes } from "../../src/acquisition/form-samples.js";
import { atSetting, type FormedOutcome, type PointForm } from "../../src/acquisition/formed-outcome.js";
import type { ObjectiveTerm, SpecificationTerm } from "../../src/acquisition/outcome-terms.js";
import { cholesky } from "../../src/math/cholesky.js";
import { createMatrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import type { GaussianLatent } from "../../src/surrogates/surrogate.js";
import { modelOf, squarePoints } from "./example-models.js";
import { expectGradient } from "./numeric-gradient.js";

/** u · v + a², which reads two outcomes and a setting. */
function product(u: GaussianLatent, v: GaussianLatent): PointForm {
  return {
    models: [u, v],
    value(x, [first, second], slopes) {
      slopes?.byOutcome.set([second!, first!]);
      slopes?.bySetting.set([2 * x[0]!, 0]);
      return first! * second! + x[0]! * x[0]!;
    },
  };
}

const X = squarePoints(7, 4);
const capacity = modelOf(X, (a, b) => 2 + Math.sin(3 * a) + b, { noise: 0.1 });
const voltage = modelOf(X, (a, b) => 3 - a * b, { noise: 0.1, scale: "log" });
const energy = atSetting(product(capacity, voltage));

function valued(
  objectives: readonly ObjectiveTerm[],
  specifications: readonly SpecificationTerm[],
  draws = 32,
  more: Partial<AcquisitionOptions> = {},
) {
  const pending = createMatrix(0, 2);
  const rng = createRng(2);
  return createAcquisition({
    ...{ objectives, specifications, data: X, pending, noisy: false, draws, rng },
    ...more,
  });
}

const maximized = (outcome: string, model: ObjectiveTerm["model"]): ObjectiveTerm => ({
  outcome,
  goal: "maximize",
  model,
});

describe("outcomes formed from draws", () => {
  const points = [
    [0.31, 0.62],
    [0.9, 0.15],
    [0.05, 0.97],
  ].map((point) => Float64Array.from(point));
  const least: SpecificationTerm = { outcome: "capacity", min: 2.6, max: Infinity, model: capacity };

  it.each([
    ["improvement of one form", valued([maximized("energy", energy)], [])],
    ["improvement beside a specification of what it reads", valued([maximized("energy", energy)], [least])],
    ["a target", valued([{ outcome: "energy", goal: "target", target: 9, model: energy }], [])],
    ["hypervolume with what it reads", valued([maximized("energy", energy), maximized("c", capacity)], [])],
    [
      "limits of a form, with nothing feasible",
      valued([maximized("c", capacity)], [{ outcome: "energy", min: 50, max: 60, model: energy }]),
    ],
    [
      "limits of a form, with pending runs",
      valued([maximized("c", capacity)], [{ outcome: "energy", min: 7, max: 10, model: energy }], 16, {
        pending: matrixFromRows([Float64Array.of(0.5, 0.5)]),
      }),
    ],
  ])("have gradients that agree with differences: %s", (_, acquisition) => {
    for (const x of points) {
      expectGradient(acquisition, x, 1e-4);
      expectGradient({ ...acquisition.screen!, name: "screen" }, x, 1e-4);
    }
  });

  it("improve as plain Monte Carlo over the joint posterior says, within four standard errors", () => {
    const x = Float64Array.of(0.4, 0.95);
    const all = matrixFromRows([...Array.from({ length: X.rows }, (_, i) => matrixRow(X, i)), x]);
    const rng = createRng(9);
    const paths = [capacity, voltage].map((model) => {
      const { mean, covariance } = model.joint(all);
      for (let i = 0; i < all.rows; i++) covariance.data[i * all.rows + i]! += 1e-10;
      const factor = cholesky(covariance);
      if (!factor.ok) throw new Error("the covariance must have a factor");
      return () => {
        const normals = Float64Array.from(mean, () => rng.normal());
        return mean.map((m, i) =>
          model.modelScale.toRaw(
            m + matrixRow(factor.L, i).reduce((total, l, j) => total + l * normals[j]!, 0),
          ),
        );
      };
    });
    const samples = 40_000;
    let [sum, squares] = [0, 0];
    for (let s = 0; s < samples; s++) {
      const [u, v] = paths.map((path) => path());
      const values = u!.map((first, i) => first * v![i]! + all.data[2 * i]! * all.data[2 * i]!);
      const gain = Math.max(values[X.rows]! - Math.max(...values.subarray(0, X.rows)), 0);
      sum += gain;
      squares += gain * gain;
    }
    const mean = sum / samples;
    const error = Math.sqrt((squares / samples - mean * mean) / samples);
    // The acquisition counts in standard deviations of the form over the base points.
    const unit = spreadOfMeans(energy);
    const value = Math.exp(valued([maximized("energy", energy)], [], 4096).value(x)) * unit;
    expect(mean).toBeGreaterThan(0.005);
    expect(Math.abs(value - mean)).toBeLessThan(4 * error + 0.02 * mean);
  });

  it("are described by draws with the moments of a product of independent outcomes", () => {
    const x = Float64Array.of(0.2, 0.4);
    const [formed, u, v] = sampleOutcomes([energy, capacity, voltage], x, 4096);
    formed!.forEach((value, s) => expect(value).toBeCloseTo(u![s]! * v![s]! + 0.04, 12));
    const posterior = [capacity, voltage].map((model) => model.predict(matrixFromRows([x])));
    const mean = formed!.reduce((total, value) => total + value, 0) / 4096;
    expect(mean).toBeCloseTo(posterior[0]!.mean[0]! * posterior[1]!.mean[0]! + 0.04, 3);
  });

  it("refuse a form without a value", () => {
    const broken = atSetting({ models: [capacity], value: () => Number.NaN });
    expect(() => valued([maximized("ratio", broken)], [])).toThrow(
      expect.objectContaining({ code: "NON_FINITE" }),
    );
  });
});

function spreadOfMeans(formed: FormedOutcome): number {
  const values = Array.from({ length: X.rows }, (_, i) => {
    const x = matrixRow(X, i);
    const outcomes = Float64Array.from(formed.models, (m) => m.modelScale.toRaw(m.latentAt(x).mean));
    return formed.value(formed.heldAt(x), outcomes);
  });
  const mean = values.reduce((a, b) => a + b) / values.length;
  return Math.sqrt(values.reduce((a, b) => a + (b - mean) * (b - mean), 0) / (values.length - 1));
}
