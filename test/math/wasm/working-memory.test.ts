import { describe, expect, it } from "vitest";
import {
  createResident,
  memoryBytes,
  memoryNumbers,
  numbersAt,
  placeResidents,
  withWorkingMemory,
  type WorkingMemory,
  writeVector,
} from "../../../src/math/wasm/working-memory.js";

const firstAddress = (): number => withWorkingMemory((memory) => memory.allocate(1));

describe("working memory", () => {
  it("is used again by the next computation", () => {
    const first = firstAddress();
    expect(firstAddress()).toBe(first);
  });

  it("is aligned to cache lines and does not overlap", () => {
    withWorkingMemory((memory) => {
      const addresses = [3, 1, 8, 9, 1].map((count) => ({ start: memory.allocate(count), count }));
      for (const [k, { start }] of addresses.entries()) {
        expect(start % 64).toBe(0);
        const before = addresses[k - 1];
        if (before !== undefined) expect(start).toBeGreaterThanOrEqual(before.start + 8 * before.count);
      }
    });
  });

  it("is free again after an error", () => {
    const before = firstAddress();
    expect(() =>
      withWorkingMemory((memory) => {
        memory.allocate(1000);
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect(firstAddress()).toBe(before);
  });

  it("of an inner computation lies above that of the outer one and is given back alone", () => {
    withWorkingMemory((outer) => {
      const first = outer.allocate(10);
      const inner = withWorkingMemory((memory) => memory.allocate(10));
      expect(inner).toBeGreaterThan(first);
      expect(outer.allocate(10)).toBe(inner);
    });
  });

  it("refuses use outside its computation", () => {
    let kept: WorkingMemory | undefined;
    withWorkingMemory((memory) => (kept = memory));
    expect(() => kept!.allocate(1)).toThrow(expect.objectContaining({ code: "INTERNAL" }));
    withWorkingMemory((outer) => {
      withWorkingMemory(() => {
        expect(() => outer.allocate(1)).toThrow(expect.objectContaining({ code: "INTERNAL" }));
      });
    });
  });

  it("keeps its numbers when it grows", () => {
    withWorkingMemory((memory) => {
      const address = memory.allocate(3);
      writeVector(Float64Array.of(1, 2), 3, address);
      memory.allocate(memoryBytes() / 8 + 1);
      expect(Array.from(numbersAt(address, 3))).toEqual([1, 2, 0]);
    });
  });

  it("that engines refuse to give is an error, and the next computation works", () => {
    expect(() => withWorkingMemory((memory) => memory.allocate(2 ** 33))).toThrow(
      expect.objectContaining({ code: "INTERNAL" }),
    );
    expect(firstAddress()).toBeGreaterThan(0);
  });
});

describe("residents", () => {
  const filled = (length: number, value: number): Float64Array => new Float64Array(length).fill(value);

  it("are copied in once and stay while there is room", () => {
    const resident = createResident(filled(10, 7));
    placeResidents([resident]);
    const { address } = resident;
    memoryNumbers()[address / 8] = 8; // a mark that a second copy would overwrite
    placeResidents([resident]);
    expect(resident.address).toBe(address);
    expect(Array.from(numbersAt(address, 10))).toEqual([8, 7, 7, 7, 7, 7, 7, 7, 7, 7]);
  });

  it("come back after others have taken their room, and memory stays within limits", () => {
    const own = [createResident(filled(1000, 1)), createResident(filled(77, 2))];
    placeResidents(own);
    for (let k = 0; k < 300; k++) placeResidents([createResident(filled(10_000, k))]);
    const before = memoryBytes();
    for (let k = 0; k < 3000; k++) placeResidents([createResident(filled(10_000, k))]);
    expect(memoryBytes()).toBe(before);
    placeResidents(own);
    expect(new Set(numbersAt(own[0]!.address, 1000))).toEqual(new Set([1]));
    expect(new Set(numbersAt(own[1]!.address, 77))).toEqual(new Set([2]));
  });

  it("of one question are there together, however large", () => {
    const large = [createResident(filled(2_000_000, 3)), createResident(filled(2_000_000, 4))];
    placeResidents(large);
    expect(large.map(({ address }) => numbersAt(address, 2_000_000).at(-1))).toEqual([3, 4]);
  });

  it("cannot be placed in the midst of a computation", () => {
    withWorkingMemory(() => {
      expect(() => placeResidents([createResident(filled(1, 1))])).toThrow(
        expect.objectContaining({ code: "INTERNAL" }),
      );
    });
  });
});
