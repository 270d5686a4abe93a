import type { Rng } from "../math/rng.js";
import { matrixRow } from "../math/matrix.js";
import { drawOutcome, type WindowTerm } from "./window-draws.js";
import {
  encodedEnds,
  inputsAt,
  keepsConstraints,
  type LevelBox,
  spreadIn,
  type WindowRegion,
} from "./window-region.js";

/** Points and draws on a face: only the order of the outcomes matters. */
const POINTS = 64;
const DRAWS = 256;

/** What stops one side of a box: an outcome, a constraint, a bound, or that the setting was fixed. */
export function stopOf(
  region: WindowRegion,
  terms: readonly WindowTerm[],
  box: LevelBox,
  side: { readonly axis: number; readonly upper: boolean },
  rng: Rng,
): string {
  const { axis: j, upper } = side;
  const { levels } = region.axes[j]!;
  if (levels.length === 1) return "fixed";
  const next = upper ? box.to[j]! + 1 : box.from[j]! - 1;
  if (next < 0 || next >= levels.length) return "bound";
  const at = (ends: readonly number[]): number[] => ends.map((k, i) => (i === j ? next : k));
  const { low, high } = encodedEnds(region, { from: at(box.from), to: at(box.to) });
  const points = spreadIn(low, high, POINTS, rng);
  if (points.some((point) => !keepsConstraints(region, point))) return "constraint";
  const X = inputsAt(region, points);
  const broken = terms.map(({ outcome, model, min, max }) => {
    const values = drawOutcome(model, X, DRAWS, rng.fork(outcome));
    let failed = 0;
    for (let s = 0; s < DRAWS; s++) if (!matrixRow(values, s).every((v) => v >= min && v <= max)) failed++;
    return failed;
  });
  const most = broken.reduce((a, b) => Math.max(a, b), 0);
  return terms[broken.indexOf(most)]!.outcome;
}
