import type { Table, TableColumn, TrialStatus } from "../data/table.js";
import { leftOutMessages } from "../data/problem-list.js";
import { nameList } from "../data/quoted.js";
import { CellwrightError, type Problem } from "../errors.js";
import type { ContextVariable, Parameter, Settings, SettingValue } from "../space/parameter.js";
import type { Campaign } from "./campaign.js";
import { checkOrigins } from "./check-origins.js";
import { checkRuns, runMessages } from "./check-runs.js";
import { definedFields } from "./defined-fields.js";
import { type CompiledFormulas, computeFormulas, formulaColumns, numbersOf } from "./formula-outcomes.js";
import { isStillMaturing } from "./maturing.js";
import { duplicateIds, idProblem, nameUnnamed } from "./row-ids.js";
import { counted, type RowPurpose, rowMessages } from "./row-messages.js";
import { settingProblem } from "./settings-problems.js";
import { tableFormulas } from "./table-formulas.js";
import type { Observation, Trial } from "./trial.js";

export interface TrialsFromTableOptions {
  /** Take SYNTHETIC and measured rows together. */
  readonly mixOrigins?: boolean;
  /**
   * Status of rows that state none; default `completed`, or `running` where a row has early signals alone of an outcome
   * that matures. A file of pending runs has `running`.
   */
  readonly status?: TrialStatus;
  /** `history` when absent. */
  readonly purpose?: RowPurpose;
  /** Leave invalid rows out, with a message for each problem, instead of refusing the table. */
  readonly skipInvalid?: boolean;
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
  const purpose = options.purpose ?? "history";
  const reader = createRowReader(campaign, table, purpose, options);
  const problems: Problem[] = [...reader.problems];
  const refused: Problem[][] = [];
  const trials: Trial[] = [];
  const warnings: string[] = [];
  const lines: number[] = [];
  for (let row = 0; row < table.rowCount && problems.length <= MAX_PROBLEMS; row++) {
    const found: Problem[] = [];
    const trial = reader.read(row, found);
    const line = `line ${lineOf(table, row)}`;
    if (purpose === "history" && found.length === 0) {
      const checked = checkRuns(campaign, [trial], () => line);
      found.push(...checked.problems);
      warnings.push(...checked.messages);
    }
    if (found.length > 0 && options.skipInvalid === true) refused.push(found);
    else {
      problems.push(...found);
      trials.push(trial);
      lines.push(lineOf(table, row));
    }
  }
  const named = nameUnnamed(trials);
  problems.push(...duplicateIds(named, lines));
  if (problems.length > 0) throw invalid(table, problems);
  checkOrigins(named, options.mixOrigins === true, table.source);
  const messages = [
    ...leftOutMessages(refused.length, refused.flat()),
    ...reader.messages(),
    ...runMessages(warnings),
    // Results are only parts of trials: what is missing is known when they are told.
    ...(purpose === "results" ? [] : rowMessages(campaign, named, purpose)),
  ];
  return { trials: named, messages };
}

function invalid(table: Table, problems: readonly Problem[]): CellwrightError {
  const listed = problems.slice(0, MAX_PROBLEMS);
  const count = problems.length > MAX_PROBLEMS ? "many problems" : counted(problems.length, "problem");
  return new CellwrightError("DATA_INVALID", `${table.source} has ${count}; nothing was taken.`, {
    problems: listed,
  });
}

function lineOf(table: Table, row: number): number {
  return table.lines[row] ?? row + 2;
}

interface RowReader {
  readonly problems: readonly Problem[];
  read(row: number, problems: Problem[]): Trial;
  messages(): string[];
}

function createRowReader(
  campaign: Campaign,
  table: Table,
  purpose: RowPurpose,
  options: TrialsFromTableOptions,
): RowReader {
  const problems: Problem[] = [];
  const notes: string[] = [];
  const settingsOnly = purpose === "settings" || purpose === "candidates";
  // Results are completed by `tell`, which knows the rest of their trials.
  const formulas: CompiledFormulas =
    purpose === "history" ? tableFormulas(campaign, table, problems, notes) : new Map();
  const failed = new Map<string, number>();
  const unstated = (observations: Trial["observations"]): TrialStatus =>
    isStillMaturing(campaign, observations) ? "running" : "completed";
  const text = (name: string, row: number): string | undefined => {
    const value = cell(table.columns.get(name), row);
    return value === undefined ? undefined : String(value);
  };
  return {
    problems,
    read(row, found) {
      const where = `line ${lineOf(table, row)}`;
      const parameters = readSettings(campaign.space.parameters, table, row, where, found);
      const context = readSettings(campaign.space.context, table, row, where, found);
      const observations = settingsOnly ? {} : readObservations(campaign, table, row, where, found);
      addComputed(formulas, { parameters, context, observations }, failed);
      const group = campaign.group === undefined ? undefined : text(campaign.group, row);
      const wholePlot = campaign.wholePlot === undefined ? undefined : text(campaign.wholePlot, row);
      const id = text("trial", row) ?? "";
      const unusable = idProblem(id);
      if (unusable !== null) found.push({ where: `${where}, column trial`, ...unusable });
      found.push(...missingProblems(campaign, { id, parameters, context }, where, purpose));
      return {
        id,
        status: (text("status", row) as TrialStatus | undefined) ?? options.status ?? unstated(observations),
        parameters,
        context,
        observations,
        origin: text("origin", row) === "SYNTHETIC" ? "SYNTHETIC" : "measured",
        ...definedFields({
          group,
          wholePlot,
          reason: text("reason", row),
          measuredAt: text("measured_at", row),
          comment: text("comment", row),
        }),
      };
    },
    messages: () => [...notes, ...[...failed].map(uncomputed)],
  };
}

/** Settings that a row lacks where its purpose needs them; rows of a history may be incomplete. */
function missingProblems(
  campaign: Campaign,
  { id, parameters, context }: Pick<Trial, "id" | "parameters" | "context">,
  where: string,
  purpose: RowPurpose,
): Problem[] {
  const absent = (variables: readonly { readonly name: string }[], values: Settings): string[] =>
    variables.map(({ name }) => name).filter((name) => values[name] === undefined);
  const missing = absent(campaign.space.parameters, parameters);
  if (purpose === "settings" || purpose === "candidates") {
    const states = purpose === "settings" ? absent(campaign.space.context, context) : [];
    const remedy = `A prediction needs every setting${purpose === "settings" ? " and state" : ""}.`;
    return [...missing, ...states].map((name) => ({
      where: `${where}, column ${name}`,
      found: "an empty cell",
      expected: "a value",
      remedy,
    }));
  }
  if (purpose === "history" || id !== "" || missing.length === 0) return [];
  const found = `neither a trial nor ${nameList(missing)}`;
  return [{ where, found, expected: "the id of a trial, or all settings of a run" }];
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
