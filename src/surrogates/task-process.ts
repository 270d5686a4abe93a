import { furtherStatistics } from "./further-rows.js";
import type { ConditionedProcess, GaussianProcessModel } from "./gaussian-process-model.js";
import { leaveBlocksOut, runBlocks } from "./multi-task-leave-out.js";
import { stackStatistics } from "./setting-statistics.js";
import { conditionOnStatistics, type SiteView, viewSite } from "./site-view.js";

/**
 * One task of a joint model with all that decisions need of a process. Settings that are left out are left out with all
 * their tasks, since a new run has none; further rows are rows of this task.
 *
 * @param firstLevel - Where the noise levels of this task begin among those of all.
 */
export function taskProcess(view: SiteView, firstLevel: number): GaussianProcessModel {
  const { posterior, site, transform, noiseVariance } = view;
  const [term] = posterior.model.terms;
  return {
    ...conditionedTask(view, firstLevel),
    kind: "multi-task-gaussian-process",
    trainingRows: view.trainingRows,
    hyperparameters: {
      lengthscales: term!.lengthscales,
      signalVariance: term!.coupling.data[site * (term!.coupling.cols + 1)]!,
      noiseVariance,
    },
    leaveSettingsOut: (settings) => leaveOut(view, settings).map((z) => transform.toRaw(z)),
    describe: () => view.describe(),
    toJSON: () => view.toJSON(),
  };
}

/** What a task predicts and draws, and what it says given further rows of it. */
function conditionedTask(view: SiteView, firstLevel: number): ConditionedProcess {
  const { posterior, site, transform, inputs, noiseVariance } = view;
  const surrogate = viewSite(view);
  return {
    ...surrogate,
    samples: (points, count, rng, scale) => surrogate.samples!(points, count, rng, scale),
    withObservations(rows) {
      const further = furtherStatistics(rows, inputs, transform, noiseVariance.length);
      const { statistics, model } = posterior;
      const noiseLevel = further.noiseLevel.map((level) => level + firstLevel);
      const all = {
        ...stackStatistics(statistics, { ...further, noiseLevel, levels: statistics.levels }),
        site: Int32Array.of(...statistics.site, ...noiseLevel.map(() => site)),
      };
      const extended = {
        ...view,
        posterior: conditionOnStatistics(model, all),
        block: runBlocks(all.X),
      };
      return conditionedTask(extended, firstLevel);
    },
  };
}

/** Model-scale predictions of some of the task's settings from all runs but those at these settings. */
function leaveOut({ posterior, site }: SiteView, settings: readonly number[]): Float64Array {
  const { conditioned, statistics } = posterior;
  const runs = runBlocks(statistics.X);
  const own = Array.from(statistics.site, (_, g) => g).filter((g) => statistics.site[g] === site);
  const left = new Set(settings.map((setting) => runs[own[setting]!]!));
  const together = runs.map((run) => (left.has(run) ? -1 : run));
  const { mean } = leaveBlocksOut(conditioned, statistics.mean, together);
  return Float64Array.from(settings, (setting) => mean[own[setting]!]!);
}
