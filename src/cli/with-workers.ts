import { inProcess, type Executor } from "../surrogates/executor.js";
import type { CliEffects } from "./effects.js";
import { MOST_WORKERS, wholeNumber } from "./options.js";

/** Uses an executor with the threads that were asked for, and ends them. */
export async function withWorkers<Result>(
  asked: number | undefined,
  effects: CliEffects,
  use: (executor: Executor) => Promise<Result>,
): Promise<Result> {
  const workers = asked ?? fromEnvironment(effects);
  if (workers === 1) return use(inProcess);
  const { createWorkerPool } = await import("../adapters/worker-pool.js");
  const pool = createWorkerPool(workers === undefined ? {} : { workers });
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}

function fromEnvironment({ env }: CliEffects): number | undefined {
  const text = env["CELLWRIGHT_WORKERS"];
  if (text === undefined || text === "") return undefined;
  return wholeNumber("CELLWRIGHT_WORKERS", 1, MOST_WORKERS)(text);
}
