import { nonDominated } from "../acquisition/pareto.js";
import type { Outcome } from "../campaign/campaign.js";
import { type Matrix, matrixFromRows, matrixRow } from "../math/matrix.js";
import { createRng } from "../math/rng.js";
import type { FrontPoint, TradeOff } from "../plots/report-data.js";
import { createFeasibleSet } from "../space/feasible-set.js";
import type { ReportBasis } from "./report-data.js";
import { canPredict, predictAll } from "./report-predictions.js";
import { comparableTrials, groupMeans, type ReportTrial } from "./report-trials.js";

/** Settings among which the best compromises are sought where they cannot all be listed. */
const CANDIDATES = 4096;
/** The same where an outcome is formed from draws at each. */
const DRAWN_CANDIDATES = 256;
/** Points of the front that a figure can show apart. */
const MOST_FRONT_POINTS = 40;

/** The first two objectives against each other; null where there is one only, or nothing to predict them with. */
export function tradeOff(sources: ReportBasis, trials: readonly ReportTrial[]): TradeOff | null {
  const [first, second] = sources.campaign.outcomes.filter(
    (o) => o.goal !== undefined && canPredict(sources, o),
  );
  if (first === undefined || second === undefined) return null;
  // What is minimised (time, cost) goes along the bottom, what it buys upwards.
  const [x, y] = second.goal === "minimize" ? [second, first] : [first, second];
  const ys = new Map(groupMeans(trials, y.name).map((mean) => [mean.label, mean]));
  const measured = groupMeans(comparableTrials(trials, x.name), x.name).flatMap((mean) => {
    const other = ys.get(mean.label);
    return other === undefined
      ? []
      : [{ label: mean.label, x: mean.value, y: other.value, inContext: mean.inContext }];
  });
  return { x: x.name, y: y.name, measured, front: frontOf(sources, x, y) };
}

/** Settings whose predicted means no other allowed settings beat in both objectives, while specifications hold. */
function frontOf(sources: ReportBasis, x: Outcome, y: Outcome): FrontPoint[] {
  const { campaign, context, fix = {}, answer } = sources;
  const rng = createRng(answer.provenance.seed).fork("report front");
  const set = createFeasibleSet(campaign.space, { fixed: fix, context }, rng);
  const most = sources.composites.size > 0 ? DRAWN_CANDIDATES : CANDIDATES;
  const allowed = withinSpecifications(sources, set.enumerate() ?? set.sample(most, rng));
  if (allowed.rows === 0) return [];
  const [xs, ys] = [predictAll(sources, x, allowed), predictAll(sources, y, allowed)];
  const best = nonDominated(matrixFromRows(xs.map((p, i) => [worth(x, p.mean), worth(y, ys[i]!.mean)])));
  const front = best
    .map((i) => ({ x: xs[i]!.mean, y: ys[i]!.mean, x95: xs[i]!.latent95, y95: ys[i]!.latent95 }))
    .sort((a, b) => a.x - b.x || a.y - b.y);
  const every = Math.ceil(front.length / MOST_FRONT_POINTS);
  return front.filter((_, i) => i % every === 0 || i === front.length - 1);
}

/** Larger is better. */
function worth({ goal, target = 0 }: Outcome, value: number): number {
  return goal === "maximize" ? value : goal === "minimize" ? -value : -Math.abs(value - target);
}

/** Candidates whose predicted mean holds every specification that can be judged; what has no skill cannot be. */
function withinSpecifications(sources: ReportBasis, candidates: Matrix): Matrix {
  const outlooks = sources.answer.suggestions[0]?.specifications ?? {};
  const judged = sources.campaign.outcomes.filter(
    (o) => o.spec !== undefined && outlooks[o.name]?.kind === "model" && canPredict(sources, o),
  );
  const predictions = judged.map((o) => ({ spec: o.spec!, values: predictAll(sources, o, candidates) }));
  const rows = Array.from({ length: candidates.rows }, (_, i) => i).filter((i) =>
    predictions.every(
      ({ spec, values }) =>
        values[i]!.mean >= (spec.min ?? -Infinity) && values[i]!.mean <= (spec.max ?? Infinity),
    ),
  );
  return matrixFromRows(
    rows.map((i) => matrixRow(candidates, i)),
    candidates.cols,
  );
}
