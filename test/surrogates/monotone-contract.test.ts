import { fitSurrogateKind } from "../../src/surrogates/fit-surrogate.js";
import { testSurrogate } from "./surrogate-contract.js";

testSurrogate("gaussian-process with a direction", (data, options) =>
  fitSurrogateKind("gaussian-process", data, {
    ...options,
    monotone: [{ input: "line_load", direction: "increasing" }],
  }),
);
