import type { Address } from "./kernels.js";
import { tilesOf } from "./tiles.js";
import { memoryNumbers } from "./working-memory.js";

/** Radial correlations that the kernels know, in the order of assembly/radial.ts. */
const RADIALS = ["matern-1/2", "matern-3/2", "matern-5/2", "rbf"] as const;

/** Points prepared for one set of lengthscales, and the correlation between them. */
export interface CorrelatedInputs {
  readonly radial: (typeof RADIALS)[number];
  readonly count: number;
  /** [d × count]: continuous inputs divided by their lengthscale; categorical inputs as they are. */
  readonly columns: Float64Array;
  /** [d]: 1/ℓ of continuous inputs, the correlation between two levels of categorical ones. */
  readonly factors: Float64Array;
  /** [d] */
  readonly lengthscales: Float64Array;
  /** [d] */
  readonly categorical: readonly boolean[];
}

/** How inputs lie in the kernels' memory: continuous columns first, every column 4T numbers long, then factors. */
export interface InputLayout {
  readonly n: number;
  readonly T: number;
  /** Bytes between columns. */
  readonly stride: number;
  readonly continuous: number;
  readonly categorical: number;
  readonly kind: number;
  /** Which input each column is. */
  readonly order: readonly number[];
  /** Bytes from the first column to the factors. */
  readonly factorOffset: number;
  /** Numbers in all. */
  readonly size: number;
}

export function layOutInputs(inputs: CorrelatedInputs): InputLayout {
  const { count: n, categorical } = inputs;
  const T = tilesOf(n);
  const all = categorical.map((_, k) => k);
  const continuous = all.filter((k) => categorical[k] !== true);
  const discrete = all.filter((k) => categorical[k] === true);
  const numbers = 4 * T * all.length;
  return {
    n,
    T,
    stride: 32 * T,
    continuous: continuous.length,
    categorical: discrete.length,
    kind: RADIALS.indexOf(inputs.radial),
    order: [...continuous, ...discrete],
    factorOffset: 8 * numbers,
    // A multiple of eight numbers, a cache line.
    size: numbers + 8 * Math.ceil(discrete.length / 8),
  };
}

/** Writes prepared inputs; tails of columns are zero. */
export function writeInputs(inputs: CorrelatedInputs, layout: InputLayout, address: Address): void {
  const { n, T, order, continuous } = layout;
  const numbers = memoryNumbers();
  order.forEach((k, position) => {
    const start = address / 8 + 4 * T * position;
    numbers.set(inputs.columns.subarray(k * n, (k + 1) * n), start);
    numbers.fill(0, start + n, start + 4 * T);
    if (position < continuous) return;
    numbers[(address + layout.factorOffset) / 8 + position - continuous] = inputs.factors[k]!;
  });
}
