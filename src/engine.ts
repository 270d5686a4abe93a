/** The engine without files: runs in Node and in a browser. */
export { ask } from "./campaign/ask.js";
export type { AskOptions } from "./campaign/ask.js";
export type { Campaign, Outcome } from "./campaign/campaign.js";
export type { AskResult, Suggestion } from "./campaign/suggestion.js";
export { tell } from "./campaign/tell.js";
export type { Observation, Trial, TrialUpdate } from "./campaign/trial.js";
export { processWindow } from "./campaign/window.js";
export type { ProcessWindowOptions } from "./campaign/window.js";
export type { ProcessWindow } from "./campaign/window-answer.js";
export { createCampaign } from "./create-campaign.js";
export { CellwrightError } from "./errors.js";
export type { ErrorCode, Problem } from "./errors.js";
export { fitSurrogate } from "./fit-dataset.js";
export type { Dataset, FitSurrogateOptions, FittedSurrogate } from "./fit-dataset.js";
export type { Executor } from "./surrogates/executor.js";
export { version } from "./version.js";
