import { log } from "../../math/elementary.js";
import type { Column } from "../../space/encode.js";
import type { KnowledgeMean, MeanAnswer, MeanRequest } from "../../space/knowledge.js";
import { converter, isKnownUnit } from "../../units.js";
import { compactionMean, type EncodedQuantity } from "./compaction-mean.js";
import type { ElectrodeMaterial } from "./materials.js";

/** What a campaign file calls the law. */
export const COMPACTION = "calendering.compaction";

/**
 * Widths of the beliefs, standard deviations of logarithms (assumptions). Over a line load the asymptote is known to
 * ±20 % (densities up to 3.81 g/cm3 were measured above the preset's 3.69) and the resistance to two decades, since it
 * was measured for few recipes. Over a gap, which is no pressure, the law only describes: both are wide.
 */
const WIDTHS = {
  load: { maximum: 0.1, resistance: 1 },
  gap: { maximum: 1, resistance: 1 },
} as const;
/** Compaction resistance over a gap, um (assumption: nothing is published). */
const GAP_RESISTANCE_UM = 200;
/** Pore-free density where the campaign names no material, g/cm3 (assumption: between graphite and NMC). */
const UNKNOWN_SOLID = { density: 3.5, logStdDev: 0.5 } as const;

const DENSITIES = ["density", "density_after"];
const POROSITIES = ["porosity", "porosity_after"];
const DENSITIES_BEFORE = ["initial_density", "density_before"];
const POROSITIES_BEFORE = ["initial_porosity", "porosity_before"];
const THICKNESSES_BEFORE = ["electrode_thickness_before", "initial_thickness", "thickness_before"];

/** The compaction law as a prior mean of density or porosity, over line load or over the roll gap. */
export function compactionOffer(material: ElectrodeMaterial | undefined): KnowledgeMean {
  return {
    name: COMPACTION,
    options: { gap_offset: "um" },
    build: (request) => buildCompaction(request, material),
  };
}

function buildCompaction(request: MeanRequest, material: ElectrodeMaterial | undefined): MeanAnswer {
  const { outcome, columns, options } = request;
  const solid = material?.solidDensityGPerCm3;
  const reading = readingOf(outcome, solid);
  if (typeof reading === "string") return { why: reading };
  const pressing = pressingOf(columns, options["gap_offset"]);
  if (typeof pressing === "string") return { why: pressing };
  const densityBefore = densityBeforeOf(columns, material);
  if (typeof densityBefore === "string") return { why: densityBefore };
  const byLoad = pressing.unit === "N/mm";
  const widths = byLoad ? WIDTHS.load : WIDTHS.gap;
  const mean = compactionMean({
    pressing,
    densityBefore,
    maximumDensity:
      material === undefined
        ? { median: UNKNOWN_SOLID.density, logStdDev: Math.max(widths.maximum, UNKNOWN_SOLID.logStdDev) }
        : {
            median: byLoad
              ? material.solidDensityGPerCm3 * (1 - material.compaction.minimumPorosity)
              : material.solidDensityGPerCm3,
            logStdDev: widths.maximum,
          },
    resistance: {
      median: byLoad ? (material?.compaction.resistanceNPerMm ?? 400) : GAP_RESISTANCE_UM,
      logStdDev: widths.resistance,
    },
    ...(reading.constant === 0 && reading.perDensity === 1 ? {} : { reading }),
  });
  return { mean, offered: byLoad && material !== undefined };
}

/** How the outcome follows from the density, or why it does not. */
function readingOf(outcome: MeanRequest["outcome"], solid: number | undefined) {
  if (DENSITIES.includes(outcome.name) && isIn(outcome.unit, "g/cm3")) {
    return { constant: 0, perDensity: converter("g/cm3", outcome.unit).scale };
  }
  if (POROSITIES.includes(outcome.name) && isIn(outcome.unit, "%")) {
    if (solid === undefined) return "porosity follows from density only with a material (solid_density)";
    const percent = converter("%", outcome.unit).scale;
    return { constant: 100 * percent, perDensity: (-100 / solid) * percent };
  }
  return `the law is for ${[...DENSITIES, ...POROSITIES].join(", ")} in g/cm3 or %`;
}

function pressingOf(columns: readonly Column[], offsetUm: number | undefined) {
  const load = find(columns, ["line_load"], "N/mm");
  if (load !== undefined) return { ...quantity(columns, [[load, 1, "N/mm"]], 0), unit: "N/mm" };
  const gap = find(columns, ["roll_gap"], "um");
  if (gap === undefined) return "it needs line_load (N/mm), or roll_gap and the thickness before (um)";
  const thickness = find(columns, THICKNESSES_BEFORE, "um");
  if (thickness === undefined)
    return `beside roll_gap it needs one of ${THICKNESSES_BEFORE.join(", ")} (um) as context`;
  const parts: Part[] = [
    [thickness, 1, "um"],
    [gap, -1, "um"],
  ];
  return { ...quantity(columns, parts, offsetUm ?? 0), unit: "um" };
}

/** Density before calendering, g/cm3: measured, from the porosity before, or the material's. */
function densityBeforeOf(columns: readonly Column[], material: ElectrodeMaterial | undefined) {
  const density = find(columns, DENSITIES_BEFORE, "g/cm3");
  if (density !== undefined) return quantity(columns, [[density, 1, "g/cm3"]], 0);
  const solid = material?.solidDensityGPerCm3;
  const porosity = find(columns, POROSITIES_BEFORE, "%");
  if (porosity !== undefined && solid !== undefined)
    return quantity(columns, [[porosity, -solid / 100, "%"]], solid);
  if (material !== undefined) return quantity(columns, [], material.initialDensityGPerCm3);
  return `it needs the density before calendering: one of ${DENSITIES_BEFORE.join(", ")} (g/cm3) as context, or a material`;
}

type Part = readonly [input: number, factor: number, unit: string];

/** constant + Σ factor · (input in the unit), over encoded columns. */
function quantity(columns: readonly Column[], parts: readonly Part[], constant: number): EncodedQuantity {
  const weights = columns.map(() => 0);
  const exponentials: { input: number; origin: number; width: number; factor: number }[] = [];
  let sum = constant;
  for (const [input, factor, unit] of parts) {
    const column = columns[input]!;
    const { scale, offset } = converter(column.unit, unit);
    const [start, end] = [column.toRaw(0), column.toRaw(1)];
    sum += factor * offset;
    if (column.scale === "log") {
      exponentials.push({
        input,
        origin: log(start),
        width: log(end) - log(start),
        factor: factor * scale,
      });
    } else {
      sum += factor * scale * start;
      weights[input] = factor * scale * (end - start);
    }
  }
  return { constant: sum, weights, ...(exponentials.length === 0 ? {} : { exponentials }) };
}

/** Position of the first column with one of the names whose unit can be converted. */
function find(columns: readonly Column[], names: readonly string[], unit: string): number | undefined {
  const at = columns.findIndex(
    (column) => names.includes(column.name) && column.kind === "continuous" && isIn(column.unit, unit),
  );
  return at < 0 ? undefined : at;
}

function isIn(unit: string, wanted: string): boolean {
  if (!isKnownUnit(unit)) return false;
  try {
    return converter(unit, wanted).scale > 0;
  } catch {
    return false;
  }
}
