/** How values over settings as the plant may hold them become one: larger is better. */
export interface RiskMeasure {
  readonly measure: "mean" | "var" | "cvar" | "worst-case";
  /** Share of settings that the value at risk holds for; counts for `var` and `cvar`. */
  readonly level: number;
}

/**
 * The risk measure of equally likely values, [P], larger is better: their mean; the value that a share `level` of them
 * reaches (`var`); the mean of those no better than that (`cvar`); the smallest.
 *
 * @param weights - Receives ∂/∂value, [P]; a subgradient where values are equal.
 * @see Rockafellar & Uryasev (2000), J. Risk 2(3), for CVaR; Cakmak, Astudillo, Frazier & Zhou (2020), NeurIPS 33,
 *   section 2, for both over draws of the settings
 */
export function riskOf(
  values: Float64Array,
  { measure, level }: RiskMeasure,
  weights?: Float64Array,
): number {
  const P = values.length;
  weights?.fill(0);
  const [from, to] = ranks(P, measure, level);
  const order = Array.from(values, (_, i) => i).sort((i, j) => values[j]! - values[i]! || i - j);
  let sum = 0;
  for (let k = from; k < to; k++) {
    sum += values[order[k]!]!;
    if (weights !== undefined) weights[order[k]!] = 1 / (to - from);
  }
  return sum / (to - from);
}

/** Which values count, counted from the best one. */
function ranks(P: number, measure: RiskMeasure["measure"], level: number): [number, number] {
  if (measure === "mean") return [0, P];
  if (measure === "worst-case") return [P - 1, P];
  const at = Math.min(Math.max(Math.ceil(level * P) - 1, 0), P - 1);
  return measure === "var" ? [at, at + 1] : [at, P];
}
