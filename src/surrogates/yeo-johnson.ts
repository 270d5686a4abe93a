import { expm1, log, log1p } from "../math/elementary.js";

/**
 * Power λ of the Yeo–Johnson transform is kept in [0, 2], where it maps the real line onto the real line: outside, one
 * tail has an asymptote, and a prediction beyond it would have no raw value.
 */
const LAMBDA_RANGE = { lower: 0, upper: 2 } as const;

/**
 * Yeo–Johnson transform of u: ((1 + u)^λ − 1)/λ for u ≥ 0 and −((1 − u)^(2−λ) − 1)/(2 − λ) for u < 0.
 *
 * Strictly increasing with the sign of u; the limits at λ = 0 and λ = 2 are logarithms.
 *
 * @see Yeo & Johnson (2000), Biometrika 87(4), eq. 2.1
 */
export function yeoJohnson(u: number, lambda: number): number {
  return u >= 0 ? boxCoxOfLog(log1p(u), lambda) : -boxCoxOfLog(log1p(-u), 2 - lambda);
}

/** Inverse of `yeoJohnson` for λ in [0, 2]. */
export function yeoJohnsonInverse(w: number, lambda: number): number {
  return w >= 0 ? inverseBoxCox(w, lambda) : -inverseBoxCox(-w, 2 - lambda);
}

/** log of the transform's derivative: (λ − 1) sgn(u) log(1 + |u|). */
export function yeoJohnsonLogSlope(u: number, lambda: number): number {
  return u >= 0 ? (lambda - 1) * log1p(u) : (1 - lambda) * log1p(-u);
}

/** Below this a power is 0: its products would be subnormal, and the limit differs by less than rounding. */
const SMALLEST_POWER = 1e-290;

/** ((1 + u)^power − 1)/power from log(1 + u) ≥ 0. */
function boxCoxOfLog(logOnePlus: number, power: number): number {
  return power < SMALLEST_POWER ? logOnePlus : expm1(power * logOnePlus) / power;
}

function inverseBoxCox(w: number, power: number): number {
  return power < SMALLEST_POWER ? expm1(w) : expm1(log1p(power * w) / power);
}

/**
 * Finds the λ of the largest profile likelihood and what it gains over λ = 1 (no warp), in nats.
 *
 * ℓ(λ) = −½ W log σ̂²(λ) + (λ − 1) Σ w_i sgn(u_i) log(1 + |u_i|), with σ̂² the weighted variance of the transformed
 * values and W = Σ w_i. Weights of 1/count let every setting count once, however often it was repeated.
 *
 * @param u - Standardised outcomes, [n], not all equal.
 * @param weights - [n], positive.
 * @see Yeo & Johnson (2000), eq. 3.1
 */
export function profileLambda(u: Float64Array, weights: Float64Array): { lambda: number; gain: number } {
  const likelihood = profileLikelihood(u, weights);
  const steps = 20;
  let best = 0;
  let bestValue = Number.NEGATIVE_INFINITY;
  for (let k = 0; k <= steps; k++) {
    const lambda = LAMBDA_RANGE.lower + ((LAMBDA_RANGE.upper - LAMBDA_RANGE.lower) * k) / steps;
    const value = likelihood(lambda);
    if (value > bestValue) {
      best = lambda;
      bestValue = value;
    }
  }
  const step = (LAMBDA_RANGE.upper - LAMBDA_RANGE.lower) / steps;
  const lambda = goldenSection(
    likelihood,
    Math.max(LAMBDA_RANGE.lower, best - step),
    Math.min(LAMBDA_RANGE.upper, best + step),
  );
  const refined = likelihood(lambda);
  const chosen = refined > bestValue ? lambda : best;
  return { lambda: chosen, gain: Math.max(refined, bestValue) - likelihood(1) };
}

function profileLikelihood(u: Float64Array, weights: Float64Array): (lambda: number) => number {
  const logs = u.map((value) => log1p(Math.abs(value)));
  const transformed = new Float64Array(u.length);
  let total = 0;
  let jacobian = 0;
  for (let i = 0; i < u.length; i++) {
    total += weights[i]!;
    jacobian += weights[i]! * (u[i]! >= 0 ? logs[i]! : -logs[i]!);
  }
  return (lambda) => {
    let mean = 0;
    for (let i = 0; i < u.length; i++) {
      const w = u[i]! >= 0 ? boxCoxOfLog(logs[i]!, lambda) : -boxCoxOfLog(logs[i]!, 2 - lambda);
      transformed[i] = w;
      mean += weights[i]! * w;
    }
    mean /= total;
    let variance = 0;
    for (let i = 0; i < u.length; i++) {
      const deviation = transformed[i]! - mean;
      variance += weights[i]! * deviation * deviation;
    }
    return -0.5 * total * log(variance / total) + (lambda - 1) * jacobian;
  };
}

/** Maximum of a unimodal function to 1e-4 of λ (Press et al. 2007, Numerical Recipes, section 10.2). */
function goldenSection(f: (x: number) => number, lower: number, upper: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let a = lower;
  let b = upper;
  let x1 = b - ratio * (b - a);
  let x2 = a + ratio * (b - a);
  let f1 = f(x1);
  let f2 = f(x2);
  while (b - a > 1e-4) {
    if (f1 >= f2) {
      b = x2;
      x2 = x1;
      f2 = f1;
      x1 = b - ratio * (b - a);
      f1 = f(x1);
    } else {
      a = x1;
      x1 = x2;
      f1 = f2;
      x2 = a + ratio * (b - a);
      f2 = f(x2);
    }
  }
  return f1 >= f2 ? x1 : x2;
}
