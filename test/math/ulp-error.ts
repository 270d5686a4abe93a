import { readFileSync } from "node:fs";

/** Parses a golden file of test/golden. */
export function readGolden(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../golden/${name}`, import.meta.url), "utf8"));
}

const value = new Float64Array(1);
const bits = new BigInt64Array(value.buffer);

/** Distance from |x| to the next larger double. */
export function ulp(x: number): number {
  value[0] = Math.abs(x);
  const here = value[0];
  bits[0] = bits[0]! + 1n;
  return value[0] - here;
}

/** Error of `found` against nearest + rest, in units of the last place of `nearest`. */
export function ulpError(found: number, nearest: number, rest: number): number {
  return Math.abs(found - nearest - rest) / ulp(nearest);
}
