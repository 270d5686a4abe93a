import { CellwrightError, type Problem } from "../errors.js";
import { createRng, type Rng } from "../math/rng.js";
import { prepareKernels } from "../math/wasm/kernels.js";
import { createFeasibleSet, type FeasibleSet } from "../space/feasible-set.js";
import type { Settings } from "../space/parameter.js";
import { breathe, type Executor, requireNotCancelled } from "../surrogates/executor.js";
import { version } from "../version.js";
import { modelId } from "./ask.js";
import { type AskProblem, createAskProblem, specificationLimits } from "./ask-problem.js";
import type { Campaign } from "./campaign.js";
import type { PresetChoice } from "./choose-preset.js";
import { dataHash } from "./data-hash.js";
import { definedFields, withoutFields } from "./defined-fields.js";
import { fitOutcomes } from "./fit-outcomes.js";
import { requestedContext } from "./requested-context.js";
import { sealAnswer } from "./seal.js";
import { simulatedWarning } from "./simulated-warning.js";
import type {
  BestSetting,
  ChoiceWindow,
  ProcessWindow,
  UncoveredSpecification,
  WindowBox,
  WindowLimits,
} from "./window-answer.js";
import { capabilityAt } from "./window-capability.js";
import { certify, MOST_TRIES } from "./window-certify.js";
import { bestPoint, chooseBox, drawWhole, type Selection } from "./window-choose.js";
import { isFormula, type WindowTerm } from "./window-draws.js";
import { probabilityOf, probabilityOfAll, windowMaps } from "./window-map.js";
import { wideningRuns } from "./window-next.js";
import { inputsAt, settingsAt, volumeOf, windowAxes, type WindowRegion } from "./window-region.js";
import { type WindowInference, windowModels } from "./window-models.js";
import type { FoundBox } from "./window-search.js";
import { boxReasons, noBoxReasons, uncoveredWarnings } from "./window-sentences.js";
import { stopOf } from "./window-sides.js";
import { isLimited } from "./is-limited.js";

export interface ProcessWindowOptions {
  /** With which all covered specifications shall hold together everywhere in the box; default 0.95. */
  readonly probability?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Parameters that are held at a value. */
  readonly fix?: Settings;
  /** The state for which the window is asked; else the campaign's `value`, else the latest measured one. */
  readonly context?: Settings;
  /** Half-widths within which context values vary (95 % of the time), in their units; default none. */
  readonly contextTolerance?: Readonly<Record<string, number>>;
  /**
   * `fixed` (default): hyperparameters are taken as fitted, and the box is certified at a stricter share of draws for that
   * (MARGIN); `sampled`: draws count that they are not known, where the models allow it. Boxes are smaller then, and
   * with few runs they depend on which hyperparameters were drawn.
   */
  readonly inference?: WindowInference;
  /** Whether to look for runs that would widen the window, which takes most of the time; default true. */
  readonly widen?: boolean;
  /** Default `auto`: the border hangs on how far the models see, so the priors that predict left-out runs better are taken. */
  readonly preset?: PresetChoice;
  readonly executor?: Executor;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly stage: string;
    readonly done: number;
    readonly total: number;
  }) => void;
  /** Time of the answer; without a clock it is 1970-01-01. */
  readonly clock?: () => Date;
}

const DEFAULT_PROBABILITY = 0.95;
/**
 * What the stated failure is divided by where hyperparameters are taken as known. Of 95 % boxes 90 % held without it and 94 %
 * with 5 (`npm run bench -- window`: functions drawn from processes, 10 to 40 runs, 1 to 3 settings), so that 16 is what
 * brings them above 95 %.
 */
const MARGIN = 16;
/** More would need more draws than seconds allow. */
const MOST_PROBABILITY = 0.99;
/** Factor by which the failure that is aimed at changes after the first try (assumption), and what later ones keep of it. */
const FIRST_FACTOR = 6;
const FACTOR_KEPT = 0.6;
/** Combinations of choices that get a box of their own; the others fall behind at their best setting (assumption). */
const MOST_CHOICES = 16;

