import type { Problem } from "../../errors.js";
import { checkSolidDensity } from "./mass-balance.js";
import type { ElectrodeMaterial } from "./materials.js";

type Change = (material: ElectrodeMaterial, value: number) => ElectrodeMaterial;

/** A value of a material that a campaign file may replace. */
interface Override {
  readonly unit: string;
  readonly max?: number;
  readonly change: Change;
}

const compaction =
  (key: keyof ElectrodeMaterial["compaction"]): Change =>
  (m, value) => ({
    ...m,
    compaction: { ...m.compaction, [key]: value },
  });
const adhesion =
  (key: keyof ElectrodeMaterial["adhesion"]): Change =>
  (m, value) => ({
    ...m,
    adhesion: { ...m.adhesion, [key]: value },
  });

/** What may stand in `material: { preset: …, name: value }`; every value is above 0. */
const OVERRIDES: Readonly<Record<string, Override>> = {
  solid_density: { unit: "g/cm3", change: (m, value) => ({ ...m, solidDensityGPerCm3: value }) },
  initial_density: { unit: "g/cm3", change: (m, value) => ({ ...m, initialDensityGPerCm3: value }) },
  coating_weight: { unit: "g/m2", change: (m, value) => ({ ...m, coatingWeightGPerM2: value }) },
  compaction_resistance: { unit: "N/mm", change: compaction("resistanceNPerMm") },
  compaction_softening: { unit: "1/K", max: 0.1, change: compaction("softeningPerK") },
  minimum_porosity: { unit: "1", max: 0.9, change: compaction("minimumPorosity") },
  springback_maximum: {
    unit: "1",
    max: 0.17,
    change: (m, value) => ({ ...m, springback: { ...m.springback, maximum: value } }),
  },
  tortuosity_exponent: {
    unit: "1",
    max: 5,
    change: (m, value) => ({ ...m, transport: { ...m.transport, tortuosityExponent: value } }),
  },
  cracking_line_load: {
    unit: "N/mm",
    change: (m, value) => ({ ...m, cracking: { ...m.cracking, lineLoadNPerMm: value } }),
  },
  adhesion_initial: { unit: "N/m", change: adhesion("initialNPerM") },
  adhesion_gain: { unit: "N/m", change: adhesion("gainNPerM") },
  adhesion_least: { unit: "N/m", change: adhesion("leastNPerM") },
};

/** Keys of `material:` that are no values. */
const REASON = "solid_density_reason";
const TEXTS = new Set(["preset", REASON]);

/** A preset with a campaign's values in their places, what is wrong with them, and what must be printed. */
export interface OverriddenMaterial {
  readonly material: ElectrodeMaterial;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

/**
 * Replaces values of a preset by those of a campaign file. A solid density that contradicts the recipe by more than 2
 * points of porosity is a problem unless `solid_density_reason` accepts it; a smaller contradiction is a note.
 */
export function overrideMaterial(
  preset: ElectrodeMaterial,
  given: Readonly<Record<string, unknown>>,
): OverriddenMaterial {
  const problems: Problem[] = [];
  let material = preset;
  for (const [name, value] of Object.entries(given)) {
    if (TEXTS.has(name)) continue;
    const override = Object.hasOwn(OVERRIDES, name) ? OVERRIDES[name] : undefined;
    if (name === "solid_density" && !isPositive(value)) continue; // the campaign's schema reports it
    const problem = overrideProblem(name, value, override);
    if (problem !== null) problems.push(problem);
    else material = override!.change(material, Number(value));
  }
  const reason = given[REASON];
  const accepted = typeof reason === "string" && reason.trim() !== "" ? reason : undefined;
  const finding = checkSolidDensity(material.solidDensityGPerCm3, preset.solidDensityGPerCm3, accepted);
  const where = "material.solid_density";
  if (finding?.verdict === "refused") {
    problems.push({
      where,
      found: `${material.solidDensityGPerCm3} g/cm3: ${finding.message}`,
      expected: `about ${preset.solidDensityGPerCm3.toFixed(2)} g/cm3, as the recipe of ${preset.name} gives`,
      remedy: `Correct it, or say why it is right: ${REASON}: measured by …`,
    });
  }
  const maximum = material.solidDensityGPerCm3 * (1 - material.compaction.minimumPorosity);
  if (!(material.initialDensityGPerCm3 < maximum)) {
    problems.push({
      where: "material.initial_density",
      found: `${material.initialDensityGPerCm3} g/cm3`,
      expected: `below ${maximum.toFixed(3)} g/cm3, the greatest density of this material`,
      remedy: "It is the density of the coating before calendering.",
    });
  }
  const notes = finding?.verdict === "warned" ? [`Solid density of ${preset.name}: ${finding.message}.`] : [];
  return { material, problems, notes };
}

function overrideProblem(name: string, value: unknown, override: Override | undefined): Problem | null {
  const where = `material.${name}`;
  if (override === undefined) {
    return {
      where,
      found: `the unknown value ${name.slice(0, 60)}`,
      expected: `one of ${Object.keys(OVERRIDES).join(", ")}`,
    };
  }
  const { unit, max = Infinity } = override;
  if (isPositive(value) && value <= max) return null;
  const shown = unit === "1" ? "" : ` in ${unit}`;
  const limit = max === Infinity ? "" : ` and at most ${max}`;
  return {
    where,
    found: JSON.stringify(value)?.slice(0, 60) ?? "nothing",
    expected: `a number above 0${limit}${shown}`,
  };
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}
