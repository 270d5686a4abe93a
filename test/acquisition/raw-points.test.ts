import { describe, expect, it } from "vitest";
import { levelExchanges, singleSteps } from "../../src/acquisition/lattice-moves.js";
import { freeColumns } from "../../src/acquisition/columns.js";
import { projectedInto, rawPoints } from "../../src/acquisition/raw-points.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import type { Parameter } from "../../src/space/parameter.js";
import { setOf, unit } from "./example-sets.js";

const choice: Parameter = { kind: "categorical", name: "c", unit: "", choices: ["u", "v", "w"] };
const set = setOf([unit("a"), unit("b", 0.25), choice, unit("d")], {
  constraints: ["a + b <= 1.1"],
  fixed: { d: 0.5 },
});
const columns = freeColumns(set);

describe("rawPoints", () => {
  it("keeps constraints and fixed columns, and puts half of the points near the centres", () => {
    const center = Float64Array.of(0.4, 0.5, 1, 0.5);
    const points = rawPoints(set, [center], createRng(3));
    expect(points.length).toBeGreaterThan(1000);
    for (const x of points) {
      expect(x[0]! + x[1]!).toBeLessThanOrEqual(1.1 + 1e-12);
      expect(x[3]).toBe(0.5);
      expect([0, 1, 2]).toContain(x[2]);
    }
    const close = points.filter((x) => Math.abs(x[0]! - 0.4) < 0.02 && Math.abs(x[1]! - 0.5) < 0.02);
    expect(close.length).toBeGreaterThan(150);
    expect(rawPoints(set, [], createRng(3))).toHaveLength(512);
  });
});

describe("projectedInto", () => {
  it("moves rows inside bounds, constraints and what is fixed", () => {
    const anchor = Float64Array.of(0, 0, 0, 0.5);
    const [inside, repaired] = projectedInto(
      set,
      matrixFromRows([
        [0.3, 0.25, 2, 0.9],
        [1.4, 0.75, 1, 0],
      ]),
      anchor,
    );
    expect([...inside!]).toEqual([0.3, 0.25, 2, 0.5]);
    expect(set.contains(repaired!)).toBe(true);
    expect(repaired![3]).toBe(0.5);
  });
});

describe("moves on the lattice", () => {
  const x = Float64Array.of(0.2, 0.25, 1, 0.5);

  it("exchange each name for every other", () => {
    expect(levelExchanges(set, x, columns).map((move) => [...move])).toEqual([
      [0.2, 0.25, 0, 0.5],
      [0.2, 0.25, 2, 0.5],
    ]);
  });

  it("step once up and down, and not beyond the ends", () => {
    expect(singleSteps(set, x, columns).map((move) => move[1])).toEqual([0, 0.5]);
    expect(singleSteps(set, Float64Array.of(0.2, 0, 1, 0.5), columns).map((move) => move[1])).toEqual([0.25]);
  });

  it("sort free columns by how they move", () => {
    expect(columns).toEqual({ smooth: [0], stepped: [1], categorical: [2] });
  });
});
