import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  datasetsFolder,
  getShippedDataset,
  isShippedDataset,
  readShippedDataset,
  shippedDatasetRoles,
  shippedPackage,
} from "../../src/adapters/shipped-datasets.js";
import type { ColumnExpectation } from "../../src/data/table.js";
import { values } from "../data/columns.js";
import { rejectionOf } from "../data/read-error.js";
import { temporaryFolder } from "./temporary-folder.js";

/** Where a checkout of the project may have the set that is not shipped. */
const shared = join(datasetsFolder(), "..", "..", "shared", "datasets");
const hasShared = existsSync(join(shared, "calendering-nmc111-gap", "data.csv"));
if (!hasShared)
  console.log("The rows of calendering-nmc111-gap are not here: the tests that read them are left out.");

describe("shipped data sets by name", () => {
  it("are known by exact names only", () => {
    expect(isShippedDataset("electrodes-graphite")).toBe(true);
    for (const name of [
      "campaigns",
      "README.md",
      "../datasets/electrodes-graphite",
      "electrodes-graphite/",
      "",
    ]) {
      expect(isShippedDataset(name)).toBe(false);
    }
  });

  it("suggest the nearest name for an unknown one", async () => {
    const error = await rejectionOf(shippedPackage("electrode-graphite"), "DATASET_UNKNOWN");
    expect(error.message).toContain("Did you mean electrodes-graphite?");
    const far = await rejectionOf(readShippedDataset("weather"), "DATASET_UNKNOWN");
    expect(far.message).toContain("Known: calendering-gap-speed, ");
  });

  it("know which columns are inputs and which are outcomes", async () => {
    const { inputs, outcomes } = await shippedDatasetRoles("electrodes-graphite");
    expect(inputs).toContain("coating_gap");
    expect(inputs).toContain("slurry_solids");
    expect(outcomes).toEqual(["active_mass", "electrode_thickness", "porosity", "capacity_cycle30"]);
  });
});

describe("readShippedDataset", () => {
  it("reads the set's own columns, with trials named by its key", async () => {
    const table = await readShippedDataset("calendering-nmc622-pilot");
    expect(table.rowCount).toBe(54);
    expect(values(table, "trial").slice(0, 2)).toEqual(["DD001", "DD002"]);
    expect(table.columns.get("porosity_after")).toMatchObject({ kind: "number", unit: "%" });
    expect(values(table, "first_cycle_loss")[0]).toBeNaN();
  });

  it("reads in the units of a campaign and keeps the other columns", async () => {
    const expectations: readonly ColumnExpectation[] = [
      { name: "roll_gap", kind: "number", unit: "mm", role: "parameter", required: true },
    ];
    const table = await readShippedDataset("calendering-gap-speed", { expectations });
    expect(values(table, "roll_gap")[0]).toBe(0.525727);
    expect(values(table, "material")[0]).toBe("NMC622");
    expect(table.messages).toContain("Column roll_gap was converted from um to mm.");
  });

  it("refuses a campaign's column that the set does not have", async () => {
    const expectations: readonly ColumnExpectation[] = [
      { name: "line_load", kind: "number", unit: "N/mm", role: "parameter", required: true },
    ];
    await rejectionOf(readShippedDataset("calendering-gap-speed", { expectations }), "DATA_INVALID");
  });

  it("says why rows are not shipped and how to bring them", async () => {
    const error = await rejectionOf(readShippedDataset("calendering-nmc111-gap"), "FILE_UNREADABLE");
    expect(error.message).toContain("None stated");
    expect(error.message).toContain("--from DIR");
    expect(error.message).toContain("10.5281/zenodo.3901441");
  });

  it.skipIf(!hasShared)("reads rows that are not shipped from a folder of the user's", async () => {
    const table = await readShippedDataset("calendering-nmc111-gap", { from: shared });
    expect(table.rowCount).toBe(14);
    const simulated = await readShippedDataset("calendering-nmc111-gap", {
      from: join(shared, "calendering-nmc111-gap"),
      resource: "simulated-structures",
    });
    expect(simulated.rowCount).toBe(440);
  });
});

describe("getShippedDataset", () => {
  it("copies a set with its description and licence notice", async () => {
    const into = temporaryFolder();
    const written = await getShippedDataset("formation-protocols-nmc-graphite", { into });
    const folder = join(into, "formation-protocols-nmc-graphite");
    expect(written).toEqual(["data.csv", "datapackage.json", "LICENSE"].map((file) => join(folder, file)));
    for (const file of readdirSync(folder)) {
      expect(readFileSync(join(folder, file))).toEqual(
        readFileSync(join(datasetsFolder(), "formation-protocols-nmc-graphite", file)),
      );
    }
  });

  it("takes rows from DIR or DIR/<name>, and refuses ones that were changed before it writes anything", async () => {
    const from = temporaryFolder();
    const into = temporaryFolder();
    const name = "electrodes-graphite";
    copyFileSync(join(datasetsFolder(), name, "data.csv"), join(from, "data.csv"));
    expect(await getShippedDataset(name, { from, into: join(into, "good") })).toHaveLength(2);
    mkdirSync(join(from, name));
    writeFileSync(join(from, name, "data.csv"), `${readFileSync(join(from, "data.csv"), "utf8")}\n`);
    const error = await rejectionOf(
      getShippedDataset(name, { from, into: join(into, "bad") }),
      "CHECKSUM_MISMATCH",
    );
    expect(error.message).toContain(join(from, name, "data.csv"));
    expect(existsSync(join(into, "bad"))).toBe(false);
  });

  it("says which files a folder lacks", async () => {
    const from = temporaryFolder();
    writeFileSync(join(from, "data.csv"), "");
    const error = await rejectionOf(
      getShippedDataset("calendering-nmc111-gap", { from, into: from }),
      "FILE_UNREADABLE",
    );
    expect(error.message).toContain("does not hold data.csv, structures.csv");
  });

  it("says that it cannot write where a file stands in the way", async () => {
    const into = temporaryFolder();
    writeFileSync(join(into, "electrodes-graphite"), "");
    const error = await rejectionOf(getShippedDataset("electrodes-graphite", { into }), "FILE_UNWRITABLE");
    expect(error.message).toContain("cannot be made");
  });

  it.skipIf(!hasShared)("brings the set that is not shipped", async () => {
    const into = temporaryFolder();
    const written = await getShippedDataset("calendering-nmc111-gap", { from: shared, into });
    expect(written.map((path) => path.slice(into.length + 1))).toEqual([
      join("calendering-nmc111-gap", "data.csv"),
      join("calendering-nmc111-gap", "structures.csv"),
      join("calendering-nmc111-gap", "datapackage.json"),
    ]);
  });
});
