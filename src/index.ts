/** The library for Node: the engine, and reading data from files. */
export { readDataset } from "./adapters/read-dataset.js";
export type { ReadDatasetOptions } from "./adapters/read-dataset.js";
export { createWorkerPool } from "./adapters/worker-pool.js";
export type { WorkerPool, WorkerPoolOptions } from "./adapters/worker-pool.js";
export { ask } from "./campaign/ask.js";
export type { AskOptions } from "./campaign/ask.js";
export type { Campaign, Outcome } from "./campaign/campaign.js";
export { campaignJsonSchema } from "./campaign/campaign-spec.js";
export type { CampaignSpec } from "./campaign/campaign-spec.js";
export { adviseCells } from "./campaign/cell-advice.js";
export type { CellAdvice, CellsOptions, CellsResult } from "./campaign/cell-advice.js";
export type {
  Advice,
  AskResult,
  OutcomePrediction,
  Provenance,
  SpecificationOutlook,
  Suggestion,
} from "./campaign/suggestion.js";
export { design } from "./campaign/design.js";
export type { CampaignDesign, DesignRun } from "./campaign/design.js";
export type { DesignKind, DesignOptions } from "./campaign/design-request.js";
export { measure } from "./campaign/next-measurement.js";
export type { MeasurementAdvice, MeasureOptions, MeasureResult } from "./campaign/next-measurement.js";
export { score } from "./campaign/score.js";
export type { Candidate, ScoredCandidate, ScoreOptions, ScoreResult } from "./campaign/score.js";
export { tell } from "./campaign/tell.js";
export type { TellOptions } from "./campaign/tell.js";
export type { Observation, Trial, TrialUpdate } from "./campaign/trial.js";
export { processWindow } from "./campaign/window.js";
export type { ProcessWindowOptions } from "./campaign/window.js";
export type { ProcessWindow } from "./campaign/window-answer.js";
export { createCampaign } from "./create-campaign.js";
export type { Dataset } from "./data/dataset.js";
export { CellwrightError, formatProblem } from "./errors.js";
export type { ErrorCode, Problem } from "./errors.js";
export { fitSurrogate, fitSurrogatesJointly, fitSurrogateWithSources } from "./fit-dataset.js";
export type {
  FitSurrogateOptions,
  FittedSurrogate,
  GivenResult,
  JointOptions,
  JointSurrogates,
  SampleOptions,
  SourceOptions,
} from "./fit-dataset.js";
export { useRelaxedKernels } from "./math/wasm/kernels.js";
export type { Settings, SettingValue } from "./space/parameter.js";
export type { Executor } from "./surrogates/executor.js";
export type { MarginalPosterior, Surrogate, SurrogateKind } from "./surrogates/surrogate.js";
export { version } from "./version.js";
