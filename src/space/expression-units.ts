import { CellwrightError } from "../errors.js";
import {
  combineUnits,
  compatibleUnits,
  incompatibilityRemedy,
  parseUnit,
  type Unit,
  unitConversion,
} from "../units.js";
import { type ExpressionFault, expressionError } from "./expression-error.js";
import type { ArithmeticOperator, FunctionName, ParsedExpression, SyntaxNode } from "./expression-syntax.js";

/** A tree whose numbers and names are all in the campaign's units: conversions have become `scaled` nodes. */
export type ResolvedNode =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "name"; readonly index: number }
  | { readonly kind: "negate"; readonly of: ResolvedNode }
  | { readonly kind: "scaled"; readonly scale: number; readonly offset: number; readonly of: ResolvedNode }
  | {
      readonly kind: "arithmetic";
      readonly operator: ArithmeticOperator;
      readonly left: ResolvedNode;
      readonly right: ResolvedNode;
    }
  | { readonly kind: "call"; readonly name: FunctionName; readonly of: readonly ResolvedNode[] };

/** What is known of a subexpression's unit. */
interface Quantity {
  readonly node: ResolvedNode;
  /** null: a bare number, or a product with one, which adapts to whatever stands beside it. */
  readonly unit: Unit | null;
  /** Names, quantities and sums of them; a product of names is not firm and never refused. */
  readonly firm: boolean;
  readonly constant: boolean;
  /** A difference of temperatures: converted without the zero of the scale. */
  readonly difference: boolean;
  /** An explicit quantity in it that no name of the expression gives a unit: it must not get lost in a bare product. */
  readonly loose: string | null;
  readonly column: number;
}

interface ResolvedExpression {
  readonly left: ResolvedNode;
  /** Absent for a value. */
  readonly right?: ResolvedNode;
  /** Conversions between names that the user should know of. */
  readonly notes: readonly string[];
}

interface Scope {
  readonly source: string;
  readonly units: ReadonlyMap<string, Unit>;
  /** Names in the order of their first appearance. */
  readonly names: readonly string[];
  readonly notes: string[];
}

type Sum = "+" | "-" | "compare";

const ONE = parseUnit("1");
const TEMPERATURE = parseUnit("K");

const isTemperature = (unit: Unit): boolean => compatibleUnits(unit, TEMPERATURE);
const isNumber = (unit: Unit): boolean => compatibleUnits(unit, ONE);

function sameUnit(a: Unit, b: Unit): boolean {
  const scales = a.numerator === b.numerator && a.denominator === b.denominator && a.exponent === b.exponent;
  return compatibleUnits(a, b) && scales && a.zeroHundredths === b.zeroHundredths;
}

function fail(
  scope: Scope,
  fault: ExpressionFault,
  code: "EXPRESSION_INVALID" | "UNIT_INCOMPATIBLE" = "UNIT_INCOMPATIBLE",
) {
  return expressionError(scope.source, fault, code);
}

const AS_THEY_STAND = "Where the numbers are meant as they stand, write 1 * before one of them.";

/** Gives up the unit; an explicit quantity that nothing gave a unit would then count in a unit that nobody stated. */
function withoutUnit(scope: Scope, of: Quantity, node: ResolvedNode, constant = of.constant): Quantity {
  if (of.loose !== null) {
    const remedy = "Write the number bare, in the campaign's units, or beside a name of the same kind.";
    throw fail(scope, {
      column: of.column,
      found: `${of.loose} in a product with bare numbers`,
      expected: "a unit that can be checked",
      remedy,
    });
  }
  return { ...of, node, unit: null, firm: false, difference: false, constant };
}

/** `of` in another unit of the same dimension; `point` moves the zero of a temperature too. */
function inUnit(of: Quantity, unit: Unit, point: boolean): Quantity {
  const from = of.unit ?? unit;
  const zero = point ? {} : { zeroHundredths: 0 };
  const map = unitConversion({ ...from, ...zero }, { ...unit, ...zero });
  if (of.node.kind === "number") return { ...of, unit, node: { kind: "number", value: map(of.node.value) } };
  const slope = unitConversion({ ...from, zeroHundredths: 0 }, { ...unit, zeroHundredths: 0 });
  const [scale, offset] = [slope(1), map(0)];
  const node: ResolvedNode =
    scale === 1 && offset === 0 ? of.node : { kind: "scaled", scale, offset, of: of.node };
  return { ...of, unit, node };
}

