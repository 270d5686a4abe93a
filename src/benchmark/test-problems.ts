import { hypervolume } from "../acquisition/hypervolume-value.js";
import { createCampaign } from "../campaign/campaign.js";
import type { Observation } from "../campaign/trial.js";
import { matrixFromRows } from "../math/matrix.js";
import type { Settings } from "../space/parameter.js";
import type { BenchmarkProblem } from "./closed-loop.js";
import {
  ackley,
  branin,
  c2dtlz2,
  currin,
  dtlz2,
  gramacy,
  hartmann6,
  type MixedTerm,
  mixedSum,
  type TestValues,
} from "./test-functions.js";

/** A published test problem. */
export interface TestProblem extends BenchmarkProblem {
  /** Names of the parameters in the order of the published arguments. */
  readonly parameters: readonly string[];
  /** The published function at settings, without noise. */
  readonly truth: (settings: Settings) => TestValues;
  /** The standard normal number of the k-th run instead of a drawn one, where peers shared theirs. */
  withNormals(normals: readonly number[]): TestProblem;
}

interface Definition {
  readonly name: string;
  readonly title: string;
  readonly parameters: Readonly<Record<string, object>>;
  /** Where single-objective: the least value that a setting inside the constraints has. */
  readonly optimum?: number;
  /** Where there are several objectives: the point from which hypervolume counts, and the most that there is. */
  readonly front?: { readonly reference: readonly number[]; readonly hypervolume: number };
  /** Largest less smallest value over the domain, two digits (found by sampling); of a front its hypervolume. */
  readonly range: number;
  readonly noiseStdDev?: number;
  readonly truth: (settings: Settings) => TestValues;
}

const unitCube = (d: number): Record<string, object> => box(Array.from({ length: d }, () => [0, 1] as const));

function box(bounds: readonly (readonly [number, number])[]): Record<string, object> {
  return Object.fromEntries(bounds.map(([min, max], j) => [`x${j}`, { unit: "1", min, max }]));
}

const vector = (settings: Settings): number[] =>
  Object.keys(settings)
    .filter((name) => /^x\d$/u.test(name))
    .sort()
    .map((name) => Number(settings[name]));
const pair = (settings: Settings): [number, number] => [Number(settings["x0"]), Number(settings["x1"])];
const one = (value: number): TestValues => ({ y: [value], c: [] });

/** Optima, references and hypervolumes as their papers or BoTorch 0.15.1 state them. */
const DEFINITIONS: readonly Definition[] = [
  {
    name: "branin",
    title: "Branin",
    parameters: box([
      [-5, 10],
      [0, 15],
    ]),
    optimum: 0.397887357729738,
    range: 310,
    truth: (s) => one(branin(pair(s))),
  },
  {
    name: "hartmann6",
    title: "Hartmann, 6 parameters",
    parameters: unitCube(6),
    optimum: -3.32236801141551,
    range: 3.3,
    truth: (s) => one(hartmann6(vector(s))),
  },
  {
    name: "ackley5",
    title: "Ackley, 5 parameters",
    parameters: box(Array.from({ length: 5 }, () => [-5, 10] as const)),
    optimum: 0,
    range: 20,
    truth: (s) => one(ackley(vector(s))),
  },
  {
    name: "hartmann6_noisy",
    title: "Hartmann with noise",
    parameters: unitCube(6),
    optimum: -3.32236801141551,
    range: 3.3,
    noiseStdDev: 0.1,
    truth: (s) => one(hartmann6(vector(s))),
  },
  {
    name: "gramacy",
    title: "Gramacy, two constraints",
    parameters: unitCube(2),
    optimum: 0.599787826,
    range: 1.4,
    truth: (s) => gramacy(pair(s)),
  },
  {
    name: "mixed",
    title: "Func-2C, two choices",
    parameters: {
      ...box([
        [-2, 2],
        [-2, 2],
      ]),
      first: { choices: ["rosenbrock", "camel", "beale"] },
      second: { choices: ["rosenbrock", "camel", "beale", "beale again", "beale once more"] },
    },
    optimum: -0.2063257, // twice the camel's −1.0316285, over ten
    range: 25,
    truth: (s) => one(mixedSum(pair(s), [termOf(s["first"]), termOf(s["second"])])),
  },
  {
    name: "branincurrin",
    title: "Branin–Currin, two objectives",
    parameters: unitCube(2),
    front: { reference: [18, 6], hypervolume: 59.36011874867746 },
    range: 59,
    truth: (s) => {
      const [u, v] = pair(s);
      return { y: [branin([15 * u - 5, 15 * v]), currin([u, v])], c: [] };
    },
  },
  {
    name: "dtlz2",
    title: "DTLZ2, two objectives",
    parameters: unitCube(6),
    front: { reference: [1.1, 1.1], hypervolume: 0.4246018366025519 },
    range: 0.42,
    truth: (s) => ({ y: dtlz2(vector(s)), c: [] }),
  },
  {
    name: "c2dtlz2",
    title: "C2-DTLZ2, two objectives, a constraint",
    parameters: unitCube(4),
    front: { reference: [1.1, 1.1], hypervolume: 0.3996406303723544 },
    range: 0.4,
    truth: (s) => c2dtlz2(vector(s)),
  },
];

