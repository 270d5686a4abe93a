import { lowerPanel, tiles } from "./tiles";

/**
 * Σ_{i>j} s² (α_i α_j − A⁻¹_ij) ∂R_ij/∂log ℓ_k for every input: the part of the likelihood gradient that needs all
 * pairs, in one pass over the lower triangle.
 *
 * A continuous input adds slope · Δ²/ℓ². A categorical one adds the correlation of pairs at different levels, which
 * the caller divides by ℓ.
 *
 * @param correlations - R; read only with categorical inputs.
 * @param alpha - [4T], 0 in the tail.
 * @param weights - Working space of one panel.
 * @param gradient - Receives the sums, continuous inputs first.
 * @see Rasmussen & Williams (2006), eq. 5.9
 */
export function sumLengthscaleGradient(
  T: i32,
  columns: usize,
  stride: usize,
  continuous: i32,
  categorical: i32,
  signalVariance: f64,
  inverse: usize,
  slopes: usize,
  correlations: usize,
  alpha: usize,
  weights: usize,
  gradient: usize,
): void {
  memory.fill(gradient, 0, (<usize>(continuous + categorical)) << 3);
  for (let I = 0; I < T; I++) {
    const count = (I + 1) << 2;
    const points = columns + ((<usize>I) << 5);
    weighPairs(I, signalVariance, alpha, lowerPanel(inverse, I), weights);
    for (let k = continuous; k < continuous + categorical; k++) {
      const column = <usize>k * stride;
      const sum = sumOtherLevels(
        points + column,
        columns + column,
        count,
        weights,
        lowerPanel(correlations, I),
      );
      addTo(gradient + ((<usize>k) << 3), sum);
    }
    multiplyPanel(weights, lowerPanel(slopes, I), tiles(I + 1));
    for (let k = 0; k < continuous; k++) {
      const column = <usize>k * stride;
      addTo(gradient + ((<usize>k) << 3), sumSquaredSteps(points + column, columns + column, count, weights));
    }
  }
}

/** s² (α_i α_j − A⁻¹_ij) for the rows of panel I, 0 from the diagonal on. */
function weighPairs(I: i32, signalVariance: f64, alpha: usize, inverse: usize, weights: usize): void {
  const s = f64x2.splat(signalVariance);
  const own = alpha + ((<usize>I) << 5);
  const alpha0 = v128.load(own);
  const alpha1 = v128.load(own, 16);
  let w = weights;
  for (const end = own + 32; alpha < end; alpha += 8) {
    const other = v128.load64_splat(alpha);
    v128.store(w, f64x2.mul(s, f64x2.sub(f64x2.mul(alpha0, other), v128.load(inverse))));
    v128.store(w, f64x2.mul(s, f64x2.sub(f64x2.mul(alpha1, other), v128.load(inverse, 16))), 16);
    inverse += 32;
    w += 32;
  }
  const diagonal = w - 128;
  for (let column: usize = 0; column < 4; column++) {
    for (let row: usize = 0; row <= column; row++) store<f64>(diagonal + (column << 5) + (row << 3), 0);
  }
}

function multiplyPanel(a: usize, b: usize, bytes: usize): void {
  for (const end = a + bytes; a < end; a += 16) {
    v128.store(a, f64x2.mul(v128.load(a), v128.load(b)));
    b += 16;
  }
}

/** Σ w (x − x′)². */
function sumSquaredSteps(points: usize, others: usize, count: i32, weights: usize): v128 {
  const p0 = v128.load(points);
  const p1 = v128.load(points, 16);
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  for (const end = others + ((<usize>count) << 3); others < end; others += 8) {
    const x = v128.load64_splat(others);
    const step0 = f64x2.sub(x, p0);
    const step1 = f64x2.sub(x, p1);
    sum0 = f64x2.add(sum0, f64x2.mul(f64x2.mul(v128.load(weights), step0), step0));
    sum1 = f64x2.add(sum1, f64x2.mul(f64x2.mul(v128.load(weights, 16), step1), step1));
    weights += 32;
  }
  return f64x2.add(sum0, sum1);
}

/** Σ w ρ over pairs at different levels. */
function sumOtherLevels(points: usize, others: usize, count: i32, weights: usize, correlations: usize): v128 {
  const p0 = v128.load(points);
  const p1 = v128.load(points, 16);
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  for (const end = others + ((<usize>count) << 3); others < end; others += 8) {
    const level = v128.load64_splat(others);
    const product0 = f64x2.mul(v128.load(weights), v128.load(correlations));
    const product1 = f64x2.mul(v128.load(weights, 16), v128.load(correlations, 16));
    sum0 = f64x2.add(sum0, v128.and(product0, f64x2.ne(level, p0)));
    sum1 = f64x2.add(sum1, v128.and(product1, f64x2.ne(level, p1)));
    weights += 32;
    correlations += 32;
  }
  return f64x2.add(sum0, sum1);
}

function addTo(place: usize, sum: v128): void {
  store<f64>(place, load<f64>(place) + (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
}
