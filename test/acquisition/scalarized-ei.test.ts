import { describe, expect, it } from "vitest";
import { chebyshevOf } from "../../src/acquisition/chebyshev.js";
import { createLogScalarizedEi, scalarizedIncumbents } from "../../src/acquisition/scalarized-ei.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { anywhere, fixedProblem } from "./fixed-outcomes.js";
import { parego } from "./golden-files.js";

/** The same beliefs in every draw: more draws only average more of the candidate's. */
function problemOf(one: (typeof parego.cases)[number], draws: number, goals: "maximize" | "minimize") {
  const sign = goals === "maximize" ? 1 : -1;
  return fixedProblem(
    one.mean.map((mean, m) => ({
      utility: { goal: goals },
      values: Array.from({ length: draws }, () => one.known.map((row) => sign * row[m]!)),
      means: Array<number>(draws).fill(sign * mean),
      stdDev: one.stdDev[m]!,
    })),
  );
}

describe("log expected improvement of a scalarisation", () => {
  it.each(parego.cases.map((one, i) => [i, one] as const))(
    "is the average of BoTorch's scalarisation over a Gaussian, case %i",
    (_, one) => {
      const chebyshev = chebyshevOf(Float64Array.from(one.weights), matrixFromRows(one.known));
      for (const goal of ["maximize", "minimize"] as const) {
        const problem = problemOf(one, 8192, goal);
        expect(scalarizedIncumbents(problem, chebyshev)[0]).toBeCloseTo(one.best, 12);
        const value = createLogScalarizedEi(problem, chebyshev, createRng(3)).value(anywhere);
        expect(Math.abs(Math.exp(value) / one.expectedImprovement - 1)).toBeLessThan(0.03);
      }
    },
  );

  it("stays finite where improvement is hopeless, and less for a worse candidate", () => {
    const [one] = parego.cases;
    const chebyshev = chebyshevOf(Float64Array.from(one!.weights), matrixFromRows(one!.known));
    const at = (shift: number) =>
      createLogScalarizedEi(
        problemOf({ ...one!, mean: one!.mean.map((mean) => mean - shift) }, 4, "maximize"),
        chebyshev,
        createRng(3),
      ).value(anywhere);
    expect(at(60)).toBeGreaterThan(-Infinity);
    expect(at(60)).toBeLessThan(at(20) - 100);
  });

  it("counts the probability of keeping limits, and takes only points that keep them as reached", () => {
    const utility = { goal: "maximize" } as const;
    const outcome = (limits?: { lower: number; upper: number }) =>
      fixedProblem([
        { utility, values: [[0, 2]], means: [1], stdDev: 0.5 },
        { utility, values: [[0, 2]], means: [1], stdDev: 0.5 },
        { utility: null, values: [[1, 9]], means: [1], stdDev: 1, ...(limits && { limits }) },
      ]);
    const chebyshev = chebyshevOf(
      Float64Array.of(0.5, 0.5),
      matrixFromRows([
        [0, 0],
        [2, 2],
      ]),
    );
    const limited = outcome({ lower: -Infinity, upper: 5 });
    expect(scalarizedIncumbents(outcome(), chebyshev)[0]).toBe(0);
    expect(scalarizedIncumbents(limited, chebyshev)[0]).toBeLessThan(-0.5);
    const free = createLogScalarizedEi(limited, chebyshev, createRng(1)).value(anywhere);
    const tight = createLogScalarizedEi(
      outcome({ lower: -Infinity, upper: 1 }),
      chebyshev,
      createRng(1),
    ).value(anywhere);
    expect(tight).toBeCloseTo(free + Math.log(0.5), 3);
  });
});
