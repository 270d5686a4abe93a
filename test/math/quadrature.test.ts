import { describe, expect, it } from "vitest";
import { gaussHermite } from "../../src/math/quadrature.js";
import { readGolden } from "./ulp-error.js";

const golden = (
  readGolden("math-metrics.numpy-2.4.6.json") as { gaussHermite: Record<string, [number[], number[]]> }
).gaussHermite;

describe("Gauss–Hermite rules", () => {
  it.each(Object.entries(golden))("with %s nodes are NumPy's", (n, [nodes, weights]) => {
    const rule = gaussHermite(Number(n));
    nodes.forEach((node, i) => expect(rule.nodes[i]).toBeCloseTo(node, 12));
    weights.forEach((weight, i) =>
      expect(Math.abs(rule.weights[i]! - weight)).toBeLessThan(1e-12 * weight + 1e-18),
    );
  });

  it.each([1, 2, 5, 12, 33, 128])("with %d nodes give the moments of a normal variable", (n) => {
    const { nodes, weights } = gaussHermite(n);
    let expected = 1; // 1, 1, 3, 15, … = (2k − 1)!!
    for (let k = 0; k < Math.min(n, 15); k++) {
      let even = 0;
      nodes.forEach((z, i) => (even += weights[i]! * z ** (2 * k)));
      expect(even / expected).toBeCloseTo(1, 11);
      expected *= 2 * k + 1;
    }
  });

  it("are symmetric and ascending", () => {
    const { nodes, weights } = gaussHermite(31);
    for (let i = 0; i < 31; i++) {
      expect(nodes[i]! + nodes[30 - i]!).toBe(0);
      expect(weights[i]).toBe(weights[30 - i]);
      if (i > 0) expect(nodes[i]).toBeGreaterThan(nodes[i - 1]!);
    }
  });

  it.each([0, 129, 1.5, NaN])("refuse %d nodes", (n) => {
    expect(() => gaussHermite(n)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  });
});
