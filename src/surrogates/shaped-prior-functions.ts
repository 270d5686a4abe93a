import type { SmoothFunction } from "../kernels/prior-function.js";
import { dotAt } from "../math/row-products.js";
import { type PriorFunctions, productPrior } from "./prior-functions.js";
import { sumOf } from "./sample-paths.js";
import { prepareAnchors, warpOf } from "./shaped-covariance.js";
import { LINEAR_VARIANCE, type ShapedHyperparameters, type ShapedModel } from "./shaped-prior.js";

/** Functions of a shaped prior: one of each term over the warped inputs, and a random line where the mean is linear. */
export function shapedPriorFunctions(
  model: ShapedModel,
  hyperparameters: ShapedHyperparameters,
): PriorFunctions {
  return {
    draw(inputs, rng) {
      const parts = model.terms.map(({ columns, kernel, role }, t) => {
        const term = { ...hyperparameters.terms[t]!, noiseVariance: hyperparameters.noiseVariance };
        const own = columns.map((k) => inputs[k]!);
        const drawn = productPrior(kernel, term).draw(own, rng.fork(role));
        return overWarped(drawn, columns, model, hyperparameters);
      });
      if (model.shape.mean !== "linear") return sumOf(parts, 0);
      const normals = rng.fork("line");
      const coefficients = Float64Array.from(
        [0, ...model.continuous],
        () => Math.sqrt(LINEAR_VARIANCE) * normals.normal(),
      );
      return sumOf([...parts, lineOf(model.continuous, coefficients)], 0);
    },
    weighted(X, weights) {
      const anchors = prepareAnchors(model, hyperparameters, X);
      const row = new Float64Array(X.rows);
      const value = (x: Float64Array): number => {
        anchors.load(x, row);
        return dotAt(row, 0, weights, 0, row.length);
      };
      return {
        value,
        valueAndGradient(x, gradient) {
          const sum = value(x);
          for (let k = 0; k < gradient.length; k++) {
            anchors.derivative(k, row);
            gradient[k] = dotAt(row, 0, weights, 0, row.length);
          }
          return sum;
        },
      };
    },
  };
}

/** A function of some warped inputs as one of all inputs. */
function overWarped(
  own: SmoothFunction,
  columns: readonly number[],
  model: ShapedModel,
  hyperparameters: ShapedHyperparameters,
): SmoothFunction {
  const partial = new Float64Array(columns.length);
  const warp = (x: Float64Array): Float64Array =>
    Float64Array.from(columns, (k) => warpOf(hyperparameters, model, k, x[k]!).value);
  return {
    value: (x) => own.value(warp(x)),
    valueAndGradient(x, gradient) {
      const value = own.valueAndGradient(warp(x), partial);
      gradient.fill(0);
      columns.forEach((k, c) => (gradient[k] = partial[c]! * warpOf(hyperparameters, model, k, x[k]!).slope));
      return value;
    },
  };
}

/** β_0 + Σ β_k (x_k − ½) over continuous inputs. */
function lineOf(continuous: readonly number[], coefficients: Float64Array): SmoothFunction {
  const value = (x: Float64Array): number => {
    let sum = coefficients[0]!;
    continuous.forEach((k, c) => (sum += coefficients[c + 1]! * (x[k]! - 0.5)));
    return sum;
  };
  return {
    value,
    valueAndGradient(x, gradient) {
      gradient.fill(0);
      continuous.forEach((k, c) => (gradient[k] = coefficients[c + 1]!));
      return value(x);
    },
  };
}
