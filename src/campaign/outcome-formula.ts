import { CellwrightError, type Problem } from "../errors.js";
import { type ParsedExpression, parseExpression, type SyntaxNode } from "../space/expression-syntax.js";
import { compileExpression, type Expression } from "../space/expression.js";
import type { Knowledge } from "../space/knowledge.js";
import { knowledgeError, knowledgeExpression } from "./knowledge-formula.js";
import type { FormulaError } from "./read-outcomes.js";
import { spellingRemedy } from "./spelling.js";

/** A formula ready to compute: values by name in the campaign's units, result in the outcome's; NaN where undefined. */
export interface FormulaExpression {
  readonly names: readonly string[];
  evaluate(values: Readonly<Record<string, number>>): number;
  /** ∂result/∂value of each of `names`. */
  gradient(values: Readonly<Record<string, number>>, names: readonly string[]): Float64Array;
}

/** How an outcome is computed instead of measured. */
export interface OutcomeFormula {
  /** As the campaign file states it. */
  readonly source: string;
  /** Computed from settings and context alone (maybe through other known outcomes): exact, never learned. */
  readonly known: boolean;
  /** Every name that it reads. */
  readonly names: readonly string[];
  /** Those that are neither settings, context nor outcomes: columns of the data. */
  readonly columns: readonly string[];
  /** Stated standard deviation of the formula. */
  readonly error?: FormulaError;
  /** Null while it reads data columns whose units are not known. */
  readonly expression: FormulaExpression | null;
  /** Compiles with the units of the data's columns. @throws CellwrightError EXPRESSION_INVALID, UNIT_INCOMPATIBLE */
  compile(columnUnits: ReadonlyMap<string, string>): FormulaExpression;
}

/** A formula of the file, before the names in it are looked up. */
export interface FormulaSource {
  readonly outcome: string;
  readonly unit: string;
  readonly source: string;
  readonly error?: FormulaError;
}

/** What the names in formulas can mean. */
export interface FormulaScope {
  /** Numeric parameters and context with their units. */
  readonly settings: ReadonlyMap<string, string>;
  /** Parameters and context that are choices. */
  readonly choices: ReadonlySet<string>;
  /** All outcomes with their units. */
  readonly outcomes: ReadonlyMap<string, string>;
  /** Units of the data's columns, where they are known. */
  readonly columns?: ReadonlyMap<string, string>;
  readonly knowledge?: Knowledge;
  /** Names in the file whose entries have problems of their own: what uses them is not judged twice. */
  readonly broken: ReadonlySet<string>;
}

interface PreparedFormula {
  readonly formula: FormulaSource;
  readonly names: readonly string[];
  compile(columnUnits: ReadonlyMap<string, string>): FormulaExpression;
}

const KNOWLEDGE_NAME = /^[\p{L}_][\p{L}\p{N}_]*\.[\p{L}_][\p{L}\p{N}_]*$/u;

/** Formulas by outcome; every unknown name, circle and unit that does not fit is added to `problems`. */
export function readFormulas(
  sources: readonly FormulaSource[],
  scope: FormulaScope,
  problems: Problem[],
): ReadonlyMap<string, OutcomeFormula> {
  const prepared = new Map<string, PreparedFormula>();
  for (const formula of sources) {
    const one = attempt(formula.outcome, problems, () => prepare(formula, scope, problems));
    if (one !== null) prepared.set(formula.outcome, one);
  }
  const formulas = new Map<string, OutcomeFormula>();
  for (const one of prepared.values()) {
    const circle = findCircle(one.formula.outcome, prepared);
    if (circle !== null) {
      problems.push({
        where: whereFormula(one.formula.outcome),
        found: `a circle: ${circle.join(" → ")}`,
        expected: "a formula that does not lead back to its own outcome",
        remedy: "Measure one of them instead of computing it.",
      });
    } else formulas.set(one.formula.outcome, finish(one, prepared, scope, problems));
  }
  return formulas;
}

function whereFormula(outcome: string): string {
  return `outcomes.${outcome}.formula`;
}

/** Runs `work`; an expression or unit error becomes problems of that outcome's formula. */
function attempt<T>(outcome: string, problems: Problem[], work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof CellwrightError)) throw error;
    problems.push(...problemsOf(error, whereFormula(outcome)));
    return null;
  }
}

/** The problems of an error about one expression, with the place in the campaign file before the column. */
export function problemsOf(error: CellwrightError, where: string): Problem[] {
  if (error.problems.length === 0) return [{ where, found: error.message, expected: "a valid expression" }];
  return error.problems.map((problem) => {
    const column = error.details["column"];
    return { ...problem, where: typeof column === "number" ? `${where}, column ${column}` : where };
  });
}

