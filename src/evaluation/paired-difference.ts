/** The log density of one group's observations under some model. */
export interface GroupDensity {
  readonly group: string;
  readonly logDensity: number;
}

/** How much better one model predicts the same groups than another, in nats per group. */
export interface PairedDifference {
  /** Groups that both predicted. */
  readonly groups: number;
  /** Mean over groups of log density (first − second); 0 if there is no common group. */
  readonly mean: number;
  /** Standard error of that mean; 0 with fewer than two groups. */
  readonly standardError: number;
  /** The group that speaks most against the first. */
  readonly worst: { readonly group: string; readonly difference: number } | null;
}

/** Compares two models group by group: what is hard to predict for both cancels. */
export function pairedDifference(
  first: readonly GroupDensity[],
  second: readonly GroupDensity[],
): PairedDifference {
  const other = new Map(second.map(({ group, logDensity }) => [group, logDensity]));
  const differences = first.flatMap(({ group, logDensity }) => {
    const against = other.get(group);
    return against === undefined ? [] : [{ group, difference: logDensity - against }];
  });
  const n = differences.length;
  if (n === 0) return { groups: 0, mean: 0, standardError: 0, worst: null };
  let sum = 0;
  for (const { difference } of differences) sum += difference;
  const mean = sum / n;
  let squares = 0;
  for (const { difference } of differences) squares += (difference - mean) * (difference - mean);
  const worst = differences.reduce((a, b) => (b.difference < a.difference ? b : a));
  return { groups: n, mean, standardError: n < 2 ? 0 : Math.sqrt(squares / (n - 1) / n), worst };
}
