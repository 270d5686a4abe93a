import { CellwrightError } from "../../errors.js";
import { exp } from "../../math/elementary.js";

/** constant + Σ weights_k x_k over the encoded inputs: how a quantity in its unit is read from an encoded setting. */
export interface LinearQuantity {
  readonly constant: number;
  readonly weights: readonly number[];
}

/** What is believed of a positive parameter before data: log-normal around a median. */
interface PositiveBelief {
  readonly median: number;
  readonly logStdDev: number;
}

/** Plain JSON that makes one compaction curve over the encoded inputs. */
export interface CompactionMeanArguments {
  /** What presses: line load, or how far the gap is below the incoming electrode. */
  readonly pressing: LinearQuantity & { readonly unit: string };
  /** Density of the coating before calendering, g/cm3. */
  readonly densityBefore: LinearQuantity;
  /** Density that no pressing goes beyond, g/cm3. */
  readonly maximumDensity: PositiveBelief;
  /** Compaction resistance in the unit of `pressing`. */
  readonly resistance: PositiveBelief;
}

export const COMPACTION_MEAN = "calendering.compaction@1";

/** Bounds of a parameter, in standard deviations of its logarithm around the median (assumption). */
const WIDTH = 4;

/**
 * Density after calendering, ρ = ρ_max − (ρ_max − ρ_before) e^(−δ/γ), g/cm3, with ρ_max and γ to be fitted, and its
 * gradients with respect to both and to the encoded inputs.
 *
 * @throws CellwrightError INVALID_OPTION if the quantities do not read the same inputs
 * @see Meyer, Bockholt, Haselrieder & Kwade (2017), J. Mater. Process. Technol. 249, 172–178, exponential model
 */
export function compactionMean(meanArguments: CompactionMeanArguments) {
  const { pressing, densityBefore, maximumDensity, resistance } = meanArguments;
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
      positiveParameter("rho_max", "g/cm3", maximumDensity),
      positiveParameter("gamma", pressing.unit, resistance),
    ],
    evaluate(x: Float64Array, theta: Float64Array) {
      const curve = compactedDensity(
        quantityAt(pressing, x),
        quantityAt(densityBefore, x),
        theta[0]!,
        theta[1]!,
      );
      return {
        value: curve.density,
        parameterGradient: Float64Array.of(curve.perMaximum, curve.perResistance),
        inputGradient: Float64Array.from(
          pressing.weights,
          (weight, k) => curve.perPressing * weight + curve.perDensityBefore * densityBefore.weights[k]!,
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

function quantityAt({ constant, weights }: LinearQuantity, x: Float64Array): number {
  let value = constant;
  for (let k = 0; k < weights.length; k++) value += weights[k]! * x[k]!;
  return value;
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
    const { constant, weights } = fields(part);
    return Number.isFinite(constant) && Array.isArray(weights) && weights.every(Number.isFinite);
  };
  const isBelief = (part: unknown): boolean => {
    const { median, logStdDev } = fields(part);
    return Number.isFinite(median) && Number.isFinite(logStdDev);
  };
  const { pressing, densityBefore, maximumDensity, resistance } = fields(value);
  return (
    isQuantity(pressing) &&
    typeof fields(pressing)["unit"] === "string" &&
    isQuantity(densityBefore) &&
    isBelief(maximumDensity) &&
    isBelief(resistance)
  );
}
