import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type DataPackage,
  type DataResource,
  expectationsFromPackage,
  findResource,
  mergeExpectations,
  parseDataPackage,
  trialColumnOfPackage,
  unitsFromPackage,
} from "../data/data-package.js";
import { nearestName } from "../data/nearest-name.js";
import { parseCsv } from "../data/parse-csv.js";
import type { ParseOptions } from "../data/parse-options.js";
import type { ColumnExpectation, Table } from "../data/table.js";
import { CellwrightError } from "../errors.js";
import { unreadableFile } from "./file-error.js";
import { makeFolder } from "./make-folder.js";
import { writeFileAtomic } from "./write-file-atomic.js";

const DESCRIPTION = "datapackage.json";

interface DatasetListing {
  readonly name: string;
  readonly title: string;
  /** Rows of the first table. */
  readonly rows: number;
  /** Short name of the licence, or why there is none. */
  readonly licence: string;
  /** Whether the rows are here; a set of which only the description is shipped is brought with `getShippedDataset`. */
  readonly available: boolean;
}

/** The folder with the data sets, found upwards from this file: the same from source and from the built package. */
export function datasetsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!(existsSync(join(folder, "package.json")) && existsSync(join(folder, "datasets")))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new CellwrightError(
        "FILE_UNREADABLE",
        "The folder datasets of the Cellwright package is missing. Install the package again.",
      );
    }
    folder = parent;
  }
  return join(folder, "datasets");
}

/** Names of the data sets of which at least the description is shipped. */
export function datasetNames(): readonly string[] {
  const folder = datasetsFolder();
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, DESCRIPTION)))
    .sort();
}

/** Whether a name is that of a data set (of which at least the description is shipped). */
export function isShippedDataset(name: string): boolean {
  return datasetNames().includes(name);
}

/** Every data set with its licence state, in the order of the names. */
export async function listShippedDatasets(): Promise<readonly DatasetListing[]> {
  return Promise.all(
    datasetNames().map(async (name) => {
      const pkg = await shippedPackage(name);
      return {
        name,
        title: pkg.title,
        rows: findResource(pkg).rows,
        licence: pkg.licenses.map((licence) => licence.name).join(", ") || (pkg.licenseState ?? ""),
        available: missingFiles(pkg, join(datasetsFolder(), name)).length === 0,
      };
    }),
  );
}

/**
 * The description of a data set.
 *
 * @throws CellwrightError DATASET_UNKNOWN with the nearest name.
 */
export async function shippedPackage(name: string): Promise<DataPackage> {
  const names = datasetNames();
  if (!names.includes(name)) {
    const near = nearestName(name, names);
    const remedy = near === undefined ? `Known: ${names.join(", ")}.` : `Did you mean ${near}?`;
    throw new CellwrightError("DATASET_UNKNOWN", `There is no data set ${JSON.stringify(name)}. ${remedy}`, {
      details: { name, known: names },
    });
  }
  const path = join(datasetsFolder(), name, DESCRIPTION);
  return parseDataPackage(JSON.parse(await readFile(path, "utf8")), `${name}/${DESCRIPTION}`);
}

/** The parameters and context (`inputs`) and the outcomes of a data set's first table, by name. */
export async function shippedDatasetRoles(
  name: string,
): Promise<{ readonly inputs: readonly string[]; readonly outcomes: readonly string[] }> {
  const { fields } = findResource(await shippedPackage(name)).schema;
  const named = (...roles: readonly string[]): string[] =>
    fields.filter(({ role }) => roles.includes(role)).map((one) => one.name);
  return { inputs: named("parameter", "context"), outcomes: named("outcome") };
}

interface ReadShippedOptions
  extends Omit<
    ParseOptions,
    "source" | "expectations" | "delimiter" | "decimal" | "schemaUnits" | "primaryKey" | "totalBytes"
  > {
  /** What a campaign expects; it wins over the package, which adds its other columns and ranges. */
  readonly expectations?: readonly ColumnExpectation[] | undefined;
  /** Folder that holds the rows (or a folder of the set's name that does) where they are not shipped. */
  readonly from?: string | undefined;
  /** Name of the table in a package of several; the first one when absent. */
  readonly resource?: string | undefined;
}

/**
 * Reads a data set after checking its checksum.
 *
 * @throws CellwrightError DATASET_UNKNOWN; FILE_UNREADABLE if its rows are not here; CHECKSUM_MISMATCH; DATA_INVALID;
 * CANCELLED
 */
