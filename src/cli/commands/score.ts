import { resolve } from "node:path";
import { openCampaign, readCampaignTable } from "../../adapters/open-campaign.js";
import { stageFile } from "../../adapters/write-file-atomic.js";
import type { Campaign } from "../../campaign/campaign.js";
import {
  candidatesOf,
  score as scoreCandidates,
  type ScoredCandidate,
  type ScoreResult,
} from "../../campaign/score.js";
import { CellwrightError, formatProblem } from "../../errors.js";
import {
  columnStdDev,
  formatInterval,
  formatMeasured,
  formatPlain,
  formatProbability,
} from "../../plots/format.js";
import { settingText, titleOf } from "../setting-text.js";
import { csvLine } from "../suggestions-csv.js";
import type { CliEffects } from "../effects.js";
import { printNotes, printWarnings } from "../print-notes.js";
import { tableOrColumns } from "../fitted-table.js";
import { createProgress } from "../progress.js";
import { type RequestArguments, readRequest } from "../request-options.js";
import { withWorkers } from "../with-workers.js";

export interface ScoreCommandOptions extends RequestArguments {
  readonly data?: string;
  readonly mixOrigins?: boolean;
  readonly skipInvalid?: boolean;
  readonly candidates: string;
  readonly workers?: number;
  readonly format: "table" | "json" | "csv";
  readonly out?: string;
}

/** `cellwright score`: judges and ranks the user's own settings. */
export async function score(path: string, options: ScoreCommandOptions, effects: CliEffects): Promise<void> {
  const { cwd, signal } = effects;
  const { data, decimal, mixOrigins, skipInvalid } = options;
  const opened = await openCampaign(path, {
    cwd,
    data,
    decimal,
    mixOrigins,
    skipInvalid,
    store: "read",
    signal,
  });
  await opened.store?.close();
  const { campaign } = opened;
  const rows = await readCampaignTable(campaign, options.candidates, {
    ...{ cwd, decimal, signal },
    ...{ mixOrigins: true, purpose: "candidates" },
  });
  if (rows.trials.length === 0)
    throw new CellwrightError("DATA_INVALID", `${options.candidates} has no rows with settings to score.`);
  const request = await readRequest(campaign, options, effects);
  const progress = createProgress(effects);
  const answer = await withWorkers(options.workers, effects, (executor) =>
    scoreCandidates(campaign, {
      ...request,
      ...{ candidates: candidatesOf(rows.trials), executor, signal },
      onProgress: (p) => progress.update(p.stage, p.done, p.total),
    }),
  )
    .catch((error: unknown) => {
      throw opened.file.located(error);
    })
    .finally(() => progress.done());
  if (options.out !== undefined) {
    const asJson = options.format === "json" || /\.json$/iu.test(options.out);
    const staged = await stageFile(resolve(cwd, options.out), asJson ? json(answer) : csv(campaign, answer));
    await staged.commit();
    effects.err(`Wrote ${options.out}\n`);
  }
  if (options.format === "json") return effects.out(json(answer));
  if (options.format === "csv") return effects.out(csv(campaign, answer));
  effects.out(`${table(campaign, answer, effects)}\n${refusals(answer)}`);
  printWarnings(answer.warnings, effects);
  printNotes([...opened.messages, ...answer.messages, ...answer.notes], effects);
}

const json = (answer: ScoreResult): string => `${JSON.stringify(answer, null, 2)}\n`;

/** Best first; what may not be run stands below. */
function inRankOrder({ candidates }: ScoreResult): ScoredCandidate[] {
  return candidates.toSorted((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity));
}

