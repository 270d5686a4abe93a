import type { Problem } from "../errors.js";
import type { Knowledge } from "../space/knowledge.js";
import { calenderingKnowledge } from "./calendering/knowledge.js";
import { overrideMaterial } from "./calendering/material-overrides.js";
import { ELECTRODE_MATERIALS, findMaterial } from "./calendering/materials.js";
import { CELL_CHEMISTRIES, findChemistry } from "./formation/chemistries.js";
import { type CellRating, formationKnowledge } from "./formation/knowledge.js";

/** What a campaign's `process`, `material`, `chemistry` and `cell` bring, or what is wrong with them. */
export interface ResolvedKnowledge {
  readonly knowledge?: Knowledge;
  readonly problems: readonly Problem[];
}

type Entry = Readonly<Record<string, unknown>>;

/** Finds the shipped knowledge that a campaign file asks for; malformed parts are left to the file's schema to report. */
export function resolveKnowledge(spec: unknown): ResolvedKnowledge {
  const entry = asEntry(spec);
  if (entry === undefined) return { problems: [] };
  const names = new Set([
    ...Object.keys(asEntry(entry["parameters"]) ?? {}),
    ...Object.keys(asEntry(entry["context"]) ?? {}),
  ]);
  if (entry["process"] === "calendering") return calendering(entry, names);
  if (entry["process"] === "formation") return formation(entry, names);
  return { problems: [] };
}

function calendering(entry: Entry, names: ReadonlySet<string>): ResolvedKnowledge {
  const given = entry["material"];
  const name = typeof given === "string" ? given : asEntry(given)?.["preset"];
  if (typeof name !== "string") return { knowledge: calenderingKnowledge({ names }), problems: [] };
  const preset = findMaterial(name);
  if (preset === undefined) {
    return {
      knowledge: calenderingKnowledge({ names }),
      problems: [unknownName("material", name, ELECTRODE_MATERIALS)],
    };
  }
  const { material, problems, notes } = overrideMaterial(preset, asEntry(given) ?? {});
  return { knowledge: calenderingKnowledge({ names, material, notes }), problems };
}

function formation(entry: Entry, names: ReadonlySet<string>): ResolvedKnowledge {
  const cell = cellRating(entry["cell"]);
  const rated = cell === undefined ? {} : { cell };
  const chemistry = entry["chemistry"];
  if (typeof chemistry !== "string")
    return { knowledge: formationKnowledge({ names, ...rated }), problems: [] };
  const known = findChemistry(chemistry) !== undefined;
  return {
    knowledge: formationKnowledge({ names, chemistry, ...rated }),
    problems: known ? [] : [unknownName("chemistry", chemistry, CELL_CHEMISTRIES)],
  };
}

function cellRating(value: unknown): CellRating | undefined {
  const cell = asEntry(value);
  const upperVoltageV = cell?.["upper_voltage"];
  const lowerVoltageV = cell?.["lower_voltage"];
  return typeof upperVoltageV === "number" && typeof lowerVoltageV === "number"
    ? { upperVoltageV, lowerVoltageV }
    : undefined;
}

function unknownName(where: string, found: string, known: readonly { readonly name: string }[]): Problem {
  return {
    where,
    found: `"${found.slice(0, 60)}"`,
    expected: `one of ${known.map((k) => k.name).join(", ")}`,
    remedy: "Take the nearest one and override its values, or leave the line out.",
  };
}

function asEntry(value: unknown): Entry | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Entry) : undefined;
}
