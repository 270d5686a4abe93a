import { predictHeldOut, type RowPrediction, scorePosterior } from "../../src/evaluation/held-out.js";
import { scorePredictions } from "../../src/evaluation/scores.js";
import { fitBayesianGaussianProcess } from "../../src/surrogates/bayesian-gaussian-process.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import type { OutcomeScale, Surrogate, SurrogateData } from "../../src/surrogates/surrogate.js";
import { normalPosterior } from "./normal-posterior.js";
import { type PeerAnswer, PEERS, type Peers } from "./peers.js";
import { percent, printTable, short } from "./print-table.js";
import { foldData, type RealOutcome, realOutcomes } from "./real-data.js";

interface Skill {
  readonly rmse: number;
  readonly nlpd: number;
  readonly crps: number;
  readonly coverage95: number;
}

type Fit = (data: SurrogateData, scale: OutcomeScale) => Surrogate;

const OURS: Readonly<Record<string, Fit>> = {
  default: (data, scale) => fitGaussianProcess(data, { scale }),
  "hvarfner-2024": (data, scale) => fitGaussianProcess(data, { scale, preset: "hvarfner-2024" }),
  Bayesian: (data, scale) => fitBayesianGaussianProcess(data, { scale }),
};

/** Predictions of every row by a model that did not see the row's fold, in the order of the rows. */
function crossPredict(
  outcome: RealOutcome,
  predict: (train: SurrogateData, test: SurrogateData, fold: number) => readonly RowPrediction[],
): Skill {
  const predictions = new Array<RowPrediction>(outcome.groups.length);
  for (let fold = 0; fold < outcome.folds; fold++) {
    const { train, test, rows } = foldData(outcome, fold);
    const held = predict(train, test, fold);
    rows.forEach((row, i) => (predictions[row] = held[i]!));
  }
  const { rmse, nlpd, crps, coverage95 } = scorePredictions(predictions, outcome.groups);
  return { rmse, nlpd, crps, coverage95 };
}

const taskName = (k: number, fold: number): string => `outcome ${k}, fold ${fold}`;

/** Skill of each peer on each outcome; a fold that a peer could not fit leaves it without a figure there. */
function peerSkills(
  outcomes: readonly RealOutcome[],
  answers: readonly PeerAnswer[],
): Record<string, (Skill | null)[]> {
  const answerOf = new Map(answers.map((answer) => [`${answer.peer} ${answer.name}`, answer]));
  return Object.fromEntries(
    PEERS.map((peer) => [
      peer,
      outcomes.map((outcome, k) => {
        const of = (fold: number): PeerAnswer => answerOf.get(`${peer} ${taskName(k, fold)}`)!;
        if (Array.from({ length: outcome.folds }, (_, fold) => of(fold)).some((a) => a.mean === undefined)) {
          return null;
        }
        return crossPredict(outcome, (_, test, fold) => {
          const { mean, stdDev } = of(fold);
          return scorePosterior(normalPosterior(mean!, stdDev!), test.y);
        });
      }),
    ]),
  );
}

/** Prints out-of-sample skill on the shipped real data beside the peers, on the same folds. */
export async function printQuality(
  peers: Peers,
  options: { quick: boolean; markdown: boolean },
): Promise<void> {
  const outcomes = await realOutcomes();
  const tasks = outcomes.flatMap((outcome, k) =>
    Array.from({ length: outcome.folds }, (_, fold) => {
      const { train, test } = foldData(outcome, fold);
      return { name: taskName(k, fold), X: train.X, y: train.y, points: test.X };
    }),
  );
  const models = Object.entries(OURS).filter(([name]) => !(options.quick && name === "Bayesian"));
  const skills = new Map<string, readonly (Skill | null)[]>();
  for (const [name, fit] of models) {
    const skillOf = (outcome: RealOutcome): Skill =>
      crossPredict(outcome, (train, test) => predictHeldOut(fit(train, outcome.scale), test));
    skills.set(name, outcomes.map(skillOf));
  }
  const theirs = peers.figures("quality", { tasks }, ({ results }) => peerSkills(outcomes, results));
  for (const peer of PEERS) skills.set(peer, theirs?.[peer] ?? outcomes.map(() => null));
  print(outcomes, skills, options.markdown);
}

function print(
  outcomes: readonly RealOutcome[],
  skills: ReadonlyMap<string, readonly (Skill | null)[]>,
  markdown: boolean,
): void {
  const names = [...skills.keys()];
  console.log(
    "Real data, whole groups held out: RMSE / CRPS / NLPD / share inside the 95 % interval of a new run",
  );
  const rows = outcomes.map((outcome, k) => [
    `${outcome.campaign}: ${outcome.outcome}`,
    `${outcome.groups.length} (${new Set(outcome.groups).size}), ${outcome.folds}`,
    ...names.map((name) => {
      const skill = skills.get(name)![k];
      if (!skill) return "–";
      return `${short(skill.rmse)} / ${short(skill.crps)} / ${short(skill.nlpd)} / ${percent(skill.coverage95)}`;
    }),
  ]);
  printTable(["outcome", "rows (groups), folds", ...names], rows, markdown);
  const wins = names.map((name) => {
    const best = outcomes.filter((_, k) => {
      const crps = names.map((other) => skills.get(other)![k]?.crps ?? Number.POSITIVE_INFINITY);
      return skills.get(name)![k]?.crps === Math.min(...crps);
    });
    return `${name} ${best.length}`;
  });
  console.log(`\nLowest CRPS of the ${outcomes.length} outcomes: ${wins.join(", ")}.`);
}
