import { dOptimal } from "../designs/d-optimal.js";
import { latinHypercube } from "../designs/latin-hypercube.js";
import { type Factor, modelMatrix, type ModelOrder, modelTerms } from "../designs/model-terms.js";
import {
  boxBehnken,
  centralComposite,
  type CodedRun,
  evenLevels,
  fullFactorial,
} from "../designs/response-surface-designs.js";
import {
  fractionOfResolution,
  fractionRuns,
  MOST_BASIC,
  type TwoLevelFraction,
  twoLevelFraction,
} from "../designs/two-level.js";
import { CellwrightError } from "../errors.js";
import type { Rng } from "../math/rng.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import { type DesignOptions, MOST_DESIGN_RUNS } from "./design-request.js";
import { initialDesign } from "./initial-design.js";
import type { PlacedRun } from "./place-run.js";

/** The free parameters in coded units, and the map to encoded points. */
export interface DesignFactors {
  readonly set: FeasibleSet;
  readonly factors: readonly Factor[];
  /** Encoded points of the set, spread over it. */
  readonly sample: readonly Float64Array[];
  readonly toCoded: (x: Float64Array) => Float64Array;
  /** A wanted coded point as an allowed encoded one; null where there is none. */
  readonly place: (coded: Float64Array) => PlacedRun | null;
}

/** Wanted rows, and the fraction that they are. */
export interface DesignRows {
  readonly rows: readonly CodedRun[];
  readonly fraction: TwoLevelFraction | null;
}

/** Rows of a design in coded units, before centre points. */
export function designRows(
  of: DesignFactors,
  options: DesignOptions,
  model: ModelOrder,
  given: readonly Float64Array[],
  rng: Rng,
): DesignRows {
  const { factors, set } = of;
  const runs = options.runs ?? defaultRuns(options, factors, model, given.length);
  switch (options.kind) {
    case "lhs":
      return plain(latinRows(of, runs, rng));
    case "sobol":
      return plain(
        initialDesign(set, runs, [], () => false, rng).map(({ x }) => ({ x: of.toCoded(x), type: "spread" })),
      );
    case "factorial":
      return plain(factorialRows(of, options.levels ?? 2));
    case "fractional":
      return fractionalRows(factors, options);
    case "ccd":
      return plain(centralComposite(factors.length, options.axial ?? "rotatable"));
    case "box-behnken":
      return plain(boxBehnken(factors.length));
    case "d-optimal":
      return plain(optimalRows(of, runs, model, given, rng));
  }
}

const plain = (rows: readonly CodedRun[]): DesignRows => ({ rows, fraction: null });

/** Runs beyond the number of terms, so that there is a scatter to judge by (assumption). */
const SPARE_RUNS = 3;

function defaultRuns(
  { kind }: DesignOptions,
  factors: readonly Factor[],
  model: ModelOrder,
  given: number,
): number {
  const terms = modelTerms(factors, model).length;
  if (kind === "d-optimal") return Math.max(terms + SPARE_RUNS - given, 1);
  return Math.max(2 * (factors.length + 1), 4);
}

function latinRows(of: DesignFactors, runs: number, rng: Rng): CodedRun[] {
  const { set, factors, sample } = of;
  const ranges = set.free.map((j) => {
    const values = sample.map((x) => x[j]!);
    return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))] as const;
  });
  const base = sample[0]!;
  const encoded = (row: Float64Array): Float64Array => {
    const x = base.slice();
    set.free.forEach((j, k) => {
      const [low, high] = ranges[k]!;
      const { levels } = factors[k]!;
      x[j] = levels === null ? low + row[k]! * (high - low) : Math.floor(row[k]! * levels);
    });
    return x;
  };
  const rows = latinHypercube({
    ...{ runs, columns: factors.length, rng },
    violation: (row) => {
      const slack = set.slack(encoded(row));
      return slack >= 0 ? 0 : -slack;
    },
  });
  return rows.map((row) => ({ x: of.toCoded(encoded(row)), type: "spread" }));
}

/** All levels of a choice; of a number its steps where those are no more than the levels asked for. */
function factorialRows({ factors, set }: DesignFactors, levels: number): CodedRun[] {
  const values = factors.map((factor, k) => {
    if (factor.levels !== null) return Array.from({ length: factor.levels }, (_, level) => level);
    const { levels: own, lower, upper } = set.space.columns[set.free[k]!]!;
    if (own === null || own.count > levels) return evenLevels(levels);
    return Array.from({ length: own.count }, (_, i) => coded(own.encoded(i), lower, upper));
  });
  const total = values.reduce((product, { length }) => product * length, 1);
  if (total <= MOST_DESIGN_RUNS) return fullFactorial(values);
  throw new CellwrightError("INVALID_OPTION", "The full factorial is too large.", {
    problems: [
      {
        where: "parameters",
        found: `${values.map(({ length }) => length).join(" × ")} = ${total} runs`,
        expected: `at most ${MOST_DESIGN_RUNS}`,
        remedy: "Take a fractional or d-optimal design, fewer levels, or hold parameters with --fix.",
      },
    ],
  });
}

