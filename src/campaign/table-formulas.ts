import { nearestName } from "../data/nearest-name.js";
import type { Table } from "../data/table.js";
import { CellwrightError, type Problem } from "../errors.js";
import type { Campaign } from "./campaign.js";
import { compileFormulas, type CompiledFormulas } from "./formula-outcomes.js";
import { spellingRemedy } from "./spelling.js";

/**
 * Expressions with the units of the table's columns. A formula none of whose columns is there was not measured; one that
 * finds only some of them, or a name like one of them, has a typing error: a problem.
 */
export function tableFormulas(
  campaign: Campaign,
  table: Table,
  problems: Problem[],
  messages: string[],
): CompiledFormulas {
  const units = new Map<string, string>();
  for (const column of table.columns.values()) {
    if (column.kind === "number") units.set(column.name, column.unit === "" ? "1" : column.unit);
  }
  const names = [...units.keys(), ...campaign.space.inputs.map((input) => input.name)];
  const wanted = campaign.outcomes.filter(({ name, formula }) => {
    const missing = (formula?.columns ?? []).filter((column) => !units.has(column));
    if (missing.length === 0 || units.has(name) || table.rowCount === 0)
      return missing.length === 0 && formula !== undefined;
    const some = missing.length < formula!.columns.length;
    const misspelt = missing.filter((column) => some || nearestName(column, names) !== undefined);
    for (const column of misspelt) {
      problems.push({
        where: `outcomes.${name}.formula`,
        found: `the name ${column}, which is no column of ${table.source}`,
        expected: "parameters, context, outcomes or columns of the data",
        remedy: spellingRemedy(column, names),
      });
    }
    if (misspelt.length === 0)
      messages.push(`${name} was not measured: ${table.source} has no column ${missing.join(", ")}.`);
    return false;
  });
  try {
    return compileFormulas(campaign, units, (outcome) => wanted.includes(outcome));
  } catch (error) {
    if (!(error instanceof CellwrightError)) throw error;
    problems.push(...error.problems);
    return new Map();
  }
}
