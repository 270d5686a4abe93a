import { CellwrightError } from "../errors.js";
import { nearestUnit, parseUnit, type Unit } from "../units.js";
import { compileNode, type CompiledNode } from "./expression-compile.js";
import { excerpt, expressionError } from "./expression-error.js";
import {
  type ComparisonOperator,
  type ParsedExpression,
  parseExpression,
  type SyntaxNode,
} from "./expression-syntax.js";
import { resolveUnits } from "./expression-units.js";

/** Both sides of a comparison at one place, for messages. */
export interface ComparisonSides {
  readonly operator: ComparisonOperator;
  readonly left: number;
  readonly right: number;
  readonly leftSource: string;
  readonly rightSource: string;
}

/** A compiled formula (`value`) or constraint (`comparison`) over names in the campaign's units. */
export interface Expression {
  readonly source: string;
  /** Names that it uses, in order of first appearance. */
  readonly names: readonly string[];
  readonly kind: "value" | "comparison";
  /** Of a comparison. */
  readonly operator?: ComparisonOperator;
  /** Conversions between names that the user should know of. */
  readonly notes: readonly string[];
  /**
   * The value, or the slack of a comparison: ≥ 0 where it holds, −Infinity where a side is undefined.
   *
   * @throws CellwrightError NON_FINITE if a name has no finite value, or a formula has none there.
   */
  evaluate(values: Readonly<Record<string, number>>): number;
  /** ∂evaluate/∂names, in the order of `names`; 0 for names that it does not use. @throws CellwrightError NON_FINITE */
  gradient(values: Readonly<Record<string, number>>, names: readonly string[]): Float64Array;
  /** `evaluate` at values in the order of `names`, without checks: NaN where a formula is undefined. */
  evaluateAt(x: Float64Array): number;
  /** `evaluateAt` with its gradient into `gradient`, [names]. */
  evaluateWithGradientAt(x: Float64Array, gradient: Float64Array): number;
  /** left − right of a comparison at values in the order of `names`; NaN where it is undefined. */
  differenceAt?(x: Float64Array): number;
  /** Whether both sides of a comparison are equal up to rounding errors, at values in the order of `names`. */
  meetsAt?(x: Float64Array): boolean;
  /** Both sides of a comparison; undefined for a value. */
  sides?(values: Readonly<Record<string, number>>): ComparisonSides;
}

export interface ExpressionOptions {
  /** Unit of each name that may be used. */
  readonly names: ReadonlyMap<string, string>;
  /** Unit of the result of a formula. */
  readonly unit?: string;
  /** Refuse the other kind. */
  readonly kind?: "value" | "comparison";
  /** Names that exist but hold choices or text, for the message. */
  readonly textNames?: readonly string[];
  /** A comparison holds where both sides are equal, whatever its sign. */
  readonly asEquality?: boolean;
}

/** Rounding in a sum of terms: a few units in the last place of their magnitude. */
const ROUNDOFF = 8 * Number.EPSILON;
/** How exactly an equality must hold, relative to its terms: finer than a machine is set. Assumption. */
const EQUALITY_TOLERANCE = 1e-6;

function collectNames(node: SyntaxNode, found: Map<string, number>): void {
  if (node.kind === "name" && !found.has(node.name)) found.set(node.name, node.column);
  if (node.kind === "negate") collectNames(node.of, found);
  if (node.kind === "call") for (const argument of node.of) collectNames(argument, found);
  if (node.kind === "arithmetic") {
    collectNames(node.left, found);
    collectNames(node.right, found);
  }
}

/** `1800 N/mn`: the unknown name may be the rest of a misspelt unit. */
function unitRemedy(source: string, name: string, column: number): string | undefined {
  const begin = /\d\s*([A-Za-z%µ°][A-Za-z0-9%µ°]*[*/])$/u.exec(source.slice(0, column - 1))?.[1];
  if (begin === undefined) return undefined;
  const suggestion = nearestUnit(`${begin}${name}`);
  return suggestion === null ? undefined : `If it belongs to a unit: did you mean ${suggestion}?`;
}

function usedNames(source: string, parsed: ParsedExpression, options: ExpressionOptions): readonly string[] {
  const found = new Map<string, number>();
  for (const node of parsed.kind === "value" ? [parsed.value] : [parsed.left, parsed.right])
    collectNames(node, found);
  for (const [name, column] of found) {
    if (options.names.has(name)) continue;
    const text = options.textNames?.includes(name) === true;
    const expected = [...options.names.keys()].slice(0, 20).join(", ") || "numbers only";
    const remedy = text
      ? `${name} holds choices, which cannot stand in expressions.`
      : unitRemedy(source, name, column);
    const fault = { column, found: `the name ${excerpt(name)}`, expected: `one of ${expected}` };
    throw expressionError(source, remedy === undefined ? fault : { ...fault, remedy });
  }
  return [...found.keys()];
}

function checkKind(source: string, parsed: ParsedExpression, kind: ExpressionOptions["kind"]): void {
  if (kind === undefined || kind === parsed.kind) return;
  const fault =
    kind === "comparison"
      ? { found: "a value", expected: "a comparison", remedy: "Write a constraint with <=, >=, <, > or ==." }
      : {
          found: "a comparison",
          expected: "a value",
          remedy: "Write a formula without <=, >=, <, > and ==.",
        };
  throw expressionError(source, { column: 1, ...fault });
}