/**
 * The process window: the largest box of settings in which, tolerance included, all specifications hold together with at
 * least the stated probability under the models' uncertainty. Jointly, not point by point: one draw of the outcomes
 * counts only if it keeps the specifications everywhere in the box. Chosen on one set of draws, certified on others.
 *
 * @throws CellwrightError INVALID_OPTION for options and context that cannot be used, and where the campaign has no
 *   specification; SPACE_UNSATISFIABLE; CANCELLED; DATA_INVALID from the fits.
 */
export async function processWindow(
  campaign: Campaign,
  options: ProcessWindowOptions = {},
): Promise<ProcessWindow> {
  const { probability = DEFAULT_PROBABILITY, seed = 1, fix = {}, contextTolerance = {}, signal } = options;
  await prepareKernels();
  checkOptions(campaign, probability, seed);
  const { context, warnings } = requestedContext(campaign, options.context ?? {});
  const rng = createRng(seed).fork("window");
  const set = createFeasibleSet(campaign.space, { fixed: fix, context }, rng.fork("set"));
  const { preset = "auto", executor, onProgress } = options;
  const fits = await fitOutcomes(campaign, definedFields({ seed, preset, executor, signal, onProgress }));
  const problem = createAskProblem(withoutRisk(campaign), context, fits, []);
  const stage = stageReporter(options);
  const { inference = "fixed" } = options;
  const { terms, messages } = await windowModels(problem, inference, seed, {
    ...definedFields({ signal }),
    stage: (name) => stage(name, 0, problem.specifications.length),
  });
  const { covers, uncovered } = coveredLimits(campaign, terms, problem);
  const regions = regionsOf(campaign, fix, context, contextTolerance);
  const found =
    terms.length === 0
      ? null
      : await findWindow(regions, {
          terms,
          probability: inference === "fixed" ? 1 - (1 - probability) / MARGIN : probability,
          rng,
          stage,
          problem,
          set,
          widen: options.widen ?? true,
        });
  const answer = {
    campaign: campaign.name,
    createdAt: (options.clock?.() ?? new Date(0)).toISOString(),
    provenance: {
      cellwright: version,
      campaignHash: campaign.hash,
      dataHash: dataHash(campaign.trials),
      modelId: modelId("model", fits),
      seed,
    },
    ...{ probability, context, contextTolerance, covers, uncovered },
    box: found?.box ?? null,
    best: found?.best ?? null,
    choices: found?.choices ?? [],
    next: found?.next ?? [],
    widening: found?.widening ?? null,
    maps: found?.maps ?? [],
  };
  const reasons =
    found !== null && found.box !== null
      ? boxReasons(found.box, answer)
      : noBoxReasons(
          answer.best,
          answer,
          found ?? { withoutTolerance: 0, meanInside: false, toleranceStated: false },
        );
  return sealAnswer({
    ...answer,
    reasons,
    warnings: [
      ...simulatedWarning(campaign.trials),
      ...warnings,
      ...uncoveredWarnings(uncovered),
      ...failureWarning(problem),
    ],
    notes: campaign.notes,
    messages: [...campaign.messages, ...fits.messages, ...messages, ...marginMessage(inference, probability)],
  });
}

function marginMessage(inference: WindowInference, probability: number): string[] {
  if (inference !== "fixed") return [];
  const asked = `${Number((100 * (1 - (1 - probability) / MARGIN)).toFixed(2))} %`;
  return [
    `The window takes the hyperparameters of its models as known; for that ${asked} of the draws must hold instead of ${Number((100 * probability).toFixed(2))} % (calibrated by simulation: npm run bench -- window).`,
  ];
}

