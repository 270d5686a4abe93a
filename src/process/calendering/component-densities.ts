/**
 * Densities of electrode components, g/cm3. NMC622 4.80 and binder 1.77 stand in BatteryCost (`default_constructors`),
 * NCA, LFP and graphite there as well; carbon black is 1.83 (cathode) to 1.95 (anode) in BattMo's parameter sets. The
 * other values are assumptions from general knowledge: that is why a campaign's `solid_density` overrides the sum.
 */
const COMPONENT_DENSITY_G_PER_CM3 = {
  NMC111: 4.7, // assumption
  NMC622: 4.7, // assumption; BatteryCost has 4.80
  NMC811: 4.75, // assumption
  LCO: 5.05, // assumption
  LFP: 3.6, // BatteryCost; BattMo has 3.45
  graphite: 2.24, // BatteryCost and BattMo
  carbonBlack: 1.9, // between BattMo's 1.83 and 1.95
  PVDF: 1.77, // BatteryCost; BattMo has 1.75
  CMC: 1.6, // assumption
  SBR: 1.0, // assumption
} as const;

/** Mass fractions of a dry coating; they sum to 1. */
export type CoatingRecipe = Readonly<Partial<Record<keyof typeof COMPONENT_DENSITY_G_PER_CM3, number>>>;

/** Pore-free density of a recipe, g/cm3: 1/Σ(w_i/ρ_i). */
export function solidDensityGPerCm3(recipe: CoatingRecipe): number {
  let specificVolume = 0;
  for (const [name, share] of Object.entries(recipe)) {
    specificVolume += share / COMPONENT_DENSITY_G_PER_CM3[name as keyof CoatingRecipe];
  }
  return 1 / specificVolume;
}
