import { openCampaignFile, readCampaignTable } from "../../adapters/open-campaign.js";
import type { Trial } from "../../campaign/trial.js";
import type { DecimalMark } from "../../data/parse-options.js";
import { CellwrightError } from "../../errors.js";
import { formatMeasured, formatPlain } from "../../plots/format.js";
import type { SearchSpace } from "../../space/search-space.js";
import { resolvePriorMean } from "../../process/resolve-prior-mean.js";
import { type PredictedValue, createPredictor } from "../../registry/predict.js";
import type { CliEffects } from "../effects.js";
import { printNotes } from "../print-notes.js";
import { tableOrColumns } from "../fitted-table.js";
import { modelFilesOf } from "../models-folder.js";

export interface PredictOptions {
  readonly model?: string;
  readonly data: string;
  readonly decimal?: DecimalMark;
  readonly models?: string;
  readonly format: "table" | "json" | "csv";
}

/** `cellwright predict`: outcomes of settings by a saved model, with the interval of one new run. */
export async function predict(path: string, options: PredictOptions, effects: CliEffects): Promise<void> {
  const opened = openCampaignFile(path, effects.cwd);
  const record = await modelFilesOf(opened, options.models, effects.cwd).load(options.model ?? "champion");
  const { trials, messages } = await readCampaignTable(opened.campaign, options.data, {
    cwd: effects.cwd,
    mixOrigins: true,
    decimal: options.decimal,
    purpose: "settings",
    signal: effects.signal,
  });
  if (trials.length === 0) {
    throw new CellwrightError("DATA_INVALID", `${options.data} has no rows with settings to predict.`);
  }
  const predictions = createPredictor(record, resolvePriorMean).predict(trials);
  const rows = trials.map((trial, i) => ({
    trial: trial.id,
    parameters: trial.parameters,
    context: trial.context,
    predictions: Object.fromEntries(
      record.outcomes.map(({ name, unit }) => [name, { ...predictions[name]![i]!, unit }]),
    ),
  }));
  if (options.format === "json") {
    effects.out(`${JSON.stringify({ campaign: record.campaign, model: record.version, rows }, null, 2)}\n`);
  } else if (options.format === "csv") effects.out(csv(record.outcomes, trials, predictions));
  else {
    effects.out(table(opened.campaign.space, record.outcomes, trials, predictions, effects));
    printNotes(messages, effects);
    effects.err(`Model ${record.version}; in brackets the 95 % interval of one new run.\n`);
  }
}

type Outcomes = readonly { readonly name: string; readonly unit: string }[];
type Predictions = Readonly<Record<string, readonly PredictedValue[]>>;

/** A row a run where that fits the terminal, else a column a run, as many beside each other as fit. */
function table(
  space: Pick<SearchSpace, "parameters" | "context">,
  outcomes: Outcomes,
  trials: readonly Trial[],
  predictions: Predictions,
  effects: CliEffects,
): string {
  const settings = [
    ...new Set(trials.flatMap((t) => [...Object.keys(t.parameters), ...Object.keys(t.context)])),
  ];
  const titles = outcomes.map(({ name, unit }) => (unit === "1" ? name : `${name} (${unit})`));
  const head = ["trial", ...settings.map((name) => titled(space, name)), ...titles];
  const rows = trials.map((trial, i) => {
    const values = { ...trial.parameters, ...trial.context };
    return [
      trial.id,
      ...settings.map((name) => formatPlain(values[name] ?? "–")),
      ...outcomes.map(({ name }) => predicted(predictions[name]![i]!)),
    ];
  });
  return `${tableOrColumns(head, rows, effects)}\n`;
}

/** A setting's name with its unit, which choices do not have. */
function titled({ parameters, context }: Pick<SearchSpace, "parameters" | "context">, name: string): string {
  const column = [...parameters, ...context].find((one) => one.name === name);
  return column === undefined || column.kind === "categorical" || column.unit === "1"
    ? name
    : `${name} (${column.unit})`;
}

function predicted({ mean, stdDev, interval95 }: PredictedValue): string {
  const bounds = interval95.map((bound) => formatMeasured(bound, stdDev));
  return `${formatMeasured(mean, stdDev)} [${bounds.join(interval95[0] < 0 ? " to " : "–")}]`;
}

function csv(outcomes: Outcomes, trials: readonly Trial[], predictions: Predictions): string {
  const header = [
    "trial",
    ...outcomes.flatMap(({ name }) => ["mean", "sd", "low95", "high95"].map((part) => `${name}_${part}`)),
  ];
  const rows = trials.map((trial, i) => [
    /[",\n]/.test(trial.id) ? `"${trial.id.replaceAll('"', '""')}"` : trial.id,
    ...outcomes.flatMap(({ name }) => {
      const { mean, stdDev, interval95 } = predictions[name]![i]!;
      return [mean, stdDev, ...interval95].map(String);
    }),
  ]);
  return `${[header, ...rows].map((row) => row.join(",")).join("\n")}\n`;
}
