import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { CellwrightError } from "../errors.js";
import { kernelBuild } from "../math/wasm/kernels.js";
import {
  type Executor,
  inProcess,
  requireNotCancelled,
  type RunOptions,
  type Settled,
  type Task,
} from "../surrogates/executor.js";
import type { JobMessage, ReplyMessage, WorkerSettings } from "./worker-messages.js";

export interface WorkerPoolOptions {
  /** Threads at most; default one less than the machine offers. 1 stays in this thread. */
  readonly workers?: number;
  /** The compiled fit-worker.ts; default the one beside this bundle. */
  readonly entry?: URL;
  /** Estimated milliseconds below which starting threads costs more than it gains. */
  readonly leastWork?: number;
}

/** Threads that fit; results are those of `inProcess`, whatever the number of threads. */
export interface WorkerPool extends Executor {
  /** Ends all threads. The pool may be used again: threads start when needed. */
  close(): Promise<void>;
}

/** A thread starts cold, and its first fits run on code that is not compiled yet (assumption: half a second pays). */
const LEAST_WORK_MS = 500;

/** One thread less than the machine offers, at least one: the rest of the machine stays usable. */
export function defaultWorkers(): number {
  return Math.max(1, availableParallelism() - 1);
}

/**
 * A pool of worker threads. They start with the first run that is large enough, stay for the next and never keep the
 * process alive. Runs wait for one another. From sources, where no compiled worker exists, everything stays in this thread.
 *
 * @throws CellwrightError INVALID_OPTION if `workers` is no whole number of at least 1
 */
export function createWorkerPool(options: WorkerPoolOptions = {}): WorkerPool {
  const { workers = defaultWorkers(), entry = compiledEntry(), leastWork = LEAST_WORK_MS } = options;
  if (!(Number.isSafeInteger(workers) && workers >= 1)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `workers: found ${workers}, expected a whole number of at least 1.`,
    );
  }
  const threads: Worker[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const close = async (): Promise<void> => {
    await Promise.all(threads.splice(0).map((thread) => thread.terminate()));
  };
  const pool: WorkerPool = {
    close,
    async run(task, inputs, runOptions = {}) {
      if (task.stays !== undefined && inputs.some((input) => task.stays!(input))) {
        return runApart(pool, task, inputs, runOptions);
      }
      const work = inputs.reduce((sum, input) => sum + task.work(input), 0);
      const count = Math.min(workers, inputs.length);
      if (entry === null || count < 2 || work < leastWork) return inProcess.run(task, inputs, runOptions);
      const result = last.then(async () => {
        requireNotCancelled(runOptions.signal);
        while (threads.length < count) startThread(entry, threads);
        try {
          return await runOn(threads.slice(0, count), task, inputs, runOptions);
        } catch (error) {
          await close(); // threads may still be at work on what nobody waits for
          throw error;
        }
      });
      last = result.catch(() => undefined);
      return result;
    },
  };
  return pool;
}

/** Inputs that can leave this thread first, then those that cannot. */
async function runApart<Input, Output>(
  pool: Executor,
  task: Task<Input, Output>,
  inputs: readonly Input[],
  { signal, onDone }: RunOptions,
): Promise<readonly Settled<Output>[]> {
  const order = Array.from(inputs.keys());
  const results = new Array<Settled<Output>>(inputs.length);
  let before = 0;
  for (const stays of [false, true]) {
    const chosen = order.filter((index) => task.stays?.(inputs[index]!) === stays);
    const settled = await (stays ? inProcess : pool).run(
      task,
      chosen.map((index) => inputs[index]!),
      {
        ...(signal === undefined ? {} : { signal }),
        onDone: (done) => onDone?.(before + done, inputs.length),
      },
    );
    chosen.forEach((index, k) => (results[index] = settled[k]!));
    before += chosen.length;
  }
  return results;
}

