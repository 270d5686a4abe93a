/*
 * Where numbers lie. A panel is four rows of a matrix, column by column: element (4p + r, k) is number 4k + r of panel
 * p. Four columns of a panel are a tile of 4 × 4 numbers, 128 bytes. Both factors of a product of rows are then read
 * front to back, without packing and without a stride that a cache could choke on.
 *
 * A full matrix has T tiles in every panel. Triangles keep only the tiles they need, panel after panel: the lower one
 * tiles (I, 0 … I), the upper one tiles (I, I … T − 1). Sizes are rounded up to whole tiles; the tail of a symmetric
 * matrix is the identity, that of any other zero.
 */

/** Panels worked on together, so that each panel read from afar is used that often (measured: 8 to 32 alike). */
export const BLOCK: i32 = 8;

/** First byte of panel I of a lower triangle. */
export function lowerPanel(base: usize, I: i32): usize {
  return base + ((<usize>I * <usize>(I + 1)) << 6);
}

/** First byte of panel I of an upper triangle of T tiles a side: its diagonal tile. */
export function upperPanel(base: usize, I: i32, T: i32): usize {
  return base + ((<usize>I * <usize>(2 * T - I + 1)) << 6);
}

/** Bytes of `count` tiles. */
export function tiles(count: i32): usize {
  return (<usize>count) << 7;
}
