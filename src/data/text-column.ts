import type { Problem } from "../errors.js";
import type { ColumnBuilder, RawCell } from "./column-builder.js";
import { createTextStore } from "./column-store.js";
import type { ColumnTarget } from "./match-columns.js";
import { nearestName } from "./nearest-name.js";
import { emptyProblem } from "./number-column.js";
import { nameList, quoted } from "./quoted.js";
import { DATE_COLUMN, isIsoDate } from "./standard-columns.js";

/** Reads one text column: blanks around a text are dropped, choices and dates are checked. */
export function createTextColumn(target: ColumnTarget): ColumnBuilder {
  const { expectation } = target;
  const { name } = expectation;
  const store = createTextStore();
  const choices = expectation.kind === "choice" ? new Set(expectation.choices ?? []) : undefined;
  let pending: string | null = null;
  let trimmed = 0;
  const check = (text: string, line: number): Problem | undefined => {
    if (choices !== undefined && !choices.has(text)) return choiceProblem(name, text, [...choices], line);
    return name === DATE_COLUMN && !isIsoDate(text) ? dateProblem(text, line) : undefined;
  };
  return {
    accept(cell: RawCell, line) {
      const text = cell === null ? "" : String(cell);
      const bare = text.trim();
      pending = bare === "" ? null : bare;
      if (pending === null) return expectation.complete === true ? emptyProblem(name, line) : undefined;
      if (bare.length !== text.length) trimmed += 1;
      return check(bare, line);
    },
    keep: () => store.push(pending),
    problems: () => [],
    messages: () => (trimmed === 0 ? [] : [`Blanks around ${trimmed} texts in column ${name} were removed.`]),
    finish: () => ({ kind: "text", name, values: store.take() }),
  };
}

function choiceProblem(name: string, text: string, choices: readonly string[], line: number): Problem {
  const near = nearestName(text, choices);
  return {
    where: `line ${line}, column ${name}`,
    found: quoted(text),
    expected: `one of ${nameList(choices, 20)}`,
    ...(near === undefined ? {} : { remedy: `Did you mean ${quoted(near)}?` }),
  };
}

function dateProblem(text: string, line: number): Problem {
  return {
    where: `line ${line}, column ${DATE_COLUMN}`,
    found: quoted(text),
    expected: "a date as ISO 8601 writes it",
    remedy: "Write it as 2025-04-21 or 2025-04-21T14:30.",
  };
}
