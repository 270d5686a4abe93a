import { outcomeData } from "../../src/campaign/outcome-data.js";
import { createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { trialsFromTable } from "../../src/campaign/trials-from-table.js";
import { assignFolds, splitRows } from "../../src/evaluation/cross-validation.js";
import { subsetData } from "../../src/evaluation/held-out.js";
import { log } from "../../src/math/elementary.js";
import type { OutcomeScale, SurrogateData } from "../../src/surrogates/surrogate.js";
import { openCampaignSource } from "./campaign-source.js";

/** Every learned outcome of the shipped campaigns. The other shipped tables have no rows here, or no common settings. */
const OUTCOMES: readonly (readonly [campaign: string, outcomes: readonly string[]])[] = [
  [
    "nmc622-pilot-density",
    [
      "porosity_after",
      "density_after",
      "capacity_0p2c_volumetric",
      "capacity_5c_volumetric",
      "tensile_strength_after",
    ],
  ],
  ["calendering-gap-speed", ["density_after"]],
  ["electrodes-graphite", ["active_mass", "porosity"]],
  ["nmc-graphite-formation", ["cycle_life", "cycler_time"]],
];

/** One outcome of a real data set, with the fold of each row; groups stay whole. */
export interface RealOutcome {
  readonly campaign: string;
  /** `log …` where the campaign learns the logarithm: then it is taken here, for every model alike. */
  readonly outcome: string;
  readonly scale: OutcomeScale;
  readonly data: SurrogateData;
  readonly groups: readonly string[];
  readonly foldOf: Int32Array;
  readonly folds: number;
}

/** Up to 20 groups are left out one at a time, more in ten folds. */
function foldsOf(groups: readonly string[], outcome: string): Int32Array {
  const few = new Set(groups).size <= 20;
  return assignFolds(groups, few ? "leave-one-group-out" : 10, 1, outcome);
}

/** All outcomes, inputs in the unit cube; stated measurement errors are left out, since the peers get none. */
export async function realOutcomes(): Promise<readonly RealOutcome[]> {
  const found: RealOutcome[] = [];
  for (const [name, outcomes] of OUTCOMES) {
    const { spec, table, knowledge } = await openCampaignSource(name);
    const campaign = createCampaign(spec, knowledge === undefined ? {} : { knowledge });
    const filled = withTrials(campaign, trialsFromTable(campaign, table).trials);
    for (const outcomeName of outcomes) {
      const outcome = filled.outcomes.find((o) => o.name === outcomeName)!;
      const { data, groups } = outcomeData(filled, outcome);
      const isLog = outcome.scale === "log";
      const foldOf = foldsOf(groups, outcomeName);
      found.push({
        campaign: name,
        outcome: isLog ? `log ${outcomeName}` : outcomeName,
        scale: isLog ? "identity" : outcome.scale,
        data: { inputs: data.inputs, X: data.X, y: isLog ? data.y.map(log) : data.y },
        groups,
        foldOf,
        folds: new Set(foldOf).size,
      });
    }
  }
  return found;
}

/** Training rows and held-out rows of one fold. */
export function foldData(
  { data, foldOf }: RealOutcome,
  fold: number,
): { readonly train: SurrogateData; readonly test: SurrogateData; readonly rows: Int32Array } {
  const [test, train] = splitRows(foldOf, fold);
  return { train: subsetData(data, train), test: subsetData(data, test), rows: test };
}
