import { describe, expect, it } from "vitest";
import { createAcquisition } from "../../src/acquisition/create-acquisition.js";
import { createWorkBudget } from "../../src/acquisition/work-budget.js";
import { polishBatch, type PolishTools } from "../../src/campaign/polish-batch.js";
import { createMatrix, type Matrix, matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { sobolNormals } from "../../src/math/sobol.js";
import type { GaussianLatent } from "../../src/surrogates/surrogate.js";
import { modelOf, squarePoints } from "../acquisition/example-models.js";
import { setOf, unit } from "../acquisition/example-sets.js";

const data = squarePoints(10, 4);
const set = setOf([unit("a"), unit("b")]);

/** Two hills of nearly equal height. */
function hills(a: number, b: number): number {
  const hill = (x: number, y: number) => Math.exp(-20 * ((a - x) ** 2 + (b - y) ** 2));
  return hill(0.25, 0.3) + 0.9 * hill(0.75, 0.7);
}

const first = modelOf(data, hills, { noise: 0.05 });
const second = modelOf(data, (a, b) => a - b, { noise: 0.05, seed: 9 });

function tools(objectives: readonly GaussianLatent[], limit = Infinity): PolishTools {
  const rng = createRng(8);
  return {
    set,
    given: (others, more) =>
      createAcquisition({
        objectives: objectives.map((model, i) => ({ outcome: `y${i}`, goal: "maximize", model })),
        specifications: [],
        data,
        pending: matrixFromRows([...others], 2),
        noisy: true,
        draws: 32 * more,
        rng: rng.fork("acquisition"),
      }),
    search: (_, turn) => ({
      rng: rng.fork(`turn ${turn}`),
      incumbents: createMatrix(0, 2),
      exclude: () => false,
    }),
    tidy: (x) => x,
    budget: createWorkBudget({ limit }),
    breathe: () => Promise.resolve(),
  };
}

function batchOf(points: readonly (readonly number[])[], by: PolishTools) {
  const xs = points.map((point) => Float64Array.from(point));
  return xs.map((x, i) => ({ x, acquisition: by.given(xs.slice(0, i), 1) }));
}

/** Plain Monte Carlo of what a batch gains over the best data point: E[(max f(X) − max f(data))₊], 4,096 joint draws. */
function jointImprovement(model: GaussianLatent, points: readonly Float64Array[]): number {
  const base = matrixFromRows([...rows(data), ...points], 2);
  const normals = sobolNormals(4096, base.rows, createRng(99));
  const { values } = model.draw(base, normals);
  let sum = 0;
  for (let s = 0; s < values.rows; s++) {
    const drawn = [...values.data.subarray(s * base.rows, (s + 1) * base.rows)];
    sum += Math.max(0, Math.max(...drawn.slice(data.rows)) - Math.max(...drawn.slice(0, data.rows)));
  }
  return sum / values.rows;
}

function rows(matrix: Matrix): Float64Array[] {
  return Array.from({ length: matrix.rows }, (_, i) => matrix.data.slice(i * 2, i * 2 + 2));
}

describe("polishBatch", () => {
  it.each([2, 4, 8])("raises what %i runs gain together, by plain Monte Carlo too", async (q) => {
    const by = tools([first]);
    const start = rows(squarePoints(q, 31)).map((x) => [...x]);
    const polished = await polishBatch(batchOf(start, by), by);
    expect(polished!.after).toBeGreaterThan(polished!.before);
    const gained = jointImprovement(
      first,
      polished!.points.map(({ x }) => x),
    );
    const before = jointImprovement(
      first,
      start.map((x) => Float64Array.from(x)),
    );
    expect(gained).toBeGreaterThan(before);
    // The sum of conditional gains is the joint gain.
    expect(Math.exp(polished!.after) / gained).toBeGreaterThan(0.85);
    expect(Math.exp(polished!.after) / gained).toBeLessThan(1.15);
  });

  it("raises the joint hypervolume of several objectives", async () => {
    const by = tools([first, second]);
    const polished = await polishBatch(
      batchOf(
        [
          [0.5, 0.5],
          [0.52, 0.5],
          [0.1, 0.9],
        ],
        by,
      ),
      by,
    );
    expect(polished!.after).toBeGreaterThan(polished!.before + 0.1);
    for (const { x } of polished!.points) expect(set.contains(x)).toBe(true);
  });

  it("never answers with a batch that is worth less", async () => {
    for (let seed = 0; seed < 12; seed++) {
      const by = tools([first]);
      const polished = await polishBatch(
        batchOf(
          rows(squarePoints(3, seed)).map((x) => [...x]),
          by,
        ),
        by,
      );
      if (polished !== null) expect(polished.after).toBeGreaterThan(polished.before);
      // What was just improved is left as it is, or improved once more.
      if (polished === null) continue;
      const again = await polishBatch(
        batchOf(
          polished.points.map(({ x }) => [...x]),
          by,
        ),
        by,
      );
      if (again !== null) expect(again.after).toBeGreaterThanOrEqual(polished.after - 1e-9);
    }
  });

  it("puts the point first that is worth most alone", async () => {
    const by = tools([first]);
    const polished = await polishBatch(
      batchOf(
        [
          [0.9, 0.1],
          [0.7, 0.7],
          [0.2, 0.2],
        ],
        by,
      ),
      by,
    );
    const alone = by.given([], 1);
    const values = polished!.points.map(({ x }) => alone.value(x));
    expect(values[0]).toBe(Math.max(...values));
  });

  it("leaves one run, more than eight, and what has nothing left to spend as they are", async () => {
    const by = tools([first]);
    expect(await polishBatch(batchOf([[0.5, 0.5]], by), by)).toBeNull();
    const nine = Array.from({ length: 9 }, (_, i) => [i / 9, 0.5]);
    expect(await polishBatch(batchOf(nine, by), by)).toBeNull();
    const spent = tools([first], 1);
    spent.budget.spend(1);
    expect(
      await polishBatch(
        batchOf(
          [
            [0.5, 0.5],
            [0.9, 0.9],
          ],
          spent,
        ),
        spent,
      ),
    ).toBeNull();
  });
});
