import { describe, expect, it } from "vitest";
import { believedOutcomes } from "../../src/acquisition/believed-outcomes.js";
import { outcomeRoles } from "../../src/acquisition/outcome-roles.js";
import type { ObjectiveTerm, SpecificationTerm } from "../../src/acquisition/outcome-terms.js";
import { createUpperConfidenceBound } from "../../src/acquisition/upper-confidence-bound.js";
import { createMatrix, type Matrix, matrixFromRows } from "../../src/math/matrix.js";
import { modelOf, squarePoints } from "./example-models.js";
import { expectGradient } from "./numeric-gradient.js";

const X = squarePoints(8, 1);
const model = modelOf(X, (a, b) => Math.sin(4 * a) - b, { noise: 0.05 });
const x = Float64Array.of(0.35, 0.85);

function bound(
  goal: Pick<ObjectiveTerm, "goal" | "target">,
  beta: number,
  more: { pending?: Matrix; specifications?: readonly SpecificationTerm[] } = {},
) {
  const roles = outcomeRoles([{ outcome: "y", model, ...goal }], more.specifications ?? [], X);
  return createUpperConfidenceBound(believedOutcomes(roles, X, more.pending ?? createMatrix(0, 2)), beta);
}

describe("the upper confidence bound", () => {
  it("is mean plus √β standard deviations of the utility", () => {
    const { mean, variance } = model.latentAt(x);
    expect(bound({ goal: "maximize" }, 4).value(x)).toBe(mean + 2 * Math.sqrt(variance));
    expect(bound({ goal: "minimize" }, 4).value(x)).toBe(-mean + 2 * Math.sqrt(variance));
    const target = model.modelScale.toRaw(mean + 0.25);
    expect(bound({ goal: "target", target }, 4).value(x)).toBeCloseTo(-0.25 + 2 * Math.sqrt(variance), 10);
  });

  it("loses around a pending run what that run will tell, and keeps its mean", () => {
    const pending = matrixFromRows([x]);
    expect(bound({ goal: "maximize" }, 4, { pending }).value(x)).toBeCloseTo(model.latentAt(x).mean, 3);
    const far = Float64Array.of(0.9, 0.1);
    expect(bound({ goal: "maximize" }, 0, { pending }).value(far)).toBeCloseTo(model.latentAt(far).mean, 6);
  });

  it("counts the probability of keeping limits", () => {
    const other = modelOf(X, (a, b) => a + b, { seed: 9 });
    const kept = { outcome: "w", min: 0, max: Infinity, model: other };
    const broken = { outcome: "w", min: -Infinity, max: 0, model: other };
    const plain = bound({ goal: "maximize" }, 4).value(x);
    expect(bound({ goal: "maximize" }, 4, { specifications: [kept] }).value(x)).toBeCloseTo(plain, 2);
    expect(bound({ goal: "maximize" }, 4, { specifications: [broken] }).value(x)).toBeLessThan(plain - 3);
  });

  it("has the gradient that differences give", () => {
    for (const goal of ["maximize", "minimize"] as const) expectGradient(bound({ goal }, 2), x);
    expectGradient(bound({ goal: "target", target: 0.3 }, 2), x);
  });

  it("refuses a negative or missing β", () => {
    for (const beta of [-1, Number.NaN, Infinity])
      expect(() => bound({ goal: "maximize" }, beta)).toThrow(/beta ≥ 0/);
  });
});
