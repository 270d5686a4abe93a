import { CellwrightError } from "../errors.js";
import type { Steps } from "../math/steps.js";

/**
 * Work that can run anywhere: a pure function of an input that survives a structured clone, or says that it does not.
 *
 * Its output depends on the input alone, so that results are the same wherever and in whatever order inputs ran.
 */
export interface Task<Input, Output> {
  /** By which a worker finds it. */
  readonly name: string;
  run(input: Input, signal?: AbortSignal): Output;
  /** As `run`, pausing now and then so that a cancellation comes in; absent: it runs in one go. */
  steps?(input: Input, signal: AbortSignal): Steps<Output>;
  /** Estimated milliseconds on one core, for deciding where to run; results never depend on it. */
  work(input: Input): number;
  /** Whether an input holds functions and so cannot leave this thread; absent: none does. */
  stays?(input: Input): boolean;
  /** How an output crosses to another thread; absent: it is plain data. */
  readonly travel?: { pack(output: Output): unknown; unpack(packed: unknown): Output };
}

/** What became of one input. Only what the task refused is told so; cancellation and defects end the whole run. */
export type Settled<Output> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly error: CellwrightError };

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Called when another input is finished, in whatever order that happens. */
  readonly onDone?: (done: number, total: number) => void;
}

/** Runs independent fits: an effect, since it may own threads. */
export interface Executor {
  /**
   * Runs the task for every input; results are in the order of the inputs.
   *
   * @throws CellwrightError CANCELLED, or INTERNAL where a thread was lost
   */
  run<Input, Output>(
    task: Task<Input, Output>,
    inputs: readonly Input[],
    options?: RunOptions,
  ): Promise<readonly Settled<Output>[]>;
}

/** One input after another, in this thread. */
export const inProcess: Executor = {
  async run(task, inputs, { signal, onDone } = {}) {
    const results = [];
    for (const input of inputs) {
      requireNotCancelled(signal);
      results.push(await settleInTurns(task, input, signal));
      onDone?.(results.length, inputs.length);
      if (signal !== undefined) await breathe();
    }
    return results;
  },
};

/**
 * Runs a task here and now.
 *
 * @throws CellwrightError CANCELLED, and whatever is no CellwrightError: defects
 */
export function settle<Input, Output>(
  task: Task<Input, Output>,
  input: Input,
  signal?: AbortSignal,
): Settled<Output> {
  try {
    return { ok: true, value: task.run(input, signal) };
  } catch (error) {
    return refused(error);
  }
}

/** Milliseconds of work from which a task is run with pauses, each of which costs about one (assumption). */
const LONG_WORK = 200;

/**
 * As `settle`, letting a cancellation into a long task too.
 *
 * @throws CellwrightError CANCELLED, and whatever is no CellwrightError: defects
 */
export async function settleInTurns<Input, Output>(
  task: Task<Input, Output>,
  input: Input,
  signal: AbortSignal | undefined,
): Promise<Settled<Output>> {
  if (signal === undefined || task.steps === undefined || task.work(input) < LONG_WORK)
    return settle(task, input, signal);
  try {
    const steps = task.steps(input, signal);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return { ok: true, value: step.value };
      await breathe();
      requireNotCancelled(signal);
    }
  } catch (error) {
    return refused(error);
  }
}

function refused(error: unknown): { readonly ok: false; readonly error: CellwrightError } {
  if (error instanceof CellwrightError && error.code !== "CANCELLED") return { ok: false, error };
  throw error;
}

/** The value of what succeeded. @throws CellwrightError of what was refused */
export function valueOf<Output>(settled: Settled<Output>): Output {
  if (settled.ok) return settled.value;
  throw settled.error;
}

export function requireNotCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new CellwrightError("CANCELLED", "The fits were cancelled.");
}

/** Lets a cancellation in between two inputs, or two steps of one. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
