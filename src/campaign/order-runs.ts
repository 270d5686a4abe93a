/** Runs up to which the best order is found exactly: 2^10 · 10² steps. */
export const MOST_EXACT_RUNS = 10;

/** What it costs to make run `j` after run `i`; `i` = −1 is today's setting. */
export type ChangeCost = (i: number, j: number) => number;

/**
 * The order of `n` runs with the least total cost of changeovers from today's setting on.
 *
 * Exact up to MOST_EXACT_RUNS runs by dynamic programming over subsets (Held & Karp 1962, without the way back); beyond
 * by the nearest next run from every first run, improved by moving segments of up to three runs. Among equal orders the
 * one that keeps to the given order longest.
 */
export function orderRuns(n: number, cost: ChangeCost): number[] {
  return n <= MOST_EXACT_RUNS ? exactOrder(n, cost) : improvedOrder(n, cost);
}

/** Total cost of an order. */
export function costOfOrder(order: readonly number[], cost: ChangeCost): number {
  return order.reduce((total, run, k) => total + cost(k === 0 ? -1 : order[k - 1]!, run), 0);
}

function exactOrder(n: number, cost: ChangeCost): number[] {
  // rest[done][i]: least cost of the runs that are not in `done`, after run i; i = n stands for today.
  const rest = Array.from({ length: 1 << n }, () => new Float64Array(n + 1));
  for (let done = (1 << n) - 2; done >= 0; done--) {
    for (let i = 0; i <= n; i++) rest[done]![i] = cheapestNext(n, cost, rest, done, i).total;
  }
  const order: number[] = [];
  for (let done = 0, at = n; order.length < n; ) {
    at = cheapestNext(n, cost, rest, done, at).run;
    done |= 1 << at;
    order.push(at);
  }
  return order;
}

/** The first of the runs that are left with which the rest costs least. */
function cheapestNext(
  n: number,
  cost: ChangeCost,
  rest: readonly Float64Array[],
  done: number,
  at: number,
): { readonly run: number; readonly total: number } {
  let best = { run: -1, total: Infinity };
  for (let j = 0; j < n; j++) {
    if ((done & (1 << j)) !== 0) continue;
    const total = cost(at === n ? -1 : at, j) + rest[done | (1 << j)]![j]!;
    if (total < best.total) best = { run: j, total };
  }
  return best;
}

function improvedOrder(n: number, cost: ChangeCost): number[] {
  let best: number[] = [];
  let least = Infinity;
  for (let first = 0; first < n; first++) {
    const order = withMoves(nearestNext(n, cost, first), cost);
    const total = costOfOrder(order, cost);
    if (total < least) [best, least] = [order, total];
  }
  return best;
}

function nearestNext(n: number, cost: ChangeCost, first: number): number[] {
  const order = [first];
  const left = Array.from({ length: n }, (_, i) => i).filter((i) => i !== first);
  while (left.length > 0) {
    const at = order.at(-1)!;
    const next = left.reduce((a, b) => (cost(at, b) < cost(at, a) ? b : a));
    left.splice(left.indexOf(next), 1);
    order.push(next);
  }
  return order;
}

/** Longest segment that is moved as a whole. */
const LONGEST_SEGMENT = 3;

/** Moves segments elsewhere while that lowers the total. */
function withMoves(start: readonly number[], cost: ChangeCost): number[] {
  let order = [...start];
  let total = costOfOrder(order, cost);
  for (let moved = true; moved; ) {
    moved = false;
    for (const candidate of segmentMoves(order)) {
      const other = costOfOrder(candidate, cost);
      if (!(other < total)) continue;
      [order, total, moved] = [candidate, other, true];
      break;
    }
  }
  return order;
}

function* segmentMoves(order: readonly number[]): Generator<number[]> {
  for (let length = 1; length <= LONGEST_SEGMENT; length++) {
    for (let from = 0; from + length <= order.length; from++) {
      const segment = order.slice(from, from + length);
      const others = [...order.slice(0, from), ...order.slice(from + length)];
      for (let to = 0; to <= others.length; to++) {
        if (to !== from) yield [...others.slice(0, to), ...segment, ...others.slice(to)];
      }
    }
  }
}
