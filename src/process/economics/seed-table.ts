/**
 * Table 1 of Liu, Zhang, Wang & Wang (2021), "Current and future lithium-ion battery manufacturing", iScience 24,
 * 102332 (10.1016/j.isci.2021.102332), as printed.
 *
 * Cost: BatPaC, 67 Ah NMC622/graphite cells, 100,000 packs a year; labour 15 USD/h, floor 3,000 USD/m2 a year,
 * depreciation 16.7 % of capital and 5 % of floor cost. Energy: measured on a pilot line (Yuan et al. 2017), 32 Ah
 * LMO/graphite cells. Throughput: Heimes et al. 2019.
 */

export interface CostStep {
  readonly step: string;
  readonly usdPerYear: number;
  readonly percent: number;
  /** As printed; null where the table has none. */
  readonly throughput: string | null;
}

export interface EnergyStep {
  readonly step: string;
  readonly kwhPerCell: number;
  readonly percent: number;
}

export const COST_STEPS: readonly CostStep[] = [
  { step: "slurry mixing", usdPerYear: 7_396_000, percent: 7.91, throughput: "30 min–5 h" },
  { step: "coating and drying", usdPerYear: 13_984_000, percent: 14.96, throughput: "35–80 m/min" },
  { step: "solvent recovery", usdPerYear: 4_296_000, percent: 4.6, throughput: null },
  { step: "calendering", usdPerYear: 4_849_000, percent: 5.19, throughput: "60–100 m/min" },
  { step: "slitting", usdPerYear: 2_891_000, percent: 3.09, throughput: "80–150 m/min" },
  { step: "vacuum drying", usdPerYear: 2_990_000, percent: 3.2, throughput: "12–30 h" },
  { step: "stacking", usdPerYear: 8_086_000, percent: 8.65, throughput: null },
  { step: "welding", usdPerYear: 6_864_000, percent: 7.34, throughput: null },
  { step: "enclosing", usdPerYear: 11_636_000, percent: 12.45, throughput: "depends on the cell's design" },
  { step: "formation and ageing", usdPerYear: 30_482_750, percent: 32.61, throughput: "up to 1.5–3 weeks" },
];

export const ENERGY_STEPS: readonly EnergyStep[] = [
  { step: "slurry mixing", kwhPerCell: 0.11, percent: 0.83 },
  { step: "coating", kwhPerCell: 0.18, percent: 1.36 },
  { step: "drying and solvent recovery", kwhPerCell: 6.22, percent: 46.84 },
  { step: "calendering", kwhPerCell: 0.38, percent: 2.86 },
  { step: "slitting", kwhPerCell: 0.71, percent: 5.35 },
  { step: "stacking", kwhPerCell: 0.77, percent: 5.8 },
  { step: "welding", kwhPerCell: 0.25, percent: 1.88 },
  { step: "enclosing", kwhPerCell: 0.69, percent: 5.2 },
  { step: "formation and ageing", kwhPerCell: 0.07, percent: 0.53 },
  { step: "dry room", kwhPerCell: 3.9, percent: 29.37 },
];

/** What does not agree inside the paper or with its sources; nothing was corrected here. */
export const INCONSISTENCIES: readonly string[] = [
  "The paper's conclusion prints 32.16 % for formation and ageing where its Table 1 gives 32.61 %; the amounts give 32.61 %.",
  "Its text says that coating, drying, formation and ageing make 48 % of the cost; the amounts give 47.57 %.",
  "Floor at 3,000 USD/m2 is a yearly cost there; in the BatPaC lineage the same figure is an investment in the building.",
  "Cost and energy are of different cells (67 Ah NMC622 and 32 Ah LMO): never add them without saying so.",
  "BatPaC's public baseline inputs do not reproduce the amounts with one volume ratio: they are good for the split of a step only.",
];

/** A step of the cost table. */
export function costOf(step: CostStep["step"]): CostStep {
  return COST_STEPS.find((s) => s.step === step)!;
}

/** A step of the energy table. */
export function energyOf(step: EnergyStep["step"]): EnergyStep {
  return ENERGY_STEPS.find((s) => s.step === step)!;
}
