import { exp, log, pow } from "../math/elementary.js";
import type { ResolvedNode } from "./expression-units.js";

/** A compiled tree over the values of the expression's names, in their order. Not re-entrant: duals own scratch space. */
export interface CompiledNode {
  value(x: Float64Array): number;
  /** Value, and ∂value/∂x into `gradient` (overwritten), by forward differentiation. */
  dual(x: Float64Array, gradient: Float64Array): number;
  /** Sum of the magnitudes of the terms: what rounding errors are relative to. */
  size(x: Float64Array): number;
}

/** base^n for a whole n by squaring: exact where the products are. */
function integerPower(base: number, n: number): number {
  let [result, square, rest] = [1, base, Math.abs(n)];
  while (rest > 0) {
    if (rest % 2 === 1) result *= square;
    square *= square;
    rest = Math.floor(rest / 2);
  }
  return n < 0 ? 1 / result : result;
}

function power(base: number, exponent: number): number {
  if (Number.isNaN(base)) return base; // an undefined base stays undefined, even to the power 0
  return Number.isInteger(exponent) && Math.abs(exponent) <= 16
    ? integerPower(base, exponent)
    : pow(base, exponent);
}

function compileName(index: number): CompiledNode {
  return {
    value: (x) => x[index]!,
    dual: (x, gradient) => {
      gradient.fill(0);
      gradient[index] = 1;
      return x[index]!;
    },
    size: (x) => Math.abs(x[index]!),
  };
}

function compileSum(a: CompiledNode, b: CompiledNode, sign: 1 | -1, scratch: Float64Array): CompiledNode {
  return {
    value: (x) => a.value(x) + sign * b.value(x),
    dual: (x, gradient) => {
      const left = a.dual(x, gradient);
      const right = b.dual(x, scratch);
      for (let i = 0; i < gradient.length; i++) gradient[i]! += sign * scratch[i]!;
      return left + sign * right;
    },
    size: (x) => a.size(x) + b.size(x),
  };
}

function compileProduct(a: CompiledNode, b: CompiledNode, scratch: Float64Array): CompiledNode {
  return {
    value: (x) => a.value(x) * b.value(x),
    dual: (x, gradient) => {
      const left = a.dual(x, gradient);
      const right = b.dual(x, scratch);
      for (let i = 0; i < gradient.length; i++) gradient[i] = gradient[i]! * right + left * scratch[i]!;
      return left * right;
    },
    size: (x) => a.size(x) * b.size(x),
  };
}

function compileQuotient(a: CompiledNode, b: CompiledNode, scratch: Float64Array): CompiledNode {
  return {
    value: (x) => a.value(x) / b.value(x),
    dual: (x, gradient) => {
      const left = a.dual(x, gradient);
      const right = b.dual(x, scratch);
      const ratio = left / right;
      for (let i = 0; i < gradient.length; i++) gradient[i] = (gradient[i]! - ratio * scratch[i]!) / right;
      return ratio;
    },
    size: (x) => a.size(x) / Math.abs(b.value(x)),
  };
}

/** d(aᵇ) = b aᵇ⁻¹ da + aᵇ log(a) db; the second term only where the exponent moves, so that negative bases work. */
function compilePower(a: CompiledNode, b: CompiledNode, scratch: Float64Array): CompiledNode {
  return {
    value: (x) => power(a.value(x), b.value(x)),
    dual: (x, gradient) => {
      const base = a.dual(x, gradient);
      const exponent = b.dual(x, scratch);
      const value = power(base, exponent);
      const byBase = exponent === 0 ? 0 : exponent * power(base, exponent - 1);
      const byExponent = scratch.some((d) => d !== 0) ? value * log(base) : 0;
      for (let i = 0; i < gradient.length; i++) {
        gradient[i] = byBase * gradient[i]! + (scratch[i] === 0 ? 0 : byExponent * scratch[i]!);
      }
      return value;
    },
    size: (x) => Math.abs(power(a.value(x), b.value(x))),
  };
}

/** min or max of two: where they are equal, the gradient of the first. */
function compileExtreme(a: CompiledNode, b: CompiledNode, sign: 1 | -1, scratch: Float64Array): CompiledNode {
  const pick = sign === 1 ? Math.min : Math.max;
  return {
    value: (x) => pick(a.value(x), b.value(x)),
    dual: (x, gradient) => {
      const left = a.dual(x, gradient);
      const right = b.dual(x, scratch);
      if (sign * (right - left) < 0) gradient.set(scratch);
      return pick(left, right);
    },
    size: (x) => Math.max(a.size(x), b.size(x)),
  };
}

/** A function of one value; `slope` gets the argument and the value. */
function compileUnary(
  a: CompiledNode,
  map: (v: number) => number,
  slope: (v: number, value: number) => number,
  size?: (x: Float64Array) => number,
): CompiledNode {
  return {
    value: (x) => map(a.value(x)),
    dual: (x, gradient) => {
      const v = a.dual(x, gradient);
      const value = map(v);
      const by = slope(v, value);
      for (let i = 0; i < gradient.length; i++) if (gradient[i] !== 0) gradient[i]! *= by;
      return value;
    },
    size: size ?? ((x) => Math.abs(map(a.value(x)))),
  };
}

function compileArithmetic(node: Extract<ResolvedNode, { kind: "arithmetic" }>, names: number): CompiledNode {
  const [a, b] = [compileNode(node.left, names), compileNode(node.right, names)];
  const scratch = new Float64Array(names);
  switch (node.operator) {
    case "+":
      return compileSum(a, b, 1, scratch);
    case "-":
      return compileSum(a, b, -1, scratch);
    case "*":
      return compileProduct(a, b, scratch);
    case "/":
      return compileQuotient(a, b, scratch);
    case "^":
      return compilePower(a, b, scratch);
  }
}

function compileCall(node: Extract<ResolvedNode, { kind: "call" }>, names: number): CompiledNode {
  const a = compileNode(node.of[0]!, names);
  switch (node.name) {
    case "min":
      return compileExtreme(a, compileNode(node.of[1]!, names), 1, new Float64Array(names));
    case "max":
      return compileExtreme(a, compileNode(node.of[1]!, names), -1, new Float64Array(names));
    case "abs":
      return compileUnary(
        a,
        Math.abs,
        (v) => Math.sign(v),
        (x) => a.size(x),
      );
    case "sqrt":
      return compileUnary(a, Math.sqrt, (_, root) => 0.5 / root);
    case "exp":
      return compileUnary(a, exp, (_, value) => value);
    case "log":
      return compileUnary(a, log, (v) => 1 / v);
  }
}

/** Compiles a resolved tree to closures over `names` values; nothing of the text is ever run as code. */
export function compileNode(node: ResolvedNode, names: number): CompiledNode {
  switch (node.kind) {
    case "number": {
      const { value } = node;
      return {
        value: () => value,
        dual: (_, gradient) => {
          gradient.fill(0);
          return value;
        },
        size: () => Math.abs(value),
      };
    }
    case "name":
      return compileName(node.index);
    case "negate": {
      const a = compileNode(node.of, names);
      return compileUnary(
        a,
        (v) => -v,
        () => -1,
        (x) => a.size(x),
      );
    }
    case "scaled": {
      const { scale, offset } = node;
      const a = compileNode(node.of, names);
      const size = (x: Float64Array) => a.size(x) * Math.abs(scale) + Math.abs(offset);
      return compileUnary(
        a,
        (v) => v * scale + offset,
        () => scale,
        size,
      );
    }
    case "arithmetic":
      return compileArithmetic(node, names);
    case "call":
      return compileCall(node, names);
  }
}
