import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { createDualAveraging } from "../../src/math/dual-averaging.js";
import { adaptationWindows } from "../../src/math/mass-adaptation.js";
import { type NutsChain, sampleNuts } from "../../src/math/nuts.js";
import { leapfrog, type LogDensity, type PhasePoint, energy } from "../../src/math/nuts-transition.js";
import { createRng } from "../../src/math/rng.js";
import { diagnoseChains } from "../../src/math/sampler-diagnostics.js";

function chainsOf(density: LogDensity, dimension: number, samples: number, warmup = 300): NutsChain[] {
  return [0, 1, 2, 3].map((c) => {
    const rng = createRng(7).fork(`chain ${c}`);
    const start = Float64Array.from({ length: dimension }, () => 2 * rng.uniform() - 1);
    return sampleNuts(density, { start, warmup, samples, rng });
  });
}

function coordinate(chains: readonly NutsChain[], k: number): Float64Array[] {
  return chains.map(({ samples }) =>
    Float64Array.from({ length: samples.rows }, (_, i) => samples.data[i * samples.cols + k]!),
  );
}

/** Mean, variance and Monte Carlo standard error of the mean. */
function moments(chains: readonly Float64Array[]): {
  mean: number;
  variance: number;
  error: number;
  ess: number;
} {
  const all = chains.flatMap((chain) => [...chain]);
  const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
  const variance = all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (all.length - 1);
  const ess = diagnoseChains(chains).bulkEss;
  return { mean, variance, error: Math.sqrt(variance / ess), ess };
}

/** Precision of a normal whose correlation matrix is AR(1) with ρ, as a function of scales. */
function correlatedNormal(scales: readonly number[], rho: number): LogDensity {
  const d = scales.length;
  return (x, gradient) => {
    const u = Float64Array.from(x, (value, k) => value / scales[k]!);
    gradient.fill(0);
    let value = -0.5 * u[0]! * u[0]!;
    gradient[0] = -u[0]! / scales[0]!;
    const variance = 1 - rho * rho;
    for (let k = 1; k < d; k++) {
      const residual = u[k]! - rho * u[k - 1]!;
      value -= (0.5 * residual * residual) / variance;
      gradient[k]! -= residual / variance / scales[k]!;
      gradient[k - 1]! += (rho * residual) / variance / scales[k - 1]!;
    }
    return value;
  };
}

/** Neal's funnel: v ~ N(0, 3²), x_k | v ~ N(0, e^v). */
function funnel(dimension: number): LogDensity {
  return (x, gradient) => {
    const v = x[0]!;
    const inverse = Math.exp(-v);
    let value = (-v * v) / 18 - 0.5 * (dimension - 1) * v;
    gradient[0] = -v / 9 - 0.5 * (dimension - 1);
    for (let k = 1; k < dimension; k++) {
      value -= 0.5 * inverse * x[k]! * x[k]!;
      gradient[k] = -inverse * x[k]!;
      gradient[0] += 0.5 * inverse * x[k]! * x[k]!;
    }
    return value;
  };
}