function resolveNumber(scope: Scope, node: Extract<SyntaxNode, { kind: "number" }>): Quantity {
  const bare: Quantity = {
    node: { kind: "number", value: node.value },
    unit: null,
    firm: false,
    constant: true,
    difference: false,
    loose: null,
    column: node.column,
  };
  if (node.unit === undefined) return bare;
  const unit = explicitUnit(scope, node.unit, node.column);
  const kin = scope.names
    .map((name) => scope.units.get(name)!)
    .filter((other) => compatibleUnits(other, unit));
  const home = kin[0];
  const settled =
    home !== undefined &&
    kin.every((other) => sameUnit(other, home)) &&
    home.zeroHundredths === unit.zeroHundredths;
  const quantity: Quantity = {
    ...bare,
    unit,
    firm: true,
    loose: settled ? null : `${node.value} ${unit.text}`,
  };
  return settled ? inUnit(quantity, home, true) : quantity;
}

function explicitUnit(scope: Scope, text: string, column: number): Unit {
  const atoms = text.split(/[*/·]/u);
  const name = atoms.slice(1).find((atom) => scope.units.has(atom));
  if (name !== undefined) {
    const remedy = `Put spaces round the operator for the column ${name}, or rename it.`;
    throw fail(
      scope,
      {
        column,
        found: `the unit ${text}, of which ${name} is also a column`,
        expected: "one meaning",
        remedy,
      },
      "EXPRESSION_INVALID",
    );
  }
  try {
    return parseUnit(text);
  } catch (error) {
    if (!(error instanceof CellwrightError)) throw error;
    const [known, found] = [scope.units.has(text), `the unit ${text}`];
    const remedy = known ? `Write * between the number and ${text}.` : (error.problems[0]?.remedy ?? "");
    throw expressionError(
      scope.source,
      { column, found, expected: "an operator or a known unit", remedy },
      "UNIT_UNKNOWN",
    );
  }
}

/** Two temperatures side by side; null where their meaning (state or difference) cannot be told. */
function combineTemperatures(
  a: Quantity,
  b: Quantity,
  sum: Sum,
): readonly [Quantity, Quantity, boolean] | null {
  const [ua, ub] = [a.unit!, b.unit!];
  const same = sameUnit(ua, ub);
  const kelvin = (q: Quantity, other: Unit) =>
    q.constant && q.unit!.zeroHundredths === 0 && other.zeroHundredths !== 0;
  if (sum === "compare") {
    if (a.difference === b.difference) return [a, inUnit(b, ua, !a.difference), a.difference];
    if (a.difference && (b.constant || same)) return [a, inUnit(b, ua, false), true];
    if (b.difference && (a.constant || same)) return [inUnit(a, ub, false), b, true];
    return null;
  }
  if (same) return [a, b, sum === "+" ? a.difference && b.difference : a.difference || !b.difference];
  if (b.difference || kelvin(b, ua)) return [a, inUnit(b, ua, false), a.difference];
  if (sum === "+" && (a.difference || kelvin(a, ub))) return [inUnit(a, ub, false), b, b.difference];
  return null;
}

function noteConversion(scope: Scope, of: Quantity, to: Unit): void {
  if (of.constant || of.unit === null || sameUnit(of.unit, to)) return;
  scope.notes.push(`in "${scope.source}" values in ${of.unit.text} are converted to ${to.text}`);
}

