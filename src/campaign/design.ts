import { assignBlocks } from "../designs/blocks.js";
import { type Alias, aliases, type DesignQuality, designQuality } from "../designs/design-quality.js";
import { MODEL_ORDERS, type ModelOrder, modelTerms } from "../designs/model-terms.js";
import type { CodedRun, PointType } from "../designs/response-surface-designs.js";
import type { TwoLevelFraction } from "../designs/two-level.js";
import { CellwrightError } from "../errors.js";
import { createRng, permutation, type Rng } from "../math/rng.js";
import { createFeasibleSet, type FeasibleSet } from "../space/feasible-set.js";
import type { Settings } from "../space/parameter.js";
import { rowsOf } from "./ask-problem.js";
import type { Campaign } from "./campaign.js";
import {
  checkDesignOptions,
  type DesignKind,
  type DesignOptions,
  MOST_DESIGN_RUNS,
} from "./design-request.js";
import { coded, type DesignFactors, designRows } from "./design-rows.js";
import { type FractionWords, fractionWords } from "./fraction-words.js";
import { middleOf, type PlacedRun, placeRun, settingsText } from "./place-run.js";
import { requestedContext } from "./requested-context.js";
import { isSameContext } from "./same-context.js";
import { sortById } from "./settings-key.js";
import { suggestedTrialIds } from "./trial-ids.js";
import { isReadable } from "./trial-groups.js";

/** One run of a design, in the order in which it is to be run. */
export interface DesignRun {
  readonly trial: string;
  /** Place in the design's standard order, from 1. */
  readonly standard: number;
  /** From 1. */
  readonly block: number;
  readonly type: PointType;
  readonly parameters: Settings;
  readonly context: Settings;
  /** Whether constraints moved it from where the design has it. */
  readonly moved: boolean;
  /** The trial of this design that it repeats on purpose. */
  readonly repeats?: string;
}

/** A design for a campaign, and what it can tell. */
export interface CampaignDesign {
  readonly campaign: string;
  readonly kind: DesignKind;
  readonly seed: number;
  /** Terms that the quality below is about. */
  readonly model: ModelOrder;
  readonly runs: readonly DesignRun[];
  /** Null where not even a linear model can be fitted from the runs. */
  readonly quality: DesignQuality | null;
  /** Left-out terms of second order that bias fitted ones. */
  readonly aliases: readonly Alias[];
  readonly fraction: FractionWords | null;
  /** Terms whose effects are mixed with those of blocks. */
  readonly mixedWithBlocks: readonly string[];
  /** What became of rows that the constraints do not allow, and what else must be known. */
  readonly messages: readonly string[];
}

/** Settings over which prediction variance is judged. */
const REGION_POINTS = 512;
const CENTER_POINTS: Partial<Record<DesignKind, number>> = { ccd: 4, "box-behnken": 3 };

/**
 * A classical or computed design over the free parameters, every row on machine steps and inside all constraints, in
 * randomised order. Rows that are not allowed are moved to the nearest allowed place, or dropped where another row is
 * there already; both are said.
 *
 * @throws CellwrightError INVALID_OPTION with every problem of the request; SPACE_UNSATISFIABLE as `ask`.
 */
export function design(campaign: Campaign, options: DesignOptions): CampaignDesign {
  const { context, warnings } = requestedContext(campaign, options.context ?? {});
  const rng = createRng(Number.isSafeInteger(options.seed) ? options.seed! : 1).fork("design");
  const set = createFeasibleSet(campaign.space, { fixed: options.fix ?? {}, context }, rng.fork("set"));
  checkDesignOptions(options, set);
  const factors = designFactors(campaign, set, rng.fork("region"));
  const given = options.augment === true ? givenRuns(campaign, context, factors) : [];
  const wantedModel = options.model ?? DEFAULT_MODELS[options.kind];
  const { rows, fraction } = designRows(factors, options, wantedModel, given, rng.fork("rows"));
  const centers = centerRows(factors, options.center ?? CENTER_POINTS[options.kind] ?? 0);
  checkSize(rows.length + centers.length, options.blocks ?? 1);
  const { kept, messages } = placeRows(factors, [...rows, ...centers]);
  const codedRows = kept.map(({ x }) => factors.toCoded(x));
  const judged = judge(factors, [...codedRows, ...given], wantedModel, options.model !== undefined);
  const blocks = blocksOf(factors, kept, codedRows, judged.model, options.blocks ?? 1, rng.fork("blocks"));
  const order = runOrder(blocks.of, options.blocks ?? 1, rng.fork("order"));
  const runs = numbered(campaign, set, kept, blocks.of, order);
  return {
    ...{ campaign: campaign.name, kind: options.kind, seed: options.seed ?? 1, model: judged.model, runs },
    ...{ quality: judged.quality, aliases: judged.aliases },
    fraction: fraction === null ? null : fractionWords(fraction, factors.factors),
    mixedWithBlocks: blocks.mixed,
    messages: [...warnings, ...messages, ...fractionMessages(fraction, kept), ...changeMessages(set, runs)],
  };
}

