import { describe, expect, it } from "vitest";
import {
  type DataPackage,
  expectationsFromPackage,
  findResource,
  mergeExpectations,
  parseDataPackage,
  trialColumnOfPackage,
  unitsFromPackage,
} from "../../src/data/data-package.js";
import { errorOf } from "./read-error.js";

const text = { title: "T", description: "D" };
const fields = [
  { name: "cell_id", type: "integer", unit: "1", role: "id", ...text, constraints: { required: true } },
  { name: "recipe_id", type: "string", unit: "", role: "group", ...text },
  {
    name: "gap",
    type: "number",
    unit: "um",
    role: "parameter",
    ...text,
    constraints: { minimum: 0, maximum: 2000 },
  },
  {
    name: "state",
    type: "string",
    unit: "",
    role: "context",
    ...text,
    constraints: { enum: ["wet", "dry"] },
  },
  { name: "value", type: "number", unit: "see state", role: "outcome", ...text },
];
const resource = {
  name: "cells",
  path: "data.csv",
  profile: "tabular-data-resource",
  format: "csv",
  encoding: "utf-8",
  bytes: 10,
  hash: `sha256:${"0".repeat(64)}`,
  rows: 1,
  schema: { fields, missingValues: [""], primaryKey: ["cell_id"] },
};
const valid = {
  profile: "tabular-data-package",
  name: "cells",
  title: "Cells",
  description: "Cells.",
  version: "1.0.0",
  licenses: [{ name: "MIT", title: "MIT License", path: "https://opensource.org/license/mit" }],
  sources: [{ title: "A work" }],
  keywords: ["cells"],
  caveats: ["few"],
  derivation: "none",
  resources: [resource],
};
const parse = (value: unknown): DataPackage => parseDataPackage(value, "cells/datapackage.json");
const faults = (value: unknown): readonly string[] =>
  errorOf(() => parse(value), "DATA_INVALID").problems.map(({ where, expected }) => `${where}: ${expected}`);

describe("parseDataPackage", () => {
  it("takes a package with a unit and a role for every field", () => {
    expect(parse(valid).resources[0]?.schema.fields).toHaveLength(5);
  });

  it("wants a licence, or words on why there is none", () => {
    expect(faults({ ...valid, licenses: [] })).toEqual([
      "licenses: a licence, or licenseState to say why there is none",
    ]);
    expect(parse({ ...valid, licenses: [], licenseState: "facts" }).licenseState).toBe("facts");
  });

  it("lists every fault with its path", () => {
    const bad = {
      ...valid,
      name: "Cells!",
      caveats: [],
      resources: [
        {
          ...resource,
          path: "../secret.csv",
          hash: "md5:1",
          schema: { ...resource.schema, fields: [{ ...fields[0], role: "feature" }] },
        },
      ],
    };
    const found = faults(bad).map((fault) => fault.split(":")[0]);
    expect(found).toEqual([
      "name",
      "caveats",
      "resources.0.path",
      "resources.0.hash",
      "resources.0.schema.fields.0.role",
    ]);
  });

  it.each(["/etc/passwd", "a/b.csv", "..", "a..b", ".hidden", ""])("refuses the path %j", (path) => {
    expect(faults({ ...valid, resources: [{ ...resource, path }] })).toHaveLength(1);
  });

  it("checks the schema as a whole: names once, known keys, units for numbers, an id, a group and an outcome", () => {
    const schema = {
      ...resource.schema,
      primaryKey: ["no"],
      fields: [fields[2], { ...fields[2], unit: "" }],
    };
    expect(
      faults({ ...valid, resources: [{ ...resource, schema }] }).map((fault) =>
        fault.replace("resources.0.schema: ", ""),
      ),
    ).toEqual([
      "each field once, found gap twice",
      "primaryKey to name fields, found no",
      "a unit for the numbers of gap (1 where they have none)",
      "a field of role id",
      "a field of role group",
      "a field of role outcome",
    ]);
  });

  it.each([null, 7, "text", [], {}])("refuses %j without falling over", (value) => {
    expect(errorOf(() => parse(value), "DATA_INVALID").problems.length).toBeGreaterThan(0);
  });
});

describe("a package's columns", () => {
  const pkg = parse(valid);

  it("become expectations", () => {
    expect(expectationsFromPackage(pkg)).toEqual([
      { name: "cell_id", kind: "integer", role: "id", unit: "1", required: true, complete: true },
      { name: "recipe_id", kind: "text", role: "group" },
      { name: "gap", kind: "number", role: "parameter", unit: "um", minimum: 0, maximum: 2000 },
      { name: "state", kind: "choice", role: "context", choices: ["wet", "dry"] },
      { name: "value", kind: "number", role: "outcome" },
    ]);
  });

  it("have units where one holds for all rows, and name the trials by a single key", () => {
    expect(unitsFromPackage(pkg)).toEqual({ cell_id: "1", gap: "um" });
    expect(trialColumnOfPackage(pkg)).toBe("cell_id");
    const double = {
      ...valid,
      resources: [{ ...resource, schema: { ...resource.schema, primaryKey: ["cell_id", "gap"] } }],
    };
    expect(trialColumnOfPackage(parse(double))).toBeUndefined();
  });

  it("are found by the name of the table", () => {
    expect(findResource(pkg, "cells").path).toBe("data.csv");
    expect(errorOf(() => findResource(pkg, "sheets"), "DATA_INVALID").problems[0]?.expected).toBe(
      "one of cells",
    );
  });
});

describe("mergeExpectations", () => {
  const own = expectationsFromPackage(parse(valid));

  it("lets the campaign win and converts the package's range to its unit", () => {
    const merged = mergeExpectations([{ name: "gap", kind: "number", unit: "mm", role: "context" }], own);
    expect(merged[0]).toEqual({
      name: "gap",
      kind: "number",
      unit: "mm",
      role: "context",
      minimum: 0,
      maximum: 2,
    });
    expect(merged.map(({ name }) => name)).toEqual(["gap", "cell_id", "recipe_id", "state", "value"]);
  });

  it("keeps a range that the campaign states, and texts as they are", () => {
    const campaign = [
      { name: "gap", kind: "number", unit: "um", role: "parameter", maximum: 600 },
      { name: "state", kind: "text", role: "context" },
    ] as const;
    expect(mergeExpectations(campaign, own).slice(0, 2)).toEqual([
      { name: "gap", kind: "number", unit: "um", role: "parameter", minimum: 0, maximum: 600 },
      { name: "state", kind: "text", role: "context" },
    ]);
  });

  it("refuses a unit that cannot be that column's", () => {
    errorOf(
      () => mergeExpectations([{ name: "gap", kind: "number", unit: "V", role: "parameter" }], own),
      "UNIT_INCOMPATIBLE",
    );
  });
});
