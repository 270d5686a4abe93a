import { createAcquisition, type AcquisitionOptions } from "../../src/acquisition/create-acquisition.js";
import { createUpperConfidenceBound } from "../../src/acquisition/upper-confidence-bound.js";
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
  "the confidence bound",
  () => createUpperConfidenceBound({ model: noisy, goal: "minimize", beta: 3 }),
  points,
);