/** −1 … 1 of lower … upper. */
export function coded(value: number, lower: number, upper: number): number {
  return upper > lower ? (2 * (value - lower)) / (upper - lower) - 1 : 0;
}

const DEFAULT_RESOLUTION = 4;

function fractionalRows(factors: readonly Factor[], { runs, resolution }: DesignOptions): DesignRows {
  const fraction =
    runs === undefined
      ? fractionOfResolution(factors.length, resolution ?? DEFAULT_RESOLUTION)
      : fractionOfRuns(factors.length, runs);
  if (fraction === null || (resolution !== undefined && fraction.resolution < resolution))
    throw fractionError(factors.length, { runs, resolution });
  const rows = fractionRuns(fraction).map(
    (levels): CodedRun => ({
      x: levels.map((level, k) => (factors[k]!.levels === null ? level : (level + 1) / 2)),
      type: "factorial",
    }),
  );
  return { rows, fraction };
}

function fractionOfRuns(factors: number, runs: number): TwoLevelFraction | null {
  const basic = Array.from({ length: MOST_BASIC }, (_, k) => k + 1).find((k) => 1 << k === runs);
  if (basic === undefined || basic > factors || factors > runs - 1 + Number(basic === factors)) return null;
  return twoLevelFraction(factors, basic);
}

function fractionError(
  factors: number,
  { runs, resolution }: { readonly runs: number | undefined; readonly resolution: number | undefined },
): CellwrightError {
  const possible: string[] = [];
  for (let basic = 1; basic <= Math.min(factors, MOST_BASIC); basic++) {
    const fraction = fractionOfRuns(factors, 1 << basic);
    if (fraction === null) continue;
    const roman = fraction.resolution === Infinity ? "full" : `resolution ${fraction.resolution}`;
    possible.push(`${1 << basic} (${roman})`);
  }
  const asked = [
    runs === undefined ? null : `${runs} runs`,
    resolution === undefined ? null : `resolution ${resolution}`,
  ].filter((one) => one !== null);
  return new CellwrightError("INVALID_OPTION", "There is no such fraction.", {
    problems: [
      {
        where: "runs",
        found: asked.join(" of ") || `${factors} factors`,
        expected: `${factors} factors in ${possible.join(", ")} runs`,
      },
    ],
  });
}

/** Settings among which a D-optimal design chooses (assumption: a finer grid raises the determinant by under a percent). */
const MOST_CANDIDATES = 1_200;
const INNER_CANDIDATES = 300;

function optimalRows(
  of: DesignFactors,
  runs: number,
  model: ModelOrder,
  given: readonly Float64Array[],
  rng: Rng,
): CodedRun[] {
  const terms = modelTerms(of.factors, model);
  if (runs + given.length < terms.length) throw tooFewRuns(runs, given.length, terms.length, model);
  const candidates = candidatePoints(of, rng.fork("candidates"));
  const chosen = dOptimal({
    runs,
    candidates: modelMatrix(terms, candidates),
    given: modelMatrix(terms, given),
    rng: rng.fork("exchange"),
  });
  return [...chosen].map((i) => ({ x: candidates[i]!, type: "optimal" }));
}

function tooFewRuns(runs: number, given: number, terms: number, model: ModelOrder): CellwrightError {
  const there = given === 0 ? "" : ` beside ${given} that are there`;
  return new CellwrightError("INVALID_OPTION", "The design has too few runs for its model.", {
    problems: [
      {
        where: "runs",
        found: `${runs}${there}`,
        expected: `at least ${terms - given}: the ${model} model has ${terms} terms`,
        remedy: "Ask for more runs, or for a simpler model.",
      },
    ],
  });
}

/** Every allowed setting where they are few; else corners, middles of edges and faces, and points between. */
function candidatePoints(of: DesignFactors, rng: Rng): Float64Array[] {
  const { set, factors, sample } = of;
  const all = set.size <= MOST_CANDIDATES ? set.enumerate() : null;
  if (all !== null)
    return Array.from({ length: all.rows }, (_, i) =>
      of.toCoded(all.data.slice(i * all.cols, (i + 1) * all.cols)),
    );
  const lattice = factors.map(({ levels }) =>
    levels === null ? [-1, 1, 0] : Array.from({ length: levels }, (_, k) => k),
  );
  const total = lattice.reduce((product, { length }) => product * length, 1);
  const wanted =
    total <= MOST_CANDIDATES
      ? fullFactorial(lattice).map(({ x }) => x)
      : Array.from({ length: MOST_CANDIDATES }, () =>
          Float64Array.from(lattice, (values) => values[rng.integer(values.length)]!),
        );
  const points = new Map<string, Float64Array>();
  const add = (x: Float64Array): void => void points.set(x.join(" "), x);
  for (const one of wanted) {
    const placed = of.place(one);
    if (placed !== null) add(of.toCoded(placed.x));
  }
  for (const x of sample.slice(0, INNER_CANDIDATES)) add(of.toCoded(x));
  return [...points.values()];
}
