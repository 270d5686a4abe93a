import type { KnownOutcome, SpecificationTerm } from "../acquisition/outcome-terms.js";
import { normalCdf } from "../math/normal.js";

/**
 * Probability that a formula's outcome keeps its limits at x: by its stated error, else 0 or 1.
 *
 * The error is one of the formula and not of a run: it is wrong in the same way everywhere. It says how sure a limit is, but
 * no run gains by it over another, so that improvements leave it out.
 */
export function knownChance(
  known: KnownOutcome,
  { min, max }: Pick<SpecificationTerm, "min" | "max">,
  x: Float64Array,
): number {
  const value = known.evaluate(x);
  const stdDev = known.error?.(value) ?? 0;
  if (!(stdDev > 0)) return value >= min && value <= max ? 1 : 0;
  return normalCdf((max - value) / stdDev) - normalCdf((min - value) / stdDev);
}
