import type { Outlier } from "./surrogate.js";

/** "3 rows were treated as outliers and count less: 4, 7, 19", with the rows' names. */
export function outlierSentence(outliers: readonly Outlier[], nameOf: (row: number) => string): string {
  const names = outliers.map(({ row }) => nameOf(row)).join(", ");
  return outliers.length === 1
    ? `1 row was treated as an outlier and counts less: ${names}`
    : `${outliers.length} rows were treated as outliers and count less: ${names}`;
}
