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
  /** Where it is written, for messages; `safety limit …` for what the process brings. */
  readonly where: string;
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
    const where = `constraints[${i}]`;
    return checkComparison(source, where, scope, problems)
      ? [{ source, where, origin: "campaign" as const }]
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
  const added: CampaignConstraint[] = [];
  const notes: string[] = [];
  const replaced = new Set<SafetyLimit>();
  for (const [name, entry] of entries) {
    const { expression: source, reason, name: person } = entry;
    const where = `limits.${name}`;
    if (!checkComparison(source, `${where}.expression`, scope, problems)) continue;
    if (reason === undefined && person === undefined) {
      added.push({ source, name, where, reason: "tightened by the campaign", origin: "campaign" });
      continue;
    }
    const limit = replacedLimit(name, entry, limits, problems);
    if (limit === null) continue;
    const why = `${reason!} (${person!})`;
    replaced.add(limit);
    added.push({ source, name: limit.name, where, reason: why, origin: "replaced-safety" });
    notes.push(`Safety limit ${limit.name} was changed from "${limit.expression}" to "${source}": ${why}.`);
  }
  const kept = limits
    .filter((limit) => !replaced.has(limit))
    .filter((limit) => checkComparison(limit.expression, `safety limit ${limit.name}`, scope, problems))
    .map(({ expression, name, reason }) => {
      const where = `safety limit ${name}`;
      return { source: expression, name, where, reason, origin: "safety" as const };
    });
  return { constraints: [...added, ...kept], notes };
}

/** The limit that an entry with reason or name replaces; null, with the problems, where it may not. */
function replacedLimit(
  name: string,
  entry: LimitSpec,
  limits: readonly SafetyLimit[],
  problems: Problem[],
): SafetyLimit | null {
  const where = `limits.${name}`;
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[\s_-]+/g, " ");
  const limit = limits.find((l) => plain(l.name) === plain(name));
  const missing = (["reason", "name"] as const).filter((field) => entry[field] === undefined);
  for (const field of missing) {
    const expected = `a ${field}: replacing a safety limit needs a reason and a name`;
    const remedy = `Add ${field}, or leave both out to tighten only.`;
    problems.push({ where: `${where}.${field}`, found: "nothing", expected, remedy });
  }
  if (limit === undefined) {
    const remedy = spellingRemedy(
      name,
      limits.map((l) => l.name),
    );
    const found = `${name}, which is no safety limit of the process`;
    problems.push({ where, found, expected: "the name of the limit to replace", remedy });
    return null;
  }
  if (limit.absolute === true) {
    const remedy = `This limit is never loosened: ${limit.reason}.`;
    problems.push({
      where,
      found: `a replacement of ${limit.name}`,
      expected: `${limit.expression}, always`,
      remedy,
    });
    return null;
  }
  return missing.length > 0 ? null : limit;
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
