import { describe, expect, it } from "vitest";
import { closedLoop } from "../../src/benchmark/closed-loop.js";
import { engine, latinHypercube, randomSearch, spreadSettings } from "../../src/benchmark/strategies.js";
import { testProblems } from "../../src/benchmark/test-problems.js";
import { createRng } from "../../src/math/rng.js";

const branin = testProblems.find(({ name }) => name === "branin")!;
const mixed = testProblems.find(({ name }) => name === "mixed")!;

describe("closed loop", () => {
  it("comes closer to the optimum than random search, and the same way every time", async () => {
    const first = spreadSettings(branin.campaign(), 6, createRng(2));
    const run = () => closedLoop(branin, engine, { first, evaluations: 20, rng: createRng(4) });
    const [once, again] = [await run(), await run()];
    expect(again).toEqual(once);
    expect(once.gap).toHaveLength(20);
    expect(once.seconds).toHaveLength(14);
    const random = await closedLoop(branin, randomSearch, { first, evaluations: 20, rng: createRng(4) });
    expect(once.gap.at(-1)!).toBeLessThan(random.gap.at(-1)!);
  });

  it("tells how far it is, and stops when it is cancelled", async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const loop = closedLoop(mixed, randomSearch, {
      first: [],
      evaluations: 50,
      rng: createRng(1),
      signal: stop.signal,
      onRun(done) {
        seen.push(done);
        if (done === 3) stop.abort();
      },
    });
    await expect(loop).rejects.toMatchObject({ code: "CANCELLED" });
    expect(seen).toEqual([1, 2, 3]);
  });

  it("spreads a Latin hypercube over every stratum once", () => {
    const settings = latinHypercube(branin.campaign(), 15, createRng(9));
    const strata = settings.map((one) => Math.floor(Number(one["x1"])));
    expect([...strata].sort((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, k) => k));
  });
});