/** Brings the terms of a sum or comparison to one unit. */
function align(
  scope: Scope,
  a: Quantity,
  b: Quantity,
  sum: Sum,
): readonly [Quantity, Quantity, Omit<Quantity, "node">] {
  const constant = a.constant && b.constant;
  if (a.unit === null || b.unit === null)
    return [a, b, { ...(a.unit === null ? b : a), constant, column: a.column }];
  const firm = a.firm && b.firm;
  if (!compatibleUnits(a.unit, b.unit)) {
    if (firm) throw misfit(scope, b, a);
    const [p, q] = [withoutUnit(scope, a, a.node), withoutUnit(scope, b, b.node)];
    return [p, q, { ...p, constant }];
  }
  const loose = a.loose !== null && b.loose !== null ? a.loose : null;
  if (isTemperature(a.unit) && (firm || a.difference || b.difference)) {
    const pair = combineTemperatures(a, b, sum);
    if (pair === null) {
      const remedy = "Give both temperatures in one unit.";
      throw fail(scope, {
        column: b.column,
        found: `${a.unit.text} beside ${b.unit.text}`,
        expected: "one temperature unit",
        remedy,
      });
    }
    return [pair[0], pair[1], { ...pair[0], difference: pair[2], constant, loose }];
  }
  const target = a.loose !== null && b.loose === null ? b.unit : a.unit;
  for (const term of [a, b]) noteConversion(scope, term, target);
  const [p, q] = [inUnit(a, target, false), inUnit(b, target, false)];
  return [p, q, { ...p, firm, constant, loose }];
}

function misfit(scope: Scope, of: Quantity, beside: Quantity) {
  const advice = incompatibilityRemedy(of.unit!, beside.unit!);
  const remedy = of.constant || beside.constant ? advice : `${advice} ${AS_THEY_STAND}`;
  return fail(scope, {
    column: of.column,
    found: `a term in ${of.unit!.text}`,
    expected: `${beside.unit!.text} as beside it`,
    remedy,
  });
}

/** Product (sign 1) or quotient (sign −1). */
function multiply(scope: Scope, a: Quantity, b: Quantity, operator: "*" | "/"): Quantity {
  const node: ResolvedNode = { kind: "arithmetic", operator, left: a.node, right: b.node };
  const sign = operator === "*" ? 1 : -1;
  const constant = a.constant && b.constant;
  const base = { ...a, node, constant, firm: constant, loose: a.loose ?? b.loose };
  if (a.unit === null && b.unit === null) return { ...base, unit: null };
  if (!constant && (a.unit === null || b.unit === null)) {
    return withoutUnit(scope, { ...base, column: a.loose === null ? b.column : a.column }, node);
  }
  const [ua, ub] = [a.unit ?? ONE, b.unit ?? ONE];
  const point = [a, b].some(
    (q) => q.unit?.zeroHundredths !== undefined && q.unit.zeroHundredths !== 0 && !q.difference,
  );
  if (point) return withoutUnit(scope, base, node);
  const unit = combineUnits(ua, ub, sign);
  if (!Number.isSafeInteger(unit.numerator) || !Number.isSafeInteger(unit.denominator))
    return withoutUnit(scope, base, node);
  return { ...base, unit, difference: false };
}

function integerExponent(node: ResolvedNode): number | null {
  const value =
    node.kind === "number"
      ? node.value
      : node.kind === "negate" && node.of.kind === "number"
        ? -node.of.value
        : 0.5;
  return Number.isInteger(value) && Math.abs(value) <= 4 ? value : null;
}

function raise(scope: Scope, a: Quantity, b: Quantity): Quantity {
  const node: ResolvedNode = { kind: "arithmetic", operator: "^", left: a.node, right: b.node };
  const exponent = b.unit === null ? integerExponent(b.node) : null;
  const constant = a.constant && b.constant;
  withoutUnit(scope, b, node);
  if (exponent === null || a.unit === null || a.unit.zeroHundredths !== 0)
    return withoutUnit(scope, a, node, constant);
  let unit = ONE;
  for (let i = 0; i < Math.abs(exponent); i++) unit = combineUnits(unit, a.unit, exponent > 0 ? 1 : -1);
  if (!Number.isSafeInteger(unit.numerator) || !Number.isSafeInteger(unit.denominator))
    return withoutUnit(scope, a, node);
  return { ...a, node, unit, constant, firm: constant };
}