function prepare(formula: FormulaSource, scope: FormulaScope, problems: Problem[]): PreparedFormula | null {
  const { source, outcome } = formula;
  if (KNOWLEDGE_NAME.test(source)) return prepareKnowledge(formula, scope, problems);
  const parsed = parseExpression(source);
  const names = expressionNames(parsed);
  if (names.some((name) => scope.broken.has(name))) return null;
  const wrong = names.filter((name) => scope.choices.has(name) || isUnknown(name, scope));
  const all = [...scope.settings.keys(), ...scope.outcomes.keys(), ...(scope.columns?.keys() ?? [])];
  for (const name of wrong) {
    const choice = scope.choices.has(name);
    problems.push({
      where: whereFormula(outcome),
      found: choice ? `${name}, which is a choice` : `the unknown name ${name}`,
      expected: "numeric parameters, context, outcomes or columns of the data",
      ...(choice ? {} : { remedy: spellingRemedy(name, all) }),
    });
  }
  if (wrong.length > 0) return null;
  return {
    formula,
    names,
    compile(columnUnits) {
      const units = new Map([...columnUnits, ...scope.outcomes, ...scope.settings]);
      return lenient(compileExpression(source, { names: units, unit: formula.unit, kind: "value" }));
    },
  };
}

/** A data row may have no value (a ratio of zeros): NaN there, for the caller to count, instead of an error. */
function lenient(compiled: Expression): FormulaExpression {
  const { names } = compiled;
  const pick = (values: Readonly<Record<string, number>>): Float64Array =>
    Float64Array.from(names, (name) => values[name] ?? NaN);
  return {
    names,
    evaluate: (values) => compiled.evaluateAt(pick(values)),
    gradient(values, order) {
      const own = new Float64Array(names.length);
      compiled.evaluateWithGradientAt(pick(values), own);
      return Float64Array.from(order, (name) => own[names.indexOf(name)] ?? 0);
    },
  };
}

function isUnknown(name: string, scope: FormulaScope): boolean {
  return (
    scope.columns !== undefined &&
    !scope.settings.has(name) &&
    !scope.outcomes.has(name) &&
    !scope.columns.has(name)
  );
}

/** Names in the order of their first appearance. */
export function expressionNames(parsed: ParsedExpression): string[] {
  const names = new Set<string>();
  const visit = (node: SyntaxNode): void => {
    if (node.kind === "name") names.add(node.name);
    else if (node.kind === "negate") visit(node.of);
    else if (node.kind === "call") node.of.forEach(visit);
    else if (node.kind === "arithmetic") [node.left, node.right].forEach(visit);
  };
  if (parsed.kind === "value") visit(parsed.value);
  else [parsed.left, parsed.right].forEach(visit);
  return [...names];
}

function prepareKnowledge(
  formula: FormulaSource,
  scope: FormulaScope,
  problems: Problem[],
): PreparedFormula | null {
  const formulas = scope.knowledge?.formulas ?? [];
  const known = formulas.find((f) => f.name === formula.source);
  if (known === undefined) {
    problems.push({
      where: whereFormula(formula.outcome),
      found: `the unknown formula ${formula.source}`,
      expected:
        formulas.length === 0
          ? "an expression: no process supplies formulas here"
          : "a formula of the process, or an expression",
      remedy:
        formulas.length === 0
          ? "State process: calendering or formation, with its material or chemistry."
          : spellingRemedy(
              formula.source,
              formulas.map((f) => f.name),
            ),
    });
    return null;
  }
  const missing = known.inputs.filter(
    (input) => input.default === undefined && !scope.settings.has(input.name),
  );
  for (const input of missing) {
    problems.push({
      where: whereFormula(formula.outcome),
      found: `no parameter or context ${input.name}`,
      expected: `${input.name} in ${input.unit}, which ${known.name} needs`,
      remedy: `Add ${input.name} to parameters or context.`,
    });
  }
  if (missing.length > 0) return null;
  const expression = knowledgeExpression(known, formula.unit, scope.settings);
  const error = formula.error ?? knowledgeError(known, formula.unit);
  return {
    formula: error === null ? formula : { ...formula, error },
    names: expression.names,
    compile: () => expression,
  };
}

/** The chain of outcomes that leads from an outcome's formula back to itself, or null. */
function findCircle(start: string, prepared: ReadonlyMap<string, PreparedFormula>): string[] | null {
  const seen = new Set<string>();
  const visit = (name: string, path: readonly string[]): string[] | null => {
    for (const next of prepared.get(name)?.names ?? []) {
      if (next === start) return [...path, name, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const circle = visit(next, [...path, name]);
      if (circle !== null) return circle;
    }
    return null;
  };
  return visit(start, []);
}

function finish(
  one: PreparedFormula,
  prepared: ReadonlyMap<string, PreparedFormula>,
  scope: FormulaScope,
  problems: Problem[],
): OutcomeFormula {
  const { formula, names } = one;
  const columns = names.filter((name) => !scope.settings.has(name) && !scope.outcomes.has(name));
  const units = scope.columns ?? new Map<string, string>();
  const ready = columns.every((name) => units.has(name));
  return {
    source: formula.source,
    known: names.every((name) => isKnown(name, prepared, scope)),
    names,
    columns,
    ...(formula.error === undefined ? {} : { error: formula.error }),
    expression: ready ? attempt(formula.outcome, problems, () => one.compile(units)) : null,
    compile: (columnUnits) => one.compile(columnUnits),
  };
}

/** Whether a name is a setting, or an outcome that is itself computed from settings; circles were refused before. */
function isKnown(
  name: string,
  prepared: ReadonlyMap<string, PreparedFormula>,
  scope: FormulaScope,
  depth = 0,
): boolean {
  if (scope.settings.has(name)) return true;
  const formula = prepared.get(name);
  if (formula === undefined || depth > prepared.size) return false;
  return formula.names.every((inner) => isKnown(inner, prepared, scope, depth + 1));
}