/** Adds a thread, which leaves by itself when it ends. */
function startThread(entry: URL, threads: Worker[]): void {
  const thread = new Worker(entry, { workerData: { kernels: kernelBuild() } satisfies WorkerSettings });
  thread.on("error", () => undefined); // told by runOn to whoever waits; an idle thread just ends
  thread.on("exit", () => {
    const place = threads.indexOf(thread);
    if (place >= 0) threads.splice(place, 1);
  });
  thread.unref();
  threads.push(thread);
}

/** The worker of the built package: in `dist`, which this code is in itself or in its folder of chunks. */
function compiledEntry(): URL | null {
  const places = ["./fit-worker.js", "../fit-worker.js"].map((place) => new URL(place, import.meta.url));
  return places.find((place) => place.protocol === "file:" && existsSync(place)) ?? null;
}

/** Hands the inputs, longest first, to whichever thread is free. */
function runOn<Input, Output>(
  threads: readonly Worker[],
  task: Task<Input, Output>,
  inputs: readonly Input[],
  { signal, onDone }: RunOptions,
): Promise<readonly Settled<Output>[]> {
  const waiting = longestFirst(task, inputs);
  const results = new Array<Settled<Output>>(inputs.length);
  const ends: (() => void)[] = [];
  let done = 0;
  return new Promise<readonly Settled<Output>[]>((resolve, reject) => {
    const next = (thread: Worker): void => {
      const index = waiting.shift();
      if (index === undefined) return;
      listenOnce(thread, ends, {
        reply(message) {
          results[index] = settledOf(task, message);
          done++;
          onDone?.(done, inputs.length);
          if (done === inputs.length) resolve(results);
          else next(thread);
        },
        fail: reject,
      });
      thread.postMessage({ task: task.name, input: inputs[index] } satisfies JobMessage);
    };
    const cancel = (): void => reject(new CellwrightError("CANCELLED", "The fits were cancelled."));
    signal?.addEventListener("abort", cancel, { once: true });
    ends.push(() => signal?.removeEventListener("abort", cancel));
    for (const thread of threads) {
      thread.ref();
      ends.push(() => thread.unref());
      next(thread);
    }
  }).finally(() => {
    for (const end of ends) end();
  });
}

/** Indices of the inputs; where estimates are equal, in order. */
function longestFirst<Input, Output>(task: Task<Input, Output>, inputs: readonly Input[]): number[] {
  const work = inputs.map((input) => task.work(input));
  return Array.from(inputs.keys()).sort((a, b) => work[b]! - work[a]! || a - b);
}

interface Listeners {
  readonly reply: (message: ReplyMessage) => void;
  readonly fail: (error: unknown) => void;
}

/** Listens for the answer to one job, or for the end of the thread. */
function listenOnce(thread: Worker, ends: (() => void)[], { reply, fail }: Listeners): void {
  const onMessage = (message: ReplyMessage): void => {
    stop();
    try {
      reply(message);
    } catch (error) {
      fail(error);
    }
  };
  const onError = (cause: unknown): void => fail(lostThread(String(cause), cause));
  const onExit = (code: number): void => fail(lostThread(`it ended with code ${code}`));
  const stop = (): void => {
    thread.off("message", onMessage).off("error", onError).off("messageerror", onError).off("exit", onExit);
  };
  thread.on("message", onMessage).on("error", onError).on("messageerror", onError).on("exit", onExit);
  ends.push(stop);
}

function lostThread(what: string, cause?: unknown): CellwrightError {
  return new CellwrightError(
    "INTERNAL",
    `A worker thread was lost (${what}). Run again with fewer workers: 1 fits in this thread.`,
    cause === undefined ? {} : { cause },
  );
}

function settledOf<Input, Output>(task: Task<Input, Output>, message: ReplyMessage): Settled<Output> {
  switch (message.kind) {
    case "done": {
      const { travel } = task;
      return {
        ok: true,
        value: travel === undefined ? (message.output as Output) : travel.unpack(message.output),
      };
    }
    case "refused": {
      const { code, problems, details } = message;
      return { ok: false, error: new CellwrightError(code, message.message, { problems, details }) };
    }
    case "defect": {
      const error = new Error(message.message);
      error.stack = message.stack;
      throw error;
    }
  }
}
