import type { Problem } from "../errors.js";
import { NAME_PATTERN, SPEC_LIMITS } from "./campaign-spec.js";
import { describeValue } from "./spec-problems.js";

/** Names that the data files use for themselves, and the functions of expressions. */
const RESERVED = new Set([
  ...["trial", "status", "reason", "replicate", "measured_at", "origin", "comment", "group"],
  ...["min", "max", "abs", "sqrt", "exp", "log"],
]);

/** Sections of a campaign file whose entries are named by the user. */
export type NamedSections = Readonly<Record<"parameters" | "context" | "outcomes", readonly string[] | null>>;

/**
 * Names must be columns and identifiers, unique over all sections and the columns of the file, and not reserved; there must be some,
 * and not too many.
 *
 * @param sections - Names in each section; null where the section is absent.
 */
export function nameProblems(sections: NamedSections, columns: GroupColumns): Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  for (const section of ["parameters", "context", "outcomes"] as const) {
    const names = sections[section];
    if (names === null) continue;
    problems.push(...countProblems(section, names.length));
    for (const name of names.slice(0, SPEC_LIMITS.constraints)) {
      const problem = nameProblem(name, taken.get(name));
      if (problem !== null) problems.push({ where: `${section}.${name}`, ...problem });
      else taken.set(name, section);
    }
  }
  for (const key of ["group", "whole_plot"] as const) {
    const column = columns[key];
    if (column !== undefined) problems.push(...groupProblems(key, column, taken.get(column)));
  }
  return problems;
}

/** Columns that say which rows belong together. */
type GroupColumns = Readonly<Record<"group" | "whole_plot", string | undefined>>;

function countProblems(section: "parameters" | "context" | "outcomes", count: number): Problem[] {
  const most = SPEC_LIMITS[section];
  if (count > most) {
    const remedy = "Leave out what is not chosen or measured.";
    return [{ where: section, found: `${count} entries`, expected: `at most ${most}`, remedy }];
  }
  if (count > 0 || section === "context") return [];
  const remedy = section === "parameters" ? "Add what can be chosen." : "Add what is measured.";
  return [{ where: section, found: "none", expected: "at least one", remedy }];
}

function groupProblems(where: keyof GroupColumns, group: string, clash: string | undefined): Problem[] {
  if (clash !== undefined) {
    const remedy = "Name the column that says which rows belong together.";
    return [
      {
        where,
        found: `${group}, which is also in ${clash}`,
        expected: "a column of its own",
        remedy,
      },
    ];
  }
  if (group !== "replicate" && group !== "trial") return [];
  const remedy = `${group} is different in every row of a group.`;
  return [{ where, found: group, expected: "a column that several rows share", remedy }];
}

function nameProblem(name: string, taken: string | undefined): Omit<Problem, "where"> | null {
  if (!NAME_PATTERN.test(name) || name.length > SPEC_LIMITS.nameLength) {
    const expected = `letters, digits and underscores, not a digit first, at most ${SPEC_LIMITS.nameLength}`;
    return {
      found: describeValue(name),
      expected,
      remedy: "Rename it: names are columns and stand in expressions.",
    };
  }
  if (taken !== undefined)
    return {
      found: `${name}, which is also in ${taken}`,
      expected: "each name once",
      remedy: "Rename one of the two.",
    };
  if (RESERVED.has(name.toLowerCase()) || name.toLowerCase().endsWith("_sem")) {
    const meaning = name.toLowerCase().endsWith("_sem")
      ? "standard errors of outcomes"
      : "data files and expressions";
    return {
      found: `the reserved name ${name}`,
      expected: "another name",
      remedy: `${name} is used by ${meaning}: rename it.`,
    };
  }
  return null;
}
