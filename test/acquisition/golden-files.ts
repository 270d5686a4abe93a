import { readFileSync } from "node:fs";

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../golden/${name}`, import.meta.url), "utf8"));
}

/** Made by test/golden/acquisition.py. */
export interface BotorchGolden {
  readonly logEi: readonly { mean: number; stdDev: number; best: number; value: number }[];
  readonly constrained: readonly {
    mean: number[];
    stdDev: number[];
    best: number;
    lower: number;
    upper: number;
    logConstrainedEi: number;
    logFeasible: number;
  }[];
  readonly hypervolume: readonly {
    points: number[][];
    reference: number[];
    frontSize: number;
    volume: number;
    beliefs: { mean: number[]; stdDev: number[]; value: number }[];
    inferredReference: number[] | null;
  }[];
  readonly noisy: readonly {
    maximize: boolean;
    best: number[];
    points: { means: number[]; stdDevs: number[]; log: number; noisyEi: number }[];
  }[];
}

export interface PiecewiseGolden {
  readonly piecewise: readonly {
    goal: "maximize" | "minimize" | "target";
    target: number | null;
    lower: number;
    upper: number | null;
    a: number | null;
    b: number | null;
    mean: number;
    stdDev: number;
    log: number;
  }[];
}

/** Made by test/golden/parego.py. */
export interface ParegoGolden {
  readonly cases: readonly {
    weights: number[];
    known: number[][];
    points: number[][];
    scalarized: number[];
    mean: number[];
    stdDev: number[];
    best: number;
    expectedImprovement: number;
  }[];
}

export const parego = read("parego.botorch-0.18.1.json") as ParegoGolden;
export const botorch = read("acquisition.botorch-0.18.1.json") as BotorchGolden;
export const mpmath = read("acquisition.mpmath-1.3.0.json") as PiecewiseGolden;
