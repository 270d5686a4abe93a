import { CellwrightError, type Problem } from "../errors.js";
import type { Column } from "./encode.js";
import { compileExpression, type Expression } from "./expression.js";
import { oppositesOf } from "./opposites.js";

/** A relation among parameters and context as the campaign file states it. */
export interface ConstraintSpec {
  readonly source: string;
  readonly name?: string;
  /** Why it exists, for messages. */
  readonly reason?: string;
  /** Where it is written, for messages: `constraints[2]`. */
  readonly where?: string;
}

/** A compiled constraint over raw column values. */
export interface Constraint {
  readonly name: string;
  readonly source: string;
  readonly reason?: string;
  readonly where?: string;
  readonly expression: Expression;
  /** Whether it leaves no volume: an equality, or an inequality whose opposite is also among the constraints. */
  readonly equality: boolean;
  /** Of an inequality that is taken as an equality: which constraints are its opposites, and itself without them. */
  readonly joined?: { readonly opposites: readonly number[]; readonly alone: Constraint };
  /** Column of each of the expression's names. */
  readonly columns: readonly number[];
  /** Slack at raw values [columns of the space]: ≥ 0 where it holds. */
  slack(raw: Float64Array): number;
  /** left − right at raw values. */
  difference(raw: Float64Array): number;
  /** Whether both sides are equal at raw values, up to rounding errors. */
  meets(raw: Float64Array): boolean;
  /** Slack, and ∂slack/∂encoded into `gradient` [columns of the space]. */
  slackWithGradient(raw: Float64Array, gradient: Float64Array): number;
}

/**
 * Compiles the constraints of a space.
 *
 * Two inequalities that are each other's opposite (`a + b >= 1` and `a + b <= 1`) are one equality and hold as such: to
 * the equality's tolerance, and exactly wherever settings can be found that meet both sides.
 *
 * @throws CellwrightError CAMPAIGN_INVALID that lists every constraint that cannot be read.
 */
export function compileConstraints(
  specs: readonly ConstraintSpec[],
  columns: readonly Column[],
): readonly Constraint[] {
  const names = new Map(columns.filter((c) => c.choices === null).map((c) => [c.name, c.unit]));
  const textNames = columns.filter((c) => c.choices !== null).map((c) => c.name);
  const options = { names, textNames, kind: "comparison" } as const;
  const problems: Problem[] = [];
  const constraints: Constraint[] = [];
  specs.forEach((spec, i) => {
    try {
      constraints.push(compileConstraint(spec, compileExpression(spec.source, options), columns));
    } catch (error) {
      if (!(error instanceof CellwrightError)) throw error;
      for (const problem of error.problems)
        problems.push({ ...problem, where: `constraints.${i}, ${problem.where}` });
    }
  });
  if (problems.length > 0) {
    throw new CellwrightError("CAMPAIGN_INVALID", `${problems.length} constraints cannot be read.`, {
      problems,
    });
  }
  return constraints.map((alone, i) => {
    const opposites = oppositesOf(constraints, i, columns);
    if (opposites.length === 0) return alone;
    const expression = compileExpression(alone.source, { ...options, asEquality: true });
    return { ...compileConstraint(specs[i]!, expression, columns), joined: { opposites, alone } };
  });
}

function compileConstraint(
  spec: ConstraintSpec,
  expression: Expression,
  columns: readonly Column[],
): Constraint {
  const at = expression.names.map((name) => columns.findIndex((column) => column.name === name));
  const values = new Float64Array(at.length);
  const slopes = new Float64Array(at.length);
  const load = (raw: Float64Array) => {
    for (let i = 0; i < at.length; i++) values[i] = raw[at[i]!]!;
  };
  return {
    name: spec.name ?? spec.source.trim(),
    source: spec.source.trim(),
    ...(spec.reason !== undefined && { reason: spec.reason }),
    ...(spec.where !== undefined && { where: spec.where }),
    expression,
    equality: expression.operator === "==",
    columns: at,
    slack: (raw) => {
      load(raw);
      return expression.evaluateAt(values);
    },
    difference: (raw) => {
      load(raw);
      return expression.differenceAt?.(values) ?? Number.NaN;
    },
    meets: (raw) => {
      load(raw);
      return expression.meetsAt?.(values) === true;
    },
    slackWithGradient: (raw, gradient) => {
      load(raw);
      gradient.fill(0);
      const slack = expression.evaluateWithGradientAt(values, slopes);
      for (let i = 0; i < at.length; i++) gradient[at[i]!] = slopes[i]! * columns[at[i]!]!.slope(values[i]!);
      return slack;
    },
  };
}

/** What a violated constraint looks like to the user. */
export function constraintProblem(constraint: Constraint, values: Readonly<Record<string, number>>): Problem {
  const sides = constraint.expression.sides?.(values);
  const settings = constraint.expression.names.map((name) => `${name} = ${String(values[name])}`).join(", ");
  const compared = sides === undefined ? "" : ` (${shown(sides.left)} against ${shown(sides.right)})`;
  return {
    where: `constraint ${constraint.name}`,
    found: `${settings}${compared}`,
    expected: constraint.source,
    ...(constraint.reason !== undefined && { remedy: constraint.reason }),
  };
}

const shown = (value: number): string => String(Number(value.toPrecision(6)));
