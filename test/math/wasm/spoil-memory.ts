import { numbersAt, withWorkingMemory } from "../../../src/math/wasm/working-memory.js";

/** Leaves NaN where the next computations will work, so that a number that nobody wrote shows. */
export function spoilMemory(): void {
  withWorkingMemory((memory) => {
    const count = 500_000;
    numbersAt(memory.allocate(count), count).fill(NaN);
  });
}
