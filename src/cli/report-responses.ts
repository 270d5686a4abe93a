import type { Campaign, Outcome } from "../campaign/campaign.js";
import { learnedInputs } from "../campaign/composite-outcome.js";
import { responseSlice, type ResponseSliceOptions } from "../campaign/response-slice.js";
import { matrixFromRows } from "../math/matrix.js";
import { counted } from "../plots/report-words.js";
import type { ResponseMap, ResponseSlice, SlicePoint } from "../plots/report-data.js";
import type { Settings } from "../space/parameter.js";
import type { ReportBasis } from "./report-data.js";
import { predictAll } from "./report-predictions.js";
import { comparableTrials, type ReportTrial } from "./report-trials.js";

/** More curves than this are leafed over, not read (assumption). */
const MOST_SLICES = 24;
/** Grid of a map: fine enough to look smooth at the size of a figure. */
const MAP_GRID = { x: 33, y: 21 };

/** Curves of every judged outcome along every parameter, through the first suggestion; objectives first. */
export function responseSlices(
  sources: ReportBasis,
  trials: readonly ReportTrial[],
): { readonly shown: readonly ResponseSlice[]; readonly messages: readonly string[] } {
  const { campaign, answer, context } = sources;
  const through = answer.suggestions[0]?.parameters;
  if (through === undefined) return { shown: [], messages: [] };
  const wanted = shownOutcomes(campaign).flatMap((outcome) => {
    const model = modelOf(sources, outcome);
    return model === null
      ? []
      : campaign.space.parameters.map(({ name }) => ({ outcome, model, parameter: name }));
  });
  const shown = wanted.slice(0, MOST_SLICES).map(({ outcome, model, parameter }): ResponseSlice => {
    const slice = responseSlice(campaign, { outcome: model, parameter, parameters: through, context });
    return { ...slice, measured: measuredAlong(sources, outcome, parameter, slice.held, trials) };
  });
  const left = wanted.length - shown.length;
  return {
    shown,
    messages: left === 0 ? [] : [`${counted(left, "response curve")} more would not fit the report.`],
  };
}

/** Objectives, then what has a specification, then what composite ones among them are formed from. */
function shownOutcomes({ outcomes }: Campaign): Outcome[] {
  const objectives = outcomes.filter((o) => o.goal !== undefined);
  const specified = outcomes.filter((o) => o.goal === undefined && o.spec !== undefined);
  const judged = [...objectives, ...specified];
  const inputs = new Set(judged.flatMap((o) => (o.composite === true ? learnedInputs({ outcomes }, o) : [])));
  return [...judged, ...outcomes.filter((o) => inputs.has(o.name) && !judged.includes(o))];
}

function modelOf(
  { fits, composites }: ReportBasis,
  { name, formula }: Outcome,
): ResponseSliceOptions["outcome"] | null {
  return formula?.known === true ? name : (fits.fitted.get(name) ?? composites.get(name) ?? null);
}

/** What was measured, one point for each value that counts. */
function measuredAlong(
  { campaign, fits }: ReportBasis,
  { name }: Outcome,
  parameter: string,
  held: Settings,
  trials: readonly ReportTrial[],
): SlicePoint[] {
  const counting = fits.fitted.get(name)?.rows.trialIds;
  const counts = counting === undefined ? null : new Set(counting);
  return comparableTrials(trials, name).flatMap(({ trial, inContext }) => {
    const x = trial.parameters[parameter];
    const y = trial.observations[name]?.value;
    if (x === undefined || y === undefined || counts?.has(trial.id) === false) return [];
    const onSlice =
      inContext &&
      campaign.space.parameters.every(
        (p) => p.name === parameter || trial.parameters[p.name] === held[p.name],
      );
    return [{ x, y, onSlice }];
  });
}

/** A map of each learned objective over the two numeric parameters along which it changes most. */
export function responseMaps(
  sources: ReportBasis,
  slices: readonly ResponseSlice[],
  trials: readonly ReportTrial[],
): ResponseMap[] {
  const { campaign, answer } = sources;
  const first = answer.suggestions[0];
  if (first === undefined) return [];
  return campaign.outcomes.flatMap((outcome) => {
    const numeric = slices.filter(
      (s) => s.outcome === outcome.name && s.at.length > 2 && s.at.every((v) => typeof v === "number"),
    );
    const [x, y] = [...numeric].sort((a, b) => spanOf(b) - spanOf(a)).map((s) => s.parameter);
    const learned = sources.fits.fitted.has(outcome.name) || sources.composites.has(outcome.name);
    if (outcome.goal === undefined || !learned || x === undefined || y === undefined) return [];
    return [mapOf(sources, outcome, { x, y, parameters: first.parameters }, trials)];
  });
}

const spanOf = ({ mean }: ResponseSlice): number =>
  mean.reduce((a, b) => Math.max(a, b)) - mean.reduce((a, b) => Math.min(a, b));

function mapOf(
  sources: ReportBasis,
  outcome: Outcome,
  over: { readonly x: string; readonly y: string; readonly parameters: Settings },
  trials: readonly ReportTrial[],
): ResponseMap {
  const { campaign, context } = sources;
  const xs = gridAlong(campaign, over.x, MAP_GRID.x);
  const ys = gridAlong(campaign, over.y, MAP_GRID.y);
  const points = ys.flatMap((y) =>
    xs.map((x) => campaign.space.encode({ ...over.parameters, [over.x]: x, [over.y]: y }, context)),
  );
  const mean = predictAll(sources, outcome, matrixFromRows(points)).map((one) => one.mean);
  const held = Object.entries({ ...over.parameters, ...context }).filter(
    ([name]) => name !== over.x && name !== over.y,
  );
  return {
    outcome: outcome.name,
    x: over.x,
    y: over.y,
    held: Object.fromEntries(held),
    xs,
    ys,
    mean: ys.map((_, j) => mean.slice(j * xs.length, (j + 1) * xs.length)),
    measured: placesTried(trials, outcome.name, over.x, over.y),
  };
}

function gridAlong({ space }: Campaign, name: string, points: number): number[] {
  const column = space.columns.find((c) => c.name === name)!;
  return Array.from({ length: points }, (_, i) => column.toRaw((column.upper * i) / (points - 1)));
}

function placesTried(
  trials: readonly ReportTrial[],
  outcome: string,
  xName: string,
  yName: string,
): ResponseMap["measured"] {
  const places = new Map<string, { x: number; y: number; count: number }>();
  for (const { trial } of comparableTrials(trials, outcome)) {
    const [x, y] = [trial.parameters[xName], trial.parameters[yName]];
    if (typeof x !== "number" || typeof y !== "number" || trial.observations[outcome] === undefined) continue;
    const key = `${x} ${y}`;
    places.set(key, { x, y, count: (places.get(key)?.count ?? 0) + 1 });
  }
  return [...places.values()];
}
