import type { HeldSetting } from "../acquisition/formed-outcome.js";
import { CellwrightError } from "../errors.js";
import { createMatrix, type Matrix } from "../math/matrix.js";
import { normalCdf, normalQuantile } from "../math/normal.js";
import { createRng } from "../math/rng.js";
import { sobolNormals } from "../math/sobol.js";
import type { SearchSpace } from "../space/search-space.js";

/** Settings as held that stand for all (assumption: a power of two, as Sobol points want; quantiles to a sixteenth). */
const HELD_SETTINGS = 16;
/** Half-width of the central 95 % of a standard normal: `tolerance` over this is its standard deviation. */
const NORMAL_95 = 1.959963984540054;

/**
 * Settings as the plant may hold them around x: fixed scrambled Sobol normals with the standard deviation tolerance/1.96
 * in every parameter that states a tolerance, independent of one another; off the machine's steps and, at a bound,
 * beyond it.
 *
 * @param inside - Whether they are drawn from the normal truncated to ±tolerance.
 * @throws (from its function) CellwrightError NON_FINITE where a logarithmic setting would be held at 0 or below.
 */
export function heldSettings(
  space: SearchSpace,
  inside: boolean,
): (x: Float64Array) => readonly HeldSetting[] {
  const held = tolerances(space);
  const normals = heldNormals(held.length, inside);
  return (x) =>
    Array.from({ length: HELD_SETTINGS }, (_, p) => {
      const at = Float64Array.from(x);
      const slope = new Float64Array(x.length).fill(1);
      held.forEach(({ column, tolerance }, k) => {
        const axis = space.columns[column]!;
        const raw = axis.toRaw(x[column]!);
        const moved = raw + (tolerance / NORMAL_95) * normals.data[p * normals.cols + k]!;
        at[column] = axis.toEncoded(moved);
        if (!Number.isFinite(at[column])) throw notHeld(axis.name, moved);
        slope[column] = axis.slope(raw) / axis.slope(moved);
      });
      return { x: at, slope };
    });
}

/** Columns of the parameters that state a tolerance. */
export function tolerances(
  space: Pick<SearchSpace, "parameters" | "columns">,
): { readonly column: number; readonly tolerance: number }[] {
  return space.parameters.flatMap((parameter) => {
    const tolerance = "tolerance" in parameter ? parameter.tolerance : undefined;
    if (tolerance === undefined) return [];
    return [{ column: space.columns.findIndex(({ name }) => name === parameter.name), tolerance }];
  });
}

/** [P × parameters]. */
function heldNormals(count: number, inside: boolean): Matrix {
  if (count === 0) return createMatrix(HELD_SETTINGS, 0);
  const normals = sobolNormals(HELD_SETTINGS, count, createRng(0).fork("held settings"));
  const below = normalCdf(-NORMAL_95);
  if (inside)
    normals.data.forEach((z, i) => {
      normals.data[i] = normalQuantile(below + normalCdf(z) * (1 - 2 * below));
    });
  return normals;
}

function notHeld(name: string, value: number): CellwrightError {
  return new CellwrightError(
    "NON_FINITE",
    `${name} has a logarithmic scale, and its tolerance would hold it at ${value}. State a smaller tolerance or scale: linear.`,
  );
}
