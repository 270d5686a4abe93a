import jsep from "jsep";
import { isKnownUnit } from "../units.js";
import { excerpt, expressionError } from "./expression-error.js";

export type FunctionName = "min" | "max" | "abs" | "sqrt" | "exp" | "log";
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "^";
export type ComparisonOperator = "<=" | ">=" | "<" | ">" | "==";

/** The closed list of what an expression can consist of. Columns count from 1. */
export type SyntaxNode =
  | { readonly kind: "number"; readonly value: number; readonly unit?: string; readonly column: number }
  | { readonly kind: "name"; readonly name: string; readonly column: number }
  | { readonly kind: "negate"; readonly of: SyntaxNode; readonly column: number }
  | {
      readonly kind: "arithmetic";
      readonly operator: ArithmeticOperator;
      readonly left: SyntaxNode;
      readonly right: SyntaxNode;
      readonly column: number;
    }
  | {
      readonly kind: "call";
      readonly name: FunctionName;
      readonly of: readonly SyntaxNode[];
      readonly column: number;
    };

export type ParsedExpression =
  | { readonly kind: "value"; readonly value: SyntaxNode }
  | {
      readonly kind: "comparison";
      readonly operator: ComparisonOperator;
      readonly left: SyntaxNode;
      readonly right: SyntaxNode;
      readonly leftSource: string;
      readonly rightSource: string;
    };

/** Limits against hostile input, far above any formula that a person writes. Assumptions. */
const MAX_LENGTH = 4_000;
const MAX_TOKENS = 500;
const MAX_PARENTHESES = 64;

const ARITY: Readonly<Record<FunctionName, readonly [number, number]>> = {
  min: [2, 16],
  max: [2, 16],
  abs: [1, 1],
  sqrt: [1, 1],
  exp: [1, 1],
  log: [1, 1],
};
const FUNCTIONS = Object.keys(ARITY) as readonly FunctionName[];
const ARITHMETIC = ["+", "-", "*", "/", "^"] as const;
const COMPARISONS = ["<=", ">=", "<", ">", "=="] as const;
const PRECEDENCE = {
  "<=": 1,
  ">=": 1,
  "<": 1,
  ">": 1,
  "==": 1,
  "+": 2,
  "-": 2,
  "*": 3,
  "/": 3,
  "^": 4,
} as const;

const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/uy;
/** A run without spaces that may begin with a unit. */
const UNIT_RUN = /[A-Za-zµμ°ΩΩ%][A-Za-zµμ°ΩΩ%0-9²³⁻¹·^*/-]*/uy;

const isFunctionName = (name: string): name is FunctionName =>
  (FUNCTIONS as readonly string[]).includes(name);
const isArithmetic = (op: string): op is ArithmeticOperator => (ARITHMETIC as readonly string[]).includes(op);
const isComparison = (op: string): op is ComparisonOperator =>
  (COMPARISONS as readonly string[]).includes(op);

function matchAt(pattern: RegExp, text: string, index: number): string | null {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0] ?? null;
}

/**
 * Longest prefix of the run that is a unit and ends where a word ends; what no unit begins is returned as it stands.
 * `5 m/min(a, b)` is 5 m divided by a minimum.
 */
