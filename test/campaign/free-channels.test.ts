import { describe, expect, it } from "vitest";
import { freeChannels, type OccupiedChannel } from "../../src/campaign/free-channels.js";
import { CellwrightError } from "../../src/errors.js";

const channel = (index: number, hoursLeft = 100, isHeld = false): OccupiedChannel => ({
  ...{ measurements: [index], hoursLeft, isHeld },
});
const above =
  (bar: number) =>
  (_cell: number, loss: number): boolean =>
    loss >= bar;

describe("freeChannels", () => {
  it("keeps one of several cells that tell the same", () => {
    const rise = (part: readonly number[]): number => (part.length > 0 ? 10 : 0);
    const verdicts = freeChannels([channel(0), channel(1), channel(2)], rise, above(5));
    expect(verdicts.filter(({ keep }) => keep)).toHaveLength(1);
    expect(verdicts.find(({ keep }) => keep)!.loss).toBe(10);
  });

  it("keeps cells that only decide together", () => {
    const rise = (part: readonly number[]): number => (part.length === 2 ? 10 : 0);
    const verdicts = freeChannels([channel(0), channel(1)], rise, above(5));
    expect(verdicts).toEqual([
      { keep: true, loss: 10 },
      { keep: true, loss: 10 },
    ]);
  });

  it("frees by worth per hour, and never a cell that is held", () => {
    const worths = [3, 3, 1];
    const rise = (part: readonly number[]): number => part.reduce((sum, i) => sum + worths[i]!, 0);
    const cells = [channel(0, 10), channel(1, 1000), channel(2, 1000, true)];
    const perHour = (cell: number, loss: number): boolean => loss / cells[cell]!.hoursLeft >= 0.1;
    expect(freeChannels(cells, rise, perHour).map(({ keep }) => keep)).toEqual([true, false, true]);
  });

  it("finds what going through all sets finds, where worths fall off with company", () => {
    // Value of the best of the kept cells: losses grow as others are freed.
    const worths = [4, 9, 7, 2, 8.5];
    const rise = (part: readonly number[]): number => part.reduce((best, i) => Math.max(best, worths[i]!), 0);
    const verdicts = freeChannels(
      worths.map((_, i) => channel(i)),
      rise,
      above(3),
    );
    expect(verdicts.map(({ keep }) => keep)).toEqual([false, true, false, false, false]);
  });

  it("reports progress, and can be cancelled", () => {
    const seen: number[] = [];
    const rise = (part: readonly number[]): number => part.length;
    freeChannels([channel(0), channel(1)], rise, above(5), { onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([1, 2, 3, 4]);
    const signal = AbortSignal.abort();
    expect(() => freeChannels([channel(0)], rise, above(5), { signal })).toThrow(CellwrightError);
  });
});
