import { CellwrightError } from "../../errors.js";
import { exp } from "../../math/elementary.js";

/** constant + Σ weights_k x_k + Σ factor e^(origin + width x_input): how a quantity in its unit is read from an encoded setting. */
export interface EncodedQuantity {
  readonly constant: number;
  readonly weights: readonly number[];
  /** Inputs that are encoded on a log scale. */
  readonly exponentials?: readonly {
    readonly input: number;
    readonly origin: number;
    readonly width: number;
    readonly factor: number;
  }[];
}

/** What is believed of a positive parameter before data: log-normal around a median. */
interface PositiveBelief {
  readonly median: number;
  readonly logStdDev: number;
}

/** Plain JSON that makes one compaction curve over the encoded inputs. */
export interface CompactionMeanArguments {
  /** What presses: line load, or how far the gap is below the incoming electrode. */
  readonly pressing: EncodedQuantity & { readonly unit: string };
  /** Density of the coating before calendering, g/cm3. */
  readonly densityBefore: EncodedQuantity;
  /** Density that no pressing goes beyond, g/cm3. */
  readonly maximumDensity: PositiveBelief;
  /** Compaction resistance in the unit of `pressing`. */
  readonly resistance: PositiveBelief;
  /** The outcome, constant + perDensity · ρ, where it is not the density in g/cm3; porosity is 100 − 100/ρ_solid · ρ. */
  readonly reading?: { readonly constant: number; readonly perDensity: number };
}

export const COMPACTION_MEAN = "calendering.compaction@1";

/** Bounds of a parameter, in standard deviations of its logarithm around the median (assumption). */
const WIDTH = 4;

/**
 * Density after calendering, ρ = ρ_max − (ρ_max − ρ_before) e^(−δ/γ), g/cm3, or what follows from it (`reading`), with ρ_max and γ to be fitted, and its
 * gradients with respect to both and to the encoded inputs.
 *
 * @throws CellwrightError INVALID_OPTION if the quantities do not read the same inputs
 * @see Meyer, Bockholt, Haselrieder & Kwade (2017), J. Mater. Process. Technol. 249, 172–178, exponential model
 */
export function compactionMean(meanArguments: CompactionMeanArguments) {
  const { pressing, densityBefore, maximumDensity, resistance } = meanArguments;
  const { constant, perDensity } = meanArguments.reading ?? { constant: 0, perDensity: 1 };
  if (pressing.weights.length !== densityBefore.weights.length) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `Pressing reads ${pressing.weights.length} inputs and density before calendering ${densityBefore.weights.length}: expected the same.`,
    );
  }
  return {
    name: COMPACTION_MEAN,
    arguments: meanArguments,
    parameters: [
      positiveParameter("maximum density", "g/cm3", maximumDensity),
      positiveParameter("compaction resistance", pressing.unit, resistance),
    ],
    evaluate(x: Float64Array, theta: Float64Array) {
      const pressed = quantityAt(pressing, x);
      const before = quantityAt(densityBefore, x);
      const curve = compactedDensity(pressed.value, before.value, theta[0]!, theta[1]!);
      return {
        value: constant + perDensity * curve.density,
        parameterGradient: Float64Array.of(perDensity * curve.perMaximum, perDensity * curve.perResistance),
        inputGradient: pressed.gradient.map(
          (slope, k) =>
            perDensity * (curve.perPressing * slope + curve.perDensityBefore * before.gradient[k]!),
        ),
      };
    },
  };
}

/** The law and its partial derivatives. */
export function compactedDensity(pressing: number, before: number, maximum: number, resistance: number) {
  const remaining = exp(-pressing / resistance);
  const gap = (maximum - before) * remaining;
  return {
    density: maximum - gap,
    perMaximum: 1 - remaining,
    perResistance: (-gap * pressing) / (resistance * resistance),
    perPressing: gap / resistance,
    perDensityBefore: remaining,
  };
}

/** The compaction mean of a saved model; null for another name. */
export function resolveCompactionMean(name: string, meanArguments: unknown) {
  if (name !== COMPACTION_MEAN || !isArguments(meanArguments)) return null;
  return compactionMean(meanArguments);
}

function quantityAt({ constant, weights, exponentials = [] }: EncodedQuantity, x: Float64Array) {
  let value = constant;
  const gradient = Float64Array.from(weights);
  for (let k = 0; k < weights.length; k++) value += weights[k]! * x[k]!;
  for (const { input, origin, width, factor } of exponentials) {
    const term = factor * exp(origin + width * x[input]!);
    value += term;
    gradient[input]! += width * term;
  }
  return { value, gradient };
}

function positiveParameter(name: string, unit: string, { median, logStdDev }: PositiveBelief) {
  const width = exp(WIDTH * logStdDev);
  const prior = { kind: "log-normal" as const, median, logStdDev };
  return { name, unit, start: median, lower: median / width, upper: median * width, prior };
}

function isArguments(value: unknown): value is CompactionMeanArguments {
  const fields = (part: unknown): Readonly<Record<string, unknown>> =>
    typeof part === "object" && part !== null ? (part as Readonly<Record<string, unknown>>) : {};
  const isQuantity = (part: unknown): boolean => {
    const { constant, weights, exponentials = [] } = fields(part);
    return (
      Number.isFinite(constant) &&
      Array.isArray(weights) &&
      weights.every(Number.isFinite) &&
      Array.isArray(exponentials) &&
      exponentials.every((term) => isExponential(term, weights.length))
    );
  };
  const isExponential = (term: unknown, inputs: number): boolean => {
    const { input, origin, width, factor } = fields(term);
    const known = Number.isInteger(input) && Number(input) >= 0 && Number(input) < inputs;
    return known && [origin, width, factor].every(Number.isFinite);
  };
  const isBelief = (part: unknown): boolean => {
    const { median, logStdDev } = fields(part);
    return Number.isFinite(median) && Number.isFinite(logStdDev);
  };
  const { pressing, densityBefore, maximumDensity, resistance, reading } = fields(value);
  const { constant, perDensity } = fields(reading);
  return (
    (reading === undefined || (Number.isFinite(constant) && Number.isFinite(perDensity))) &&
    isQuantity(pressing) &&
    typeof fields(pressing)["unit"] === "string" &&
    isQuantity(densityBefore) &&
    isBelief(maximumDensity) &&
    isBelief(resistance)
  );
}
