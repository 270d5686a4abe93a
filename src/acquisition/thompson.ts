import { CellwrightError } from "../errors.js";
import { createMatrix, type Matrix, matrixRow } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import type { AcquisitionFunction } from "./acquisition.js";
import { AUGMENTATION, type Chebyshev, chebyshevOf, scalarize, simplexWeights } from "./chebyshev.js";
import type { Interval } from "./objective-gain.js";
import { utilityOf } from "./objective-gain.js";
import { type OutcomeRole, outcomeRoles } from "./outcome-roles.js";
import type { ObjectiveTerm, SpecificationTerm } from "./outcome-terms.js";
import { utilitySlope } from "./scalarized-ei.js";

/** A function drawn of one outcome, model scale, with its gradient. */
type DrawnFunction = Pick<AcquisitionFunction, "value" | "valueAndGradient">;

/** Utility lost per model unit by which a drawn outcome breaks its limits: steeper than any utility (assumption). */
const PENALTY = 10;

/**
 * One function drawn from the posterior of every outcome: the drawn utility, less a penalty for drawn limits that are
 * broken; of several objectives the augmented Chebyshev scalarisation with random weights. Not a logarithm.
 *
 * Each run of a batch takes another generator, and so another draw.
 *
 * @throws CellwrightError INVALID_OPTION if an outcome is learned by a model without functions to draw.
 * @see Thompson (1933), Biometrika 25; Wilson et al. (2020), ICML, for the functions; Eriksson & Poloczek (2021), AISTATS,
 *   for drawn constraints; Paria, Kandasamy & Póczos (2020), UAI, for random scalarisations
 */
export function createThompsonSample(options: {
  readonly objectives: readonly ObjectiveTerm[];
  readonly specifications: readonly SpecificationTerm[];
  /** Settings over which objectives are scaled, [n × d], n ≥ 1. */
  readonly data: Matrix;
  readonly rng: Rng;
}): AcquisitionFunction {
  const { objectives, specifications, data, rng } = options;
  const roles = outcomeRoles(objectives, specifications, data);
  const paths = roles.map((role, r) => drawnFunction(role, rng.fork(`outcome ${r}`)));
  const chebyshev =
    objectives.length > 1
      ? chebyshevOf(
          simplexWeights(objectives.length, rng.fork("weights")),
          utilitiesAt(roles, paths, data, objectives.length),
        )
      : null;
  const valueAndGradient = drawnWorth(roles, paths, chebyshev, objectives.length);
  return {
    name: "thompson-sample",
    value: (x) => valueAndGradient(x, new Float64Array(x.length)),
    valueAndGradient,
  };
}

function drawnFunction({ source }: OutcomeRole, rng: Rng): DrawnFunction {
  if (source.kind === "known") {
    const { known, scale } = source;
    return {
      value: (x) => known.evaluate(x) / scale,
      valueAndGradient(x, gradient) {
        known.gradient(x).forEach((slope, k) => (gradient[k] = slope / scale));
        return known.evaluate(x) / scale;
      },
    };
  }
  const [path] = (source.kind === "learned" ? source.model.samplePaths?.(1, rng) : undefined) ?? [];
  if (path !== undefined) return path;
  throw new CellwrightError(
    "INVALID_OPTION",
    "Thompson sampling needs functions drawn from every learned outcome; one is learned by a model without them. Choose another acquisition.",
  );
}

function drawnWorth(
  roles: readonly OutcomeRole[],
  paths: readonly DrawnFunction[],
  chebyshev: Chebyshev | null,
  M: number,
): AcquisitionFunction["valueAndGradient"] {
  const utilities = new Float64Array(M);
  return (x, gradient) => {
    const slopes = roles.map(() => new Float64Array(x.length));
    const values = paths.map((path, r) => path.valueAndGradient(x, slopes[r]!));
    gradient.fill(0);
    roles.forEach(({ objective }, r) => {
      if (objective !== null) utilities[objective.index] = utilityOf(objective.utility, values[r]!);
    });
    const weights = chebyshev === null ? Float64Array.of(1) : chebyshevSlopes(chebyshev, utilities);
    let worth = chebyshev === null ? (utilities[0] ?? 0) : scalarize(chebyshev, utilities);
    roles.forEach(({ objective, limits }, r) => {
      const { excess, slope } = broken(limits, values[r]!);
      worth -= PENALTY * excess;
      const byUtility =
        objective === null ? 0 : weights[objective.index]! * utilitySlope(objective.utility, values[r]!);
      const total = byUtility - PENALTY * slope;
      for (let k = 0; k < x.length; k++) gradient[k] = gradient[k]! + total * slopes[r]![k]!;
    });
    return worth;
  };
}

/** ∂g/∂u, [M]. */
function chebyshevSlopes({ slopes, top }: Chebyshev, utilities: Float64Array): Float64Array {
  const parts = slopes.map((slope, m) => slope * (utilities[m]! - top[m]!));
  const weakest = parts.indexOf(parts.reduce((a, b) => Math.min(a, b)));
  return slopes.map((slope, m) => (m === weakest ? 1 + AUGMENTATION : AUGMENTATION) * slope);
}

function broken(limits: Interval | null, value: number): { excess: number; slope: number } {
  if (limits === null) return { excess: 0, slope: 0 };
  if (value < limits.lower) return { excess: limits.lower - value, slope: -1 };
  if (value > limits.upper) return { excess: value - limits.upper, slope: 1 };
  return { excess: 0, slope: 0 };
}

function utilitiesAt(
  roles: readonly OutcomeRole[],
  paths: readonly DrawnFunction[],
  data: Matrix,
  M: number,
): Matrix {
  const utilities = createMatrix(data.rows, M);
  roles.forEach(({ objective }, r) => {
    if (objective === null) return;
    for (let i = 0; i < data.rows; i++)
      utilities.data[i * M + objective.index] = utilityOf(
        objective.utility,
        paths[r]!.value(matrixRow(data, i)),
      );
  });
  return utilities;
}
