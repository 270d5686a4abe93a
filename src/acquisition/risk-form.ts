import type { FormedOutcome, FormSlopes, HeldSetting, PointForm } from "./formed-outcome.js";

/** One number from the values at the held settings, [P]; writes its derivatives into `weights`, [P]. */
export type Reduction = (values: Float64Array, weights?: Float64Array) => number;

/** A form judged over settings as the plant may hold them. */
export function overSettings(
  form: PointForm,
  heldAt: (x: Float64Array) => readonly HeldSetting[],
  reduce: Reduction,
): FormedOutcome {
  const K = form.models.length;
  const valueWithSlopes = (
    held: readonly HeldSetting[],
    outcomes: Float64Array,
    slopes: FormSlopes,
  ): number => {
    const weights = new Float64Array(held.length);
    const own = held.map(({ x }) => ({
      byOutcome: new Float64Array(K),
      bySetting: new Float64Array(x.length),
    }));
    const values = Float64Array.from(held, ({ x }, p) =>
      form.value(x, outcomes.subarray(p * K, (p + 1) * K), own[p]),
    );
    const value = reduce(values, weights);
    slopes.bySetting.fill(0);
    held.forEach(({ slope }, p) => {
      for (let k = 0; k < K; k++) slopes.byOutcome[p * K + k] = weights[p]! * own[p]!.byOutcome[k]!;
      own[p]!.bySetting.forEach((by, j) => (slopes.bySetting[j]! += weights[p]! * by * slope[j]!));
    });
    return value;
  };
  return {
    kind: "formed",
    models: form.models,
    heldAt,
    value(held, outcomes, slopes) {
      if (slopes !== undefined) return valueWithSlopes(held, outcomes, slopes);
      return reduce(
        Float64Array.from(held, ({ x }, p) => form.value(x, outcomes.subarray(p * K, (p + 1) * K))),
      );
    },
  };
}
