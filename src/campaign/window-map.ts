import type { Matrix } from "../math/matrix.js";
import { normalCdf } from "../math/normal.js";
import type { Settings, SettingValue } from "../space/parameter.js";
import type { AskProblem } from "./ask-problem.js";
import { isSameContext } from "./same-context.js";
import { sortById } from "./settings-key.js";
import type { WindowMap } from "./window-answer.js";
import { isFormula, type WindowTerm } from "./window-draws.js";
import { inputsAt, keepsConstraints, type WindowAxis, type WindowRegion } from "./window-region.js";

/** Points along each side of a map, and maps at most: the pairs of the settings that matter most stand first. */
const SIDE = 41;
const LINE = 121;
const MOST_MAPS = 3;

/** Probability that one term holds at encoded inputs, latent. */
export function probabilityOf({ model, min, max }: WindowTerm, X: Matrix): Float64Array {
  if (!isFormula(model)) return model.predict(X).probabilityBetween(min, max);
  return Float64Array.from({ length: X.rows }, (_, i) => {
    const value = model.evaluate(X.data.slice(i * X.cols, (i + 1) * X.cols));
    const error = model.error?.(value) ?? 0;
    if (!(error > 0)) return value >= min && value <= max ? 1 : 0;
    return normalCdf((max - value) / error) - normalCdf((min - value) / error);
  });
}

/** Product over terms, which are learned apart. */
export function probabilityOfAll(terms: readonly WindowTerm[], X: Matrix): Float64Array {
  const all = new Float64Array(X.rows).fill(1);
  for (const term of terms) probabilityOf(term, X).forEach((p, i) => (all[i] = all[i]! * p));
  return all;
}

/** Maps through a centre over pairs of free settings; a curve where there is one. */
export function windowMaps(
  { campaign, context }: AskProblem,
  region: WindowRegion,
  terms: readonly WindowTerm[],
  centre: readonly number[],
): WindowMap[] {
  const free = byInfluence(region, terms, centre);
  const pairs = free.flatMap((i, k) => free.slice(k + 1).map((j): [number, number] => [i, j]));
  const chosen: [number, number?][] = pairs.length > 0 ? pairs.slice(0, MOST_MAPS) : free.map((j) => [j]);
  return chosen.map(([first, second]) => {
    // The setting that comes first in the campaign lies along the bottom.
    const [i, j] = second !== undefined && second < first ? [second, first] : [first, second];
    const xs = along(region.axes[i]!, j === undefined ? LINE : SIDE);
    const ys = j === undefined ? [0] : along(region.axes[j]!, SIDE);
    const middle = region.axes.map((a, k) => a.column.toEncoded(a.levels[centre[k]!]!));
    const points = ys.flatMap((y) =>
      xs.map((x) => {
        const point = Float64Array.from(middle);
        point[i] = region.axes[i]!.column.toEncoded(x);
        if (j !== undefined) point[j] = region.axes[j]!.column.toEncoded(y);
        return point;
      }),
    );
    const all = probabilityOfAll(terms, inputsAt(region, points));
    const shown = points.map((point, k) => (keepsConstraints(region, point) ? all[k]! : null));
    const names = [i, ...(j === undefined ? [] : [j])].map((k) => region.axes[k]!.column.name);
    const held = Object.entries(settingsOf(region, centre, context)).filter(
      ([name]) => !names.includes(name),
    );
    return {
      x: names[0]!,
      ...(names[1] === undefined ? {} : { y: names[1] }),
      held: Object.fromEntries(held),
      xs,
      ys: j === undefined ? [] : ys,
      probability: ys.map((_, row) => shown.slice(row * xs.length, (row + 1) * xs.length)),
      runs: runsOn(campaign, context, terms, names),
    };
  });
}

/** Free settings, those first along which the probability changes most through the centre. */
function byInfluence(
  region: WindowRegion,
  terms: readonly WindowTerm[],
  centre: readonly number[],
): number[] {
  const middle = region.axes.map((a, k) => a.column.toEncoded(a.levels[centre[k]!]!));
  const influence = region.axes.map((axis, j) => {
    if (axis.levels.length < 2) return -1;
    const points = along(axis, SIDE).map((value) =>
      Float64Array.from(middle).with(j, axis.column.toEncoded(value)),
    );
    const inside = points.filter((point) => keepsConstraints(region, point));
    if (inside.length === 0) return 0;
    const all = probabilityOfAll(terms, inputsAt(region, inside));
    return all.reduce((a, b) => Math.max(a, b)) - all.reduce((a, b) => Math.min(a, b));
  });
  return region.axes
    .map((_, j) => j)
    .filter((j) => influence[j]! >= 0)
    .sort((a, b) => influence[b]! - influence[a]! || a - b);
}

function settingsOf(
  { space, axes, choices }: WindowRegion,
  centre: readonly number[],
  context: Settings,
): Settings {
  const numbers = new Map(axes.map((a, j) => [a.column.name, a.levels[centre[j]!]!]));
  const parameters = space.parameters.map(({ name }): [string, SettingValue] => [
    name,
    numbers.get(name) ?? choices[name]!,
  ]);
  return { ...Object.fromEntries(parameters), ...context };
}

/** Raw positions evenly spread in the encoded range of the set-points. */
function along({ column, levels }: WindowAxis, count: number): number[] {
  const [from, to] = [column.toEncoded(levels[0]!), column.toEncoded(levels.at(-1)!)];
  return Array.from({ length: count }, (_, i) => column.toRaw(from + ((to - from) * i) / (count - 1)));
}

/** Past runs in the asked context, whatever their other settings. */
function runsOn(
  campaign: AskProblem["campaign"],
  context: Settings,
  terms: readonly WindowTerm[],
  names: readonly string[],
): WindowMap["runs"] {
  return sortById(campaign.trials)
    .filter((trial) => isSameContext(campaign.space, { ...context, ...trial.context }, context))
    .flatMap((trial) => {
      const at = names.map((name) => trial.parameters[name]);
      const measured = terms.filter(({ outcome }) => trial.observations[outcome] !== undefined);
      if (measured.length === 0 || at.some((value) => typeof value !== "number")) return [];
      const inside = measured.every(({ outcome, min, max }) => {
        const { value } = trial.observations[outcome]!;
        return value >= min && value <= max;
      });
      return [{ x: at[0] as number, y: (at[1] as number | undefined) ?? 0, inside }];
    });
}
