import { acquireRunLock } from "../../adapters/run-lock.js";
import { openCampaign, openCampaignFile } from "../../adapters/open-campaign.js";
import { type RetrainOutcome, retrain as retrainModels } from "../../retraining/retrain.js";
import type { DecimalMark } from "../../data/parse-options.js";
import type { CliEffects } from "../effects.js";
import type { ExitCode } from "../exit-code.js";
import { modelFilesOf } from "../models-folder.js";
import { withWorkers } from "../with-workers.js";
import { parseFolds } from "./train.js";

export interface RetrainCommandOptions {
  readonly data?: string;
  readonly decimal?: DecimalMark;
  readonly mixOrigins?: boolean;
  readonly skipInvalid?: boolean;
  readonly models?: string;
  readonly dryRun?: boolean;
  readonly folds: string;
  readonly seed: number;
  readonly workers?: number;
}

const RETRAIN_EXIT_CODE = {
  promoted: 0,
  "not-promoted": 3,
  "nothing-new": 3,
} as const satisfies Record<RetrainOutcome["outcome"], ExitCode>;

/** `cellwright retrain`: one JSON line a step on standard output; exit 3 where nothing is new or the champion stays. */
export async function retrain(
  path: string,
  options: RetrainCommandOptions,
  effects: CliEffects,
): Promise<ExitCode> {
  const folds = parseFolds(options.folds);
  const open = (): ReturnType<typeof openCampaign> =>
    openCampaign(path, { ...options, cwd: effects.cwd, store: "read", signal: effects.signal });
  const files = modelFilesOf(openCampaignFile(path, effects.cwd), options.models, effects.cwd);
  const { outcome } = await withWorkers(options.workers, effects, (executor) =>
    retrainModels(
      { folds, seed: options.seed, dryRun: options.dryRun ?? false, executor, signal: effects.signal },
      {
        now: effects.now,
        lock: () => acquireRunLock(files.lockPath),
        loadCampaign: async () => {
          const { campaign, store } = await open();
          await store?.close();
          return campaign;
        },
        listModels: () => files.list(),
        loadChampion: () => files.champion(),
        saveModel: (draft, diagnostics) => files.save(draft, diagnostics),
        promote: (version, note) => files.promote(version, note),
        log: (event) => effects.out(`${JSON.stringify(event)}\n`),
      },
    ),
  );
  return RETRAIN_EXIT_CODE[outcome];
}