/** left − right as a sum, its slack by operator. */
function compileSlack(operator: ComparisonOperator, left: CompiledNode, right: CompiledNode, n: number) {
  const scratch = new Float64Array(n);
  const sign = operator === "<=" || operator === "<" ? -1 : 1;
  const strict = operator === "<" || operator === ">";
  const slackOf = (difference: number, x: Float64Array): number => {
    if (!Number.isFinite(difference)) return Number.NEGATIVE_INFINITY;
    const size = left.size(x) + right.size(x);
    if (operator === "==") return EQUALITY_TOLERANCE * size - Math.abs(difference);
    if (Math.abs(difference) > ROUNDOFF * size) return sign * difference;
    return strict ? -Number.MIN_VALUE : 0;
  };
  return {
    value: (x: Float64Array) => slackOf(left.value(x) - right.value(x), x),
    dual: (x: Float64Array, gradient: Float64Array) => {
      const difference = left.dual(x, gradient) - right.dual(x, scratch);
      const slope = operator === "==" ? -Math.sign(difference) : sign;
      for (let i = 0; i < n; i++) gradient[i] = slope * (gradient[i]! - scratch[i]!);
      return slackOf(difference, x);
    },
  };
}

function pick(
  source: string,
  names: readonly string[],
  values: Readonly<Record<string, number>>,
): Float64Array {
  return Float64Array.from(names, (name) => {
    const value: unknown = Object.hasOwn(values, name) ? values[name] : undefined;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    const found = typeof value === "number" ? String(value) : "no number";
    throw new CellwrightError(
      "NON_FINITE",
      `Expression "${excerpt(source)}" needs a finite ${name}, found ${found}.`,
      {
        problems: [{ where: name, found, expected: "a finite number" }],
      },
    );
  });
}

function parseUnits(names: ReadonlyMap<string, string>, used: readonly string[]): ReadonlyMap<string, Unit> {
  const units = new Map<string, Unit>();
  for (const [name, unit] of names) if (used.includes(name) || unit !== "") units.set(name, parseUnit(unit));
  return units;
}

function undefinedThere(
  source: string,
  value: number,
  values: Readonly<Record<string, number>>,
  names: readonly string[],
) {
  const at = names.map((name) => `${name} = ${String(values[name])}`).join(", ");
  return new CellwrightError("NON_FINITE", `Expression "${excerpt(source)}" is ${value} at ${at}.`, {
    problems: [{ where: `"${excerpt(source)}" at ${at}`, found: String(value), expected: "a finite value" }],
  });
}

type Compiled = Pick<CompiledNode, "value" | "dual">;

/** The checked and unchecked ways to evaluate a compiled tree. */
function createEvaluators(
  source: string,
  names: readonly string[],
  kind: Expression["kind"],
  compiled: Compiled,
) {
  return {
    evaluateAt: (x: Float64Array) => compiled.value(x),
    evaluateWithGradientAt: (x: Float64Array, gradient: Float64Array) => compiled.dual(x, gradient),
    evaluate(values: Readonly<Record<string, number>>): number {
      const value = compiled.value(pick(source, names, values));
      if (kind === "value" && !Number.isFinite(value)) throw undefinedThere(source, value, values, names);
      return value;
    },
    gradient(values: Readonly<Record<string, number>>, order: readonly string[]): Float64Array {
      const own = new Float64Array(names.length);
      compiled.dual(pick(source, names, values), own);
      const bad = own.find((slope) => !Number.isFinite(slope));
      if (bad !== undefined) throw undefinedThere(`gradient of ${source}`, bad, values, names);
      return Float64Array.from(order, (name) => (names.includes(name) ? own[names.indexOf(name)]! : 0));
    },
  };
}

/**
 * Compiles an expression of the campaign language to our own functions with value and analytic gradient.
 *
 * Numbers, names, `+ - * / ^ ( )`, one comparison `<= >= < > ==`, `min max abs sqrt exp log`, a unit after a number.
 *
 * @throws CellwrightError EXPRESSION_INVALID, UNIT_UNKNOWN or UNIT_INCOMPATIBLE, with `details.column` and a remedy.
 */
export function compileExpression(source: string, options: ExpressionOptions): Expression {
  const parsed = parseExpression(source);
  checkKind(source, parsed, options.kind);
  const names = usedNames(source, parsed, options);
  const result = options.unit === undefined ? {} : { result: parseUnit(options.unit) };
  const resolved = resolveUnits(source, parsed, names, {
    units: parseUnits(options.names, names),
    ...result,
  });
  const n = names.length;
  const left = compileNode(resolved.left, n);
  const common = { source, names, notes: resolved.notes };
  if (parsed.kind === "value")
    return { ...common, kind: "value", ...createEvaluators(source, names, "value", left) };
  const { leftSource, rightSource } = parsed;
  const operator = options.asEquality === true ? "==" : parsed.operator;
  const right = resolved.right === undefined ? left : compileNode(resolved.right, n);
  return {
    ...common,
    kind: "comparison",
    operator,
    ...createEvaluators(source, names, "comparison", compileSlack(operator, left, right, n)),
    differenceAt: (x) => left.value(x) - right.value(x),
    meetsAt: (x) => Math.abs(left.value(x) - right.value(x)) <= ROUNDOFF * (left.size(x) + right.size(x)),
    sides(values) {
      const x = pick(source, names, values);
      return { operator, left: left.value(x), right: right.value(x), leftSource, rightSource };
    },
  };
}
