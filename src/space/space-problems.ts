import type { Problem } from "../errors.js";
import type { ContextVariable, Parameter } from "./parameter.js";

/** Most levels that one column may have: beyond, a step is below what a machine can hold. Assumption. */
const MAX_LEVELS = 1e9;

function boundProblems(
  where: string,
  of: { readonly min: number; readonly max: number; readonly scale: string },
): Problem[] {
  const problems: Problem[] = [];
  for (const end of ["min", "max"] as const) {
    if (!Number.isFinite(of[end]))
      problems.push({ where: `${where}.${end}`, found: String(of[end]), expected: "a finite number" });
  }
  if (of.min > of.max) {
    const remedy = "Swap the bounds.";
    problems.push({ where, found: `min ${of.min} above max ${of.max}`, expected: "min ≤ max", remedy });
  }
  if (of.scale === "log" && !(of.min > 0)) {
    problems.push({ where: `${where}.min`, found: String(of.min), expected: "above 0, for scale: log" });
  }
  return problems;
}

function stepProblems(where: string, step: number, width: number): Problem[] {
  if (!(step > 0 && Number.isFinite(step)))
    return [{ where: `${where}.step`, found: String(step), expected: "above 0" }];
  if (width / step > MAX_LEVELS) {
    return [
      {
        where: `${where}.step`,
        found: `${width / step} steps`,
        expected: `at most ${MAX_LEVELS}`,
        remedy: "Leave the step out.",
      },
    ];
  }
  return [];
}

function setProblems(where: string, values: readonly number[], scale: string): Problem[] {
  const place = `${where}.values`;
  if (values.length === 0) return [{ where: place, found: "an empty list", expected: "at least one value" }];
  if (values.some((v) => !Number.isFinite(v)))
    return [{ where: place, found: values.join(", "), expected: "finite numbers" }];
  if (values.some((v, i) => i > 0 && v <= values[i - 1]!)) {
    return [{ where: place, found: values.join(", "), expected: "ascending values, each once" }];
  }
  return scale === "log" && !(values[0]! > 0)
    ? [{ where: place, found: String(values[0]), expected: "values above 0, for scale: log" }]
    : [];
}

function choiceProblems(where: string, choices: readonly string[]): Problem[] {
  if (choices.length === 0)
    return [{ where: `${where}.choices`, found: "an empty list", expected: "at least one choice" }];
  return new Set(choices).size === choices.length
    ? []
    : [{ where: `${where}.choices`, found: choices.join(", "), expected: "each choice once" }];
}

function parameterProblems(parameter: Parameter): Problem[] {
  const where = `parameters.${parameter.name}`;
  if (parameter.kind === "categorical") return choiceProblems(where, parameter.choices);
  if (parameter.kind === "discrete") return setProblems(where, parameter.values, parameter.scale);
  const problems = boundProblems(where, parameter);
  if (
    parameter.kind === "integer" &&
    !(Number.isSafeInteger(parameter.min) && Number.isSafeInteger(parameter.max))
  ) {
    problems.push({ where, found: `bounds ${parameter.min} to ${parameter.max}`, expected: "whole numbers" });
  }
  const step = parameter.kind === "continuous" ? parameter.step : undefined;
  return step === undefined
    ? problems
    : [...problems, ...stepProblems(where, step, parameter.max - parameter.min)];
}

function contextProblems(context: ContextVariable): Problem[] {
  const where = `context.${context.name}`;
  if (context.kind === "categorical") return choiceProblems(where, context.choices);
  const { scale, value } = context;
  const lower = scale === "log" ? Number.MIN_VALUE : -Number.MAX_VALUE;
  const problems = boundProblems(where, {
    min: context.min ?? lower,
    max: context.max ?? Number.MAX_VALUE,
    scale,
  });
  if (value === undefined) return problems;
  const readable = Number.isFinite(value) && (scale === "linear" || value > 0);
  return readable
    ? problems
    : [
        ...problems,
        { where: `${where}.value`, found: String(value), expected: "a finite number on its scale" },
      ];
}

/** Everything that makes no sense in the parameters and context of a space. */
export function spaceProblems(
  parameters: readonly Parameter[],
  context: readonly ContextVariable[],
): readonly Problem[] {
  const names = [...parameters, ...context].map(({ name }) => name);
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  return [
    ...twice.map((name) => ({ where: name, found: "the name twice", expected: "each name once" })),
    ...parameters.flatMap(parameterProblems),
    ...context.flatMap(contextProblems),
  ];
}
