import { CellwrightError, type Problem } from "../errors.js";
import { parseExpression } from "../space/expression-syntax.js";
import { compileExpression } from "../space/expression.js";
import type { Knowledge, SafetyLimit } from "../space/knowledge.js";
import type { LimitSpec } from "./campaign-spec.js";
import { expressionNames, type FormulaScope, problemsOf } from "./outcome-formula.js";
import { spellingRemedy } from "./spelling.js";

/** A relation that every suggestion satisfies, and where it comes from. */
export interface CampaignConstraint {
  readonly source: string;
  readonly name?: string;
  readonly reason?: string;
  /** The file's own, a safety limit of the process, or a safety limit that the file replaced. */
  readonly origin: "campaign" | "safety" | "replaced-safety";
}

/** The file's constraints, each checked to be a comparison of settings and context. */
export function readConstraints(
  sources: readonly string[],
  scope: FormulaScope,
  problems: Problem[],
): CampaignConstraint[] {
  return sources.flatMap((source, i) => {
    return checkComparison(source, `constraints[${i}]`, scope, problems)
      ? [{ source, origin: "campaign" as const }]
      : [];
  });
}

/**
 * The process's safety limits as the file leaves them. An entry of `limits:` alone holds beside the process's limit,
 * so it can only tighten; with reason and name it replaces that limit, unless the limit is absolute.
 */
export function readSafetyLimits(
  entries: ReadonlyMap<string, LimitSpec>,
  knowledge: Knowledge | undefined,
  scope: FormulaScope,
  problems: Problem[],
): { readonly constraints: readonly CampaignConstraint[]; readonly notes: readonly string[] } {
  const limits = knowledge?.limits ?? [];
  const constraints: CampaignConstraint[] = [];
  const notes: string[] = [];
  const replaced = new Set<SafetyLimit>();
  for (const [name, entry] of entries) {
    const where = `limits.${name}`;
    if (!checkComparison(entry.expression, `${where}.expression`, scope, problems)) continue;
    if (entry.reason === undefined && entry.name === undefined) {
      constraints.push({
        source: entry.expression,
        name,
        reason: "tightened by the campaign",
        origin: "campaign",
      });
      continue;
    }
    const limit = replacedLimit(name, entry, limits, where, problems);
    if (limit === null) continue;
    replaced.add(limit);
    constraints.push({
      source: entry.expression,
      name: limit.name,
      reason: `${entry.reason!} (${entry.name!})`,
      origin: "replaced-safety",
    });
    notes.push(
      `Safety limit ${limit.name} was changed from "${limit.expression}" to "${entry.expression}": ${entry.reason!} (${entry.name!}).`,
    );
  }
  for (const limit of limits) {
    if (replaced.has(limit)) continue;
    if (!checkComparison(limit.expression, `safety limit ${limit.name}`, scope, problems)) continue;
    constraints.push({ source: limit.expression, name: limit.name, reason: limit.reason, origin: "safety" });
  }
  return { constraints, notes };
}

function replacedLimit(
  name: string,
  entry: LimitSpec,
  limits: readonly SafetyLimit[],
  where: string,
  problems: Problem[],
): SafetyLimit | null {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[\s_-]+/g, " ");
  const limit = limits.find((l) => plain(l.name) === plain(name));
  for (const field of ["reason", "name"] as const) {
    if (entry[field] !== undefined) continue;
    problems.push({
      where: `${where}.${field}`,
      found: "nothing",
      expected: `a ${field}: replacing a safety limit needs a reason and a name`,
      remedy: `Add ${field}, or leave both out to tighten only.`,
    });
  }
  if (limit === undefined) {
    problems.push({
      where,
      found: `${name}, which is no safety limit of the process`,
      expected: "the name of the limit to replace",
      remedy: spellingRemedy(
        name,
        limits.map((l) => l.name),
      ),
    });
  } else if (limit.absolute === true) {
    problems.push({
      where,
      found: `a replacement of ${limit.name}`,
      expected: `${limit.expression}, always`,
      remedy: `This limit is never loosened: ${limit.reason}.`,
    });
  }
  return limit === undefined ||
    limit.absolute === true ||
    entry.reason === undefined ||
    entry.name === undefined
    ? null
    : limit;
}

function checkComparison(source: string, where: string, scope: FormulaScope, problems: Problem[]): boolean {
  try {
    const parsed = parseExpression(source);
    if (parsed.kind === "value") {
      problems.push({
        where,
        found: `"${source}"`,
        expected: "a comparison with <=, >=, < or >",
        remedy: "Compare it with a limit, such as line_load <= 1500.",
      });
      return false;
    }
    const names = expressionNames(parsed);
    if (names.some((name) => scope.broken.has(name))) return false;
    const wrong = names.filter((name) => !scope.settings.has(name));
    for (const name of wrong) problems.push({ where, ...unknownName(name, scope) });
    if (wrong.length > 0) return false;
    compileExpression(source, { names: scope.settings });
    return true;
  } catch (error) {
    if (!(error instanceof CellwrightError)) throw error;
    problems.push(...problemsOf(error, where));
    return false;
  }
}

function unknownName(name: string, scope: FormulaScope): Omit<Problem, "where"> {
  const expected = "numeric parameters and context";
  if (scope.outcomes.has(name)) {
    return {
      found: `the outcome ${name}`,
      expected,
      remedy: `A limit of an outcome is its spec: outcomes.${name}.spec.`,
    };
  }
  if (scope.choices.has(name))
    return { found: `${name}, which is a choice`, expected, remedy: "Leave choices out that cannot be run." };
  return {
    found: `the unknown name ${name}`,
    expected,
    remedy: spellingRemedy(name, [...scope.settings.keys()]),
  };
}
