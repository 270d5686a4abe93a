/**
 * Long work that pauses now and then, so that whoever runs it can let others have a turn, or end it.
 *
 * How often it pauses, and what happens between, cannot change what it gives.
 */
export type Steps<Result> = Generator<void, Result, void>;

/** Runs to the end without a pause. */
export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
