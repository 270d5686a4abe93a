import { openCampaign } from "../../adapters/open-campaign.js";
import { measure as nextMeasurements, type MeasureResult } from "../../campaign/next-measurement.js";
import { formatMeasured, formatPlain } from "../../plots/format.js";
import type { CliEffects } from "../effects.js";
import { printNotes, printWarnings } from "../print-notes.js";
import { fittedTable } from "../fitted-table.js";
import { createProgress } from "../progress.js";
import { type RequestArguments, readRequest } from "../request-options.js";
import { withWorkers } from "../with-workers.js";
import { wrapText } from "../wrap-text.js";

export interface MeasureCommandOptions extends Omit<RequestArguments, "acquisition"> {
  readonly data?: string;
  readonly mixOrigins?: boolean;
  readonly skipInvalid?: boolean;
  readonly count: number;
  readonly workers?: number;
  readonly format: "table" | "json";
}

/** `cellwright measure`: the measurements on runs that are there, the most useful for their price first. */
export async function measure(
  path: string,
  options: MeasureCommandOptions,
  effects: CliEffects,
): Promise<void> {
  const { cwd, signal } = effects;
  const { data, decimal, mixOrigins, skipInvalid } = options;
  const opened = await openCampaign(path, {
    ...{ cwd, data, decimal, mixOrigins, skipInvalid, signal },
    store: "read",
  });
  await opened.store?.close();
  const request = await readRequest(opened.campaign, options, effects);
  const progress = createProgress(effects);
  const all = await withWorkers(options.workers, effects, (executor) =>
    nextMeasurements(opened.campaign, {
      ...request,
      ...{ executor, signal },
      onProgress: (p) => progress.update(p.stage, p.done, p.total),
    }),
  )
    .catch((error: unknown) => {
      throw opened.file.located(error);
    })
    .finally(() => progress.done());
  const answer = { ...all, measurements: all.measurements.slice(0, options.count) };
  if (options.format === "json") return effects.out(`${JSON.stringify(answer, null, 2)}\n`);
  effects.out(text(answer, effects));
  printWarnings(answer.warnings, effects);
  printNotes([...opened.messages, ...answer.messages, ...opened.campaign.notes], effects);
}

function text({ measurements, unit, orderedBy }: MeasureResult, effects: CliEffects): string {
  if (measurements.length === 0)
    return "No measurement to advise: no run lacks an outcome whose value would change the choice of the best setting.\n";
  const head = ["", "trial", "outcome", "believed", `value (${unit})`, "price (USD)", "minutes"];
  const rows = measurements.map(({ trial, outcome, expected, value, price, minutes }, i) => [
    ...[String(i + 1), trial, outcome],
    `${formatMeasured(expected.mean, expected.stdDev)} ± ${formatMeasured(expected.stdDev, expected.stdDev)} ${expected.unit}`,
    String(Number(value.toPrecision(3))),
    ...[price === undefined ? "–" : formatPlain(price), minutes === undefined ? "–" : formatPlain(minutes)],
  ]);
  const first = wrapText(`1 ${measurements[0]!.reason}`, effects.columns, "  ");
  return `${fittedTable({ head, rows }, effects)}\n${first}\nOrdered by ${orderedBy}.\n`;
}
