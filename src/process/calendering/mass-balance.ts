import { porosityPercent } from "./materials.js";

/** What was measured of one coated side, without the foil; any part may be missing. */
export interface MeasuredCoating {
  readonly coatingWeightGPerM2?: number;
  readonly thicknessUm?: number;
  readonly densityGPerCm3?: number;
  readonly porosityPercent?: number;
  /** Coating weight before calendering: rolling moves no mass. */
  readonly coatingWeightBeforeGPerM2?: number;
  /** Pore-free density of this recipe: a value of the campaign, since component densities differ between sources. */
  readonly solidDensityGPerCm3: number;
}

/** Two statements about one coating that differ. */
export interface MassBalanceFinding {
  readonly quantity: "porosity" | "coating weight" | "density";
  readonly stated: number;
  readonly computed: number;
  readonly verdict: "warned" | "refused";
  readonly message: string;
}

/** Differences beyond these are contradictions: porosity in points, mass relative. */
const REFUSED = { porosityPoints: 2, massShare: 0.03 } as const;
/** Differences below these are rounding of printed values (assumption). */
const ROUNDING = { porosityPoints: 0.1, massShare: 0.002 } as const;

/** The missing parts that follow from ρ = m/h and ε = 1 − ρ/ρ_solid (g/m2 over g/cm3 is um). */
export function completeMassBalance(coating: MeasuredCoating): MeasuredCoating {
  const { solidDensityGPerCm3: solid, coatingWeightGPerM2: weight, thicknessUm: thickness } = coating;
  const density =
    coating.densityGPerCm3 ??
    (weight !== undefined && thickness !== undefined
      ? weight / thickness
      : coating.porosityPercent === undefined
        ? undefined
        : solid * (1 - coating.porosityPercent / 100));
  if (density === undefined) return coating;
  return {
    ...coating,
    densityGPerCm3: density,
    porosityPercent: coating.porosityPercent ?? porosityPercent(density, solid),
    ...(thickness === undefined && weight !== undefined ? { thicknessUm: weight / density } : {}),
    ...(weight === undefined && thickness !== undefined ? { coatingWeightGPerM2: density * thickness } : {}),
  };
}

/**
 * What contradicts itself in a coating's measurements: porosity by more than 2 points or mass by more than 3 % is
 * refused, unless someone accepted it with a reason; smaller differences warn.
 *
 * @param accepted - Why a contradiction is accepted; it then warns and the reason is repeated.
 */
export function checkMassBalance(coating: MeasuredCoating, accepted?: string): readonly MassBalanceFinding[] {
  const {
    coatingWeightGPerM2: weight,
    coatingWeightBeforeGPerM2: before,
    thicknessUm,
    densityGPerCm3,
  } = coating;
  const findings: (MassBalanceFinding | null)[] = [];
  const measured = weight !== undefined && thicknessUm !== undefined ? weight / thicknessUm : undefined;
  if (measured !== undefined && densityGPerCm3 !== undefined) {
    findings.push(
      massFinding("density", densityGPerCm3, measured, "g/cm3", "coating weight / thickness", accepted),
    );
  }
  if (weight !== undefined && before !== undefined) {
    findings.push(
      massFinding("coating weight", weight, before, "g/m2", "coating weight before calendering", accepted),
    );
  }
  const density = densityGPerCm3 ?? measured;
  if (density !== undefined && coating.porosityPercent !== undefined) {
    const computed = porosityPercent(density, coating.solidDensityGPerCm3);
    findings.push(
      porosityFinding(coating.porosityPercent, computed, "1 - density / solid density", accepted),
    );
  }
  return findings.filter((finding) => finding !== null);
}

/**
 * A campaign's solid density against that of the recipe's components, as porosity of a coating with 30 % pores.
 *
 * @returns null where the two agree within rounding.
 */
export function checkSolidDensity(
  givenGPerCm3: number,
  recipeGPerCm3: number,
  accepted?: string,
): MassBalanceFinding | null {
  const density = 0.7 * recipeGPerCm3;
  const source = `the density of the recipe's components (${recipeGPerCm3.toFixed(3)} g/cm3)`;
  return porosityFinding(
    porosityPercent(density, givenGPerCm3),
    porosityPercent(density, recipeGPerCm3),
    source,
    accepted,
  );
}

function massFinding(
  quantity: "coating weight" | "density",
  stated: number,
  computed: number,
  unit: string,
  source: string,
  accepted: string | undefined,
): MassBalanceFinding | null {
  const share = Math.abs(stated / computed - 1);
  if (share <= ROUNDING.massShare) return null;
  const difference = `${quantity} ${stated.toPrecision(4)} ${unit}, but ${source} gives ${computed.toPrecision(4)} ${unit} (${(100 * share).toFixed(1)} % apart)`;
  // Negated, so that a density of NaN is refused and not passed over.
  return finding(quantity, stated, computed, !(share <= REFUSED.massShare), difference, "3 %", accepted);
}

function porosityFinding(
  stated: number,
  computed: number,
  source: string,
  accepted: string | undefined,
): MassBalanceFinding | null {
  const points = Math.abs(stated - computed);
  if (points <= ROUNDING.porosityPoints) return null;
  const difference = `porosity ${stated.toFixed(1)} %, but ${source} gives ${computed.toFixed(1)} % (${points.toFixed(1)} points apart)`;
  return finding(
    "porosity",
    stated,
    computed,
    !(points <= REFUSED.porosityPoints),
    difference,
    "2 points",
    accepted,
  );
}

function finding(
  quantity: MassBalanceFinding["quantity"],
  stated: number,
  computed: number,
  beyond: boolean,
  difference: string,
  limit: string,
  accepted: string | undefined,
): MassBalanceFinding {
  const refused = beyond && accepted === undefined;
  const verdict = refused ? "refused" : "warned";
  const consequence = refused
    ? `; more than ${limit} is refused unless accepted with a reason`
    : beyond
      ? `; accepted: ${accepted!}`
      : "";
  return { quantity, stated, computed, verdict, message: difference + consequence };
}