function termOf(choice: unknown): MixedTerm {
  return String(choice).split(" ")[0] as MixedTerm;
}

/** Every published problem, in the order of the tables. */
export const testProblems: readonly TestProblem[] = DEFINITIONS.map((definition) => problemOf(definition));

function problemOf(definition: Definition, normals?: readonly number[]): TestProblem {
  const { name, title, truth, range, noiseStdDev = 0 } = definition;
  const parameters = Object.keys(definition.parameters);
  const file = campaignFile(definition);
  return {
    name,
    title,
    range,
    parameters,
    truth,
    measure: definition.front === undefined ? "regret" : "hypervolume gap",
    firstRuns: 2 * (parameters.length + 1), // as the peers began
    budget: 50,
    campaign: () => createCampaign(file),
    run(settings, index, scatter) {
      const { y, c } = truth(settings);
      const noise = noiseStdDev === 0 ? 0 : noiseStdDev * (normals?.[index] ?? scatter.normal());
      const observations: Record<string, Observation> = {};
      y.forEach((value, k) => (observations[`y${k}`] = { value: value + noise }));
      c.forEach((value, k) => (observations[`c${k}`] = { value }));
      return { status: "completed", observations };
    },
    gap: (settings) => gapOf(definition, settings.map(truth)),
    withNormals: (shared) => problemOf(definition, shared),
  };
}

/** The problem as a user would write it: constraints are limits of measured outcomes. */
function campaignFile({ name, parameters, front, truth }: Definition): object {
  const middle = Object.fromEntries(
    Object.entries(parameters).map(([key, entry]) => [key, middleOf(entry as Entry)]),
  );
  const { y, c } = truth(middle);
  const outcomes: Record<string, object> = {};
  y.forEach((_, k) => {
    const threshold = front?.reference[k];
    outcomes[`y${k}`] = { unit: "1", goal: "minimize", ...(threshold !== undefined && { threshold }) };
  });
  c.forEach((_, k) => (outcomes[`c${k}`] = { unit: "1", spec: { min: 0 } }));
  return {
    campaign: name,
    parameters,
    outcomes,
    batch: 1,
  };
}

type Entry = { readonly min: number; readonly max: number } | { readonly choices: readonly string[] };

function middleOf(entry: Entry): number | string {
  return "choices" in entry ? entry.choices[0]! : (entry.min + entry.max) / 2;
}

/** Best value inside the constraints less the optimum, or the hypervolume that is still missing; Infinity for none. */
function gapOf({ optimum, front }: Definition, values: readonly TestValues[]): number {
  const feasible = values.filter(({ c }) => c.every((value) => value >= 0)).map(({ y }) => y);
  if (feasible.length === 0) return Number.POSITIVE_INFINITY;
  if (front === undefined) {
    const best = feasible.reduce((least, y) => Math.min(least, y[0]!), Number.POSITIVE_INFINITY);
    return best - optimum!;
  }
  const utilities = matrixFromRows(feasible.map((y) => y.map((value) => -value)));
  const reference = new Float64Array(front.reference.map((value) => -value));
  return front.hypervolume - hypervolume(utilities, reference);
}
