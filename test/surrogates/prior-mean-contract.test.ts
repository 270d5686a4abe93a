import { loadSurrogate } from "../../src/surrogates/load-surrogate.js";
import type { PriorMean } from "../../src/surrogates/prior-mean.js";
import { fitGaussianProcessWithMean } from "../../src/surrogates/prior-mean-gaussian-process.js";
import { testSurrogate } from "./surrogate-contract.js";

interface LineArguments {
  readonly scale: "identity" | "log";
  readonly middle: number;
  readonly unit: number;
}

/** A level and a slope along the first input, around the middle of the data; a power of it on a log scale. */
function lineMean(line: LineArguments): PriorMean {
  const { scale, middle, unit } = line;
  const normal = (name: string, mean: number, stdDev: number): PriorMean["parameters"][number] => ({
    name,
    unit: "",
    start: mean,
    lower: mean - 8 * stdDev,
    upper: mean + 8 * stdDev,
    prior: { kind: "normal", mean, stdDev },
  });
  const named = { name: "test.line@1", arguments: line };
  if (scale === "identity") {
    return {
      ...named,
      parameters: [normal("level", middle, unit), normal("slope", 0, unit / 4)],
      evaluate: (x, theta) => ({
        value: theta[0]! + theta[1]! * x[0]!,
        parameterGradient: Float64Array.of(1, x[0]!),
        inputGradient: Float64Array.of(theta[1]!, 0, 0),
      }),
    };
  }
  const prior = { kind: "log-normal", median: middle, logStdDev: 1 } as const;
  return {
    ...named,
    parameters: [
      { name: "level", unit: "", start: middle, lower: middle / 1e3, upper: middle * 1e3, prior },
      normal("slope", 0, 1),
    ],
    evaluate: (x, theta) => {
      const power = Math.exp(theta[1]! * x[0]!);
      const value = theta[0]! * power;
      return {
        value,
        parameterGradient: Float64Array.of(power, value * x[0]!),
        inputGradient: Float64Array.of(value * theta[1]!, 0, 0),
      };
    },
  };
}

for (const preset of ["default", "hvarfner-2024"] as const) {
  testSurrogate(
    `gaussian-process with a prior mean (${preset})`,
    (data, options) => {
      const finite = data.y.filter(Number.isFinite);
      const lower = finite.reduce((a, b) => Math.min(a, b), Infinity);
      const upper = finite.reduce((a, b) => Math.max(a, b), -Infinity);
      const scale = options.scale === "log" ? "log" : "identity";
      const unit = Math.max(Math.abs(lower), Math.abs(upper)) || 1;
      const mean = lineMean({ scale, middle: finite.length === 0 ? 1 : lower / 2 + upper / 2, unit });
      return fitGaussianProcessWithMean(data, { mean, scale, preset, seed: options.seed });
    },
    (record) =>
      loadSurrogate(record, (name, line) =>
        name === "test.line@1" ? lineMean(line as LineArguments) : null,
      ),
  );
}
