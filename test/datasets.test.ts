import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import {
  datasetsFolder,
  listShippedDatasets,
  readShippedDataset,
  shippedPackage,
} from "../src/adapters/shipped-datasets.js";
import { isKnownUnit } from "../src/units.js";

const folder = datasetsFolder();
const described = readdirSync(folder).filter((name) => existsSync(join(folder, name, "datapackage.json")));
const withRows = described.filter((name) => existsSync(join(folder, name, "data.csv")));

describe("shipped data sets", () => {
  it("are the five open sets, and the description of the one without licence", () => {
    expect(withRows).toEqual([
      "calendering-gap-speed",
      "calendering-nmc622-pilot",
      "electrodes-graphite",
      "formation-protocols-nmc-graphite",
      "tortuosity-and-compaction-published",
    ]);
    expect(described.filter((name) => !withRows.includes(name))).toEqual(["calendering-nmc111-gap"]);
    expect(readdirSync(join(folder, "calendering-nmc111-gap"))).toEqual(["datapackage.json"]);
  });

  it("are listed with rows and licence", async () => {
    const listed = await listShippedDatasets();
    expect(listed.map(({ name, rows, available }) => [name, rows, available])).toEqual([
      ["calendering-gap-speed", 48, true],
      ["calendering-nmc111-gap", 14, false],
      ["calendering-nmc622-pilot", 54, true],
      ["electrodes-graphite", 108, true],
      ["formation-protocols-nmc-graphite", 178, true],
      ["tortuosity-and-compaction-published", 277, true],
    ]);
    const licences = new Map(listed.map(({ name, licence }) => [name, licence]));
    expect(licences.get("calendering-nmc622-pilot")).toBe("CC0-1.0");
    expect(licences.get("calendering-gap-speed")).toBe("CC-BY-4.0");
    expect(licences.get("electrodes-graphite")).toBe("CC-BY-4.0");
    expect(licences.get("formation-protocols-nmc-graphite")).toBe("MIT");
    expect(licences.get("tortuosity-and-compaction-published")).toContain("cite the works");
    expect(licences.get("calendering-nmc111-gap")).toContain("None stated");
  });

  it("are introduced with their citation in the README", async () => {
    const readme = readFileSync(join(folder, "README.md"), "utf8");
    for (const name of described) {
      expect(readme).toContain(`## ${name}`);
      const dois = (await shippedPackage(name)).sources.map(
        ({ path }) => path?.replace("https://doi.org/", "") ?? "",
      );
      if (name !== "tortuosity-and-compaction-published")
        expect(dois.some((doi) => doi !== "" && readme.includes(doi))).toBe(true);
    }
  });

  it("carry the notice that the MIT licence asks for", () => {
    const notice = readFileSync(join(folder, "formation-protocols-nmc-graphite", "LICENSE"), "utf8");
    expect(notice).toContain("MIT License");
    expect(notice).toContain("Copyright (c) 2025 JinwookRhyu");
  });
});

describe.each(withRows)("%s", (name) => {
  const bytes = readFileSync(join(folder, name, "data.csv"));

  it("has the size and hash that its description records", async () => {
    const [resource] = (await shippedPackage(name)).resources;
    expect(bytes.length).toBe(resource?.bytes);
    expect(`sha256:${createHash("sha256").update(bytes).digest("hex")}`).toBe(resource?.hash);
  });

  it("holds nothing but what its description lists", async () => {
    const listed = (await shippedPackage(name)).resources.map(({ path }) => path);
    const others = readdirSync(join(folder, name)).filter((file) => !listed.includes(file));
    expect(others.filter((file) => file !== "datapackage.json" && file !== "LICENSE")).toEqual([]);
  });

  it("is UTF-8 with line feeds, without BOM and without paths of a machine", () => {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const description = readFileSync(join(folder, name, "datapackage.json"), "utf8");
    expect(text.startsWith("\ufeff")).toBe(false);
    expect(text).not.toContain("\r");
    expect(text.endsWith("\n")).toBe(true);
    expect(text + description).not.toMatch(
      /(?<![\w:/.])\/(?:tmp|work|root|home|usr|var)\/|file:\/\/|localhost/u,
    );
  });

  it("has the columns of its schema, in units that are known", async () => {
    const [resource] = (await shippedPackage(name)).resources;
    const fields = resource?.schema.fields ?? [];
    expect(bytes.toString("utf8").split("\n", 1)[0]?.split(",")).toEqual(fields.map((field) => field.name));
    const units = fields.filter(({ type, unit }) => type !== "string" && !unit.startsWith("see "));
    expect(units.filter(({ unit }) => !isKnownUnit(unit))).toEqual([]);
  });

  it("reads by its schema: types, ranges, choices, required cells and unique keys hold", async () => {
    const pkg = await shippedPackage(name);
    const table = await readShippedDataset(name);
    expect(table.rowCount).toBe(pkg.resources[0]?.rows);
    expect(table.refused).toBeUndefined();
    const fields = pkg.resources[0]?.schema.fields.map((field) => field.name) ?? [];
    expect(fields.filter((field) => !table.columns.has(field))).toEqual([]);
    const trials = table.columns.get("trial");
    expect(trials?.kind).toBe("text");
    expect(new Set<unknown>(trials?.values ?? []).size).toBe(table.rowCount);
    expect(table.messages.filter((message) => !message.startsWith("Trials are named after"))).toEqual([]);
  });

  it("says how it was derived and how to split it", async () => {
    const pkg = await shippedPackage(name);
    expect(pkg.derivation.length).toBeGreaterThan(50);
    expect(pkg.caveats.some((caveat) => caveat.startsWith("Split"))).toBe(true);
  });
});

