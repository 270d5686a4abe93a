import { acquireRunLock } from "../../adapters/run-lock.js";
import { openCampaign } from "../../adapters/open-campaign.js";
import type { Campaign } from "../../campaign/campaign.js";
import { CellwrightError } from "../../errors.js";
import { type CandidateModel, DEFAULT_CANDIDATES, candidateLabel } from "../../evaluation/candidate-model.js";
import type { ModelComparison } from "../../evaluation/model-comparison.js";
import { formatMeasured, formatProbability, formatR2 } from "../../plots/format.js";
import { train as trainModels } from "../../retraining/train.js";
import type { DecimalMark } from "../../data/parse-options.js";
import { compareJointly } from "../../evaluation/joint-model.js";
import { compareSignals } from "../../evaluation/signal-comparison.js";
import type { CliEffects } from "../effects.js";
import { printNotes } from "../print-notes.js";
import { fittedTable } from "../fitted-table.js";
import { jointFigures, jointTable } from "../joint-table.js";
import { modelFilesOf } from "../models-folder.js";
import { createProgress } from "../progress.js";
import { signalsTable } from "../signals-table.js";
import { contextText } from "../quality-table.js";
import { withWorkers } from "../with-workers.js";

export interface TrainCommandOptions {
  readonly data?: string;
  readonly decimal?: DecimalMark;
  readonly mixOrigins?: boolean;
  readonly skipInvalid?: boolean;
  readonly models?: string;
  readonly surrogates?: string;
  readonly folds: string;
  readonly group?: string;
  readonly seed: number;
  readonly workers?: number;
  /** Also fit all outcomes jointly and compare. */
  readonly joint?: boolean;
  readonly format: "table" | "json";
}

/** `cellwright train`: compares surrogates on the same grouped folds, saves the best of each outcome and its card. */
export async function train(path: string, options: TrainCommandOptions, effects: CliEffects): Promise<void> {
  const { surrogates, models } = namesOf(options);
  const candidates = parseCandidates(surrogates);
  const folds = parseFolds(options.folds);
  const opened = await openCampaign(path, {
    ...options,
    cwd: effects.cwd,
    store: "read",
    signal: effects.signal,
  });
  await opened.store?.close();
  const files = modelFilesOf(opened, models, effects.cwd);
  const progress = createProgress(effects);
  const { draft, diagnostics, comparisons } = await withWorkers(options.workers, effects, (executor) =>
    trainModels(opened.campaign, {
      candidates,
      folds,
      seed: options.seed,
      createdAt: effects.now().toISOString(),
      executor,
      signal: effects.signal,
      onProgress: (p) => progress.update(`comparing surrogates of ${p.stage}`, p.done, p.total),
    }),
  );
  const joint =
    options.joint === true
      ? compareJointly(opened.campaign, {
          folds,
          seed: options.seed,
          signal: effects.signal,
          onProgress: (done, total) => progress.update("fitting all outcomes jointly", done, total),
        })
      : null;
  const signals = await compareSignals(opened.campaign, {
    seed: options.seed,
    signal: effects.signal,
    onProgress: ({ stage, done, total }) => progress.update(stage, done, total),
  });
  progress.done();
  const lock = acquireRunLock(files.lockPath);
  try {
    const record = await files.save(draft, diagnostics);
    const first = (await files.champion()) === null;
    if (first)
      await files.promote(record.version, { time: effects.now().toISOString(), reason: "first model" });
    if (options.format === "json") {
      effects.out(
        `${JSON.stringify({ version: record.version, outcomes: record.outcomes.map((outcome) => ({ ...outcome, surrogate: undefined })), notLearned: record.notLearned, messages: record.messages, ...(joint && { joint: jointFigures(joint) }), ...(signals.length > 0 && { signals }) }, null, 2)}\n`,
      );
      return;
    }
    effects.out(comparisonTables(opened.campaign, comparisons, effects));
    if (joint !== null) effects.out(`\n${jointTable(opened.campaign, joint)}`);
    effects.out(signalsTable(signals, effects));
    for (const { outcome, why } of record.notLearned) effects.out(`${outcome}: not learned. ${why}\n`);
    printNotes([...opened.messages, ...record.messages], effects);
    effects.err(`Saved ${files.folder}/${record.version} (model.json, card.md, diagnostics.json).\n`);
    effects.err(
      first
        ? "It is the champion: `predict` uses it.\n"
        : `The champion stays. To use this one: cellwright models promote ${path} ${record.version}\n`,
    );
  } finally {
    lock.release();
  }
}