describe("the no-U-turn sampler", () => {
  it("finds mean and variance of an ill-scaled normal within four standard errors", () => {
    const scales = [1e-3, 1, 50, 2e3];
    const chains = chainsOf(correlatedNormal(scales, 0), 4, 1000, 600);
    scales.forEach((scale, k) => {
      const { mean, variance, error, ess } = moments(coordinate(chains, k));
      expect(Math.abs(mean)).toBeLessThan(4 * error);
      expect(Math.abs(variance / (scale * scale) - 1)).toBeLessThan(4 * Math.sqrt(2 / ess) * 1.5);
    });
    expect(chains.reduce((sum, { divergences }) => sum + divergences, 0)).toBe(0);
  });

  it("finds the correlation of a strongly correlated normal", () => {
    const chains = chainsOf(correlatedNormal([1, 1, 1], 0.95), 3, 1500);
    for (const k of [0, 1, 2]) {
      const { mean, variance, error, ess } = moments(coordinate(chains, k));
      expect(Math.abs(mean)).toBeLessThan(4 * error);
      expect(Math.abs(variance - 1)).toBeLessThan(6 * Math.sqrt(2 / ess));
    }
    const product = coordinate(chains, 0).map((a, c) => a.map((v, i) => v * coordinate(chains, 1)[c]![i]!));
    const covariance = moments(product);
    expect(Math.abs(covariance.mean - 0.95)).toBeLessThan(5 * covariance.error);
  });

  it("mixes: R-hat below 1.01 and hundreds of effective draws, fewer than 20 evaluations each", () => {
    const chains = chainsOf(correlatedNormal([1, 1, 1, 1, 1], 0.5), 5, 500);
    for (const k of [0, 1, 2, 3, 4]) {
      const { rHat, bulkEss, tailEss } = diagnoseChains(coordinate(chains, k));
      expect(rHat).toBeLessThan(1.01);
      expect(bulkEss).toBeGreaterThan(800);
      expect(tailEss).toBeGreaterThan(500);
    }
    chains.forEach(({ evaluations, acceptance }) => {
      expect(evaluations).toBeLessThan(20 * 800);
      expect(acceptance).toBeGreaterThan(0.7);
      expect(acceptance).toBeLessThan(0.95);
    });
  });

  it("reports divergences in Neal's funnel", () => {
    const chains = chainsOf(funnel(10), 10, 500);
    expect(chains.reduce((sum, { divergences }) => sum + divergences, 0)).toBeGreaterThan(5);
  });

  it("treats a region without density as divergent and never goes there", () => {
    const halfNormal: LogDensity = (x, gradient) => {
      gradient[0] = -x[0]!;
      return x[0]! > 0 ? -0.5 * x[0]! * x[0]! : Number.NEGATIVE_INFINITY;
    };
    const chain = sampleNuts(halfNormal, {
      start: Float64Array.of(1),
      warmup: 200,
      samples: 2000,
      rng: createRng(3),
    });
    expect(chain.samples.data.every((value) => value > 0)).toBe(true);
    expect(chain.divergences).toBeGreaterThan(0);
    const { mean } = moments([chain.samples.data]);
    expect(Math.abs(mean - Math.sqrt(2 / Math.PI))).toBeLessThan(0.08);
  });

  it("gives the same bits twice, and other ones for another stream", () => {
    const density = correlatedNormal([1, 3], 0.3);
    const draw = (seed: number): number[] => [
      ...sampleNuts(density, { start: Float64Array.of(0, 0), warmup: 50, samples: 20, rng: createRng(seed) })
        .samples.data,
    ];
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it("refuses a start without density and options that make no sense", () => {
    const nowhere: LogDensity = () => Number.NEGATIVE_INFINITY;
    const run = (density: LogDensity, warmup: number) => (): NutsChain =>
      sampleNuts(density, { start: Float64Array.of(0), warmup, samples: 5, rng: createRng(1) });
    expect(run(nowhere, 5)).toThrow(CellwrightError);
    expect(run(correlatedNormal([1], 0), -1)).toThrow(/warmup/);
  });

  it("stops when the caller throws between iterations", () => {
    let left = 10;
    const stop = (): void => {
      left -= 1;
      if (left < 0) throw new CellwrightError("CANCELLED", "enough");
    };
    expect(() =>
      sampleNuts(correlatedNormal([1], 0), {
        start: Float64Array.of(0),
        warmup: 100,
        samples: 100,
        rng: createRng(1),
        onIteration: stop,
      }),
    ).toThrow("enough");
  });
});

describe("the leapfrog step", () => {
  it("is reversible and keeps the energy to second order", () => {
    const system = { logDensity: correlatedNormal([1, 2], 0.6), inverseMass: Float64Array.of(1, 4) };
    const gradient = new Float64Array(2);
    const position = Float64Array.of(0.7, -1.1);
    const logDensity = system.logDensity(position, gradient);
    const momentum = Float64Array.of(0.4, 0.2);
    const start: PhasePoint = {
      position,
      momentum,
      velocity: Float64Array.of(0.4, 0.8),
      gradient,
      logDensity,
    };
    const back = leapfrog(system, leapfrog(system, start, 0.1), -0.1);
    back.position.forEach((value, k) => expect(value).toBeCloseTo(position[k]!, 13));
    back.momentum.forEach((value, k) => expect(value).toBeCloseTo(momentum[k]!, 13));
    const drift = (step: number): number => Math.abs(energy(leapfrog(system, start, step)) - energy(start));
    expect(drift(0.1) / drift(0.05)).toBeGreaterThan(3.5); // one step's error is of third order
  });
});

describe("adaptation", () => {
  it("averages towards the step whose acceptance is the target", () => {
    // Acceptance e^(−ε): the target 0.8 is met at ε = −log 0.8.
    const adaptation = createDualAveraging(1, 0.8);
    for (let i = 0; i < 2000; i++) adaptation.update(Math.exp(-adaptation.current));
    expect(adaptation.averaged).toBeCloseTo(-Math.log(0.8), 2);
  });

  it("doubles its windows, as Stan's 1,000 iterations show", () => {
    expect(adaptationWindows(1000)).toEqual({ start: 75, ends: [100, 150, 250, 450, 950] });
    expect(adaptationWindows(100)).toEqual({ start: 15, ends: [90] });
    expect(adaptationWindows(10)).toEqual({ start: 10, ends: [] });
  });
});
