import { lowerPanel, tiles, upperPanel } from "./tiles";

/** Solves L x = b in place, [4T]. */
export function solveLowerVector(L: usize, T: i32, reciprocals: usize, x: usize): void {
  for (let J = 0; J < T; J++) {
    let a = lowerPanel(L, J);
    const own = x + ((<usize>J) << 5);
    let even0 = f64x2.splat(0);
    let even1 = f64x2.splat(0);
    let odd0 = f64x2.splat(0);
    let odd1 = f64x2.splat(0);
    for (let p = x; p < own; p += 16) {
      const x0 = v128.load64_splat(p);
      even0 = f64x2.add(even0, f64x2.mul(v128.load(a), x0));
      even1 = f64x2.add(even1, f64x2.mul(v128.load(a, 16), x0));
      const x1 = v128.load64_splat(p, 8);
      odd0 = f64x2.add(odd0, f64x2.mul(v128.load(a, 32), x1));
      odd1 = f64x2.add(odd1, f64x2.mul(v128.load(a, 48), x1));
      a += 64;
    }
    v128.store(own, f64x2.sub(v128.load(own), f64x2.add(even0, odd0)));
    v128.store(own, f64x2.sub(v128.load(own, 16), f64x2.add(even1, odd1)), 16);
    for (let c: usize = 0; c < 4; c++) {
      let sum = load<f64>(own + 8 * c);
      for (let k: usize = 0; k < c; k++) sum -= load<f64>(a + 32 * k + 8 * c) * load<f64>(own + 8 * k);
      store<f64>(own + 8 * c, sum * load<f64>(reciprocals + ((<usize>J) << 5) + 8 * c));
    }
  }
}

/** Solves Lᵀ x = b in place, [4T]. */
export function solveLowerTransposedVector(L: usize, T: i32, reciprocals: usize, x: usize): void {
  for (let J = T - 1; J >= 0; J--) {
    let a = lowerPanel(L, J);
    const diagonal = a + tiles(J);
    const own = x + ((<usize>J) << 5);
    for (let c: isize = 3; c >= 0; c--) {
      let sum = load<f64>(own + 8 * <usize>c);
      for (let r: usize = <usize>c + 1; r < 4; r++) {
        sum -= load<f64>(diagonal + 32 * <usize>c + 8 * r) * load<f64>(own + 8 * r);
      }
      store<f64>(own + 8 * <usize>c, sum * load<f64>(reciprocals + ((<usize>J) << 5) + 8 * <usize>c));
    }
    const x0 = v128.load(own);
    const x1 = v128.load(own, 16);
    for (let p = x; p < own; p += 16) {
      const even = f64x2.add(f64x2.mul(v128.load(a), x0), f64x2.mul(v128.load(a, 16), x1));
      const odd = f64x2.add(f64x2.mul(v128.load(a, 32), x0), f64x2.mul(v128.load(a, 48), x1));
      const sums = f64x2.add(v128.shuffle<f64>(even, odd, 0, 2), v128.shuffle<f64>(even, odd, 1, 3));
      v128.store(p, f64x2.sub(v128.load(p), sums));
      a += 64;
    }
  }
}

/** W v for `count` full panels of T tiles, [4 · count]. */
export function multiplyVector(W: usize, count: i32, T: i32, v: usize, out: usize): void {
  const end = v + ((<usize>T) << 5);
  for (let p = 0; p < count; p++) {
    let a = W + tiles(p * T);
    let even0 = f64x2.splat(0);
    let even1 = f64x2.splat(0);
    let odd0 = f64x2.splat(0);
    let odd1 = f64x2.splat(0);
    for (let q = v; q < end; q += 16) {
      const x0 = v128.load64_splat(q);
      even0 = f64x2.add(even0, f64x2.mul(v128.load(a), x0));
      even1 = f64x2.add(even1, f64x2.mul(v128.load(a, 16), x0));
      const x1 = v128.load64_splat(q, 8);
      odd0 = f64x2.add(odd0, f64x2.mul(v128.load(a, 32), x1));
      odd1 = f64x2.add(odd1, f64x2.mul(v128.load(a, 48), x1));
      a += 64;
    }
    v128.store(out, f64x2.add(even0, odd0));
    v128.store(out, f64x2.add(even1, odd1), 16);
    out += 32;
  }
}

/** Σ x_k y_k over 4T numbers. */
export function dotProduct(x: usize, y: usize, T: i32): f64 {
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  for (const end = x + ((<usize>T) << 5); x < end; x += 32) {
    sum0 = f64x2.add(sum0, f64x2.mul(v128.load(x), v128.load(y)));
    sum1 = f64x2.add(sum1, f64x2.mul(v128.load(x, 16), v128.load(y, 16)));
    y += 32;
  }
  const sum = f64x2.add(sum0, sum1);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** ‖w‖² of every row of `count` full panels of T tiles, [4 · count]. */
export function squaredNorms(W: usize, count: i32, T: i32, out: usize): void {
  for (let p = 0; p < count; p++) squaredNormsOfPanel(W + tiles(p * T), T, out + ((<usize>p) << 5));
}

/** ‖y‖² of every row of an upper triangle of T tiles a side, [4T]. */
export function squaredNormsOfUpper(Y: usize, T: i32, out: usize): void {
  for (let I = 0; I < T; I++) squaredNormsOfPanel(upperPanel(Y, I, T), T - I, out + ((<usize>I) << 5));
}

function squaredNormsOfPanel(a: usize, T: i32, out: usize): void {
  const end = a + tiles(T);
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  for (; a < end; a += 32) {
    const a0 = v128.load(a);
    const a1 = v128.load(a, 16);
    sum0 = f64x2.add(sum0, f64x2.mul(a0, a0));
    sum1 = f64x2.add(sum1, f64x2.mul(a1, a1));
  }
  v128.store(out, sum0);
  v128.store(out, sum1, 16);
}

/** The diagonal of a lower triangle, [4T]. */
export function copyDiagonal(A: usize, T: i32, out: usize): void {
  for (let I = 0; I < T; I++) {
    const tile = lowerPanel(A, I) + tiles(I);
    for (let r: usize = 0; r < 4; r++) store<f64>(out + ((<usize>I) << 5) + 8 * r, load<f64>(tile + 40 * r));
  }
}
