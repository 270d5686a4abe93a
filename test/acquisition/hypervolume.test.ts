import { describe, expect, it } from "vitest";
import { createAcquisition } from "../../src/acquisition/create-acquisition.js";
import { createLogHypervolumeImprovement, drawFront } from "../../src/acquisition/hypervolume.js";
import { hypervolume } from "../../src/acquisition/hypervolume-value.js";
import { createMatrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { knownSlope, modelOf, squarePoints } from "./example-models.js";
import { anywhere, type FixedOutcome, fixedProblem } from "./fixed-outcomes.js";
import { botorch } from "./golden-files.js";
import { expectGradient } from "./numeric-gradient.js";

describe("log expected hypervolume improvement", () => {
  it("agrees with BoTorch's closed form for two, three and four objectives to 1e-9", () => {
    for (const c of botorch.hypervolume) {
      for (const { mean, stdDev, value } of c.beliefs) {
        const problem = fixedProblem(
          mean.map(
            (m, k): FixedOutcome => ({
              utility: { goal: "maximize" },
              values: [c.points.map((point) => point[k]!)],
              means: [m],
              stdDev: stdDev[k]!,
            }),
          ),
        );
        expect(drawFront(problem, 0).rows).toBe(c.frontSize);
        const log = createLogHypervolumeImprovement(problem, Float64Array.from(c.reference)).value(anywhere);
        // BoTorch sums differences of volumes of order one: below that its own digits end.
        expect(Math.abs(Math.exp(log) - value)).toBeLessThan(1e-9 * Math.max(value, 1e-4));
      }
    }
  });

  it("agrees with Monte Carlo for objectives with a target, a limit and a minimum within four standard errors", () => {
    const values = [
      [1, 2.5, 0.2],
      [0.3, 2, 1],
      [-1, 0.4, 0.5],
    ];
    const outcomes: FixedOutcome[] = [
      { utility: { goal: "target", target: 1.4 }, values: [values[0]!], means: [1.1], stdDev: 0.6 },
      {
        utility: { goal: "maximize" },
        limits: { lower: -1, upper: 1.8 },
        values: [values[1]!],
        means: [0.9],
        stdDev: 0.7,
      },
      { utility: { goal: "minimize" }, values: [values[2]!], means: [0.1], stdDev: 0.5 },
    ];
    const reference = Float64Array.of(-2, -0.5, -1.5);
    const log = createLogHypervolumeImprovement(fixedProblem(outcomes), reference).value(anywhere);
    // The second base point breaks the limit and must not count.
    const rows = [0, 2].map((i) => [-Math.abs(values[0]![i]! - 1.4), values[1]![i]!, -values[2]![i]!]);
    const before = hypervolume(matrixFromRows(rows), reference);
    const rng = createRng(3);
    const samples = 60_000;
    let sum = 0;
    let squares = 0;
    for (let s = 0; s < samples; s++) {
      const [a, b, c] = outcomes.map(({ means, stdDev }) => means[0]! + stdDev * rng.normal());
      if (b! < -1 || b! > 1.8) continue;
      const gain = hypervolume(matrixFromRows([...rows, [-Math.abs(a! - 1.4), b!, -c!]]), reference) - before;
      sum += gain;
      squares += gain * gain;
    }
    const average = sum / samples;
    const standardError = Math.sqrt((squares / samples - average * average) / samples);
    expect(Math.abs(Math.exp(log) - average)).toBeLessThan(4 * standardError);
  });

  it("has the gradient that differences give, formulas and limits included", () => {
    const X = squarePoints(9, 21);
    const a = modelOf(X, (p, q) => Math.sin(5 * p) + q * q, { noise: 0.1 });
    const b = modelOf(X, (p, q) => (p - 0.4) * (p - 0.4) - q, { noise: 0.1, seed: 6 });
    const objectives = [
      { outcome: "a", goal: "maximize", model: a },
      { outcome: "b", goal: "target", target: -0.2, model: b },
      { outcome: "known", goal: "minimize", model: knownSlope },
    ] as const;
    for (const count of [2, 3]) {
      for (const noisy of [false, true]) {
        const acquisition = createAcquisition({
          objectives: objectives.slice(0, count),
          specifications: [{ outcome: "a", min: -0.5, max: 1.6, model: a }],
          data: X,
          pending: noisy ? squarePoints(1, 2) : createMatrix(0, 2),
          noisy,
          draws: 8,
          rng: createRng(2),
        });
        expect(acquisition.name).toBe("log-noisy-expected-hypervolume-improvement");
        for (const x of [
          [0.25, 0.35],
          [0.6, 0.62],
        ])
          expectGradient(acquisition, Float64Array.from(x), 1e-4);
      }
    }
  });

  it("screens on one plug-in front much as all draws judge", () => {
    const X = squarePoints(12, 31);
    const a = modelOf(X, (p, q) => p + 0.2 * q, { noise: 0.02 });
    const b = modelOf(X, (p, q) => q - p * p, { noise: 0.02, seed: 5 });
    const acquisition = createAcquisition({
      objectives: [
        { outcome: "a", goal: "maximize", model: a },
        { outcome: "b", goal: "maximize", model: b },
      ],
      specifications: [],
      data: X,
      pending: createMatrix(0, 2),
      noisy: true,
      draws: 32,
      rng: createRng(7),
    });
    const probes = squarePoints(60, 77);
    const points = Array.from({ length: 60 }, (_, i) => matrixRow(probes, i));
    const full = points.map((x) => acquisition.value(x));
    const cheap = points.map((x) => acquisition.screen!.value(x));
    const bestByScreen = cheap.indexOf(Math.max(...cheap));
    const better = full.filter((value) => value > full[bestByScreen]!).length;
    expect(better).toBeLessThan(6);
  });
});
