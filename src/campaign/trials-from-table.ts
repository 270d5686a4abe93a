import type { Table, TableColumn, TrialStatus } from "../data/table.js";
import { CellwrightError, type Problem } from "../errors.js";
import type { ContextVariable, Parameter, SettingValue } from "../space/parameter.js";
import type { Campaign } from "./campaign.js";
import { checkOrigins } from "./check-origins.js";
import { definedFields } from "./defined-fields.js";
import { type CompiledFormulas, computeFormulas, formulaColumns, numbersOf } from "./formula-outcomes.js";
import { isInsideLimits } from "./inside-limits.js";
import { duplicateIds, nameUnnamed } from "./row-ids.js";
import { settingProblem } from "./settings-problems.js";
import { tableFormulas } from "./table-formulas.js";
import { isComplete } from "./trial-groups.js";
import type { Observation, Trial } from "./trial.js";

export interface TrialsFromTableOptions {
  /** Take SYNTHETIC and measured rows together. */
  readonly mixOrigins?: boolean;
  /** Status of rows that state none; default `completed`. A file of pending runs has `running`. */
  readonly status?: TrialStatus;
  /** Take settings and context alone, as for a prediction: outcomes and the columns of their formulas may be absent. */
  readonly settingsOnly?: boolean;
}

/** Most problems that are listed; the rest is counted. */
const MAX_PROBLEMS = 100;

/**
 * Turns a table into trials: settings, context, outcomes with their standard errors, group and status. Rows outside the
 * bounds stay: they teach. Computed outcomes take the data's own column of that name where it has a value, else the
 * formula. Rows without a `trial` are named after their content, so that the order of rows changes nothing.
 *
 * @throws CellwrightError DATA_INVALID with every problem: ids that come twice, values that no setting or outcome can
 *   have, a column that a formula needs and the table lacks, mixed origins.
 */
export function trialsFromTable(
  campaign: Campaign,
  table: Table,
  options: TrialsFromTableOptions = {},
): { readonly trials: readonly Trial[]; readonly messages: readonly string[] } {
  const reader = createRowReader(campaign, table, options);
  const problems: Problem[] = [...reader.problems];
  const trials: Trial[] = [];
  for (let row = 0; row < table.rowCount && problems.length <= MAX_PROBLEMS; row++) {
    trials.push(reader.read(row, problems));
  }
  const named = nameUnnamed(trials);
  problems.push(...duplicateIds(named, table));
  if (problems.length > 0) {
    throw new CellwrightError(
      "DATA_INVALID",
      `${table.source} has ${problems.length > MAX_PROBLEMS ? "many" : problems.length} problem${problems.length === 1 ? "" : "s"}; nothing was taken.`,
      {
        problems: problems.slice(0, MAX_PROBLEMS),
      },
    );
  }
  checkOrigins(named, options.mixOrigins === true);
  return { trials: named, messages: [...reader.messages(), ...rowMessages(campaign, named)] };
}

interface RowReader {
  readonly problems: readonly Problem[];
  read(row: number, problems: Problem[]): Trial;
  messages(): string[];
}

function createRowReader(campaign: Campaign, table: Table, options: TrialsFromTableOptions): RowReader {
  const problems: Problem[] = [];
  const notes: string[] = [];
  const settingsOnly = options.settingsOnly === true;
  const formulas: CompiledFormulas = settingsOnly
    ? new Map()
    : tableFormulas(campaign, table, problems, notes);
  const failed = new Map<string, number>();
  const text = (name: string, row: number): string | undefined => {
    const value = cell(table.columns.get(name), row);
    return value === undefined ? undefined : String(value);
  };
  return {
    problems,
    read(row, found) {
      const where = `line ${table.lines[row] ?? row + 2}`;
      const parameters = readSettings(campaign.space.parameters, table, row, where, found);
      const context = readSettings(campaign.space.context, table, row, where, found);
      const observations = settingsOnly ? {} : readObservations(campaign, table, row, where, found);
      addComputed(formulas, { parameters, context, observations }, failed);
      const group = campaign.group === undefined ? undefined : text(campaign.group, row);
      return {
        id: text("trial", row) ?? "",
        status: (text("status", row) as TrialStatus | undefined) ?? options.status ?? "completed",
        parameters,
        context,
        observations,
        origin: text("origin", row) === "SYNTHETIC" ? "SYNTHETIC" : "measured",
        ...definedFields({
          group,
          reason: text("reason", row),
          measuredAt: text("measured_at", row),
          comment: text("comment", row),
        }),
      };
    },
    messages: () => [...notes, ...[...failed].map(uncomputed)],
  };
}

