import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { writeFileAtomic } from "../../adapters/write-file-atomic.js";
import { CellwrightError } from "../../errors.js";
import { ELECTRODE_MATERIALS, findMaterial } from "../../process/calendering/materials.js";
import { simulateRuns } from "../../process/calendering/simulate-runs.js";
import { CELL_CHEMISTRIES, findChemistry } from "../../process/formation/chemistries.js";
import { FORMATION_WORLDS } from "../../process/formation/cycle-life.js";
import { simulateCells } from "../../process/formation/simulate-cells.js";
import type { SimulatedTable } from "../../process/simulated-table.js";
import type { CliEffects } from "../effects.js";
import { printNotes } from "../print-notes.js";

export interface SimulateOptions {
  readonly rows: number;
  readonly seed: number;
  readonly material?: string;
  readonly chemistry?: string;
  readonly world?: string;
  readonly out?: string;
}

/** `cellwright simulate`: SYNTHETIC runs of a process simulator as a data file that a campaign reads. */
export async function simulate(
  process: string,
  options: SimulateOptions,
  effects: CliEffects,
): Promise<void> {
  const table = simulated(process, options);
  const text = csvOf(table);
  if (options.out === undefined) {
    effects.out(text);
  } else {
    const path = resolve(effects.cwd, options.out);
    if (existsSync(path)) {
      throw new CellwrightError(
        "FILE_UNWRITABLE",
        `${options.out} is there already; nothing was written. Choose another name for simulated rows.`,
      );
    }
    await writeFileAtomic(path, text);
    effects.err(`Wrote ${table.rows.length} SYNTHETIC rows to ${options.out}\n`);
  }
  printNotes(table.notes, effects);
}

function simulated(process: string, options: SimulateOptions): SimulatedTable {
  const { rows, seed } = options;
  switch (process) {
    case "calendering": {
      refuse(process, { chemistry: options.chemistry, world: options.world });
      const material = findMaterial(options.material ?? "NMC622");
      if (material === undefined) throw unknown("--material", options.material, ELECTRODE_MATERIALS);
      return simulateRuns({ material, rows, seed });
    }
    case "formation": {
      refuse(process, { material: options.material });
      const chemistry = findChemistry(options.chemistry ?? "NMC622/graphite");
      if (chemistry === undefined) throw unknown("--chemistry", options.chemistry, CELL_CHEMISTRIES);
      const world = FORMATION_WORLDS.find((w) => w === (options.world ?? "neutral"));
      if (world === undefined) {
        throw unknown(
          "--world",
          options.world,
          FORMATION_WORLDS.map((name) => ({ name })),
        );
      }
      return simulateCells({ chemistry: chemistry.name, rows, seed, world });
    }
    default:
      throw new CellwrightError("USAGE", `simulate: found "${process}", expected calendering or formation.`);
  }
}

/** Options that mean nothing for a process are a slip, not to be passed over. */
function refuse(process: string, options: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined)
      throw new CellwrightError("USAGE", `simulate ${process}: --${name} has no meaning here.`);
  }
}

function unknown(
  option: string,
  found: string | undefined,
  names: readonly { readonly name: string }[],
): CellwrightError {
  return new CellwrightError(
    "USAGE",
    `${option}: found "${found ?? ""}", expected one of ${names.map((n) => n.name).join(", ")}.`,
  );
}

/** RFC 4180, headers as `name [unit]`, empty where a value is missing. */
function csvOf({ columns, rows }: SimulatedTable): string {
  const header = columns.map(({ name, unit }) => (unit === undefined ? name : `${name} [${unit}]`));
  const lines = [header, ...rows.map((row) => row.map((value) => (value === null ? "" : String(value))))];
  return `${lines.map((line) => line.map(quoted).join(",")).join("\n")}\n`;
}

const quoted = (cell: string): string => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
