import { execFileSync } from "node:child_process";
import { afterAll, describe, expect, it } from "vitest";
import { createWorkerPool, type WorkerPool } from "../../src/adapters/worker-pool.js";
import { ask } from "../../src/campaign/ask.js";
import { withTrials } from "../../src/campaign/campaign.js";
import { CellwrightError } from "../../src/errors.js";
import { heldOutTask, type HeldOutInput } from "../../src/evaluation/held-out-task.js";
import { createMatrix } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { judgeChallenger } from "../../src/retraining/gate.js";
import { train } from "../../src/retraining/train.js";
import { inProcess } from "../../src/surrogates/executor.js";
import { smallCampaign } from "../evaluation/small-campaign.js";
import { compiledWorker } from "./compiled-worker.js";

const entry = compiledWorker();
const pools: WorkerPool[] = [];
function poolOf(workers: number, worker = entry): WorkerPool {
  const pool = createWorkerPool({ workers, entry: worker, leastWork: 0 });
  pools.push(pool);
  return pool;
}
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

/** Threads of this process, each with its message port while it works. */
const liveThreads = (): number =>
  process.getActiveResourcesInfo().filter((one) => /Worker|MessagePort/u.test(one)).length;

function fold(rows: number, seed: number, kind: HeldOutInput["fit"]["kind"]): HeldOutInput {
  const rng = createRng(seed);
  const part = (n: number) => {
    const X = createMatrix(n, 2);
    for (let i = 0; i < X.data.length; i++) X.data[i] = rng.uniform();
    const y = Float64Array.from({ length: n }, (_, i) => X.data[2 * i]! + 0.1 * rng.normal());
    return { inputs: ["a", "b"].map((name) => ({ name, kind: "continuous" as const })), X, y };
  };
  return { fit: { kind, scale: "identity", seed, chosen: {} }, learned: part(rows), held: part(4) };
}

/** Of very different sizes, so that threads finish in another order than they began. */
const mixed = [40, 6, 90, 12, 60, 7, 25].flatMap((rows, i) => [
  fold(rows, i, "gaussian-process"),
  fold(rows, i, i % 2 === 0 ? "random-forest" : "response-surface"),
]);

