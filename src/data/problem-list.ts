import { CellwrightError, formatProblem, type Problem } from "../errors.js";

/** Problems printed and kept; the rest are counted. Assumption: nobody mends more in one go. */
export const LISTED_PROBLEMS = 200;

/** Problems in the order they were met: the first ones kept, all of them counted. */
export interface ProblemList {
  add(problem: Problem): void;
  readonly count: number;
  readonly listed: readonly Problem[];
}

export function createProblemList(limit = LISTED_PROBLEMS): ProblemList {
  const listed: Problem[] = [];
  let count = 0;
  return {
    add(problem) {
      count += 1;
      if (listed.length < limit) listed.push(problem);
    },
    get count() {
      return count;
    },
    get listed() {
      return listed;
    },
  };
}

/**
 * One DATA_INVALID for a file: its message holds the first problem, `problems` the listed ones, `details` the count and
 * the `summary` that is left of the message where all problems are shown beside it.
 */
export function dataInvalid(
  source: string,
  problems: readonly Problem[],
  count = problems.length,
): CellwrightError {
  const first = problems[0];
  const total = count === 1 ? "1 problem" : `${count} problems`;
  const list = count > problems.length ? ` (the first ${problems.length} are listed)` : "";
  const start = first === undefined ? "" : ` ${count === 1 ? "" : "The first: "}${formatProblem(first)}`;
  const summary = `${source}: ${total}, nothing was imported.`;
  return new CellwrightError("DATA_INVALID", `${source}: ${total}${list}, nothing was imported.${start}`, {
    problems,
    details: { source, problemCount: count, summary },
  });
}

/** Problems of rows left out that are told one by one. */
const TOLD = 20;

/** What the user should know of rows that were left out on request. */
export function leftOutMessages(
  rows: number,
  problems: readonly Problem[],
  count = problems.length,
): readonly string[] {
  if (rows === 0) return [];
  const told = problems.slice(0, TOLD).map((problem) => `Left out: ${formatProblem(problem)}`);
  const more = count > told.length ? [`… and ${count - told.length} more problems.`] : [];
  return [`${rows === 1 ? "1 row was" : `${rows} rows were`} refused and left out.`, ...told, ...more];
}
