import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import {
  createLifecycle,
  type Lifecycle,
  promote,
  retire,
  rollback,
  statusOf,
} from "../../src/registry/lifecycle.js";
import { parseLifecycle } from "../../src/registry/lifecycle-record.js";
import { codeOf } from "../error-code.js";

const VERSIONS = ["0001", "0002", "0003"];
const note = { time: "2026-02-01T03:00:00.000Z", reason: "test" };
const start = createLifecycle("line-3");
const promoted = (...versions: string[]): Lifecycle =>
  versions.reduce((lifecycle, version) => promote(lifecycle, VERSIONS, version, note), start);

describe("lifecycle", () => {
  it("retires the champion when another version is promoted", () => {
    const lifecycle = promoted("0001", "0002");
    expect(lifecycle.champion).toBe("0002");
    expect(VERSIONS.map((version) => statusOf(lifecycle, version))).toEqual([
      "retired",
      "champion",
      "candidate",
    ]);
    expect(lifecycle.history.at(-1)).toEqual({
      ...note,
      action: "promoted",
      version: "0002",
      replaced: "0001",
    });
  });

  it("rolls back step by step, and says when there is nothing before", () => {
    const once = rollback(promoted("0001", "0002", "0003"), VERSIONS, note);
    expect(once.champion).toBe("0002");
    expect(statusOf(once, "0003")).toBe("retired");
    const twice = rollback(once, VERSIONS, note);
    expect(twice.champion).toBe("0001");
    expect(codeOf(() => rollback(twice, VERSIONS, note))).toBe("NOTHING_TO_DO");
    expect(codeOf(() => rollback(start, VERSIONS, note))).toBe("NOTHING_TO_DO");
  });

  it("does not roll back to a version that was retired or is gone", () => {
    const lifecycle = retire(promoted("0001", "0002", "0003"), VERSIONS, "0002", note);
    expect(rollback(lifecycle, VERSIONS, note).champion).toBe("0001");
    expect(rollback(promoted("0001", "0002", "0003"), ["0001", "0003"], note).champion).toBe("0001");
  });

  it("refuses unknown versions, the champion again, and retiring the champion", () => {
    expect(codeOf(() => promote(start, VERSIONS, "0009", note))).toBe("MODEL_NOT_FOUND");
    expect(codeOf(() => promote(promoted("0001"), VERSIONS, "0001", note))).toBe("NOTHING_TO_DO");
    expect(codeOf(() => retire(promoted("0001"), VERSIONS, "0001", note))).toBe("INVALID_OPTION");
  });

  it("has exactly one champion after the first promotion, and only appends to its history", () => {
    const step = fc.record({
      act: fc.constantFrom("promote", "rollback", "retire"),
      version: fc.constantFrom(...VERSIONS),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let lifecycle = start;
        for (const { act, version } of steps) {
          const before = lifecycle;
          try {
            if (act === "promote") lifecycle = promote(lifecycle, VERSIONS, version, note);
            else if (act === "retire") lifecycle = retire(lifecycle, VERSIONS, version, note);
            else lifecycle = rollback(lifecycle, VERSIONS, note);
          } catch (error) {
            if (!(error instanceof CellwrightError)) throw error;
          }
          expect(lifecycle.history.slice(0, before.history.length)).toEqual(before.history);
          const champions = VERSIONS.filter((other) => statusOf(lifecycle, other) === "champion");
          expect(champions.length).toBe(
            lifecycle.history.some((event) => event.action === "promoted") ? 1 : 0,
          );
        }
        expect(parseLifecycle(JSON.parse(JSON.stringify(lifecycle)), "champion.json")).toEqual(lifecycle);
      }),
    );
  });

  it("refuses a damaged record", () => {
    expect(codeOf(() => parseLifecycle({ ...start, champion: 3 }, "champion.json"))).toBe("MODEL_INVALID");
  });
});