describe("a worker pool", () => {
  it.each([1, 2, 3])(
    "of %i threads gives the bytes of this thread, in the order of the inputs",
    async (workers) => {
      const seen: number[] = [];
      const results = await poolOf(workers).run(heldOutTask, mixed, { onDone: (done) => seen.push(done) });
      expect(results).toEqual(await inProcess.run(heldOutTask, mixed));
      expect(results.every(({ ok }) => ok)).toBe(true);
      expect(seen).toEqual(mixed.map((_, i) => i + 1));
      const reversed = await poolOf(workers).run(heldOutTask, [...mixed].reverse());
      expect([...reversed].reverse()).toEqual(results);
    },
  );

  it.each([1, 2, 3])("of %i threads trains, judges and suggests the same bytes", async (workers) => {
    const campaign = smallCampaign();
    const executor = poolOf(workers);
    const options = { createdAt: "2026-02-01T03:00:00.000Z", folds: 4 } as const;
    const alone = await train(campaign, options);
    const together = await train(campaign, { ...options, executor });
    expect(together).toEqual(alone);
    const champion = { ...alone.draft, version: "0001-aaaaaaaa" };
    const grown = withTrials(campaign, campaign.trials.slice(2));
    expect(await judgeChallenger(champion, together.draft, grown, { executor })).toEqual(
      await judgeChallenger(champion, alone.draft, grown),
    );
    const request = { seed: 3, count: 2, preset: "auto" } as const;
    const answer = await ask(campaign, { ...request, executor });
    expect(answer).toEqual(await ask(campaign, request));
  });

  it("keeps code, problems and details of what a fit refuses, and goes on with the others", async () => {
    const broken = fold(12, 5, "gaussian-process");
    broken.learned.y[3] = Number.NaN;
    const inputs = [mixed[0]!, broken, mixed[1]!];
    const [first, second, third] = await poolOf(2).run(heldOutTask, inputs);
    expect([first!.ok, second!.ok, third!.ok]).toEqual([true, false, true]);
    const [, here] = await inProcess.run(heldOutTask, inputs);
    if (second!.ok || here!.ok) return expect.unreachable();
    expect(second!.error).toBeInstanceOf(CellwrightError);
    const told = ({ code, message, problems, details }: CellwrightError) => ({
      code,
      message,
      problems,
      details,
    });
    expect(told(second!.error)).toEqual(told(here!.error));
  });

  it("is cancelled by its signal in the midst of a fit, ends its threads and can be used again", async () => {
    const pool = poolOf(2);
    const controller = new AbortController();
    const long = Array.from({ length: 4 }, (_, i) => fold(1500, i, "gaussian-process"));
    const run = pool.run(heldOutTask, long, { signal: controller.signal });
    let atWork = 0;
    setTimeout(() => {
      atWork = liveThreads();
      controller.abort();
    }, 100);
    await expect(run).rejects.toMatchObject({ code: "CANCELLED" });
    expect(atWork).toBeGreaterThan(0);
    expect(liveThreads()).toBe(0);
    await expect(pool.run(heldOutTask, mixed, { signal: controller.signal })).rejects.toMatchObject({
      code: "CANCELLED",
    });
    expect(await pool.run(heldOutTask, mixed)).toEqual(await inProcess.run(heldOutTask, mixed));
  });

  it("says so once when a thread is lost, and leaves none behind", async () => {
    const dying = compiledWorker(
      `import { parentPort } from "node:worker_threads"; parentPort.on("message", () => process.exit(7));`,
    );
    await expect(poolOf(2, dying).run(heldOutTask, mixed)).rejects.toMatchObject({
      code: "INTERNAL",
      message: expect.stringContaining("ended with code 7") as string,
    });
    const throwing = compiledWorker(`throw new Error("no such module");`);
    await expect(poolOf(2, throwing).run(heldOutTask, mixed)).rejects.toMatchObject({
      code: "INTERNAL",
      message: expect.stringContaining("no such module") as string,
    });
    expect(liveThreads()).toBe(0);
  });

  it("lets runs wait for one another", async () => {
    const pool = poolOf(2);
    const both = await Promise.all([pool.run(heldOutTask, mixed), pool.run(heldOutTask, mixed.slice(0, 3))]);
    expect(both[1]).toEqual(both[0].slice(0, 3));
  });

  it("stays in this thread where there is little to do", async () => {
    const lost = new URL("file:///nowhere/fit-worker.js");
    const pool = createWorkerPool({ workers: 2, entry: lost });
    expect(await pool.run(heldOutTask, mixed.slice(0, 2))).toEqual(
      await inProcess.run(heldOutTask, mixed.slice(0, 2)),
    );
  });

  it("never keeps the process alive", () => {
    const program = compiledWorker(`
      import { createWorkerPool } from "./adapters/worker-pool.js";
      import { heldOutTask } from "./evaluation/held-out-task.js";
      const X = { rows: 4, cols: 1, data: Float64Array.of(0, 0.3, 0.6, 1) };
      const part = { inputs: [{ name: "a", kind: "continuous" }], X, y: Float64Array.of(1, 2, 4, 3) };
      const one = { fit: { kind: "response-surface", scale: "identity", seed: 1, chosen: {} }, learned: part, held: part };
      const pool = createWorkerPool({ workers: 2, entry: new URL(${JSON.stringify(entry.href)}), leastWork: 0 });
      const results = await pool.run(heldOutTask, [one, one, one]);
      process.stdout.write(results.map(({ ok }) => ok).join(" "));
    `);
    expect(execFileSync(process.execPath, [program.pathname], { timeout: 60_000 }).toString()).toBe(
      "true true true",
    );
  });

  it("refuses a number of threads that makes no sense", () => {
    for (const workers of [0, 1.5, Number.NaN]) {
      expect(() => createWorkerPool({ workers })).toThrow(
        expect.objectContaining({ code: "INVALID_OPTION" }),
      );
    }
  });
});
