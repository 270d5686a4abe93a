import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = join(dirname(fileURLToPath(import.meta.url)), "..", "src");

/** The import table of the house: its only copy in code. A folder may import itself, `errors.ts`, `units.ts` and these. */
const SCIENCE = [
  "math",
  "designs",
  "kernels",
  "surrogates",
  "space",
  "acquisition",
  "data",
  "campaign",
  "process",
];
const ALL_BELOW_SURFACES = [
  ...SCIENCE,
  "evaluation",
  "benchmark",
  "registry",
  "retraining",
  "plots",
  "adapters",
];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  math: [],
  designs: ["math"],
  kernels: ["math"],
  surrogates: ["math", "kernels"],
  space: ["math"],
  acquisition: ["math", "surrogates", "space"],
  data: ["math"],
  campaign: ["math", "designs", "kernels", "surrogates", "space", "acquisition", "data"],
  process: ["math", "space"],
  evaluation: ["surrogates", "data", "math", "campaign", "space"],
  benchmark: ["math", "surrogates", "space", "acquisition", "data", "campaign", "process"],
  registry: ["data", "surrogates", "evaluation", "campaign", "space", "math"],
  retraining: ["campaign", "surrogates", "space", "evaluation", "registry", "data", "math"],
  plots: [...SCIENCE, "evaluation", "benchmark", "registry", "retraining"],
  adapters: [...SCIENCE, "evaluation", "registry", "retraining", "plots"],
  api: [],
  cli: [...ALL_BELOW_SURFACES, "api"],
  server: [...ALL_BELOW_SURFACES, "api"],
  worker: [...ALL_BELOW_SURFACES, "api"],
  web: ["api", "plots"],
};
/** Folders that may import only types from others. */
const TYPES_ONLY = new Set(["plots"]);
const ROOT_FILES = [
  "README.md",
  "errors.ts",
  "units.ts",
  "version.ts",
  "index.ts",
  "engine.ts",
  "create-campaign.ts",
  "fit-dataset.ts",
];
const EVERYWHERE = new Set(["errors.ts", "units.ts", "version.ts"]);
/** Compositions of several folders, for the surfaces, the adapters and the benchmarks, which act as a user does. */
const COMPOSITIONS = new Set(["create-campaign.ts", "fit-dataset.ts"]);
const SURFACES = new Set(["adapters", "benchmark", "cli", "server", "worker"]);
/** Packages that a science folder may import; nothing that reads files, clocks or networks. */
const SCIENCE_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  space: ["jsep"],
  data: ["csv-parse", "csv-parse/sync", "zod"],
  campaign: ["zod"],
  registry: ["zod"],
};

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesBelow(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const found: Import[] = [];
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?([^;'"]*?)from\s+["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)|(?:^|\n)\s*import\s+["']([^"']+)["']/g;
  for (const match of text.matchAll(pattern)) {
    const names = match[2]?.trim() ?? "";
    const allTypes =
      /^\{[^}]*\}$/.test(names) &&
      names
        .slice(1, -1)
        .split(",")
        .every((n) => n.trim() === "" || n.trim().startsWith("type "));
    found.push({
      file,
      target: (match[3] ?? match[4] ?? match[5])!,
      typeOnly: match[1] !== undefined || allTypes,
    });
  }
  return found;
}

const files = filesBelow(src);
const shown = (path: string): string => relative(src, path).split(sep).join("/");
const folderOf = (path: string): string => (shown(path).includes("/") ? shown(path).split("/")[0]! : "");
const internal = files.flatMap(importsOf).filter((i) => i.target.startsWith("."));
const resolved = internal.map((i) => ({ ...i, to: join(dirname(i.file), i.target.replace(/\.js$/, ".ts")) }));

describe("the house", () => {
  it("has only the folders and root files that the design names", () => {
    const unknown = readdirSync(src).filter((name) =>
      statSync(join(src, name)).isDirectory() ? !(name in MAY_IMPORT) : !ROOT_FILES.includes(name),
    );
    expect(unknown).toEqual([]);
  });

  it("imports only what the table allows", () => {
    const broken = resolved
      .filter((i) => folderOf(i.file) !== "")
      .filter((i) => {
        const from = folderOf(i.file);
        const to = folderOf(i.to);
        if (from === to || EVERYWHERE.has(shown(i.to))) return false;
        if (COMPOSITIONS.has(shown(i.to)) && SURFACES.has(from)) return false;
        if (TYPES_ONLY.has(from) && !i.typeOnly) return true;
        return !(MAY_IMPORT[from] ?? []).includes(to);
      })
      .map((i) => `${shown(i.file)} imports ${shown(i.to)}`);
    expect(broken).toEqual([]);
  });

  it("never imports a public entry from inside", () => {
    const entries = new Set(["index.ts", "engine.ts"]);
    expect(resolved.filter((i) => entries.has(shown(i.to))).map((i) => shown(i.file))).toEqual([]);
  });

  it("has no barrel files", () => {
    const barrels = files.filter((f) => folderOf(f) !== "" && /(^|\/)index\.tsx?$/.test(shown(f))).map(shown);
    expect(barrels).toEqual([]);
  });

  it("has no import cycle between files at run time", () => {
    const edges = new Map<string, string[]>();
    for (const i of resolved.filter((r) => !r.typeOnly))
      edges.set(i.file, [...(edges.get(i.file) ?? []), i.to]);
    const state = new Map<string, "open" | "done">();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === "done") return;
      if (state.get(file) === "open") {
        cycles.push([...path.slice(path.indexOf(file)), file].map(shown).join(" → "));
        return;
      }
      state.set(file, "open");
      for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
      state.set(file, "done");
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it("keeps files, clocks and networks out of the science folders", () => {
    const science = new Set([...SCIENCE, "evaluation", "registry", "retraining", "plots"]);
    const broken = files
      .filter((file) => science.has(folderOf(file)))
      .flatMap(importsOf)
      .filter((i) => !i.target.startsWith(".") && !(TYPES_ONLY.has(folderOf(i.file)) && i.typeOnly))
      .filter((i) => !(SCIENCE_PACKAGES[folderOf(i.file)] ?? []).includes(i.target))
      .map((i) => `${shown(i.file)} imports ${i.target}`);
    expect(broken).toEqual([]);
  });
});