function table(campaign: Campaign, answer: ScoreResult, effects: CliEffects): string {
  const rows = inRankOrder(answer);
  const outcomes = campaign.outcomes.filter(({ name }) =>
    rows.some((row) => row.predictions[name] !== undefined),
  );
  const stdDevs = outcomes.map(({ name }) =>
    columnStdDev(rows.flatMap((row) => row.predictions[name] ?? [])),
  );
  const { parameters, context } = campaign.space;
  const gain = answer.gainUnit === null || answer.gainUnit === "1" ? "" : ` (${answer.gainUnit})`;
  const succeeds = rows.some(({ success }) => success !== undefined);
  const safe = rows.some(({ safety }) => safety !== undefined);
  const head = [
    "rank",
    "candidate",
    ...[...parameters, ...context].map(titleOf),
    ...outcomes.map(titleOf),
    "keeps specifications",
    ...(succeeds ? ["succeeds"] : []),
    ...(safe ? ["safe"] : []),
  ];
  const cells = rows.map((row) => {
    const predicted = outcomes.map(({ name }, k) => {
      const one = row.predictions[name];
      if (one === undefined) return "–";
      return `${formatMeasured(one.mean, stdDevs[k]!)} [${formatInterval(one.interval95, stdDevs[k])}]`;
    });
    return [
      row.problems.length > 0 ? "not allowed" : row.rank === null ? "–" : String(row.rank),
      row.tried === undefined ? row.candidate : `${row.candidate} (as ${row.tried})`,
      ...parameters.map((p) => settingText(p, row.parameters[p.name] ?? "–")),
      ...context.map(({ name }) => formatPlain(row.context[name] ?? "–")),
      ...predicted,
      probability(row.probabilityFeasible),
      ...(succeeds ? [probability(row.success?.probability ?? null)] : []),
      ...(safe ? [probability(row.safety?.probability ?? null)] : []),
      gainText(row.expectedGain, answer.gainUnit),
    ];
  });
  return tableOrColumns([...head, `expected gain${gain}`], cells, effects);
}

/** Three digits; what would need an exponent is as good as none. */
function gainText(gain: number | null, unit: string | null): string {
  if (gain === null) return "–";
  if (unit?.startsWith("share") === true)
    return gain < 0.001 ? "< 0.1 %" : `${Number((100 * gain).toPrecision(3))} %`;
  return gain > 0 && gain < 1e-4 ? "< 0.0001" : String(Number(gain.toPrecision(3)));
}

const probability = (value: number | null): string => (value === null ? "–" : formatProbability(value));

/** Everything that forbids rows, a line each. */
function refusals({ candidates }: ScoreResult): string {
  return candidates
    .flatMap(({ candidate, problems }) => problems.map((p) => `  ${candidate}: ${formatProblem(p)}\n`))
    .join("");
}

function csv(campaign: Campaign, answer: ScoreResult): string {
  const { parameters, context } = campaign.space;
  const outcomes = campaign.outcomes.filter(({ name }) =>
    answer.candidates.some(({ predictions }) => predictions[name] !== undefined),
  );
  const header = [
    ...["candidate", "rank"],
    ...[...parameters, ...context].map(({ name }) => name),
    ...outcomes.flatMap(({ name }) => ["mean", "sd", "low95", "high95"].map((part) => `${name}_${part}`)),
    ...[
      "probability_feasible",
      "probability_success",
      "probability_safe",
      "acquisition",
      "expected_gain",
      "tried",
      "problems",
    ],
  ];
  const rows = answer.candidates.map((row) => [
    ...[row.candidate, text(row.rank)],
    ...parameters.map(({ name }) => text(row.parameters[name])),
    ...context.map(({ name }) => text(row.context[name])),
    ...outcomes.flatMap(({ name }) => {
      const one = row.predictions[name];
      return one === undefined ? ["", "", "", ""] : [one.mean, one.stdDev, ...one.interval95].map(text);
    }),
    ...[text(row.probabilityFeasible), text(row.success?.probability), text(row.safety?.probability)],
    ...[text(row.acquisition?.value)],
    ...[text(row.expectedGain), row.tried ?? "", row.problems.map(formatProblem).join(" ")],
  ]);
  return [header, ...rows].map(csvLine).join("");
}

const text = (value: number | string | null | undefined): string =>
  value === null || value === undefined ? "" : String(value);
