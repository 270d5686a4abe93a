/** A name as people vary it: case, blanks, hyphens, underscores and a unit in brackets do not count. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[([{].*$/u, "")
    .replace(/[\s_\-./]+/gu, "");
}

/**
 * The candidate that a misspelt name most likely means, or undefined: equal but for case and separators, else within
 * an edit distance of a quarter of its length (at least 1).
 *
 * @see Damerau (1964), Communications of the ACM 7(3), 171-176: most slips are one insertion, deletion,
 * substitution or swap of neighbours, each counted 1 here (optimal string alignment).
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const plain = plainName(name);
  if (plain === "") return undefined;
  const limit = Math.max(1, Math.floor(plain.length / 4));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const other = plainName(candidate);
    if (other === plain) return candidate;
    if (Math.abs(other.length - plain.length) > limit) continue;
    const distance = editDistance(plain, other);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(previous[j]! + 1, current[j - 1]! + 1, substituted);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, beforePrevious[j - 2]! + 1);
      }
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length]!;
}