describe("cycler_time of formation-protocols-nmc-graphite", () => {
  it("is described as derived, with its exception", async () => {
    const pkg = await shippedPackage("formation-protocols-nmc-graphite");
    const field = pkg.resources[0]?.schema.fields.find((one) => one.name === "cycler_time");
    expect(field?.description).toMatch(/^DERIVED/u);
    expect(field?.description).toContain("35 cells recorded with 1 are computed with 2");
    expect(field?.unit).toBe("h");
    expect(field?.role).toBe("outcome");
  });

  it("follows its formula in every row, with n + 1 cycles where one was recorded", async () => {
    const { columns, rowCount } = await readShippedDataset("formation-protocols-nmc-graphite");
    const column = (name: string): Float64Array => {
      const found = columns.get(name);
      if (found?.kind !== "number") throw new Error(`no numbers in ${name}`);
      return found.values;
    };
    const [c1, v1, c2, n, hours] = [
      "c_rate_cc1",
      "v_cutoff_cc1",
      "c_rate_cc2",
      "n_verification_cycles",
      "cycler_time",
    ].map(column);
    let withOneCycle = 0;
    for (let i = 0; i < rowCount; i += 1) {
      const q1 = 1 / (1 + Math.exp(-8.2 * (v1![i]! - 0.165 * c1![i]! - 3.66)));
      const cycles = n![i] === 1 ? 2 : n![i]!;
      if (n![i] === 1) withOneCycle += 1;
      const expected = q1 / c1![i]! + (1.27 - q1) / c2![i]! + 7.25 + 10.6 * cycles;
      expect(Math.abs(hours![i]! / expected - 1)).toBeLessThan(5e-6); // six significant digits are stored
    }
    expect(withOneCycle).toBe(35);
  });

  it("is within 4 % of times measured on the same cells", async () => {
    // [c1, v1, c2, n, measured hours]: published check points of the formula
    const measured = [
      [1.48, 4.0, 1.6, 0, 8.0],
      [0.43, 3.67, 1.97, 0, 8.4],
      [0.83, 3.79, 0.27, 0, 10.4],
      [0.07, 3.99, 2.21, 0, 20.7],
      [0.02, 4.06, 0.09, 0, 60.3],
      [0.02, 3.88, 0.02, 0, 71.5],
      [0.02, 3.94, 0.02, 5, 126.3],
    ] as const;
    const { columns, rowCount } = await readShippedDataset("formation-protocols-nmc-graphite");
    const names = ["c_rate_cc1", "v_cutoff_cc1", "c_rate_cc2", "n_verification_cycles"] as const;
    const near = (point: readonly number[], row: number): boolean =>
      names.every((name, k) => Math.abs(Number(columns.get(name)?.values[row]) - point[k]!) < 0.006);
    for (const point of measured) {
      const row = Array.from({ length: rowCount }, (_, i) => i).find((i) => near(point, i));
      const hours = Number(columns.get("cycler_time")?.values[row ?? -1]);
      expect(Math.abs(hours / point[4] - 1)).toBeLessThan(0.04);
    }
  });
});

describe("campaign files beside the data sets", () => {
  const files = readdirSync(join(folder, "campaigns"));

  it("are there for every measured set", () => {
    const data = files.map(
      (file) => (parseYaml(readFileSync(join(folder, "campaigns", file), "utf8")) as { data: string }).data,
    );
    expect(data.sort()).toEqual(withRows.filter((name) => name !== "tortuosity-and-compaction-published"));
  });

  it.each(files)("%s names columns that its data set has, in units that agree", async (file) => {
    const spec = parseYaml(readFileSync(join(folder, "campaigns", file), "utf8")) as Record<
      string,
      Record<string, { unit?: string; formula?: string }>
    > & { data: string; group: string };
    const units = new Map(
      (await shippedPackage(spec.data)).resources[0]?.schema.fields.map(({ name, unit }) => [name, unit]),
    );
    expect(units.has(spec.group)).toBe(true);
    const named = Object.entries({ ...spec["parameters"], ...spec["context"], ...spec["outcomes"] });
    expect(named.length).toBeGreaterThan(2);
    for (const [name, { unit, formula }] of named) {
      if (formula !== undefined && !units.has(name)) continue;
      expect([name, unit]).toEqual([name, units.get(name)]);
    }
  });
});