function resolveArithmetic(scope: Scope, node: Extract<SyntaxNode, { kind: "arithmetic" }>): Quantity {
  const [a, b] = [resolve(scope, node.left), resolve(scope, node.right)];
  const { operator } = node;
  if (operator === "^") return raise(scope, a, b);
  if (operator === "*" || operator === "/") return multiply(scope, a, b, operator);
  const [left, right, quantity] = align(scope, a, b, operator);
  return { ...quantity, node: { kind: "arithmetic", operator, left: left.node, right: right.node } };
}

function resolveCall(scope: Scope, node: Extract<SyntaxNode, { kind: "call" }>): Quantity {
  const args = node.of.map((argument) => resolve(scope, argument));
  const first = args[0]!;
  const call = (of: readonly ResolvedNode[]): ResolvedNode => ({ kind: "call", name: node.name, of });
  if (node.name === "abs") return { ...first, node: call([first.node]) };
  if (node.name === "min" || node.name === "max") {
    return args.slice(1).reduce((a, b) => {
      const [left, right, quantity] = align(scope, a, b, "compare");
      return { ...quantity, node: call([left.node, right.node]) };
    }, first);
  }
  // exp, log and sqrt: a ratio of like quantities becomes a number; a name in % stays the number that the user sees.
  const ratio = first.unit !== null && isNumber(first.unit) && (!first.firm || first.loose !== null);
  const argument = ratio && node.name !== "sqrt" ? { ...inUnit(first, ONE, false), loose: null } : first;
  return withoutUnit(scope, argument, call([argument.node]));
}

function resolve(scope: Scope, node: SyntaxNode): Quantity {
  switch (node.kind) {
    case "number":
      return resolveNumber(scope, node);
    case "name": {
      const named = { firm: true, constant: false, difference: false, loose: null, column: node.column };
      return {
        ...named,
        node: { kind: "name", index: scope.names.indexOf(node.name) },
        unit: scope.units.get(node.name)!,
      };
    }
    case "negate": {
      const of = resolve(scope, node.of);
      return { ...of, node: { kind: "negate", of: of.node }, column: node.column };
    }
    case "arithmetic":
      return resolveArithmetic(scope, node);
    case "call":
      return resolveCall(scope, node);
  }
}

/** The value in the declared unit of the result. */
function inDeclaredUnit(scope: Scope, of: Quantity, unit: Unit): ResolvedNode {
  if (of.unit === null) return of.node;
  if (compatibleUnits(of.unit, unit)) {
    noteConversion(scope, of, unit);
    return inUnit(of, unit, isTemperature(unit) && of.firm && !of.difference).node;
  }
  if (of.firm) {
    const remedy = `${incompatibilityRemedy(of.unit, unit)} ${AS_THEY_STAND}`;
    throw fail(scope, {
      column: of.column,
      found: `a value in ${of.unit.text}`,
      expected: `the declared unit ${unit.text}`,
      remedy,
    });
  }
  return withoutUnit(scope, of, of.node).node;
}

/**
 * Checks the units of an expression and writes every conversion into the tree.
 *
 * Names are their numbers in the campaign's units. A bare number, and a product with one, adapts to what stands beside
 * it and is never refused; sums and comparisons of names and explicit quantities are checked and converted; products of
 * names are converted where their dimensions agree with what stands beside them, else taken as numbers.
 *
 * @throws CellwrightError UNIT_UNKNOWN, UNIT_INCOMPATIBLE, EXPRESSION_INVALID (a unit that is also a column)
 */
export function resolveUnits(
  source: string,
  parsed: ParsedExpression,
  names: readonly string[],
  options: { readonly units: ReadonlyMap<string, Unit>; readonly result?: Unit },
): ResolvedExpression {
  const scope: Scope = { source, units: options.units, names, notes: [] };
  if (parsed.kind === "value") {
    const value = resolve(scope, parsed.value);
    const left = options.result === undefined ? value.node : inDeclaredUnit(scope, value, options.result);
    return { left, notes: scope.notes };
  }
  const [a, b] = [resolve(scope, parsed.left), resolve(scope, parsed.right)];
  const [left, right] = align(scope, a, b, "compare");
  return { left: left.node, right: right.node, notes: scope.notes };
}
