import { describe, expect, it } from "vitest";
import type { AcquisitionFunction } from "../../src/acquisition/acquisition.js";
import { expectGradient } from "./numeric-gradient.js";

/**
 * What every acquisition function must do, whatever it values.
 *
 * @param smooth - Points where it is differentiable and not −Infinity.
 * @param awkward - Points where beliefs are certain or limits are broken: anything but NaN is right there.
 */
export function testAcquisition(
  name: string,
  create: () => AcquisitionFunction,
  points: { smooth: readonly number[][]; awkward: readonly number[][] },
): void {
  describe(`${name} as an acquisition function`, () => {
    it("has a finite value with the gradient that differences give", () => {
      const acquisition = create();
      for (const x of points.smooth) {
        expect(Number.isFinite(acquisition.value(Float64Array.from(x)))).toBe(true);
        expectGradient(acquisition, Float64Array.from(x), 1e-4);
      }
    });

    it("is never NaN or +Infinity, and its gradient is finite where its value is", () => {
      const acquisition = create();
      for (const x of [...points.smooth, ...points.awkward]) {
        const gradient = new Float64Array(x.length).fill(Number.NaN);
        const value = acquisition.valueAndGradient(Float64Array.from(x), gradient);
        expect(value).toBeLessThan(Infinity);
        if (acquisition.screen !== undefined)
          expect(acquisition.screen.value(Float64Array.from(x))).toBeLessThan(Infinity);
        for (const slope of gradient) expect(Number.isFinite(slope), `slope at ${x.join(", ")}`).toBe(true);
      }
    });

    it("gives the same bits again, in any order of asking, and leaves x alone", () => {
      const [one, other] = [create(), create()];
      const all = [...points.smooth, ...points.awkward].map((x) => Float64Array.from(x));
      const forwards = all.map((x) => one.value(x));
      const backwards = [...all]
        .reverse()
        .map((x) => other.value(x))
        .reverse();
      expect(backwards).toEqual(forwards);
      expect(all.map((x) => [...x])).toEqual([...points.smooth, ...points.awkward]);
    });
  });
}
