import { describe, expect, it } from "vitest";
import { createKernelTerms } from "../../src/kernels/kernel-terms.js";
import { matern52 } from "../../src/kernels/matern.js";

const kinds = ["continuous", "categorical", "continuous"] as const;

describe("terms of a covariance", () => {
  it.each([
    ["product", [["joint", [0, 1, 2]]]],
    [
      "sum",
      [
        ["curve", [0, 2]],
        ["levels", [1]],
      ],
    ],
    [
      "sum-and-product",
      [
        ["curve", [0, 2]],
        ["levels", [1]],
        ["interaction", [0, 1, 2]],
      ],
    ],
  ] as const)("of %s look at their own inputs", (structure, expected) => {
    const terms = createKernelTerms(matern52, kinds, structure);
    expect(terms.map(({ role, columns }) => [role, columns])).toEqual(expected);
    expect(terms.map(({ kernel }) => kernel.dimension)).toEqual(
      expected.map(([, columns]) => columns.length),
    );
  });

  it("without inputs are left out", () => {
    expect(createKernelTerms(matern52, ["categorical"], "sum").map(({ role }) => role)).toEqual(["levels"]);
  });
});
