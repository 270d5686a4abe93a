import { multiplyAdd } from "./multiply-add";

/*
 * The 4 × 4 tile that stays in registers: everything dense is made of these three functions.
 */

/**
 * C += sign · Σ_k a_k b_kᵀ over `depth` columns of two panels; C is one tile.
 *
 * Eight sums of two numbers each fill the registers that a 128-bit machine has; the loop is not unrolled, because the
 * compilers of the engines then keep sums in memory. Every product is rounded, then every sum, each in order
 * of k (multiply-add.ts).
 */
export function addProduct(C: usize, a: usize, b: usize, depth: i32, sign: f64): void {
  let c00 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c10 = f64x2.splat(0);
  let c11 = f64x2.splat(0);
  let c20 = f64x2.splat(0);
  let c21 = f64x2.splat(0);
  let c30 = f64x2.splat(0);
  let c31 = f64x2.splat(0);
  const end = a + ((<usize>depth) << 5);
  while (a < end) {
    const a0 = v128.load(a);
    const a1 = v128.load(a, 16);
    const b0 = v128.load64_splat(b);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a1, b0, c01);
    const b1 = v128.load64_splat(b, 8);
    c10 = multiplyAdd(a0, b1, c10);
    c11 = multiplyAdd(a1, b1, c11);
    const b2 = v128.load64_splat(b, 16);
    c20 = multiplyAdd(a0, b2, c20);
    c21 = multiplyAdd(a1, b2, c21);
    const b3 = v128.load64_splat(b, 24);
    c30 = multiplyAdd(a0, b3, c30);
    c31 = multiplyAdd(a1, b3, c31);
    a += 32;
    b += 32;
  }
  const s = f64x2.splat(sign);
  v128.store(C, f64x2.add(v128.load(C), f64x2.mul(s, c00)));
  v128.store(C, f64x2.add(v128.load(C, 16), f64x2.mul(s, c01)), 16);
  v128.store(C, f64x2.add(v128.load(C, 32), f64x2.mul(s, c10)), 32);
  v128.store(C, f64x2.add(v128.load(C, 48), f64x2.mul(s, c11)), 48);
  v128.store(C, f64x2.add(v128.load(C, 64), f64x2.mul(s, c20)), 64);
  v128.store(C, f64x2.add(v128.load(C, 80), f64x2.mul(s, c21)), 80);
  v128.store(C, f64x2.add(v128.load(C, 96), f64x2.mul(s, c30)), 96);
  v128.store(C, f64x2.add(v128.load(C, 112), f64x2.mul(s, c31)), 112);
}

/**
 * X := X L⁻ᵀ of one tile: forward substitution with the lower diagonal tile L, all four rows at once.
 *
 * @param reciprocals - 1/L_jj, [4].
 */
export function solveTile(X: usize, L: usize, reciprocals: usize): void {
  for (let half: usize = 0; half < 32; half += 16) {
    const p = X + half;
    const x0 = f64x2.mul(v128.load(p), v128.load64_splat(reciprocals));
    v128.store(p, x0);
    let t = f64x2.sub(v128.load(p, 32), f64x2.mul(x0, v128.load64_splat(L, 8)));
    const x1 = f64x2.mul(t, v128.load64_splat(reciprocals, 8));
    v128.store(p, x1, 32);
    t = f64x2.sub(v128.load(p, 64), f64x2.mul(x0, v128.load64_splat(L, 16)));
    t = f64x2.sub(t, f64x2.mul(x1, v128.load64_splat(L, 48)));
    const x2 = f64x2.mul(t, v128.load64_splat(reciprocals, 16));
    v128.store(p, x2, 64);
    t = f64x2.sub(v128.load(p, 96), f64x2.mul(x0, v128.load64_splat(L, 24)));
    t = f64x2.sub(t, f64x2.mul(x1, v128.load64_splat(L, 56)));
    t = f64x2.sub(t, f64x2.mul(x2, v128.load64_splat(L, 88)));
    v128.store(p, f64x2.mul(t, v128.load64_splat(reciprocals, 24)), 96);
  }
}

/**
 * Factorises a diagonal tile in place, clears its upper part and writes 1/L_jj.
 *
 * @returns the first row whose pivot is not a positive finite number, 4 if there is none.
 */
export function factorTile(A: usize, reciprocals: usize): i32 {
  for (let j: usize = 0; j < 4; j++) {
    let pivot = load<f64>(A + 40 * j);
    for (let k: usize = 0; k < j; k++) {
      const l = load<f64>(A + 32 * k + 8 * j);
      pivot -= l * l;
      store<f64>(A + 32 * j + 8 * k, 0);
    }
    if (!(pivot > 0 && pivot < Infinity)) return <i32>j;
    const root = sqrt<f64>(pivot);
    const reciprocal = 1 / root;
    store<f64>(A + 40 * j, root);
    store<f64>(reciprocals + 8 * j, reciprocal);
    for (let i: usize = j + 1; i < 4; i++) {
      let sum = load<f64>(A + 32 * j + 8 * i);
      for (let k: usize = 0; k < j; k++) sum -= load<f64>(A + 32 * k + 8 * i) * load<f64>(A + 32 * k + 8 * j);
      store<f64>(A + 32 * j + 8 * i, sum * reciprocal);
    }
  }
  return 4;
}