/** What each kind is made to tell. */
const DEFAULT_MODELS: Record<DesignKind, ModelOrder> = {
  ...{ lhs: "quadratic", sobol: "quadratic", factorial: "interactions", fractional: "linear" },
  ...{ ccd: "quadratic", "box-behnken": "quadratic", "d-optimal": "quadratic" },
};

function designFactors(campaign: Campaign, set: FeasibleSet, rng: Rng): DesignFactors {
  const { knowledge, space } = campaign;
  const columns = set.free.map((j) => space.columns[j]!);
  const isRefused = (x: Float64Array): boolean => {
    if (knowledge === undefined) return false;
    const { parameters, context } = space.decode(x);
    return knowledge.check({ ...context, ...parameters }).length > 0;
  };
  const drawn = rowsOf(set.sample(REGION_POINTS, rng)).map((x) => Float64Array.from(x));
  const sample = drawn.some((x) => !isRefused(x)) ? drawn.filter((x) => !isRefused(x)) : drawn;
  const anchor = middleOf(set, sample);
  const toEncoded = (values: Float64Array): Float64Array => {
    const x = anchor.slice();
    set.free.forEach((j, k) => {
      const { kind, lower, upper } = space.columns[j]!;
      x[j] = kind === "categorical" ? values[k]! : lower + ((values[k]! + 1) / 2) * (upper - lower);
    });
    return x;
  };
  return {
    ...{ set, sample },
    factors: columns.map(({ name, kind, levels }) => ({
      name,
      levels: kind === "categorical" ? levels!.count : null,
    })),
    toCoded: (x) =>
      Float64Array.from(set.free, (j, k) => {
        const { kind, lower, upper } = columns[k]!;
        return kind === "categorical" ? x[j]! : coded(x[j]!, lower, upper);
      }),
    place: (values) => placeRun(set, toEncoded(values), anchor, isRefused),
  };
}

/** Completed and pending runs in the asked context, coded. */
function givenRuns(
  { space, trials }: Campaign,
  context: Settings,
  { toCoded }: DesignFactors,
): Float64Array[] {
  return sortById(trials)
    .filter(({ status }) => status !== "failed" && status !== "abandoned")
    .filter((trial) => isReadable(space, trial))
    .filter((trial) => isSameContext(space, { ...context, ...trial.context }, context))
    .map((trial) => toCoded(space.encode(trial.parameters, context)));
}

/** The middle of every number; choices take turns. */
function centerRows({ factors }: DesignFactors, count: number): CodedRun[] {
  return Array.from({ length: count }, (_, i) => ({
    x: Float64Array.from(factors, ({ levels }) => (levels === null ? 0 : i % levels)),
    type: "center",
  }));
}

function checkSize(rows: number, blocks: number): void {
  const problems = [];
  if (rows > MOST_DESIGN_RUNS)
    problems.push({ where: "runs", found: `${rows} in all`, expected: `at most ${MOST_DESIGN_RUNS}` });
  if (blocks > rows / 2)
    problems.push({
      where: "blocks",
      found: String(blocks),
      expected: `at most ${Math.floor(rows / 2)} for ${rows} runs`,
    });
  if (problems.length > 0)
    throw new CellwrightError("INVALID_OPTION", "The design cannot be made so.", { problems });
}

type KeptRun = CodedRun & PlacedRun & { readonly standard: number };

/** Rows on allowed settings. Wanted repeats stay; a row that only constraints push onto another one is dropped. */
function placeRows(
  factors: DesignFactors,
  rows: readonly CodedRun[],
): { readonly kept: readonly KeptRun[]; readonly messages: readonly string[] } {
  const kept: KeptRun[] = [];
  const dropped: number[] = [];
  rows.forEach((row, i) => {
    const placed = factors.place(row.x);
    const same = placed === null ? -1 : kept.findIndex(({ x }) => x.join(" ") === placed.x.join(" "));
    const wanted = rows.findIndex(({ x }) => x.join(" ") === row.x.join(" ")) < i;
    if (placed === null || (same >= 0 && !wanted)) dropped.push(i + 1);
    else kept.push({ ...row, ...placed, standard: i + 1 });
  });
  return { kept, messages: placeMessages(factors, kept, dropped) };
}

