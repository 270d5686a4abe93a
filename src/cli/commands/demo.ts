import { join, resolve } from "node:path";
import pc from "picocolors";
import { openCampaign } from "../../adapters/open-campaign.js";
import { renderReports } from "../../adapters/render-plot.js";
import { datasetsFolder } from "../../adapters/shipped-datasets.js";
import { requireWritable, writeFileAtomic } from "../../adapters/write-file-atomic.js";
import { type CliEffects, wantsColor } from "../effects.js";
import { type CampaignReport, makeReport } from "../make-report.js";
import type { Executor } from "../../surrogates/executor.js";
import { qualitySentences } from "../../plots/quality-words.js";
import { createProgress, type Progress } from "../progress.js";
import { contextText, formatQuality } from "../quality-table.js";
import { formatSuggestions } from "../suggestion-table.js";
import { formatBox } from "../window-table.js";
import { withWorkers } from "../with-workers.js";

export interface DemoOptions {
  readonly out: string;
  readonly seed: number;
}

/** The two campaigns that come with their measured data. */
const DEMONSTRATIONS = [
  { title: "Calendering", file: "nmc622-pilot-density.campaign.yaml", data: "calendering-nmc622-pilot" },
  {
    title: "Formation",
    file: "nmc-graphite-formation.campaign.yaml",
    data: "formation-protocols-nmc-graphite",
  },
] as const;

/** `cellwright demo`: both shipped campaigns on measured data, on the terminal and as one report. */
export async function demo(options: DemoOptions, effects: CliEffects): Promise<void> {
  const colors = pc.createColors(wantsColor(effects));
  const out = resolve(effects.cwd, options.out);
  await requireWritable(out);
  const reports: CampaignReport[] = [];
  for (const demonstration of DEMONSTRATIONS) {
    const progress = createProgress(effects);
    try {
      reports.push(
        await withWorkers(undefined, effects, (executor) =>
          demonstrate(demonstration, options, effects, progress, colors, executor),
        ),
      );
    } finally {
      progress.done();
    }
  }
  await writeFileAtomic(out, await renderReports(reports.map((report) => report.data)));
  effects.out(`${colors.bold("Report")}  ${options.out} (open it in a browser)\n\n${nextSteps(colors)}`);
}

async function demonstrate(
  { title, file, data }: (typeof DEMONSTRATIONS)[number],
  options: DemoOptions,
  effects: CliEffects,
  progress: Progress,
  colors: ReturnType<typeof pc.createColors>,
  executor: Executor,
): Promise<CampaignReport> {
  const path = join(datasetsFolder(), "campaigns", file);
  const opened = await openCampaign(path, { cwd: effects.cwd, store: "none", signal: effects.signal });
  const { campaign } = opened;
  const groups = new Set(campaign.trials.map((trial) => trial.group)).size;
  effects.out(
    `${colors.bold(`${title}: ${campaign.spec.question ?? campaign.name}`)}\n` +
      `Measured data: ${data}, ${campaign.trials.length} cells in ${groups} groups${campaign.group === undefined ? "" : ` (${campaign.group})`}.\n\n`,
  );
  const report = await makeReport(
    opened,
    {
      seed: options.seed,
      preset: "auto",
      fix: {},
      context: {},
      commands: [
        { command: `npx cellwright data get ${data} --dir my-line`, purpose: "copy these data" },
        {
          command: "npx cellwright init " + title.toLowerCase() + " --dir my-line",
          purpose: "start a campaign of your own",
        },
      ],
    },
    effects,
    progress,
    executor,
  );
  progress.done();
  effects.out(formatQuality(campaign, report.judged, report.context, effects));
  const state = contextText(campaign, report.context);
  for (const sentence of report.data.quality.flatMap((q) => qualitySentences(q, q.outcome, state))) {
    effects.out(`${colors.yellow(`! ${sentence}`)}\n`);
  }
  effects.out("\n");
  effects.out(`${formatSuggestions(campaign, report.answer, effects)}\n`);
  if (report.window !== null) effects.out(`${formatBox(campaign, report.window, effects)}\n`);
  return report;
}

function nextSteps(colors: ReturnType<typeof pc.createColors>): string {
  return `${colors.bold("Next")}    npx cellwright init calendering --dir my-line    a campaign of your own
        npx cellwright suggest my-line/calendering.campaign.yaml
        npx cellwright help suggest                      all options, with examples
`;
}
