const FIRST_BLOCK = 64;
const LARGEST_BLOCK = 65_536;

/** Numbers that arrive one by one, kept in typed blocks so that a million rows need no copying on the way. */
interface NumberStore {
  push(value: number): void;
  /** All numbers in one array, [n]; the store is empty afterwards. */
  take(): Float64Array;
}

export function createNumberStore(): NumberStore {
  let blocks: Float64Array[] = [];
  let block = new Float64Array(FIRST_BLOCK);
  let used = 0;
  let full = 0;
  return {
    push(value) {
      if (used === block.length) {
        blocks.push(block);
        full += block.length;
        block = new Float64Array(Math.min(LARGEST_BLOCK, block.length * 2));
        used = 0;
      }
      block[used] = value;
      used += 1;
    },
    take() {
      const values = new Float64Array(full + used);
      let start = 0;
      for (const part of blocks) {
        values.set(part, start);
        start += part.length;
      }
      values.set(block.subarray(0, used), start);
      blocks = [];
      block = new Float64Array(FIRST_BLOCK);
      used = 0;
      full = 0;
      return values;
    },
  };
}

/** Distinct texts of one column that are looked for; beyond it a column has mostly single values. */
const SHARED_TEXTS = 100_000;

/** Texts that arrive one by one; equal ones share one string. */
interface TextStore {
  push(value: string | null): void;
  take(): readonly (string | null)[];
}

export function createTextStore(): TextStore {
  const known = new Map<string, string>();
  let values: (string | null)[] = [];
  return {
    push(value) {
      if (value === null) {
        values.push(null);
        return;
      }
      const shared = known.get(value);
      if (shared === undefined && known.size < SHARED_TEXTS) known.set(value, value);
      values.push(shared ?? value);
    },
    take() {
      const taken = values;
      values = [];
      known.clear();
      return taken;
    },
  };
}
