import type { OutcomeScatter } from "../space/knowledge.js";
import type { Campaign, Outcome } from "./campaign.js";
import { MIN_DEGREES_OF_FREEDOM } from "./noise-levels.js";

/** Standard errors of single results, as far as the campaign or its process knows them. */
export interface KnownScatter {
  /** Of each row, [n]; raw units. */
  readonly ofRows: Float64Array;
  /** Of one new run. */
  readonly ofNext: number;
  /** What is used and why, or why not; null where nothing is known. */
  readonly message: string | null;
}

/**
 * The scatter of an outcome that the replicates of its rows do not tell: what the file states (`sem`), where nothing is
 * replicated; else what the process knows of such results, while replicates have too few degrees of freedom to tell it.
 *
 * Without it ten runs that scatter as much as they differ look like a peak about the luckiest of them.
 *
 * @param values - Results, [n], raw units.
 * @param replicateOf - Which setting each row repeats, [n].
 */
export function knownScatter(
  campaign: Campaign,
  outcome: Outcome,
  values: readonly number[],
  replicateOf: ArrayLike<number>,
): KnownScatter {
  const settings = new Set(Array.from(replicateOf)).size;
  const degreesOfFreedom = values.length - settings;
  const none = { ofRows: new Float64Array(values.length), ofNext: 0, message: null };
  if (values.length === 0) return none;
  if (outcome.sem !== undefined) return statedScatter(outcome, outcome.sem, none, degreesOfFreedom > 0);
  const known = campaign.knowledge?.scatter?.find(({ outcomes }) => outcomes.includes(outcome.name));
  if (known === undefined || outcome.per === "group" || degreesOfFreedom >= MIN_DEGREES_OF_FREEDOM)
    return none;
  const means = settingMeans(values, replicateOf);
  return {
    ofRows: Float64Array.from(values, (_, i) => known.relative * Math.abs(means.get(replicateOf[i]!)!)),
    ofNext: known.relative * Math.abs(mean(values)),
    message: scatterMessage(outcome, known, degreesOfFreedom),
  };
}

function statedScatter(
  { name, unit }: Outcome,
  sem: number,
  none: KnownScatter,
  replicated: boolean,
): KnownScatter {
  if (sem === 0) return none;
  if (replicated)
    return { ...none, message: `${name}: replicates tell its scatter, so sem: ${sem} is not used.` };
  return {
    ofRows: none.ofRows.fill(sem),
    ofNext: sem,
    message: `${name}: nothing is replicated, so its stated standard error of ${sem} ${unit} is used.`,
  };
}

function scatterMessage(
  { name }: Outcome,
  { relative, source }: OutcomeScatter,
  degreesOfFreedom: number,
): string {
  const why = degreesOfFreedom === 0 ? "nothing is replicated" : "replicates are too few to tell its scatter";
  return `${name}: ${why}, so single results are taken to scatter by ${Number((100 * relative).toPrecision(2))} % (${source}); state sem where yours scatter differently.`;
}

/** One error for all rows of a setting, so that they stay replicates. */
function settingMeans(
  values: readonly number[],
  replicateOf: ArrayLike<number>,
): ReadonlyMap<number, number> {
  const bySetting = new Map<number, number[]>();
  values.forEach((value, i) => {
    const members = bySetting.get(replicateOf[i]!);
    if (members === undefined) bySetting.set(replicateOf[i]!, [value]);
    else members.push(value);
  });
  return new Map([...bySetting].map(([setting, members]) => [setting, mean(members)]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
