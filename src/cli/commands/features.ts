import Table from "cli-table3";
import { openCampaignFile } from "../../adapters/open-campaign.js";
import { readCyclerFile } from "../../adapters/read-cycler-file.js";
import { type CyclerRecord, joinCyclerRecords } from "../../data/parse-cycler-stream.js";
import type { DecimalMark } from "../../data/parse-options.js";
import { CellwrightError } from "../../errors.js";
import { formatPlain, withUnit } from "../../plots/format.js";
import {
  type FormationFeature,
  formationFeatures,
} from "../../process/formation/features/formation-features.js";
import { splitAssignments } from "../assignments.js";
import type { CliEffects } from "../effects.js";
import { featureResults } from "../feature-results.js";
import { record } from "./record.js";

export interface FeaturesOptions {
  readonly campaign?: string;
  readonly trial?: string;
  readonly record?: boolean;
  readonly map?: readonly string[];
  readonly correct?: boolean;
  readonly reason?: string;
  readonly decimal?: DecimalMark;
  readonly format: "table" | "json" | "csv";
}

/** `cellwright features`: what a cycler's files of one cell tell of its formation, recorded as a trial's result if asked. */
export async function features(
  files: readonly string[],
  options: FeaturesOptions,
  effects: CliEffects,
): Promise<void> {
  const results = checkUsage(options, effects);
  const records: CyclerRecord[] = [];
  for (const file of files)
    records.push(
      await readCyclerFile(file, { cwd: effects.cwd, decimal: options.decimal, signal: effects.signal }),
    );
  const cell = joinCyclerRecords(records);
  const found = formationFeatures(cell);
  const recorded = results?.(found); // before anything is printed: it may be refused
  effects.out(printed(found, { files, dialect: cell.dialect, rows: cell.rows }, options.format, effects));
  if (files.length > 1)
    effects.err(
      `note: ${files.length} files were read as parts of one test in this order; time between them counts as none.\n`,
    );
  if (recorded === undefined) return;
  await record(
    options.campaign!,
    recorded,
    {
      ...(options.correct === undefined ? {} : { correct: options.correct }),
      ...(options.reason === undefined ? {} : { reason: options.reason }),
    },
    { ...effects, out: effects.err },
  );
}

/** Characters: of the first two columns with their borders, of a narrow definition, of a page. */
const OTHER_COLUMNS = 46;
const LEAST_DEFINITION = 30;
const USUAL_WIDTH = 110;

type ToResults = (found: readonly FormationFeature[]) => readonly string[];

/** What is to be recorded, if anything; the campaign is opened before a large file is read. */
function checkUsage(options: FeaturesOptions, effects: CliEffects): ToResults | undefined {
  const { campaign: path, trial } = options;
  if (options.record !== true) {
    if (path === undefined && trial === undefined && options.map === undefined) return undefined;
    throw new CellwrightError(
      "USAGE",
      "--campaign, --trial and --map are for --record: add it, or leave them out.",
    );
  }
  if (path === undefined || trial === undefined)
    throw new CellwrightError("USAGE", "--record needs --campaign FILE and --trial ID.");
  const { campaign } = openCampaignFile(path, effects.cwd);
  const map = splitAssignments(options.map ?? [], "--map");
  return (found) => [`trial=${trial}`, ...featureResults(campaign, found, map)];
}

interface Source {
  readonly files: readonly string[];
  readonly dialect: string;
  readonly rows: number;
}

function printed(
  found: readonly FormationFeature[],
  source: Source,
  format: FeaturesOptions["format"],
  effects: CliEffects,
): string {
  if (format === "json") return `${JSON.stringify({ ...source, features: found }, null, 2)}\n`;
  if (format === "csv") {
    const titles = found.map(({ name, unit }) => (unit === "1" ? name : `${name} [${unit}]`));
    const values = found.map(({ value }) => (value === null ? "" : String(value)));
    return `${titles.join(",")}\n${values.join(",")}\n`;
  }
  effects.err(`${source.dialect}, ${source.rows} rows\n`);
  const table = new Table({
    head: ["feature", "value", "definition"],
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "right", "left"],
    colWidths: [null, null, Math.max(LEAST_DEFINITION, (effects.columns ?? USUAL_WIDTH) - OTHER_COLUMNS)],
    wordWrap: true,
  });
  for (const { name, unit, value, definition, missing } of found) {
    table.push(
      value === null
        ? [name, "–", `${missing} (${definition})`]
        : [name, withUnit(formatPlain(Number(value.toPrecision(5))), unit), definition],
    );
  }
  return `${table.toString()}\n`;
}
