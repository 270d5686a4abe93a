import { CellwrightError } from "../errors.js";
import { matrixFromRows } from "../math/matrix.js";
import type { Settings, SettingValue } from "../space/parameter.js";
import type { FormedOutcome } from "../acquisition/formed-outcome.js";
import type { Campaign, Outcome } from "./campaign.js";
import type { FittedOutcome } from "./fit-outcomes.js";
import { formedPrediction } from "./formed-gain.js";
import { knownOutcome } from "./known-outcome.js";
import { spellingRemedy } from "./spelling.js";

/** A predicted outcome along one parameter or context, all others held; plain data. */
export interface ResponseSlice {
  readonly outcome: string;
  readonly parameter: string;
  /** The settings and context held, without the parameter. */
  readonly held: Settings;
  /** Numbers, ascending, or choices. */
  readonly at: readonly SettingValue[];
  readonly mean: readonly number[];
  /** 95 % of the latent outcome. */
  readonly latent95: readonly (readonly [number, number])[];
  /** 95 % of one new run. */
  readonly observed95: readonly (readonly [number, number])[];
}

export interface ResponseSliceOptions {
  /** A fitted outcome, the name of a known one, or a composite one, whose bands are both of the latent value. */
  readonly outcome: FittedOutcome | string | CompositeCurve;
  readonly parameter: string;
  /** Settings and context of the point through which the slice goes. */
  readonly parameters: Settings;
  readonly context: Settings;
  /** Points along a number; default 61. Choices, sets and integers give each value. */
  readonly points?: number;
}

/** A composite outcome with what forms it. */
export interface CompositeCurve {
  readonly outcome: Outcome;
  readonly formed: FormedOutcome;
}

/** Two-sided 95 % of a normal distribution. */
const NORMAL_95 = 1.959963984540054;

/**
 * Predicts an outcome along one parameter within its bounds.
 *
 * @throws CellwrightError INVALID_OPTION if the campaign has no such parameter or known outcome; DATA_INVALID if the
 *   held settings are not complete.
 */
export function responseSlice(campaign: Campaign, options: ResponseSliceOptions): ResponseSlice {
  const { parameter, parameters, context, points = 61 } = options;
  const values = valuesAlong(campaign, parameter, points);
  const states = values.map((value) => withSetting(campaign, parameters, context, parameter, value));
  const X = states.map((state) => campaign.space.encode(state.parameters, state.context));
  const held = Object.fromEntries(
    Object.entries({ ...parameters, ...context }).filter(([name]) => name !== parameter),
  );
  const outcome = typeof options.outcome === "string" ? options.outcome : options.outcome.outcome.name;
  const curve =
    typeof options.outcome === "string"
      ? knownCurve(campaign, outcome, X)
      : "formed" in options.outcome
        ? compositeCurve(options.outcome, X)
        : learnedCurve(options.outcome, X, states);
  return { outcome, parameter, held, at: values, ...curve };
}

type Curve = Pick<ResponseSlice, "mean" | "latent95" | "observed95">;
interface State {
  readonly parameters: Settings;
  readonly context: Settings;
}

/** Values between the bounds (of the data, for a context without bounds), evenly in the encoded column. */
function valuesAlong(campaign: Campaign, name: string, points: number): SettingValue[] {
  const { space } = campaign;
  const column = space.columns.find((c) => c.name === name);
  if (column === undefined) {
    const remedy = spellingRemedy(
      name,
      space.columns.map((c) => c.name),
    );
    throw new CellwrightError(
      "INVALID_OPTION",
      `The campaign has no parameter or context ${name}. ${remedy}`,
    );
  }
  if (column.choices !== null) return [...column.choices];
  const { levels } = column;
  if (levels !== null && levels.count <= points)
    return Array.from({ length: levels.count }, (_, k) => levels.value(k));
  return Array.from({ length: points }, (_, i) => column.toRaw((column.upper * i) / (points - 1)));
}

function withSetting(
  campaign: Campaign,
  parameters: Settings,
  context: Settings,
  name: string,
  value: SettingValue,
): State {
  const isParameter = campaign.space.parameters.some((p) => p.name === name);
  return isParameter
    ? { parameters: { ...parameters, [name]: value }, context }
    : { parameters, context: { ...context, [name]: value } };
}

function learnedCurve(fitted: FittedOutcome, X: readonly Float64Array[], states: readonly State[]): Curve {
  const posterior = fitted.model.predict(matrixFromRows(X), {
    noiseLevel: Int32Array.from(states, (state) => fitted.rows.noiseLevelAt(state)),
    knownNoiseVariance: fitted.rows.knownNoiseVariance,
  });
  const band = (of: "latent" | "observed"): [number, number][] => {
    const [low, high] = [posterior.quantile(0.025, of), posterior.quantile(0.975, of)];
    return X.map((_, i) => [low[i]!, high[i]!]);
  };
  return { mean: [...posterior.mean], latent95: band("latent"), observed95: band("observed") };
}

function compositeCurve({ outcome, formed }: CompositeCurve, X: readonly Float64Array[]): Curve {
  const predictions = X.map((x) => formedPrediction(formed, x, outcome.unit));
  const band = predictions.map(({ interval95 }): [number, number] => [interval95[0], interval95[1]]);
  return { mean: predictions.map(({ mean }) => mean), latent95: band, observed95: band };
}

/** A formula has no latent uncertainty; its stated error stands in the band of a new run. */
function knownCurve(campaign: Campaign, name: string, X: readonly Float64Array[]): Curve {
  const outcome = campaign.outcomes.find((o) => o.name === name);
  if (outcome === undefined)
    throw new CellwrightError("INVALID_OPTION", `The campaign has no outcome ${name}.`);
  const known = knownOutcome(campaign, outcome);
  const mean = X.map((x) => known.evaluate(x));
  const observed95 = mean.map((value): [number, number] => {
    const half = NORMAL_95 * (known.error?.(value) ?? 0);
    return [value - half, value + half];
  });
  return { mean, latent95: mean.map((value) => [value, value]), observed95 };
}