function unitAt(text: string, index: number): { readonly text: string; readonly length: number } | null {
  const run = matchAt(UNIT_RUN, text, index);
  if (run === null) return null;
  for (let length = Math.min(run.length, 64); length > 0; length--) {
    const candidate = run.slice(0, length);
    const rest = text.slice(index + length);
    if (/^[\p{L}\p{N}_]/u.test(rest)) continue;
    if (/^\s*\(/u.test(rest) && /[*/]/u.test(candidate)) continue;
    if (isKnownUnit(candidate)) return { text: candidate, length };
  }
  const word = matchAt(NAME, text, index) ?? run;
  return { text: word, length: word.length };
}

/** jsep calls this at every operand: numbers with their unit, names, calls and minus signs are read here, with columns. */
function readOperand(scope: jsep.HookScope): jsep.Expression | undefined {
  const start = scope.index;
  const number = matchAt(NUMBER, scope.expr, start);
  if (number !== null) return readNumber(scope, number);
  const name = matchAt(NAME, scope.expr, start);
  if (name !== null) {
    scope.index += name.length;
    scope.gobbleSpaces();
    if (scope.char !== "(") return { type: "Name", name, column: start + 1 };
    return { type: "Call", name, of: readArguments(scope), column: start + 1 };
  }
  if (scope.char === ".") scope.throwError("a point without digits");
  if (scope.char !== "-") return undefined;
  scope.index++;
  // Minus binds weaker than ^ (−2^2 is −4), which jsep's own unary operators cannot express.
  return { type: "Negate", of: readPower(scope), column: start + 1 };
}

/** `(a, b)`; jsep's own reader would also take `(a b)`. */
function readArguments(scope: jsep.HookScope): jsep.Expression[] {
  const of: jsep.Expression[] = [];
  do {
    scope.index++;
    // jsep returns undefined or false where no operand begins, although its types do not say so.
    const argument = scope.gobbleExpression() as jsep.Expression | undefined | false;
    if (!argument) return scope.throwError("missing argument");
    of.push(argument);
    scope.gobbleSpaces();
  } while (scope.char === ",");
  if (scope.char !== ")") return scope.throwError("missing )");
  scope.index++;
  return of;
}

function readNumber(scope: jsep.HookScope, number: string): jsep.Expression {
  const column = scope.index + 1;
  scope.index += number.length;
  const space = matchAt(/[ \t]*/uy, scope.expr, scope.index)?.length ?? 0;
  const unit = unitAt(scope.expr, scope.index + space);
  if (unit === null) return { type: "Number", value: Number(number), column };
  scope.index += space + unit.length;
  return {
    type: "Number",
    value: Number(number),
    unit: unit.text,
    unitColumn: scope.index + 1 - unit.length,
    column,
  };
}

function readPower(scope: jsep.HookScope): jsep.Expression {
  const base = scope.gobbleToken() ?? false;
  if (base === false) scope.throwError("missing operand");
  scope.gobbleSpaces();
  if (scope.char !== "^") return base;
  scope.index++;
  return { type: "BinaryExpression", operator: "^", left: base, right: readPower(scope) };
}

let configured = false;

/** jsep keeps its operators in module state; ours are the only ones in this program. */
function configureParser(): void {
  if (configured) return;
  jsep.removeAllBinaryOps();
  jsep.removeAllUnaryOps();
  jsep.removeAllLiterals();
  for (const [operator, precedence] of Object.entries(PRECEDENCE))
    jsep.addBinaryOp(operator, precedence, operator === "^");
  jsep.hooks.add("gobble-token", function (env) {
    const node = readOperand(this);
    if (node !== undefined) env.node = node;
  });
  configured = true;
}

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/^(?:&&|&|\|\||\|)/u, "Write each condition as a constraint of its own."],
  [/^!=/u, "A setting cannot be excluded by !=: use bounds or `values`."],
  [/^=/u, "Write == for an equality, <= or >= for a limit."],
  [/^\*\*/u, "Write ^ for a power."],
  [/^[×·]/u, "Write * for a product."],
  [/^[≤≥]/u, "Write <= or >=."],
  [/^;/u, "Write one expression only."],
  [/^,/u, "Write a decimal point, not a comma; commas only separate the arguments of min and max."],
  [/^["'`]/u, "Choices cannot stand in expressions: only numbers and names of numeric columns."],
  [/^[[\]{}]/u, "Use parentheses ( )."],
  [/^\$/u, "Write USD after the number."],
  [/^\?/u, "Conditions are not offered: use min and max."],
];

const TOKEN = /\s+|[\p{L}_][\p{L}\p{N}_]*|[\d.]+|<=|>=|==|!=|\*\*|&&|\|\||./gsu;
const ALLOWED = /^(?:[\p{L}\p{N}_.+\-*/^()<>%µμ°ΩΩ²³⁻¹·]|[<>=]=)/u;
const BEGINS_NAME = /^[\p{L}_]/u;

/** Refuses what jsep would let pass (separators, empty groups) and what is too long or too deep, before it parses. */
function screen(source: string): void {
  const fault = (column: number, found: string, expected: string) =>
    expressionError(source, { column, found, expected });
  if (source.trim() === "") throw fault(1, "nothing", "an expression");
  if (source.length > MAX_LENGTH)
    throw fault(MAX_LENGTH + 1, `${source.length} characters`, `at most ${MAX_LENGTH}`);
  const calls: boolean[] = []; // per open parenthesis: whether it holds arguments
  let [tokens, previous] = [0, ""];
  for (const match of source.matchAll(TOKEN)) {
    const [token, column] = [match[0], match.index + 1];
    if (/^\s/u.test(token)) continue;
    if (++tokens > MAX_TOKENS) throw fault(column, "more", `at most ${MAX_TOKENS} terms`);
    if (token === "(") calls.push(BEGINS_NAME.test(previous));
    if (calls.length > MAX_PARENTHESES)
      throw fault(column, "deeper nesting", `at most ${MAX_PARENTHESES} parentheses`);
    if (token === ")" && previous === "(") throw fault(column, "empty parentheses", "an expression in them");
    if (token === ")" && calls.pop() === undefined)
      throw fault(column, "a ) without its (", "balanced parentheses");
    const allowed = token === "," ? calls.at(-1) === true : ALLOWED.test(token);
    if (!allowed || token === "**") refuse(source, token, column);
    previous = token;
  }
  if (calls.length > 0) throw fault(source.length + 1, "the end", `${calls.length} more )`);
}

function refuse(source: string, token: string, column: number): never {
  const remedy = REMEDIES.find(([pattern]) => pattern.test(token))?.[1];
  const expected = "numbers, names, + - * / ^ ( ), one comparison, or min max abs sqrt exp log";
  throw expressionError(source, {
    column,
    found: JSON.stringify(token),
    expected,
    ...(remedy !== undefined && { remedy }),
  });
}

function isNode(value: unknown): value is jsep.Expression {
  return typeof value === "object" && value !== null && "type" in value;
}

/** Column of the leftmost part of a jsep node. */
function columnOf(node: jsep.Expression): number {
  if (typeof node["column"] === "number") return node["column"];
  const inner = [node["left"], node["object"], node["callee"], node["argument"]].find(isNode);
  const list = [node["body"], node["expressions"]].find(Array.isArray) as readonly unknown[] | undefined;
  const first = inner ?? list?.find(isNode);
  return first === undefined ? 1 : columnOf(first);
}

function textOf(node: jsep.Expression, key: string): string {
  const value = node[key];
  return typeof value === "string" ? value : "";
}

function children(value: unknown): readonly jsep.Expression[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

function readCall(source: string, node: jsep.Expression, column: number): SyntaxNode {
  const name = textOf(node, "name");
  if (!isFunctionName(name)) {
    const remedy =
      name === "ln" ? "log is the natural logarithm." : "Write * for a product with parentheses.";
    const found = `the function ${excerpt(name)}`;
    throw expressionError(source, { column, found, expected: FUNCTIONS.join(", "), remedy });
  }
  const of = children(node["of"]).map((argument) => readNode(source, argument));
  const [least, most] = ARITY[name];
  if (of.length < least || of.length > most) {
    const expected = least === most ? `${least} argument` : `${least} to ${most} arguments`;
    throw expressionError(source, { column, found: `${name} of ${of.length}`, expected });
  }
  return { kind: "call", name, of, column };
}

function readNumberNode(source: string, node: jsep.Expression, column: number): SyntaxNode {
  const value = node["value"] as number;
  if (!Number.isFinite(value)) {
    throw expressionError(source, { column, found: "a number beyond 1.8e308", expected: "a finite number" });
  }
  return typeof node["unit"] === "string"
    ? { kind: "number", value, unit: node["unit"], column }
    : { kind: "number", value, column };
}

/** Translates jsep's tree into ours and refuses every node that is not in the closed list. */
function readNode(source: string, node: jsep.Expression): SyntaxNode {
  const column = columnOf(node);
  if (node.type === "Number") return readNumberNode(source, node, column);
  if (node.type === "Name") return { kind: "name", name: textOf(node, "name"), column };
  if (node.type === "Call") return readCall(source, node, column);
  if (node.type === "Negate")
    return { kind: "negate", of: readNode(source, node["of"] as jsep.Expression), column };
  if (node.type === "BinaryExpression") {
    const operator = textOf(node, "operator");
    const [left, right] = [node["left"] as jsep.Expression, node["right"] as jsep.Expression];
    if (isArithmetic(operator)) {
      return {
        kind: "arithmetic",
        operator,
        left: readNode(source, left),
        right: readNode(source, right),
        column,
      };
    }
    const remedy = "Write one constraint per comparison: a <= b and b <= c instead of a <= b <= c.";
    throw expressionError(source, {
      column,
      found: `a comparison ${operator} inside the expression`,
      expected: "one at most",
      remedy,
    });
  }
  throw unreadable(source, node, column);
}

function unreadable(source: string, node: jsep.Expression, column: number) {
  const parts = [...children(node["body"]), ...children(node["expressions"])];
  const second = parts[1] === undefined ? column : columnOf(parts[1]);
  const remedy = "Write * for a product, and one expression only.";
  return expressionError(source, {
    column: second,
    found: "another term",
    expected: "an operator before it",
    remedy,
  });
}

function parseTree(source: string): jsep.Expression {
  configureParser();
  try {
    return jsep(source);
  } catch (error) {
    // jsep reports the place as `index`; anything else is not a syntax error.
    if (!(error instanceof Error) || !("index" in error)) throw error;
    const index = Math.min(Number(error.index), source.length);
    const found =
      index >= source.trimEnd().length ? "the end" : JSON.stringify(source.slice(index, index + 1));
    const expected = "a number, a name, a function or ( here";
    throw expressionError(source, { column: index + 1, found, expected }, "EXPRESSION_INVALID");
  }
}

/**
 * Reads an expression of the campaign language into its closed tree.
 *
 * @throws CellwrightError EXPRESSION_INVALID with column, what was found and what was expected.
 */
export function parseExpression(source: string): ParsedExpression {
  screen(source);
  const tree = parseTree(source);
  const operator = tree.type === "BinaryExpression" ? textOf(tree, "operator") : "";
  if (!isComparison(operator)) return { kind: "value", value: readNode(source, tree) };
  const [left, right] = [tree["left"] as jsep.Expression, tree["right"] as jsep.Expression];
  const [leftNode, rightNode] = [readNode(source, left), readNode(source, right)];
  const at = source.indexOf(operator); // the only comparison: others were refused above
  const [leftSource, rightSource] = [source.slice(0, at).trim(), source.slice(at + operator.length).trim()];
  return { kind: "comparison", operator, left: leftNode, right: rightNode, leftSource, rightSource };
}
