import type { MeasuredRun, RunFinding } from "../../space/knowledge.js";
import { convert, isKnownUnit } from "../../units.js";
import { checkMassBalance } from "./mass-balance.js";
import type { ElectrodeMaterial } from "./materials.js";

/** Names of columns that describe the coating of one side, without the foil, and the unit of each. */
const AFTER = {
  coatingWeightGPerM2: { names: ["coating_weight_after", "coating_weight"], unit: "g/m2" },
  coatingWeightBeforeGPerM2: { names: ["coating_weight_before"], unit: "g/m2" },
  thicknessUm: { names: ["coating_thickness_after", "coating_thickness"], unit: "um" },
  densityGPerCm3: { names: ["density_after", "density"], unit: "g/cm3" },
  porosityPercent: { names: ["porosity_after", "porosity"], unit: "%" },
} as const;
const BEFORE = {
  coatingWeightGPerM2: { names: ["coating_weight_before", "coating_weight"], unit: "g/m2" },
  thicknessUm: { names: ["coating_thickness_before"], unit: "um" },
  densityGPerCm3: { names: ["density_before", "initial_density"], unit: "g/cm3" },
  porosityPercent: { names: ["porosity_before", "initial_porosity"], unit: "%" },
} as const;

type Names = Readonly<Record<string, { readonly names: readonly string[]; readonly unit: string }>>;

/**
 * What a measured run says against itself: mass balance of the coating before and after calendering, and pores that
 * over-compaction closed.
 *
 * @param material - Without one porosity cannot be checked: the pore-free density is not known.
 */
export function checkCalenderedRun(
  run: MeasuredRun,
  material: ElectrodeMaterial | undefined,
): readonly RunFinding[] {
  const findings = [BEFORE, AFTER].flatMap((names) => balanceFindings(run, names, material));
  const unique = findings.filter(
    ({ message }, i) => findings.findIndex((other) => other.message === message) === i,
  );
  return [...unique, ...compactionFindings(run, material)];
}

function balanceFindings(
  run: MeasuredRun,
  names: Names,
  material: ElectrodeMaterial | undefined,
): readonly RunFinding[] {
  const known = material === undefined ? omit(names, "porosityPercent") : names;
  const values = Object.fromEntries(
    Object.entries(known).flatMap(([field, { names: columns, unit }]) => {
      const value = valueIn(run, columns, unit);
      return value === undefined ? [] : [[field, value] as const];
    }),
  );
  const solidDensityGPerCm3 = material?.solidDensityGPerCm3 ?? Number.NaN;
  return checkMassBalance({ ...values, solidDensityGPerCm3 }, run.accepted);
}

/** Pores that are closed carry no ions: of an anode, that decides whether formation plates lithium. */
function compactionFindings(
  run: MeasuredRun,
  material: ElectrodeMaterial | undefined,
): readonly RunFinding[] {
  if (material === undefined) return [];
  const porosity = valueIn(run, AFTER.porosityPercent.names, "%");
  const least = 100 * material.transport.poreClosurePorosity;
  if (porosity === undefined || porosity >= least) return [];
  const consequence =
    material.electrode === "anode"
      ? "its ionic resistance rises and it plates lithium in formation at rates that others stand"
      : "its ionic resistance rises";
  return [
    {
      verdict: "warned",
      message: `over-compacted: porosity ${porosity.toFixed(1)} % is below ${least.toFixed(0)} %, where pores of ${material.name} close (assumption); ${consequence}`,
    },
  ];
}

function omit(names: Names, field: string): Names {
  return Object.fromEntries(Object.entries(names).filter(([name]) => name !== field));
}

/** The first of the columns that the run has, in the unit; undefined where it has none that can be converted. */
function valueIn({ values }: MeasuredRun, columns: readonly string[], unit: string): number | undefined {
  for (const column of columns) {
    const found = values.get(column);
    if (found === undefined || !isKnownUnit(found.unit)) continue;
    try {
      return convert(found.value, found.unit, unit);
    } catch {
      continue; // a column of that name with a unit of another kind is something else
    }
  }
  return undefined;
}
