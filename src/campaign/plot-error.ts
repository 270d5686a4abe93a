import type { GaussianProcessModel } from "../surrogates/gaussian-process-model.js";
import type { GaussianProcessPresetName } from "../surrogates/presets/preset.js";
import type { Surrogate } from "../surrogates/surrogate.js";
import {
  fitWholePlotGaussianProcess,
  hasSharedError,
  type WholePlotGaussianProcess,
} from "../surrogates/whole-plot-gaussian-process.js";
import type { Outcome } from "./campaign.js";
import { FEWEST_TO_COMPARE } from "./choose-preset.js";
import { definedFields } from "./defined-fields.js";
import { formatNumber } from "./format-number.js";
import { isMaturing } from "./maturing.js";
import { MIN_DEGREES_OF_FREEDOM } from "./noise-levels.js";
import type { OutcomeData, RowPlots } from "./outcome-data.js";

/**
 * Nats by which the log posterior must rise for an error that nobody asked for. Half of what curves of noise and warps
 * have to gain: that set-ups differ is what hard to change says, and to take the error in vain costs little, while to
 * leave it out costs honest intervals (`npm run bench -- whole-plot`).
 */
const LEAST_GAIN = 1;
/** Fewest plots of two runs or more from which a variance between plots can be told from that within (assumption). */
const FEWEST_PLOTS = 4;
/**
 * Fewest set-ups that come back to a setting. Where each setting has one, its error and the effect of the setting are told
 * apart by nothing but how smooth an effect is believed to be: set-ups that come back are the degrees of freedom of pure
 * error (Letsinger, Myers & Lentner 1996, section 3), of which a level's noise needs as many.
 */
const FEWEST_RETURNS = MIN_DEGREES_OF_FREEDOM;
/** Most rows for which an error that nobody asked for is tried: more take seconds. */
const MOST_TRIED = 300;

/** The rows with their whole plots, so that a fit to them carries the plots' errors; as they are where there are none. */
export function withPlots(rows: OutcomeData): OutcomeData {
  return rows.plots === null ? rows : { ...rows, data: { ...rows.data, wholePlot: rows.plots.of } };
}

/** Whether the file wants the error of whole plots for an outcome, and there are plots to carry it. */
export function forcesPlots({ surrogate }: Pick<Outcome, "surrogate">, { plots }: OutcomeData): boolean {
  return surrogate?.wholePlot === true && plots !== null;
}

/**
 * The model with an error of whole plots where the rows show one, else null: with at least 4 plots of two runs or more, 4
 * that come back to a setting, 10 settings and a gain of more than 1 nat, and where no other model of the noise, shape or
 * early signal is at work.
 */
export function fitPlotError(
  outcome: Outcome,
  rows: OutcomeData,
  base: {
    readonly model: GaussianProcessModel;
    readonly preset: GaussianProcessPresetName;
    readonly settings: number;
  },
  options: { readonly seed?: number; readonly signal?: AbortSignal },
): WholePlotGaussianProcess | null {
  const { wholePlot = "auto", process = {} } = outcome.surrogate ?? {};
  const { kernel, ...others } = process;
  if (wholePlot !== "auto" || rows.plots === null || isMaturing(outcome)) return null;
  if (Object.keys(others).length > 0 || base.settings < FEWEST_TO_COMPARE) return null;
  if (rows.data.y.length > MOST_TRIED || !canTell(rows.plots)) return null;
  const model = fitWholePlotGaussianProcess(withPlots(rows).data, {
    scale: outcome.scale,
    preset: base.preset,
    plain: base.model.hyperparameters,
    starts: 0,
    ...definedFields({ kernel, seed: options.seed, signal: options.signal }),
  });
  return model.sharedError.gain > LEAST_GAIN ? model : null;
}

function canTell({ repeated, returns }: RowPlots): boolean {
  return repeated >= FEWEST_PLOTS && returns >= FEWEST_RETURNS;
}

/** What a fit that carries an error of whole plots says of it, in sentences; empty for any other. */
export function plotErrorWords(
  model: Surrogate,
  { plots }: OutcomeData,
  { unit, surrogate }: Outcome,
): string {
  if (surrogate?.wholePlot === true && plots === null)
    return " whole_plot: true is of no use: the runs have neither numbers nor dates that tell their order.";
  if (plots === null) return "";
  if (!hasSharedError(model))
    return surrogate?.wholePlot !== "auto" || canTell(plots) ? "" : cannotTell(plots);
  const { sharedError } = model;
  const amount = amountIn(unit, model.modelScale);
  const [low, high] = sharedError.interval95;
  const reason =
    surrogate?.wholePlot === true ? "as the file says" : `log posterior +${sharedError.gain.toFixed(1)}`;
  const known = plots.hard.length === 0 ? "" : `, carry what is known of ${plots.hard.join(" and ")}`;
  return [
    ` Error shared ${sharedBy(plots)}: ${amount(sharedError.stdDev)} (95 % interval ${amount(low)} to ${amount(high)}); of one run: ${amount(sharedError.rowStdDev)} (${reason}).`,
    ` Runs of one set-up count less than they seem: ${sharedError.plots} set-ups, ${sharedError.repeated} of them with two runs or more${known}.`,
    plots.by === "numbers"
      ? " Runs are taken in the order of their numbers: state measured_at, or whole_plot: COLUMN, where that is another."
      : "",
  ].join("");
}

function sharedBy({ by, hard }: RowPlots): string {
  return typeof by === "object"
    ? `by runs of one ${by.column}`
    : `between two changes of ${hard.join(" or ")}`;
}

function cannotTell(plots: RowPlots): string {
  return ` Whether there is an error shared ${sharedBy(plots)} cannot be told: ${plots.repeated} set-ups have two runs or more (${FEWEST_PLOTS} are needed) and ${plots.returns} come back to a setting (${FEWEST_RETURNS}).`;
}

/** The runs that cross-validation keeps together. */
export function keptTogether({ by, hard }: RowPlots): string {
  return typeof by === "object"
    ? `Runs of one ${by.column}`
    : `Runs between two changes of ${hard.join(" or ")}`;
}

/** A standard deviation in the outcome's unit; of a logarithm as a share. */
function amountIn(
  unit: string,
  { record }: WholePlotGaussianProcess["modelScale"] & { readonly record?: { readonly kind: string } },
): (stdDev: number) => string {
  if (record?.kind === "log") return (stdDev) => `${formatNumber(100 * stdDev)} %`;
  return (stdDev) => (unit === "1" ? formatNumber(stdDev) : `${formatNumber(stdDev)} ${unit}`);
}
