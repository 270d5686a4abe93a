import type { Settings } from "../space/parameter.js";
import type { SearchSpace } from "../space/search-space.js";

/** Share of the range within which measured contexts count as the same state (assumption: repeatability of a gauge). */
const SAME_STATE = 0.02;
const ROUNDING = 1e-9;

/** Whether two contexts are the same state: equal choices, numbers within 2 % of the range of that context. */
export function isSameContext(space: Pick<SearchSpace, "columns">, a: Settings, b: Settings): boolean {
  return space.columns
    .filter((column) => column.role === "context")
    .every((column) => {
      const [one, other] = [a[column.name], b[column.name]];
      if (one === other) return true;
      if (typeof one !== "number" || typeof other !== "number") return false;
      return Math.abs(column.toEncoded(one) - column.toEncoded(other)) <= SAME_STATE + ROUNDING;
    });
}
