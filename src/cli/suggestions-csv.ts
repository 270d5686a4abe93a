import type { Campaign } from "../campaign/campaign.js";
import { inPlannedOrder } from "../campaign/run-plan.js";
import type { AskResult } from "../campaign/suggestion.js";
import type { Settings } from "../space/parameter.js";

/**
 * Suggestions as a data file to fill in and record: settings, context, empty outcome columns with units, and the reason
 * as a comment; in the order of the run plan, where there is one.
 */
export function suggestionsCsv(campaign: Campaign, answer: AskResult): string {
  return runsCsv(
    campaign,
    inPlannedOrder(answer).map((s) => ({ ...s, comment: s.reasons[0] ?? "" })),
  );
}

/** A run that is to be done, and what is said of it. */
interface PlannedRun {
  readonly trial: string;
  readonly parameters: Settings;
  readonly context: Settings;
  readonly comment: string;
}

/** Runs as a data file to fill in and record. */
export function runsCsv(campaign: Campaign, runs: readonly PlannedRun[]): string {
  const { parameters, context } = campaign.space;
  const learned = campaign.outcomes.filter((outcome) => outcome.formula?.known !== true);
  const header = [
    "trial",
    "status",
    ...[...parameters, ...context].map((column) =>
      titled(column.name, column.kind === "categorical" ? "" : column.unit),
    ),
    ...learned.map((outcome) => titled(outcome.name, outcome.unit)),
    "reason",
    "comment",
  ];
  const rows = runs.map((s) => [
    s.trial,
    "",
    ...parameters.map((p) => String(s.parameters[p.name] ?? "")),
    ...context.map((c) => String(s.context[c.name] ?? "")),
    ...learned.map(() => ""),
    "",
    s.comment,
  ]);
  return [header, ...rows].map(csvLine).join("");
}

const titled = (name: string, unit: string): string => (unit === "" ? name : `${name} [${unit}]`);

/** One line of a CSV file. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quoted).join(",")}\n`;
}

/** RFC 4180; a leading `=`, `+`, `-` or `@` of a text is shielded from spreadsheets that would run it as a formula. */
function quoted(cell: string): string {
  const shielded = /^[=+@]|^-(?![\d.])/.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(shielded) ? `"${shielded.replaceAll('"', '""')}"` : shielded;
}
