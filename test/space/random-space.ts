import fc from "fast-check";
import type { Parameter } from "../../src/space/parameter.js";

/** Random parameters of every kind, with decimals as people write them. */
const decimal = (least: number, most: number, places: number) =>
  fc.integer({ min: least * 10 ** places, max: most * 10 ** places }).map((n) => Number(`${n}e-${places}`));

const widths = fc.tuple(decimal(-50, 50, 2), decimal(1, 200, 1));

const continuous = fc.tuple(widths, fc.boolean()).map(([[min, width], log]) => {
  const scale = log ? ("log" as const) : ("linear" as const);
  const low = log ? Number((Math.abs(min) + 0.01).toFixed(2)) : min;
  return { kind: "continuous" as const, unit: "1", min: low, max: Number((low + width).toFixed(2)), scale };
});

const stepped = fc
  .tuple(continuous, fc.constantFrom(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10))
  .map(([base, step]) => ({ ...base, step }));

const integer = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 12 }), fc.constantFrom("linear", "log"))
  .map(([min, width, scale]) => ({
    kind: "integer" as const,
    unit: "1",
    min,
    max: min + width,
    scale: scale,
  }));

const discrete = fc
  .tuple(fc.uniqueArray(decimal(1, 100, 1), { minLength: 1, maxLength: 8 }), fc.constantFrom("linear", "log"))
  .map(([values, scale]) => ({
    kind: "discrete" as const,
    unit: "1",
    values: values.toSorted((a, b) => a - b),
    scale: scale,
  }));

const categorical = fc.integer({ min: 1, max: 4 }).map((n) => ({
  kind: "categorical" as const,
  unit: "",
  choices: ["off", "low", "mid", "high"].slice(0, n),
}));

/** 1 to 5 parameters named p0, p1 … */
export const randomParameters: fc.Arbitrary<Parameter[]> = fc
  .array(fc.oneof(continuous, stepped, integer, discrete, categorical), { minLength: 1, maxLength: 5 })
  .map((list) => list.map((parameter, i): Parameter => ({ ...parameter, name: `p${i}` })));

/** A value of a parameter: a level of its steps or set, or a decimal inside its bounds. */
function valueAt(parameter: Parameter, u: number): number {
  if (parameter.kind === "categorical") return Number.NaN;
  if (parameter.kind === "discrete") return parameter.values[Math.floor(u * parameter.values.length)]!;
  const step = parameter.kind === "integer" ? 1 : (parameter.step ?? (parameter.max - parameter.min) / 1000);
  const count = Math.floor((parameter.max - parameter.min) / step + 1e-9);
  return Number((parameter.min + Math.round(u * count) * step).toFixed(6));
}

function widthOf(parameter: Parameter): number {
  if (parameter.kind === "categorical") return 0;
  return parameter.kind === "discrete"
    ? parameter.values.at(-1)! - parameter.values[0]!
    : parameter.max - parameter.min;
}

const unit = fc.double({ min: 0, max: 0.999, noNaN: true });
const weight = fc.integer({ min: -5, max: 5 });

/** Random parameters with up to three linear and nonlinear inequalities that a planted setting satisfies with a little room. */
export const plantedSpace: fc.Arbitrary<{
  readonly parameters: Parameter[];
  readonly constraints: { readonly source: string }[];
}> = fc
  .tuple(
    randomParameters,
    fc.array(unit, { minLength: 5, maxLength: 5 }),
    fc.array(
      fc.tuple(
        fc.array(weight, { minLength: 5, maxLength: 5 }),
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
      ),
      {
        maxLength: 3,
      },
    ),
  )
  .map(([parameters, planted, limits]) => {
    const numeric = parameters.flatMap((parameter, i) =>
      parameter.kind === "categorical" ? [] : [{ parameter, i }],
    );
    const constraints = limits.flatMap(([weights, room, square]) => {
      const terms = numeric.filter(({ i }) => weights[i] !== 0);
      if (terms.length === 0) return [];
      const text = terms.map(
        ({ parameter, i }) => `${weights[i]!} * ${parameter.name}${square && i % 2 === 0 ? "^2" : ""}`,
      );
      let [limit, range] = [0, 0];
      for (const { parameter, i } of terms) {
        const value = valueAt(parameter, planted[i]!);
        const squared = square && i % 2 === 0;
        limit += weights[i]! * (squared ? value * value : value);
        range += Math.abs(weights[i]!) * widthOf(parameter) * (squared ? 2 * Math.abs(value) + 1 : 1);
      }
      return [{ source: `${text.join(" + ")} <= ${limit + 0.002 * room * range}` }];
    });
    return { parameters, constraints };
  });