/** Names of surrogates as users type them. */
const SHORT_NAMES: Readonly<Record<string, CandidateModel>> = {
  gp: { kind: "gaussian-process", preset: "default" },
  "gaussian-process": { kind: "gaussian-process", preset: "default" },
  "gp-hvarfner": { kind: "gaussian-process", preset: "hvarfner-2024" },
  "gp-robust": { kind: "gaussian-process", preset: "default", robust: true },
  "gp-input-noise": { kind: "gaussian-process", preset: "default", inputNoise: true },
  "gp-whole-plot": { kind: "gaussian-process", preset: "default", wholePlot: true },
  "gp-bayesian": { kind: "bayesian-gaussian-process", preset: "default" },
  "gp-warped": { kind: "gaussian-process", preset: "default", inputWarp: true },
  "gp-linear": { kind: "gaussian-process", preset: "default", mean: "linear" },
  "gp-sum": { kind: "gaussian-process", preset: "default", structure: "sum" },
  "gp-sum-product": { kind: "gaussian-process", preset: "default", structure: "sum-and-product" },
  "gp-rbf": { kind: "gaussian-process", preset: "default", kernel: "rbf" },
  "gp-matern-1/2": { kind: "gaussian-process", preset: "default", kernel: "matern-1/2" },
  "gp-matern-3/2": { kind: "gaussian-process", preset: "default", kernel: "matern-3/2" },
  "gp-saas": { kind: "bayesian-gaussian-process", preset: "saas-2021" },
  "response-surface": { kind: "response-surface" },
  "random-forest": { kind: "random-forest" },
};

/** Names of surrogates may also be given as --models, which otherwise is a folder. */
function namesOf({ surrogates, models }: TrainCommandOptions): {
  readonly surrogates: string | undefined;
  readonly models: string | undefined;
} {
  const areNames = models?.split(",").every((name) => Object.hasOwn(SHORT_NAMES, name.trim())) === true;
  return surrogates === undefined && areNames
    ? { surrogates: models, models: undefined }
    : { surrogates, models };
}

function parseCandidates(text: string | undefined): readonly CandidateModel[] {
  if (text === undefined) return DEFAULT_CANDIDATES;
  return text.split(",").map((name) => {
    const candidate = Object.hasOwn(SHORT_NAMES, name.trim()) ? SHORT_NAMES[name.trim()] : undefined;
    if (candidate !== undefined) return candidate;
    throw new CellwrightError(
      "USAGE",
      `--surrogates: found "${name}", expected some of ${Object.keys(SHORT_NAMES).join(", ")}.`,
    );
  });
}

/** `all` leaves one group out at a time. */
export function parseFolds(text: string): number | "leave-one-group-out" {
  if (text === "all") return "leave-one-group-out";
  const folds = Number(text);
  if (Number.isSafeInteger(folds) && folds >= 2) return folds;
  throw new CellwrightError(
    "USAGE",
    `--folds: found "${text}", expected a whole number of at least 2, or all.`,
  );
}

function comparisonTables(
  campaign: Campaign,
  comparisons: readonly ModelComparison[],
  effects: CliEffects,
): string {
  return comparisons.map((comparison) => comparisonTable(campaign, comparison, effects)).join("\n");
}

function comparisonTable(campaign: Campaign, comparison: ModelComparison, effects: CliEffects): string {
  const unit = campaign.outcomes.find((o) => o.name === comparison.outcome)?.unit ?? "";
  const { withinContext, observations, groups } = comparison.evaluation;
  const head = [
    "",
    `RMSE${unit === "1" ? "" : ` (${unit})`}`,
    "R² of group means",
    ...withinContext.map((level) => `R² at ${contextText(campaign, level.context)}`),
    "neg. log density",
    "95 % interval held",
  ];
  const rows = comparison.results.flatMap(({ candidate, evaluation }) => {
    const chosen = candidateLabel(candidate) === candidateLabel(comparison.winner);
    return evaluation === null
      ? []
      : [[`${chosen ? "*" : "\u00a0"}\u00a0${candidateLabel(candidate)}`, ...comparedFigures(evaluation)]];
  });
  const align = ["left", ...head.slice(1).map(() => "right" as const)] as const;
  const failed = comparison.results.flatMap(({ candidate, evaluation, problem }) =>
    evaluation === null ? [`${candidateLabel(candidate)}: ${problem ?? "not fitted"}\n`] : [],
  );
  return `${comparison.outcome}: ${observations} observations in ${groups} groups\n${fittedTable({ head, rows, align }, effects)}\n${failed.join("")}${comparison.reason}\n`;
}

function comparedFigures(evaluation: ModelComparison["evaluation"]): readonly string[] {
  const { rmse, r2, withinContext, nlpd, coverage95 } = evaluation;
  return [
    formatMeasured(rmse, rmse / 10),
    formatR2(r2),
    ...withinContext.map((level) => formatR2(level.r2)),
    nlpd.toFixed(2),
    formatProbability(coverage95),
  ];
}
