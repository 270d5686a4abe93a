import { createAcquisition, type AcquisitionOptions } from "../../src/acquisition/create-acquisition.js";
import { createFamily } from "../../src/acquisition/families.js";
import { createMatrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { testAcquisition } from "./acquisition-contract.js";
import { knownSlope, modelOf, squarePoints } from "./example-models.js";

const X = squarePoints(9, 41);
const exact = modelOf(X, (a, b) => Math.sin(4 * a) + b * b);
const noisy = modelOf(X, (a, b) => a - b + 0.5 * a * b, { noise: 0.1 });
const limited = modelOf(X, (a, b) => a + b, { seed: 9 });
const objective = { outcome: "y", goal: "minimize", model: exact } as const;
const second = { outcome: "z", goal: "maximize", model: noisy } as const;
const limits = { outcome: "w", min: 0.4, max: 1.4, model: limited };
const pending = matrixFromRows([[0.3, 0.7]]);
const common: AcquisitionOptions = {
  objectives: [objective],
  specifications: [],
  data: X,
  pending: createMatrix(0, 2),
  noisy: false,
  draws: 16,
  rng: createRng(6),
};
const points = {
  smooth: [
    [0.21, 0.33],
    [0.62, 0.91],
    [0.87, 0.08],
  ],
  awkward: [[...matrixRow(X, 0)], [...matrixRow(X, 5)], [0.3, 0.7], [0, 0], [1, 1]],
};

testAcquisition("LogEI", () => createAcquisition(common), points);
testAcquisition(
  "constrained LogEI",
  () => createAcquisition({ ...common, specifications: [limits] }),
  points,
);
testAcquisition(
  "log noisy EI",
  () => createAcquisition({ ...common, noisy: true, pending, specifications: [limits] }),
  points,
);
testAcquisition("log EHVI", () => createAcquisition({ ...common, objectives: [objective, second] }), points);
testAcquisition(
  "log noisy EHVI of a formula and two outcomes",
  () => {
    const known = { outcome: "cost", goal: "minimize", model: knownSlope } as const;
    return createAcquisition({
      ...common,
      objectives: [objective, second, known],
      noisy: true,
      pending,
      specifications: [limits],
    });
  },
  points,
);
testAcquisition(
  "log feasibility",
  () =>
    createAcquisition({ ...common, noisy: true, pending, specifications: [{ ...limits, min: 4, max: 5 }] }),
  points,
);
testAcquisition(
  "log feasible uncertainty",
  () => createAcquisition({ ...common, objectives: [], specifications: [limits] }),
  points,
);
testAcquisition(
  "log scalarised EI of three objectives with limits",
  () => {
    const known = { outcome: "cost", goal: "minimize", model: knownSlope } as const;
    const target = { outcome: "z", goal: "target", target: 0.2, model: noisy } as const;
    return createAcquisition({
      ...common,
      objectives: [objective, target, known],
      ...{ noisy: true, pending, specifications: [limits], improvement: "parego" },
    });
  },
  points,
);
for (const family of ["log-ei", "log-nei", "ucb", "thompson", "variance", "straddle"] as const) {
  testAcquisition(
    `the family ${family}`,
    () => createFamily(family, { ...common, pending, specifications: [limits] }, createRng(4)),
    points,
  );
}
testAcquisition(
  "a sample of two objectives and a formula",
  () => {
    const known = { outcome: "cost", goal: "minimize", model: knownSlope } as const;
    return createFamily("thompson", { ...common, objectives: [objective, second, known] }, createRng(4));
  },
  points,
);
