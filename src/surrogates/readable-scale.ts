import { exp } from "../math/elementary.js";
import type { OutcomeTransform } from "./transform.js";

/** Four significant digits. */
export function readable(value: number): number {
  return Number(value.toPrecision(4));
}

/** One unit of the model scale at the middle of the data in raw units, or in units of the logarithm. */
export function unitOfModelScale(transform: OutcomeTransform): number {
  return transform.record.kind === "log"
    ? transform.record.spread
    : exp(-transform.logSlope(transform.toRaw(0)));
}

/** What to append to the name of a number that is in units of the logarithm. */
export function logSuffix(transform: OutcomeTransform): string {
  return transform.record.kind === "log" ? " (of the logarithm)" : "";
}

export function scaleName(transform: OutcomeTransform): string {
  const { record } = transform;
  return record.kind === "yeo-johnson" ? `Yeo–Johnson, lambda ${readable(record.lambda)}` : record.kind;
}
