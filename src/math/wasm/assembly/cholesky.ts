import { addProduct, factorTile, solveTile } from "./register-tile";
import { BLOCK, lowerPanel, tiles, upperPanel } from "./tiles";

/**
 * A = L Lᵀ in place, T tiles a side, row block by row block: each tile is updated by all columns left of it at once,
 * then solved against its diagonal tile.
 *
 * @param reciprocals - Receives 1/L_ii, [4T].
 * @returns the first row whose pivot is not a positive finite number, −1 if there is none.
 * @see Golub & Van Loan (2013), Matrix Computations, section 4.2 (blocked, inner-product form)
 */
export function factorLower(A: usize, T: i32, reciprocals: usize): i32 {
  for (let start = 0; start < T; start += BLOCK) {
    const end = min(T, start + BLOCK);
    for (let J = 0; J < end; J++) {
      const panel = lowerPanel(A, J);
      const diagonal = panel + tiles(J);
      const inverse = reciprocals + ((<usize>J) << 5);
      let I = start;
      if (J >= start) {
        addProduct(diagonal, panel, panel, J << 2, -1);
        const row = factorTile(diagonal, inverse);
        if (row < 4) return (J << 2) + row;
        I = J + 1;
      }
      for (; I < end; I++) {
        const rows = lowerPanel(A, I);
        addProduct(rows + tiles(J), rows, panel, J << 2, -1);
        solveTile(rows + tiles(J), diagonal, inverse);
      }
    }
  }
  return -1;
}

/**
 * X := X L⁻ᵀ for `count` full panels of T tiles: solves L x = b for every row b.
 *
 * A row's numbers do not depend on the other rows.
 */
export function solveRows(X: usize, count: i32, L: usize, T: i32, reciprocals: usize): void {
  for (let start = 0; start < count; start += BLOCK) {
    const end = min(count, start + BLOCK);
    for (let J = 0; J < T; J++) {
      const panel = lowerPanel(L, J);
      for (let p = start; p < end; p++) {
        const rows = X + tiles(p * T);
        addProduct(rows + tiles(J), rows, panel, J << 2, -1);
        solveTile(rows + tiles(J), panel + tiles(J), reciprocals + ((<usize>J) << 5));
      }
    }
  }
}

/** Y = L⁻ᵀ, upper triangle: row i solves y Lᵀ = e_i from column i on. */
export function invertTransposed(Y: usize, L: usize, T: i32, reciprocals: usize): void {
  memory.fill(Y, 0, tiles((T * (T + 1)) / 2));
  for (let start = 0; start < T; start += BLOCK) {
    const end = min(T, start + BLOCK);
    for (let J = start; J < T; J++) {
      const panel = lowerPanel(L, J);
      const diagonal = panel + tiles(J);
      for (let I = start; I < min(end, J + 1); I++) {
        const rows = upperPanel(Y, I, T);
        const tile = rows + tiles(J - I);
        if (I === J) {
          for (let r: usize = 0; r < 4; r++) store<f64>(tile + 40 * r, 1);
        } else {
          addProduct(tile, rows, panel + tiles(I), (J - I) << 2, -1);
        }
        solveTile(tile, diagonal, reciprocals + ((<usize>J) << 5));
      }
    }
  }
}
