import { z } from "zod";
import type { Problem } from "../errors.js";
import { createConversion } from "../units.js";
import { dataInvalid } from "./problem-list.js";
import { quoted } from "./quoted.js";
import type { ColumnExpectation } from "./table.js";

const text = z.string().min(1);
const link = z.looseObject({ title: text, path: z.string().optional() });

const fieldSchema = z.looseObject({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/u, "expected a lower-case name with digits and _"),
  type: z.enum(["number", "integer", "string"]),
  /** Unit of every value; `see <column>` where another column holds it; empty for text. */
  unit: z.string(),
  role: z.enum(["id", "group", "parameter", "context", "outcome", "metadata"]),
  title: text,
  description: text,
  constraints: z
    .looseObject({
      required: z.boolean().optional(),
      minimum: z.number().optional(),
      maximum: z.number().optional(),
      enum: z.array(z.string()).optional(),
    })
    .optional(),
});

const resourceSchema = z.looseObject({
  name: text,
  path: z
    .string()
    .regex(/^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_.-]*$/u, "expected a file name beside the package"),
  profile: z.literal("tabular-data-resource"),
  format: z.literal("csv"),
  encoding: z.literal("utf-8"),
  bytes: z.int().min(1),
  hash: z.string().regex(/^sha256:[0-9a-f]{64}$/u, "expected sha256: and 64 hexadecimal digits"),
  /** Rows below the header. */
  rows: z.int().min(0),
  schema: z.looseObject({
    fields: z.array(fieldSchema).min(1),
    missingValues: z.tuple([z.literal("")]),
    primaryKey: z.array(z.string()).min(1),
  }),
});

/** A Frictionless Data Package (v1) of Cellwright's kind: a unit and a role for every field, caveats, licence state. */
const dataPackageSchema = z
  .looseObject({
    profile: z.literal("tabular-data-package"),
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/u, "expected lower-case letters, digits and -"),
    title: text,
    description: text,
    version: text,
    licenses: z.array(z.looseObject({ name: text, title: text, path: z.url() })),
    /** What is known where `licenses` is empty. */
    licenseState: text.optional(),
    sources: z.array(link).min(1),
    contributors: z.array(z.looseObject({ title: text })).optional(),
    keywords: z.array(text).min(1),
    caveats: z.array(text).min(1),
    derivation: text,
    resources: z.array(resourceSchema).min(1),
  })
  .superRefine((value, context) => {
    if (value.licenses.length === 0 && value.licenseState === undefined) {
      context.addIssue({
        code: "custom",
        path: ["licenses"],
        message: "expected a licence, or licenseState to say why there is none",
      });
    }
    value.resources.forEach((resource, i) => {
      for (const message of schemaFaults(resource.schema)) {
        context.addIssue({ code: "custom", path: ["resources", i, "schema"], message });
      }
    });
  });

export type DataPackage = z.infer<typeof dataPackageSchema>;
export type DataResource = DataPackage["resources"][number];
type DataField = DataResource["schema"]["fields"][number];

function schemaFaults(schema: {
  fields: readonly DataField[];
  primaryKey: readonly string[];
}): readonly string[] {
  const names = schema.fields.map(({ name }) => name);
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  const keys = schema.primaryKey.filter((name) => !names.includes(name));
  const bare = schema.fields
    .filter(({ type, unit }) => type !== "string" && unit === "")
    .map(({ name }) => name);
  const roles = (["id", "group", "outcome"] as const).filter(
    (role) => !schema.fields.some((one) => one.role === role),
  );
  return [
    ...twice.map((name) => `expected each field once, found ${name} twice`),
    ...keys.map((name) => `expected primaryKey to name fields, found ${name}`),
    ...bare.map((name) => `expected a unit for the numbers of ${name} (1 where they have none)`),
    ...roles.map((role) => `expected a field of role ${role}`),
  ];
}

/**
 * Validates the content of a `datapackage.json`.
 *
 * @param source - Name of the file, for messages.
 * @throws CellwrightError DATA_INVALID with every problem and its path.
 */