function checkOptions(campaign: Campaign, probability: number, seed: number): void {
  const problems: Problem[] = [];
  if (!(probability > 0 && probability <= MOST_PROBABILITY))
    problems.push({
      where: "probability",
      found: String(probability),
      expected: `a probability above 0 and at most ${MOST_PROBABILITY}`,
    });
  if (!Number.isSafeInteger(seed))
    problems.push({ where: "seed", found: String(seed), expected: "a whole number below 2^53 in size" });
  if (!campaign.outcomes.some((o) => isLimited(o)))
    problems.push({
      where: "outcomes",
      found: "no outcome with a specification",
      expected: "limits that the window shall keep",
      remedy: "Add spec: { min, max } to an outcome.",
    });
  if (problems.length > 0)
    throw new CellwrightError("INVALID_OPTION", "A process window cannot be computed.", { problems });
}

/** Specifications that a model or a formula can judge, and those that none can. */
function coveredLimits(
  campaign: Campaign,
  terms: readonly WindowTerm[],
  problem: AskProblem,
): Pick<ProcessWindow, "covers" | "uncovered"> {
  const unit = (name: string): string => campaign.outcomes.find((o) => o.name === name)!.unit;
  const limits = (outcome: string, min: number, max: number): WindowLimits => ({
    outcome,
    unit: unit(outcome),
    ...(Number.isFinite(min) ? { min } : {}),
    ...(Number.isFinite(max) ? { max } : {}),
  });
  const uncovered = campaign.outcomes
    .filter((o) => isLimited(o) && !terms.some((t) => t.outcome === o.name))
    .map((outcome): UncoveredSpecification => {
      const { min, max } = specificationLimits(outcome);
      const rate = problem.baseRates.get(outcome.name);
      const baseRate =
        rate === undefined ? null : { passed: rate.passed, of: rate.of, interval95: rate.interval95 };
      return { ...limits(outcome.name, min, max), baseRate };
    });
  return { covers: terms.map(({ outcome, min, max }) => limits(outcome, min, max)), uncovered };
}

/** A window counts the setting tolerance itself, whatever risk measure suggestions are judged by. */
function withoutRisk(campaign: Campaign): Campaign {
  return { ...campaign, spec: withoutFields(campaign.spec, "risk") };
}

function failureWarning({ risks }: AskProblem): string[] {
  const failed = risks.reduce((sum, { trials }) => sum + trials.length, 0);
  return failed === 0
    ? []
    : [
        `${failed} run${failed === 1 ? "" : "s"} failed: the window counts specifications only, not the risk of failure.`,
      ];
}

/** A step of the work: reports, lets a cancellation in, and heeds it. */
type Stage = (name: string, done: number, total: number) => Promise<void>;

function stageReporter({ signal, onProgress }: ProcessWindowOptions): Stage {
  return async (stage, done, total) => {
    onProgress?.({ stage, done, total });
    if (signal !== undefined) await breathe();
    requireNotCancelled(signal);
  };
}

/** One region for each combination of choices. */
function regionsOf(
  { space }: Campaign,
  fix: Settings,
  context: Settings,
  contextTolerance: Readonly<Record<string, number>>,
): WindowRegion[] {
  const axes = windowAxes(space, fix, context, contextTolerance);
  let combinations: Settings[] = [{}];
  for (const parameter of space.parameters) {
    if (parameter.kind !== "categorical") continue;
    const choices = Object.hasOwn(fix, parameter.name) ? [fix[parameter.name]!] : parameter.choices;
    combinations = combinations.flatMap((one) =>
      choices.map((choice) => ({ ...one, [parameter.name]: choice })),
    );
  }
  return combinations.map((choices) => {
    const base = Float64Array.from(space.columns, (column) => {
      const value = choices[column.name] ?? context[column.name];
      if (value === undefined) return axes.find((a) => a.column === column)!.levels[0]!;
      return column.choices === null ? Number(value) : column.choices.indexOf(String(value));
    });
    return { space, axes, base, choices };
  });
}

interface Search {
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

async function findWindow(regions: readonly WindowRegion[], search: Search): Promise<Found> {
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
  { terms, probability, rng, stage }: Search,
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
  { terms, problem, rng }: Search,
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