function placeMessages(
  { set }: DesignFactors,
  kept: readonly KeptRun[],
  dropped: readonly number[],
): readonly string[] {
  const messages: string[] = [];
  const moved = kept.filter((row) => row.moved);
  if (moved.length > 0) {
    const list = moved
      .slice(0, SHOWN)
      .map(({ standard, x }) => `${standard} (now ${settingsText(set.space.decode(x).parameters)})`);
    const more = moved.length > SHOWN ? `; and ${moved.length - SHOWN} more` : "";
    messages.push(
      `Moved to the nearest allowed setting, because constraints forbid where the design has them: rows ${list.join("; ")}${more}. Efficiency, aliases and power are of the moved rows.`,
    );
  }
  if (dropped.length > 0) {
    const rows = dropped.length === 1 ? "row" : "rows";
    messages.push(
      `Dropped: ${rows} ${dropped.join(", ")}, for which there is no allowed setting that another row does not have.`,
    );
  }
  return messages;
}

/** Rows that are named in a message. */
const SHOWN = 6;

/** The largest model that the rows can tell, at most the wanted one. */
function judge(
  { factors, sample, toCoded }: DesignFactors,
  rows: readonly Float64Array[],
  wanted: ModelOrder,
  stated: boolean,
): {
  readonly model: ModelOrder;
  readonly quality: DesignQuality | null;
  readonly aliases: readonly Alias[];
} {
  const orders = MODEL_ORDERS.slice(0, MODEL_ORDERS.indexOf(wanted) + 1).toReversed();
  const region = sample.map((x) => toCoded(x));
  const all = modelTerms(factors, "quadratic");
  for (const model of stated ? orders.slice(0, 1) : orders) {
    const terms = modelTerms(factors, model);
    const quality = designQuality(terms, rows, region);
    if (quality === null) continue;
    const leftOut = all.filter(({ name }) => !terms.some((term) => term.name === name));
    return { model, quality, aliases: aliases(terms, leftOut, rows) };
  }
  return { model: wanted, quality: null, aliases: [] };
}

function blocksOf(
  { factors }: DesignFactors,
  kept: readonly KeptRun[],
  rows: readonly Float64Array[],
  model: ModelOrder,
  count: number,
  rng: Rng,
): { readonly of: Int32Array; readonly mixed: readonly string[] } {
  if (count === 1) return { of: new Int32Array(kept.length), mixed: [] };
  const terms = modelTerms(factors, model === "linear" ? "linear" : "interactions");
  return assignBlocks(
    rows,
    terms,
    count,
    kept.map(({ type }) => type === "center"),
    rng,
  );
}

/** Blocks one after another, at random within each. */
function runOrder(of: Int32Array, count: number, rng: Rng): number[] {
  return Array.from({ length: count }, (_, block) => {
    const members = [...of.keys()].filter((i) => of[i] === block);
    return [...permutation(rng.fork(`block ${block}`), members.length)].map((k) => members[k]!);
  }).flat();
}

function numbered(
  campaign: Campaign,
  set: FeasibleSet,
  kept: readonly KeptRun[],
  blocks: Int32Array,
  order: readonly number[],
): DesignRun[] {
  const settings = order.map((i) => {
    const { parameters } = set.space.decode(kept[i]!.x);
    const problems = set.space.violations(parameters, set.request.context);
    if (problems.length > 0)
      throw new CellwrightError("INTERNAL", "A row of the design broke its own limits.", { problems });
    return { parameters, context: set.request.context };
  });
  const ids = suggestedTrialIds(settings, new Set(campaign.trials.map(({ id }) => id)));
  const firsts = new Map<string, string>();
  return order.map((i, place) => {
    const { standard, type, moved, x } = kept[i]!;
    const first = firsts.get(x.join(" "));
    if (first === undefined) firsts.set(x.join(" "), ids[place]!);
    return {
      ...{ trial: ids[place]!, standard, block: blocks[i]! + 1, type, ...settings[place]!, moved },
      ...(first === undefined ? {} : { repeats: first }),
    };
  });
}

function fractionMessages(fraction: TwoLevelFraction | null, kept: readonly KeptRun[]): string[] {
  if (fraction === null || !kept.some(({ moved }) => moved)) return [];
  return [
    "The alias structure is that of the unmoved fraction; moved rows blur it, and the shares below say how much.",
  ];
}

/** How often a random order changes what is hard to change. */
function changeMessages({ space }: FeasibleSet, runs: readonly DesignRun[]): string[] {
  return space.parameters.flatMap(({ name, change }) => {
    if (change?.effort !== "hard") return [];
    const changes = runs.filter((run, i) => i > 0 && run.parameters[name] !== runs[i - 1]!.parameters[name]);
    if (changes.length === 0) return [];
    return [
      `${name} is hard to change, and this random order changes it ${changes.length} times; runs in another order confuse it with drift.`,
    ];
  });
}