export function parseDataPackage(value: unknown, source: string): DataPackage {
  const result = dataPackageSchema.safeParse(value);
  if (result.success) return result.data;
  throw dataInvalid(
    source,
    result.error.issues.map((issue) => issueProblem(issue, value)),
  );
}

function issueProblem(issue: z.core.$ZodIssue, root: unknown): Problem {
  let found = root;
  for (const key of issue.path) found = (found as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key];
  return {
    where: issue.path.length === 0 ? "package" : issue.path.map(String).join("."),
    found: found === undefined ? "nothing" : quoted(JSON.stringify(found)),
    expected: issue.message.replace(/^expected /u, ""),
  };
}

/** The resource of a package by name, or its first one. */
export function findResource(pkg: DataPackage, name?: string): DataResource {
  const resource = name === undefined ? pkg.resources[0] : pkg.resources.find((one) => one.name === name);
  if (resource !== undefined) return resource;
  throw dataInvalid(pkg.name, [
    {
      where: "resource",
      found: quoted(name ?? ""),
      expected: `one of ${pkg.resources.map((one) => one.name).join(", ")}`,
    },
  ]);
}

/** What a package says of its columns: kinds, units, roles, ranges. */
export function expectationsFromPackage(
  pkg: DataPackage,
  resourceName?: string,
): readonly ColumnExpectation[] {
  return findResource(pkg, resourceName).schema.fields.map(expectationOfField);
}

/** Units of a resource's columns by name, for `ParseOptions.schemaUnits`. */
export function unitsFromPackage(pkg: DataPackage, resourceName?: string): Readonly<Record<string, string>> {
  const fields = findResource(pkg, resourceName).schema.fields.filter(hasOneUnit);
  return Object.fromEntries(fields.map(({ name, unit }) => [name, unit]));
}

/** The column that names trials: the primary key, where it is a single column. */
export function trialColumnOfPackage(pkg: DataPackage, resourceName?: string): string | undefined {
  const keys = findResource(pkg, resourceName).schema.primaryKey;
  return keys.length === 1 ? keys[0] : undefined;
}

function hasOneUnit({ type, unit }: DataField): boolean {
  return type !== "string" && !unit.startsWith("see ");
}

function expectationOfField(field: DataField): ColumnExpectation {
  const { required, minimum, maximum, enum: choices } = field.constraints ?? {};
  const kind = field.type !== "string" ? field.type : choices === undefined ? "text" : "choice";
  return {
    name: field.name,
    kind,
    role: field.role,
    ...(hasOneUnit(field) ? { unit: field.unit } : {}),
    ...(choices === undefined ? {} : { choices }),
    ...(required === true ? { required, complete: true } : {}),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

/**
 * Joins what a campaign and a package expect: the campaign's kind, unit and role win, the package adds its other
 * columns and, converted, the possible range of those that both know.
 *
 * @throws CellwrightError UNIT_UNKNOWN, UNIT_INCOMPATIBLE if both state units that do not convert.
 */
export function mergeExpectations(
  campaign: readonly ColumnExpectation[],
  fromPackage: readonly ColumnExpectation[],
): readonly ColumnExpectation[] {
  const own = new Map(campaign.map((one) => [one.name, one]));
  const known = new Map(fromPackage.map((one) => [one.name, one]));
  const merged = campaign.map((one) => withRange(one, known.get(one.name)));
  return [...merged, ...fromPackage.filter(({ name }) => !own.has(name))];
}

function withRange(own: ColumnExpectation, other: ColumnExpectation | undefined): ColumnExpectation {
  if (other === undefined || own.kind === "text" || own.kind === "choice") return own;
  const { unit = other.unit } = own;
  const convert =
    unit === undefined || other.unit === undefined || unit === other.unit
      ? null
      : createConversion(other.unit, unit);
  const range: { minimum?: number; maximum?: number } = {};
  if (other.minimum !== undefined) range.minimum = convert === null ? other.minimum : convert(other.minimum);
  if (other.maximum !== undefined) range.maximum = convert === null ? other.maximum : convert(other.maximum);
  return { ...range, ...own };
}
