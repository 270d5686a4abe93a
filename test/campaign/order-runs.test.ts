import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costOfOrder, MOST_EXACT_RUNS, orderRuns } from "../../src/campaign/order-runs.js";

/** Costs of whole minutes, asymmetric: row n is today's setting. */
const costs = (n: number) =>
  fc.array(fc.array(fc.integer({ min: 0, max: 90 }), { minLength: n, maxLength: n }), {
    minLength: n + 1,
    maxLength: n + 1,
  });
const costOf = (table: readonly (readonly number[])[]) => (i: number, j: number) =>
  table[i < 0 ? table.length - 1 : i]![j]!;

function* permutations(items: readonly number[]): Generator<number[]> {
  if (items.length === 0) yield [];
  for (const item of items)
    for (const rest of permutations(items.filter((other) => other !== item))) yield [item, ...rest];
}

describe("the order of runs", () => {
  it("is the cheapest of all orders, for up to six runs compared with every one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }).chain(costs), (table) => {
        const cost = costOf(table);
        const all = [...permutations(table.slice(1).map((_, i) => i))].map((order) =>
          costOfOrder(order, cost),
        );
        expect(costOfOrder(orderRuns(table.length - 1, cost), cost)).toBe(Math.min(...all));
      }),
      { numRuns: 300 },
    );
  });

  it("names every run once, and beyond the exact number never costs more than the given order", () => {
    fc.assert(
      fc.property(fc.integer({ min: MOST_EXACT_RUNS, max: 16 }).chain(costs), (table) => {
        const n = table.length - 1;
        const cost = costOf(table);
        const order = orderRuns(n, cost);
        const given = Array.from({ length: n }, (_, i) => i);
        expect([...order].sort((a, b) => a - b)).toEqual(given);
        expect(costOfOrder(order, cost)).toBeLessThanOrEqual(costOfOrder(given, cost));
      }),
      { numRuns: 30 },
    );
  });

  it("keeps the given order where all orders cost the same", () => {
    expect(orderRuns(5, () => 45)).toEqual([0, 1, 2, 3, 4]);
  });

  it("groups equal settings beyond the exact number as well", () => {
    const level = (i: number): number => (i < 0 ? 0 : i % 3);
    const order = orderRuns(15, (i, j) => (level(i) === level(j) ? 0 : 45));
    expect(costOfOrder(order, (i, j) => (level(i) === level(j) ? 0 : 45))).toBe(90);
  });
});
