import { resolve } from "node:path";
import { openCampaign } from "../../adapters/open-campaign.js";
import { renderReport } from "../../adapters/render-plot.js";
import { writeFileAtomic } from "../../adapters/write-file-atomic.js";
import {
  assignableContext,
  assignableParameters,
  parseAssignments,
  splitAssignments,
} from "../assignments.js";
import type { CliEffects } from "../effects.js";
import { makeReport } from "../make-report.js";
import { createProgress } from "../progress.js";

export interface ReportOptions {
  readonly data?: string;
  readonly mixOrigins?: boolean;
  readonly skipInvalid?: boolean;
  readonly count?: number;
  readonly seed: number;
  readonly fix?: readonly string[];
  readonly context?: readonly string[];
  readonly out: string;
}

/** `cellwright report`: one HTML file with the answer, how far to trust it, and what it rests on. */
export async function report(path: string, options: ReportOptions, effects: CliEffects): Promise<void> {
  const opened = await openCampaign(path, {
    ...options,
    cwd: effects.cwd,
    store: "read",
    signal: effects.signal,
  });
  await opened.store?.close();
  const { campaign } = opened;
  const progress = createProgress(effects);
  const { data } = await makeReport(
    opened,
    {
      ...(options.count === undefined ? {} : { count: options.count }),
      seed: options.seed,
      fix: parseAssignments(
        splitAssignments(options.fix ?? [], "--fix"),
        assignableParameters(campaign),
        "--fix",
      ),
      context: parseAssignments(
        splitAssignments(options.context ?? [], "--context"),
        assignableContext(campaign),
        "--context",
      ),
      commands: [
        { command: `cellwright suggest ${path}`, purpose: "suggest these runs and remember them" },
        { command: `cellwright record ${path} trial=… outcome=…`, purpose: "type in what was measured" },
      ],
    },
    effects,
    progress,
  );
  progress.update("drawing", 0, 1);
  const page = await renderReport(data);
  progress.done();
  await writeFileAtomic(resolve(effects.cwd, options.out), page);
  effects.out(`${options.out}\n`);
  effects.err(
    "Wrote the report. The suggestions in it were not remembered: `cellwright suggest` does that.\n",
  );
}