function uncomputed([name, rows]: readonly [string, number]): string {
  return `${name} could not be computed in ${counted(rows, "row")}: its formula has no value there.`;
}

function cell(column: TableColumn | undefined, row: number): SettingValue | undefined {
  if (column === undefined) return undefined;
  const value = column.values[row];
  if (value === null || value === undefined || value === "") return undefined;
  return typeof value === "number" && Number.isNaN(value) ? undefined : value;
}

function readSettings(
  variables: readonly (Parameter | ContextVariable)[],
  table: Table,
  row: number,
  where: string,
  problems: Problem[],
): Record<string, SettingValue> {
  const settings: Record<string, SettingValue> = {};
  for (const variable of variables) {
    const found = cell(table.columns.get(variable.name), row);
    if (found === undefined) continue;
    const value = variable.kind === "categorical" ? String(found) : found;
    const problem = settingProblem(variable, value);
    if (problem === null) settings[variable.name] = value;
    else problems.push({ where: `${where}, column ${variable.name}`, ...problem });
  }
  return settings;
}

function readObservations(
  campaign: Campaign,
  table: Table,
  row: number,
  where: string,
  problems: Problem[],
): Record<string, Observation> {
  const observations: Record<string, Observation> = {};
  for (const name of [...campaign.outcomes.map((o) => o.name), ...formulaColumns(campaign)]) {
    const value = cell(table.columns.get(name), row);
    if (value === undefined) continue;
    const log = campaign.outcomes.find((o) => o.name === name)?.scale === "log";
    if (typeof value !== "number" || !Number.isFinite(value) || (log && !(value > 0))) {
      const expected = log ? "a number above 0 for scale: log" : "a finite number";
      problems.push({ where: `${where}, column ${name}`, found: String(value), expected });
      continue;
    }
    const standardError = cell(table.columns.get(`${name}_sem`), row);
    if (typeof standardError === "number" && !(standardError >= 0)) {
      problems.push({
        where: `${where}, column ${name}_sem`,
        found: String(standardError),
        expected: "a number of at least 0",
      });
    }
    observations[name] = { value, ...(typeof standardError === "number" ? { standardError } : {}) };
  }
  return observations;
}

type RowValues = Pick<Trial, "parameters" | "context"> & {
  readonly observations: Record<string, Observation>;
};

function addComputed(formulas: CompiledFormulas, row: RowValues, failed: Map<string, number>): void {
  if (formulas.size === 0) return;
  const values = { ...numbersOf(row.context), ...numbersOf(row.parameters) };
  for (const [name, observation] of Object.entries(row.observations)) values[name] = observation.value;
  for (const name of computeFormulas(formulas, values)) failed.set(name, (failed.get(name) ?? 0) + 1);
  for (const name of formulas.keys()) {
    const value = values[name];
    if (value !== undefined && row.observations[name] === undefined) row.observations[name] = { value };
  }
}

/** What the user should know of the rows that were taken. */
function rowMessages(campaign: Campaign, trials: readonly Trial[]): string[] {
  const messages: string[] = [];
  const variables = [...campaign.space.parameters, ...campaign.space.context];
  for (const { name } of variables) {
    const missing = trials.filter(
      (t) => t.parameters[name] === undefined && t.context[name] === undefined,
    ).length;
    if (missing > 0)
      messages.push(
        `${counted(missing, "row")} without ${name} cannot be learned from and ${missing === 1 ? "is" : "are"} left out of every fit.`,
      );
  }
  const ungrouped = campaign.group === undefined ? 0 : trials.filter((t) => t.group === undefined).length;
  if (ungrouped > 0 && ungrouped === trials.length) {
    messages.push(`No row has a ${campaign.group!}: rows with equal settings count as one group.`);
  }
  const empty = trials.filter(
    (t) => t.status === "completed" && Object.keys(t.observations).length === 0,
  ).length;
  if (empty > 0)
    messages.push(
      `${counted(empty, "completed row")} ${empty === 1 ? "has" : "have"} no outcome of this campaign.`,
    );
  const silent = trials.filter((t) => t.status === "failed" && t.reason === undefined).length;
  if (silent > 0)
    messages.push(`${counted(silent, "failed row")} ${silent === 1 ? "states" : "state"} no reason.`);
  const outside = trials.filter(
    (t) => isComplete(campaign, t) && !isInsideLimits(campaign.space, t.parameters, t.context),
  ).length;
  if (outside > 0)
    messages.push(
      `${counted(outside, "row")} outside the bounds or constraints teach${outside === 1 ? "es" : ""} the models; suggestions stay inside.`,
    );
  return messages;
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
