import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ask, type AskOptions } from "../../src/campaign/ask.js";
import { withTrials } from "../../src/campaign/campaign.js";
import type { AskResult } from "../../src/campaign/suggestion.js";
import { CellwrightError } from "../../src/errors.js";
import { createRng, permutation } from "../../src/math/rng.js";
import { brokenPromises } from "./campaign-promises.js";
import { type RandomCase, randomCase } from "./random-campaigns.js";
import { shippedCase } from "./random-shipped-campaigns.js";

/** Random campaigns of each promise; CELLWRIGHT_PROPERTY_RUNS=3000 for the promises in full. */
const RUNS = Number(process.env["CELLWRIGHT_PROPERTY_RUNS"] ?? 25);
/** Milliseconds for them, on a busy machine. */
const PATIENCE = 60_000 + 10_000 * RUNS;
const numbers = fc.nat(1e6);

/** The answer; null where what is asked does not fit the campaign or its results, or has nothing to start from. */
async function answered(
  { campaign, options, effort }: RandomCase,
  more: AskOptions = {},
): Promise<AskResult | null> {
  try {
    return await ask(campaign, { ...options, ...effort, ...more });
  } catch (error) {
    if (!(error instanceof CellwrightError)) throw error;
    const logarithm = error.code === "DATA_INVALID" && error.message.includes("log scale");
    if (error.code !== "INVALID_OPTION" && !logarithm) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    return null;
  }
}

function shuffled(one: RandomCase, seed: number): RandomCase {
  const { trials } = one.campaign;
  const order = [...permutation(createRng(seed), trials.length)];
  return {
    ...one,
    campaign: withTrials(
      one.campaign,
      order.map((i) => trials[i]!),
    ),
  };
}

describe("a request of a random campaign with a past", () => {
  it(
    "is answered inside bounds, steps, sets, constraints and moves, with nothing twice and every number finite",
    async () => {
      let answers = 0;
      await fc.assert(
        fc.asyncProperty(numbers, async (seed) => {
          const one = randomCase(seed);
          const answer = await answered(one);
          if (answer === null) return;
          answers++;
          expect(brokenPromises(one, answer)).toEqual([]);
        }),
        { numRuns: RUNS },
      );
      expect(answers).toBeGreaterThan(0.8 * RUNS);
    },
    PATIENCE,
  );

  it(
    "is answered with the same bytes again, whatever the order of the rows",
    async () => {
      await fc.assert(
        fc.asyncProperty(numbers, async (seed) => {
          const one = randomCase(seed);
          const [first, second] = [await answered(one), await answered(shuffled(one, seed))];
          expect(JSON.stringify(second)).toBe(JSON.stringify(first));
        }),
        { numRuns: RUNS },
      );
    },
    PATIENCE,
  );

  it(
    "reports progress that never goes back, ends when it is cancelled, and remembers nothing of that",
    async () => {
      await fc.assert(
        fc.asyncProperty(numbers, async (seed) => {
          const one = randomCase(seed);
          const held = JSON.stringify(one.campaign);
          const seen: { stage: string; done: number; total: number }[] = [];
          const answer = await answered(one, { onProgress: (at) => seen.push(at) });
          if (answer === null) return;
          for (const stage of new Set(seen.map((at) => at.stage.split(" ")[0]!))) {
            const of = seen.filter((at) => at.stage.startsWith(stage));
            const onward = of.every(({ done, total }, i) => done >= (of[i - 1]?.done ?? 0) && done <= total);
            expect(onward, JSON.stringify(of)).toBe(true);
          }
          const controller = new AbortController();
          const moment = seed % seen.length;
          let count = 0;
          const cancelled: unknown = await ask(one.campaign, {
            ...one.options,
            ...one.effort,
            signal: controller.signal,
            onProgress: () => {
              if (count++ === moment) controller.abort();
            },
          }).catch((error: unknown) => error);
          // Cancelled at the last word, it may have ended already.
          if (moment < seen.length - 1) expect(cancelled).toMatchObject({ code: "CANCELLED" });
          expect(JSON.stringify(one.campaign)).toBe(held);
          expect(JSON.stringify(await answered(one))).toBe(JSON.stringify(answer));
        }),
        { numRuns: RUNS },
      );
    },
    PATIENCE,
  );

  it(
    "gives the best so far when its time is over, and the same bytes again for the work units of that moment",
    async () => {
      let cut = 0;
      await fc.assert(
        fc.asyncProperty(numbers, async (seed) => {
          const one = { ...randomCase(seed), effort: {} };
          let now = 0;
          const clock = (): Date => new Date(now++);
          const first = await answered(one, { clock, timeLimit: 0.001 * (1 + (seed % 150)) });
          if (first === null) return;
          expect(brokenPromises(one, first)).toEqual([]);
          const { workLimit } = first.provenance;
          if (workLimit === undefined) return;
          cut++;
          const again = await answered(one, { workLimit, clock: () => new Date(first.createdAt) });
          expect(JSON.stringify(again)).toBe(JSON.stringify(first));
        }),
        { numRuns: RUNS },
      );
      expect(cut).toBeGreaterThan(RUNS / 5);
    },
    PATIENCE,
  );
});

describe("a request of a shipped campaign", () => {
  it(
    "is answered inside the guards of its process, the same whatever the order of its rows",
    async () => {
      let answers = 0;
      await fc.assert(
        fc.asyncProperty(numbers, async (seed) => {
          const one = shippedCase(seed);
          const answer = await answered(one);
          if (answer === null) return;
          answers++;
          expect(brokenPromises(one, answer)).toEqual([]);
          expect(JSON.stringify(await answered(shuffled(one, seed)))).toBe(JSON.stringify(answer));
        }),
        { numRuns: RUNS },
      );
      expect(answers).toBeGreaterThan(0.8 * RUNS);
    },
    PATIENCE,
  );
});