export async function readShippedDataset(name: string, options: ReadShippedOptions = {}): Promise<Table> {
  const { expectations, from, resource: resourceName, ...reading } = options;
  const pkg = await shippedPackage(name);
  const resource = findResource(pkg, resourceName);
  const bytes = await verifiedBytes(resource, sourceFolder(pkg, from), pkg);
  const own = expectationsFromPackage(pkg, resourceName);
  return parseCsv(new TextDecoder("utf-8", { fatal: true }).decode(bytes), {
    ...reading,
    source: name,
    delimiter: ",",
    decimal: ".",
    expectations: expectations === undefined ? own : mergeExpectations(expectations, own),
    schemaUnits: unitsFromPackage(pkg, resourceName),
    primaryKey: trialColumnOfPackage(pkg, resourceName),
  });
}

/**
 * Copies a data set into a folder of its name, each file checked against the recorded checksum before anything is written.
 *
 * @param options.from - Folder with the rows of a set that is not shipped: DIR or DIR/<name>.
 * @returns Paths of the files written.
 * @throws CellwrightError DATASET_UNKNOWN, FILE_UNREADABLE, CHECKSUM_MISMATCH, FILE_UNWRITABLE
 */
export async function getShippedDataset(
  name: string,
  options: { readonly into: string; readonly from?: string | undefined },
): Promise<readonly string[]> {
  const pkg = await shippedPackage(name);
  const folder = sourceFolder(pkg, options.from);
  const shipped = join(datasetsFolder(), name);
  const files = new Map<string, Uint8Array>();
  for (const resource of pkg.resources) files.set(resource.path, await verifiedBytes(resource, folder, pkg));
  files.set(DESCRIPTION, await readFile(join(shipped, DESCRIPTION)));
  if (existsSync(join(shipped, "LICENSE"))) files.set("LICENSE", await readFile(join(shipped, "LICENSE")));
  const target = join(options.into, name);
  await refuseOtherContent(target, files);
  await makeFolder(target);
  const written: string[] = [];
  for (const [file, bytes] of files) {
    await writeFileAtomic(join(target, file), bytes);
    written.push(join(target, file));
  }
  return written;
}

/** Files of the user's that are there already, edited perhaps, are never overwritten. */
async function refuseOtherContent(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [file, bytes] of files) {
    const path = join(folder, file);
    const there = await readFile(path).catch(() => null); // what cannot be read is met again on writing
    if (there === null || Buffer.compare(there, bytes) === 0) continue;
    throw new CellwrightError(
      "FILE_UNWRITABLE",
      `${path} is there already and has other content. Nothing was changed. Choose another folder with --dir, or move it aside.`,
      { details: { path } },
    );
  }
}

/** Where the rows of a set are. */
function sourceFolder(pkg: DataPackage, from: string | undefined): string {
  const shipped = join(datasetsFolder(), pkg.name);
  const folders = from === undefined ? [shipped] : [join(from, pkg.name), from];
  const folder = folders.find((one) => missingFiles(pkg, one).length === 0);
  if (folder !== undefined) return folder;
  const files = pkg.resources.map(({ path }) => path).join(", ");
  const sources = pkg.sources
    .map(({ title, path }) => (path === undefined ? title : `${title} (${path})`))
    .join("; ");
  const [problem, remedy] =
    from === undefined
      ? [
          `The rows of ${pkg.name} are not shipped. Licence: ${pkg.licenseState ?? "see its description"}`,
          `Get ${files} from the source and name their folder with --from DIR. Source: ${sources}`,
        ]
      : [`${from} does not hold ${files} of ${pkg.name}.`, "Name the folder that does, or the one above it."];
  throw new CellwrightError("FILE_UNREADABLE", `${problem} ${remedy}`, {
    details: { name: pkg.name, from, files },
  });
}

function missingFiles(pkg: DataPackage, folder: string): readonly string[] {
  return pkg.resources.map(({ path }) => path).filter((path) => !existsSync(join(folder, path)));
}

async function verifiedBytes(resource: DataResource, folder: string, pkg: DataPackage): Promise<Uint8Array> {
  const path = join(folder, resource.path);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  const found = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (found === resource.hash) return bytes;
  throw new CellwrightError(
    "CHECKSUM_MISMATCH",
    `${path} is not the file that ${pkg.name} describes: found ${found}, expected ${resource.hash}. Get a fresh copy; to use changed data, copy them under a name of your own.`,
    { details: { path, found, expected: resource.hash } },
  );
}
