import { log } from "../math/elementary.js";
import type { ContextVariable, Settings, SettingValue } from "../space/parameter.js";
import type { SearchSpace } from "../space/search-space.js";

/** Share of the range within which measured contexts count as the same state (assumption: repeatability of a gauge). */
const SAME_STATE = 0.02;

/** Whether two contexts are the same state: equal choices, numbers within 2 % of their range. */
export function isSameContext(space: Pick<SearchSpace, "context">, a: Settings, b: Settings): boolean {
  return space.context.every((variable) => isSameState(variable, a[variable.name], b[variable.name]));
}

function isSameState(
  variable: ContextVariable,
  a: SettingValue | undefined,
  b: SettingValue | undefined,
): boolean {
  if (a === b) return true;
  if (variable.kind === "categorical" || typeof a !== "number" || typeof b !== "number") return false;
  const logarithmic = variable.scale === "log" && a > 0 && b > 0;
  const at = (value: number): number => (logarithmic ? log(value) : value);
  const { min, max } = variable;
  const range =
    min !== undefined && max !== undefined ? at(max) - at(min) : Math.max(Math.abs(at(a)), Math.abs(at(b)));
  return Math.abs(at(a) - at(b)) <= SAME_STATE * range;
}
