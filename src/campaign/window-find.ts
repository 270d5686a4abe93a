import type { Rng } from "../math/rng.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import type { AskProblem } from "./ask-problem.js";
import type { BestSetting, ChoiceWindow, ProcessWindow, WindowBox } from "./window-answer.js";
import { capabilityAt } from "./window-capability.js";
import { certify, MOST_TRIES } from "./window-certify.js";
import { bestPoint, chooseBox, drawWhole, type Selection } from "./window-choose.js";
import { isFormula, type WindowTerm } from "./window-draws.js";
import { probabilityOf, probabilityOfAll, windowMaps } from "./window-map.js";
import { wideningRuns } from "./window-next.js";
import { inputsAt, settingsAt, volumeOf, type WindowRegion } from "./window-region.js";
import type { FoundBox } from "./window-search.js";
import { stopOf } from "./window-sides.js";

/** Factor by which the failure that is aimed at changes after the first try (assumption), and what later ones keep of it. */
const FIRST_FACTOR = 6;
const FACTOR_KEPT = 0.6;
/** Combinations of choices that get a box of their own; the others fall behind at their best setting (assumption). */
const MOST_CHOICES = 16;

/** A step of the work: reports, lets a cancellation in, and heeds it. */
export type Stage = (name: string, done: number, total: number) => Promise<void>;

/** What a window is searched with. */
export interface WindowSearch {
  readonly terms: readonly WindowTerm[];
  readonly probability: number;
  readonly rng: Rng;
  readonly stage: Stage;
  readonly problem: AskProblem;
  readonly set: FeasibleSet;
  readonly widen: boolean;
}

interface Found extends Pick<ProcessWindow, "box" | "best" | "choices" | "next" | "widening" | "maps"> {
  readonly withoutTolerance: number;
  readonly meanInside: boolean;
  readonly toleranceStated: boolean;
}

/** The largest certified box of all regions with what is told about it; else the surest setting and what would help. */
export async function findWindow(regions: readonly WindowRegion[], search: WindowSearch): Promise<Found> {
  const { terms, rng, stage, problem, set, probability, widen } = search;
  const selections: Selection[] = [];
  for (const [i, region] of likeliest(regions, terms).entries()) {
    await stage("drawing outcomes", i, regions.length);
    selections.push(drawWhole(region, terms, rng.fork(`region ${i}`)));
  }
  const { selection, certified, choices } = await certifiedBox(selections, search);
  const { region } = selection;
  const point = bestPoint(selection);
  const best = bestSetting(region, terms, point);
  const centre = certified === null ? point.levels : centreOf(region, certified.found);
  const box = certified === null ? null : describeBox(region, search, certified, centre);
  const fitted = fittedOf(problem);
  const check = (): Promise<void> => stage("looking for runs that widen the window", 0, 1);
  const { runs, widening } = widen
    ? await wideningRuns({ region, set, terms, fitted, probability, check }, rng.fork("next"))
    : { runs: [], widening: null };
  const at = inputsAt(region, [encodedAt(region, point.levels)]);
  return {
    ...{ box, best, choices, next: runs, widening: box === null ? null : widening },
    maps: windowMaps(problem, region, terms, centre),
    withoutTolerance: probabilityOfAll(terms, at)[0]!,
    meanInside: terms.every(({ model, min, max }) => {
      const value = isFormula(model)
        ? model.evaluate(at.data)
        : model.predict(at).quantile(0.5, "latent")[0]!;
      return value >= min && value <= max;
    }),
    toleranceStated: region.axes.some(({ tolerance }) => tolerance > 0),
  };
}

/** The combinations of choices whose best of some settings is likeliest to hold, where there are too many. */
function likeliest(regions: readonly WindowRegion[], terms: readonly WindowTerm[]): readonly WindowRegion[] {
  if (regions.length <= MOST_CHOICES) return regions;
  const worth = regions.map((region) => {
    const middle = region.axes.map(({ levels }) => levels.length >> 1);
    return probabilityOfAll(terms, inputsAt(region, [encodedAt(region, middle)]))[0]!;
  });
  const order = regions.map((_, i) => i).toSorted((a, b) => worth[b]! - worth[a]! || a - b);
  return order.slice(0, MOST_CHOICES).map((i) => regions[i]!);
}

interface Certified {
  readonly found: FoundBox;
  readonly certificate: WindowBox["certificate"];
}

/**
 * The largest certified box of all combinations: after a box that was not certified a smaller one is chosen, after one that
 * was a larger one, every one certified on draws of its own.
 */
