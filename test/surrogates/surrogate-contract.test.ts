import { fitSurrogateKind } from "../../src/surrogates/fit-surrogate.js";
import { testSurrogate } from "./surrogate-contract.js";

testSurrogate("gaussian-process (default)", (data, options) =>
  fitSurrogateKind("gaussian-process", data, options),
);
testSurrogate("gaussian-process (hvarfner-2024)", (data, options) =>
  fitSurrogateKind("gaussian-process", data, { ...options, preset: "hvarfner-2024" }),
);
testSurrogate("response-surface", (data, options) => fitSurrogateKind("response-surface", data, options));
testSurrogate("random-forest", (data, options) => fitSurrogateKind("random-forest", data, options));
for (const preset of ["default", "saas-2021"] as const) {
  testSurrogate(`bayesian-gaussian-process (${preset})`, (data, options) =>
    fitSurrogateKind("bayesian-gaussian-process", data, {
      ...options,
      preset,
      // Few short chains: the contract is about the surrogate, not about the quality of its draws.
      sampler: { chains: 2, warmup: 40, samples: 16, draws: 12 },
    }),
  );
}
