import type { Problem } from "../errors.js";
import type { Knowledge } from "../space/knowledge.js";
import { calenderingKnowledge } from "./calendering/knowledge.js";
import { overrideMaterial } from "./calendering/material-overrides.js";
import { ELECTRODE_MATERIALS, findMaterial } from "./calendering/materials.js";
import { type Economics, overrideEconomics } from "./economics/economic-constants.js";
import { CELL_CHEMISTRIES, findChemistry } from "./formation/chemistries.js";
import { FAMILY_PARAMETERS, isFamilyParameter } from "./formation/family-names.js";
import { formationKnowledge } from "./formation/knowledge.js";
import type { CellRating } from "./formation/safety-limits.js";

/** What a campaign's `process`, `material`, `chemistry` and `cell` bring, or what is wrong with them. */
export interface ResolvedKnowledge {
  readonly knowledge?: Knowledge;
  readonly problems: readonly Problem[];
}

type Entry = Readonly<Record<string, unknown>>;

/** What to say to someone who misspelt a name. */
export type SpellingHelp = (name: string, candidates: readonly string[]) => string;

/**
 * Finds the shipped knowledge that a campaign file asks for; malformed parts are left to the file's schema to report.
 *
 * @param spelling - Remedy for a preset that is not known; process knowledge compares no texts.
 */
export function resolveKnowledge(
  spec: unknown,
  spelling: SpellingHelp = () => "Take the nearest one.",
): ResolvedKnowledge {
  const entry = asEntry(spec);
  if (entry === undefined) return { problems: [] };
  const names = new Set([
    ...Object.keys(asEntry(entry["parameters"]) ?? {}),
    ...Object.keys(asEntry(entry["context"]) ?? {}),
  ]);
  const { economics, problems } = overrideEconomics(asEntry(entry["economics"]) ?? {});
  if (entry["process"] === "calendering")
    return withProblems(calendering(entry, names, economics, spelling), problems);
  if (entry["process"] === "formation")
    return withProblems(formation(entry, names, economics, spelling), problems);
  return { problems: [] };
}

function withProblems(resolved: ResolvedKnowledge, problems: readonly Problem[]): ResolvedKnowledge {
  return { ...resolved, problems: [...resolved.problems, ...problems] };
}

function calendering(
  entry: Entry,
  names: ReadonlySet<string>,
  economics: Economics,
  spelling: SpellingHelp,
): ResolvedKnowledge {
  const given = entry["material"];
  const name = typeof given === "string" ? given : asEntry(given)?.["preset"];
  if (typeof name !== "string")
    return { knowledge: calenderingKnowledge({ names, economics }), problems: [] };
  const preset = findMaterial(name);
  if (preset === undefined) {
    return {
      knowledge: calenderingKnowledge({ names, economics }),
      problems: [unknownName("material", name, ELECTRODE_MATERIALS, spelling)],
    };
  }
  const { material, problems, notes } = overrideMaterial(preset, asEntry(given) ?? {});
  return { knowledge: calenderingKnowledge({ names, material, notes, economics }), problems };
}

function formation(
  entry: Entry,
  names: ReadonlySet<string>,
  economics: Economics,
  spelling: SpellingHelp,
): ResolvedKnowledge {
  const problems: Problem[] = [];
  const protocol = protocolNames(entry["protocol"], names, problems);
  const cell = cellRating(entry["cell"]);
  const chemistry = entry["chemistry"];
  const known = typeof chemistry === "string" && findChemistry(chemistry) !== undefined;
  if (typeof chemistry === "string" && !known)
    problems.push(unknownName("chemistry", chemistry, CELL_CHEMISTRIES, spelling));
  const knowledge = formationKnowledge({
    names,
    units: statedUnits(entry),
    protocol,
    economics,
    costWanted: Object.values(asEntry(entry["outcomes"]) ?? {}).some(
      (o) => asEntry(o)?.["formula"] === "formation.cost",
    ),
    ...(cell === undefined ? {} : { cell }),
    ...nPRatio(entry["cell"]),
    ...(known ? { chemistry } : {}),
  });
  return { knowledge, problems };
}

/** The file's `protocol:`, campaign's name to family's; what it maps to must be one parameter of the family each. */
function protocolNames(
  value: unknown,
  names: ReadonlySet<string>,
  problems: Problem[],
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const taken = new Map<string, string>();
  for (const [own, family] of Object.entries(asEntry(value) ?? {})) {
    if (typeof family !== "string" || !names.has(own)) continue; // reported by the campaign itself
    const where = `protocol.${own}`;
    const other = taken.get(family) ?? (family !== own && names.has(family) ? family : undefined);
    if (!isFamilyParameter(family)) {
      problems.push({
        where,
        found: `"${family.slice(0, 60)}"`,
        expected: `one of ${FAMILY_PARAMETERS.join(", ")}`,
      });
    } else if (other !== undefined) {
      problems.push({
        where,
        found: `${family}, which ${other} sets as well`,
        expected: "one parameter for each step",
        remedy: "Rename or remove one of them.",
      });
    } else {
      found.set(own, family);
      taken.set(family, own);
    }
  }
  return found;
}

/** Units that the file states for its parameters and context. */
function statedUnits(entry: Entry): ReadonlyMap<string, string> {
  const units = new Map<string, string>();
  for (const section of ["parameters", "context"]) {
    for (const [name, value] of Object.entries(asEntry(entry[section]) ?? {})) {
      const unit = asEntry(value)?.["unit"];
      if (typeof unit === "string") units.set(name, unit);
    }
  }
  return units;
}

function nPRatio(value: unknown): { readonly nPRatio?: number } {
  const ratio = asEntry(value)?.["n_p_ratio"];
  return typeof ratio === "number" && ratio > 0 ? { nPRatio: ratio } : {};
}

function cellRating(value: unknown): CellRating | undefined {
  const cell = asEntry(value);
  const upperVoltageV = cell?.["upper_voltage"];
  const lowerVoltageV = cell?.["lower_voltage"];
  return typeof upperVoltageV === "number" && typeof lowerVoltageV === "number"
    ? { upperVoltageV, lowerVoltageV }
    : undefined;
}

function unknownName(
  where: string,
  found: string,
  known: readonly { readonly name: string }[],
  spelling: SpellingHelp,
): Problem {
  const help = spelling(
    found,
    known.map(({ name }) => name),
  );
  return {
    where,
    found: `"${found.slice(0, 60)}"`,
    expected: `one of ${known.map((k) => k.name).join(", ")}`,
    remedy: `${help.startsWith("Known:") ? "Take the nearest one." : help} Override its values where yours differ, or leave the line out.`,
  };
}

function asEntry(value: unknown): Entry | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Entry) : undefined;
}
