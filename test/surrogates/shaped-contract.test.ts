import { fitSurrogateKind } from "../../src/surrogates/fit-surrogate.js";
import type { ShapeOptions } from "../../src/surrogates/shaped-prior.js";
import { testSurrogate } from "./surrogate-contract.js";

const shapes: readonly ShapeOptions[] = [
  { inputWarp: true },
  { mean: "linear" },
  { structure: "sum" },
  { inputWarp: true, mean: "linear", structure: "sum-and-product" },
];

for (const shape of shapes) {
  testSurrogate(`gaussian-process with ${JSON.stringify(shape)}`, (data, options) =>
    fitSurrogateKind("gaussian-process", data, { ...options, ...shape, starts: 0 }),
  );
}
