import { addProduct } from "./register-tile";
import { BLOCK, lowerPanel, tiles, upperPanel } from "./tiles";

/** C = Y Yᵀ of an upper triangle Y, lower triangle: the inverse of L Lᵀ from Y = L⁻ᵀ. */
export function multiplyUpper(C: usize, Y: usize, T: i32): void {
  memory.fill(C, 0, tiles((T * (T + 1)) / 2));
  for (let start = 0; start < T; start += BLOCK) {
    const end = min(T, start + BLOCK);
    for (let J = 0; J < end; J++) {
      for (let I = max(start, J); I < end; I++) {
        const columns = upperPanel(Y, J, T) + tiles(I - J);
        addProduct(lowerPanel(C, I) + tiles(J), upperPanel(Y, I, T), columns, (T - I) << 2, 1);
      }
    }
  }
}

/** C += sign · W Wᵀ for `count` full panels W of T tiles, lower triangle. */
export function addGram(C: usize, W: usize, count: i32, T: i32, sign: f64): void {
  for (let start = 0; start < count; start += BLOCK) {
    const end = min(count, start + BLOCK);
    for (let J = 0; J < end; J++) {
      for (let I = max(start, J); I < end; I++) {
        addProduct(lowerPanel(C, I) + tiles(J), W + tiles(I * T), W + tiles(J * T), T << 2, sign);
      }
    }
  }
}

/** C += A Bᵀ for full panels of T tiles: `rows` panels of A, `columns` of B and so many tiles in each panel of C. */
export function addRowProducts(C: usize, A: usize, rows: i32, B: usize, columns: i32, T: i32): void {
  for (let start = 0; start < rows; start += BLOCK) {
    const end = min(rows, start + BLOCK);
    for (let J = 0; J < columns; J++) {
      for (let I = start; I < end; I++) {
        addProduct(C + tiles(I * columns + J), A + tiles(I * T), B + tiles(J * T), T << 2, 1);
      }
    }
  }
}
