import { resolve } from "node:path";
import { openCampaign } from "../../adapters/open-campaign.js";
import { requireWritable, writeFileAtomic } from "../../adapters/write-file-atomic.js";
import type { Campaign } from "../../campaign/campaign.js";
import type { PresetChoice } from "../../campaign/choose-preset.js";
import { processWindow } from "../../campaign/window.js";
import type { ProcessWindow } from "../../campaign/window-answer.js";
import type { DecimalMark } from "../../data/parse-options.js";
import { figureSize } from "../../plots/frame.js";
import { windowMapPlot } from "../../plots/window-map.js";
import { assignableContext, parseAssignments, requestedSettings, splitAssignments } from "../assignments.js";
import type { CliEffects } from "../effects.js";
import { printNotes } from "../print-notes.js";
import { createProgress } from "../progress.js";
import { reportInputs } from "../report-data.js";
import { formatWindow } from "../window-table.js";
import { withWorkers } from "../with-workers.js";
import { requirePlotPath, writePlot } from "../write-plot.js";

export interface WindowOptions {
  readonly data?: string;
  readonly decimal?: DecimalMark;
  readonly mixOrigins?: boolean;
  readonly skipInvalid?: boolean;
  readonly probability?: number;
  readonly seed: number;
  readonly preset: PresetChoice;
  readonly workers?: number;
  readonly fix?: readonly string[];
  readonly context?: readonly string[];
  readonly contextTolerance?: readonly string[];
  readonly format: "table" | "json";
  readonly out?: string;
  readonly plot?: string;
}

/** `cellwright window`: the largest box of settings in which all specifications hold together; nothing is remembered. */
export async function window(path: string, options: WindowOptions, effects: CliEffects): Promise<void> {
  if (options.plot !== undefined) requirePlotPath(options.plot);
  const opened = await openCampaign(path, {
    ...options,
    cwd: effects.cwd,
    store: "read",
    signal: effects.signal,
  });
  await opened.store?.close();
  const { campaign, file } = opened;
  if (options.out !== undefined) await requireWritable(resolve(effects.cwd, options.out));
  const request = {
    ...(options.probability === undefined ? {} : { probability: options.probability }),
    seed: options.seed,
    preset: options.preset,
    ...requestedSettings(campaign, options),
    contextTolerance: contextTolerance(campaign, options.contextTolerance ?? []),
  };
  const progress = createProgress(effects);
  const answer = await withWorkers(options.workers, effects, (executor) =>
    processWindow(campaign, {
      ...request,
      executor,
      signal: effects.signal,
      clock: effects.now,
      onProgress: (p) => progress.update(p.stage, p.done, p.total),
    }),
  )
    .catch((error: unknown) => {
      throw file.located(error);
    })
    .finally(() => progress.done());
  const json = `${JSON.stringify(answer, null, 2)}\n`;
  if (options.out !== undefined) {
    await writeFileAtomic(resolve(effects.cwd, options.out), json);
    effects.err(`Wrote ${options.out}\n`);
  }
  if (options.plot !== undefined) await drawWindow(campaign, answer, options.plot, effects);
  effects.out(options.format === "json" ? json : formatWindow(campaign, answer, effects));
  if (options.format === "table") printNotes([...opened.messages, ...answer.messages], effects);
}

/** The map over the two settings that matter most; the report has the others. */
async function drawWindow(
  campaign: Campaign,
  answer: ProcessWindow,
  path: string,
  effects: CliEffects,
): Promise<void> {
  const [map] = answer.maps;
  if (map === undefined) {
    effects.err(`note: no setting is free, or no model can judge: ${path} was not written.\n`);
    return;
  }
  const inputs = new Map(reportInputs(campaign).map((input) => [input.name, input]));
  const y = map.y === undefined ? undefined : inputs.get(map.y);
  const option = windowMapPlot(answer, map, { x: inputs.get(map.x)!, ...(y === undefined ? {} : { y }) });
  await writePlot(path, { option, size: figureSize(option), id: "window" }, effects);
}

/** Half-widths in the context's unit. @throws CellwrightError USAGE with every problem. */
function contextTolerance(campaign: Campaign, texts: readonly string[]): Record<string, number> {
  const where = "--context-tolerance";
  const numeric = new Map(
    [...assignableContext(campaign)].filter(([, { choices }]) => choices === undefined),
  );
  const read = parseAssignments(splitAssignments(texts, where), numeric, where);
  return Object.fromEntries(Object.entries(read).map(([name, value]) => [name, Number(value)]));
}