async function certifiedBox(
  selections: readonly Selection[],
  { terms, probability, rng, stage }: WindowSearch,
): Promise<{ selection: Selection; certified: Certified | null; choices: ChoiceWindow[] }> {
  const surest = selections.reduce((a, b) => (bestPoint(b).failed < bestPoint(a).failed ? b : a));
  let best: { selection: Selection; certified: Certified | null; choices: ChoiceWindow[] } | null = null;
  let choices: ChoiceWindow[] = [];
  let [allowed, factor] = [1 - probability, FIRST_FACTOR];
  for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
    await stage("choosing and certifying a box", attempt - 1, MOST_TRIES);
    const boxes = selections.map(({ region }, i) =>
      chooseBox(region, terms, allowed, rng.fork(`choose ${attempt} ${i}`)),
    );
    if (attempt === 1) choices = choiceWindows(selections, boxes);
    const volumes = boxes.map((box) => box?.volume ?? 0);
    const largest = volumes.indexOf(volumes.reduce((a, b) => Math.max(a, b)));
    const found = boxes[largest] ?? null;
    const selection = selections[largest]!;
    const certificate = found && certify(selection.region, terms, found.box, probability, attempt, rng);
    const isCertified = certificate !== null && certificate.lower >= probability;
    if (isCertified && found!.volume > (best?.certified?.found.volume ?? 0))
      best = {
        selection,
        certified: { found: found!, certificate },
        choices: choiceWindows(selections, boxes),
      };
    // Where no box is found at all, a stricter search finds none either.
    allowed = Math.min(1, allowed * (isCertified || found === null ? factor : 1 / factor));
    factor **= FACTOR_KEPT;
  }
  return best ?? { selection: surest, certified: null, choices };
}

function choiceWindows(
  selections: readonly Selection[],
  boxes: readonly (FoundBox | null)[],
): ChoiceWindow[] {
  if (Object.keys(selections[0]!.region.choices).length === 0) return [];
  return selections.map((one, i) => ({
    choices: one.region.choices,
    volumeShare: boxes[i]?.volume ?? 0,
    probability: 1 - bestPoint(one).failed,
  }));
}

/** The level nearest to the middle of each side, encoded. */
function centreOf({ axes }: WindowRegion, { box }: FoundBox): number[] {
  return axes.map(({ column, levels }, j) => {
    const encoded = (k: number): number => column.toEncoded(levels[k]!);
    const middle = (encoded(box.from[j]!) + encoded(box.to[j]!)) / 2;
    let best = box.from[j]!;
    for (let k = best; k <= box.to[j]!; k++)
      if (Math.abs(encoded(k) - middle) < Math.abs(encoded(best) - middle) - 1e-12) best = k;
    return best;
  });
}

const encodedAt = ({ axes }: WindowRegion, levels: readonly number[]): Float64Array =>
  Float64Array.from(axes, (a, j) => a.column.toEncoded(a.levels[levels[j]!]!));

function fittedOf({ judged }: AskProblem) {
  return new Map(
    judged.flatMap(({ outcome, fitted }) => (fitted === undefined ? [] : [[outcome.name, fitted] as const])),
  );
}

function describeBox(
  region: WindowRegion,
  { terms, problem, rng }: WindowSearch,
  { found, certificate }: Certified,
  centre: readonly number[],
): WindowBox {
  const { box } = found;
  const state = { parameters: settingsAt(region, centre), context: problem.context };
  const stop = (axis: number, upper: boolean): string =>
    stopOf(region, terms, box, { axis, upper }, rng.fork(`side ${axis} ${upper}`));
  return {
    sides: region.axes.map((a, j) => ({
      parameter: a.column.name,
      unit: a.column.unit,
      from: a.levels[box.from[j]!]!,
      to: a.levels[box.to[j]!]!,
      centre: a.levels[centre[j]!]!,
      tolerance: a.tolerance,
      below: stop(j, false),
      above: stop(j, true),
    })),
    choices: region.choices,
    centre: state.parameters,
    volumeShare: volumeOf(region, box),
    certificate,
    ...capabilityAt({ region, terms, fitted: fittedOf(problem), centre, state }, rng.fork("centre")),
  };
}

function bestSetting(
  region: WindowRegion,
  terms: readonly WindowTerm[],
  { levels, failed }: { readonly levels: readonly number[]; readonly failed: number },
): BestSetting {
  const X = inputsAt(region, [encodedAt(region, levels)]);
  const each = terms.map((term): [string, number] => [term.outcome, probabilityOf(term, X)[0]!]);
  const least = each.reduce((a, b) => (b[1] < a[1] ? b : a));
  return {
    parameters: settingsAt(region, levels),
    probability: 1 - failed,
    each: Object.fromEntries(each),
    limiting: failed === 1 && least[1] > 0.5 ? null : least[0],
  };
}
