import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Dataset } from "../data/dataset.js";
import { readTable } from "./read-table.js";
import { isShippedDataset, readShippedDataset, shippedDatasetRoles } from "./shipped-datasets.js";

export interface ReadDatasetOptions {
  /** Columns that are settings or states; a shipped set knows its own. */
  readonly inputs?: readonly string[];
  /** Columns that were measured; a shipped set knows its own. */
  readonly outcomes?: readonly string[];
}

/**
 * Reads a shipped data set by name, or a CSV or XLSX file by path.
 *
 * @throws CellwrightError FILE_UNREADABLE, DATA_INVALID
 */
export async function readDataset(name: string, options: ReadDatasetOptions = {}): Promise<Dataset> {
  if (isShippedDataset(name) && !existsSync(name)) {
    const roles = await shippedDatasetRoles(name);
    return { name, table: await readShippedDataset(name, {}), ...roles, ...options };
  }
  const { inputs = [], outcomes = [] } = options;
  const expectations = [
    ...inputs.map((column) => ({
      name: column,
      kind: "number" as const,
      role: "parameter" as const,
      required: true,
    })),
    ...outcomes.map((column) => ({
      name: column,
      kind: "number" as const,
      role: "outcome" as const,
      required: true,
    })),
  ];
  const table = await readTable(resolve(name), { source: name, expectations });
  return { name: basename(name), table, inputs, outcomes };
}
