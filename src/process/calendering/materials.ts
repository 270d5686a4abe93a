/** An electrode recipe: what its presets are, every one of which a campaign may override. */
export interface ElectrodeMaterial {
  readonly name: string;
  readonly electrode: "cathode" | "anode";
  readonly binder: "PVDF" | "CMC/SBR";
  /** Pore-free density of the coating, g/cm3, from the component densities by 1/Σ(w/ρ). */
  readonly solidDensityGPerCm3: number;
  /** Search ranges: line load N/mm, roll temperature degC (assumption, adjustable). */
  readonly lineLoadNPerMm: readonly [number, number];
  readonly rollTemperatureC: readonly [number, number];
}

/**
 * Presets of generic recipes (not a supplier's): mass fractions active/carbon/binder as named.
 * Solid densities are computed from component densities of BatteryCost and BattMo parameter sets;
 * load and temperature ranges are assumptions.
 */
export const ELECTRODE_MATERIALS: readonly ElectrodeMaterial[] = [
  // NMC622 95.5/2.25/2.25 PVDF
  cathode("NMC622", 4.391, [200, 1600]),
  // NMC811 96/2/2 PVDF
  cathode("NMC811", 4.466, [200, 1200]),
  // LFP 92.5/3.5/4 PVDF
  cathode("LFP", 3.356, [200, 2000]),
  // LCO 96/2/2 PVDF
  cathode("LCO", 4.719, [200, 1600]),
  {
    name: "graphite", // 95.7/1/1.3 CMC/2 SBR
    electrode: "anode",
    binder: "CMC/SBR",
    solidDensityGPerCm3: 2.171,
    lineLoadNPerMm: [40, 600],
    rollTemperatureC: [25, 80],
  },
];

function cathode(name: string, solidDensityGPerCm3: number, lineLoadNPerMm: readonly [number, number]): ElectrodeMaterial {
  return { name, electrode: "cathode", binder: "PVDF", solidDensityGPerCm3, lineLoadNPerMm, rollTemperatureC: [25, 120] };
}

/** The preset of that name (case does not matter), or undefined. */
export function findMaterial(name: string): ElectrodeMaterial | undefined {
  return ELECTRODE_MATERIALS.find((material) => material.name.toLowerCase() === name.toLowerCase());
}

/**
 * Porosity of a coating in percent: 100 (1 − ρ_coating/ρ_solid).
 *
 * @param coatingDensityGPerCm3 - Coating density, g/cm3.
 * @param solidDensityGPerCm3 - Pore-free density of the same recipe, g/cm3.
 */
export function porosityPercent(coatingDensityGPerCm3: number, solidDensityGPerCm3: number): number {
  return 100 * (1 - coatingDensityGPerCm3 / solidDensityGPerCm3);
}
