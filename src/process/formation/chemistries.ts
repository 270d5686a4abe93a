/** Hard limits of a cell chemistry, from published cells and, where marked, assumptions (never relaxed by life data). */
export interface CellChemistry {
  readonly name: string;
  /** Window of published cells of this kind, V. */
  readonly nominalVoltageV: readonly [number, number];
  /** Absolute voltage bounds of a search, V (assumption, around the published nominal windows). */
  readonly lowerVoltageV: number;
  readonly upperVoltageV: number;
  /** Largest C-rate of the first and of the second charge step. */
  readonly maxFirstRateC: number;
  readonly maxSecondRateC: number;
  readonly maxTemperatureC: number;
  /** Range in which the first cut-off is searched, V (assumption). */
  readonly firstCutoffV: readonly [number, number];
}

/**
 * The chemistries with limits that are known here. Nominal windows: Mohtat et al. 2020 and Weng et al. 2021 (NMC622),
 * Chen et al. 2020 (NMC811), Prada et al. 2013 (LFP), Ai et al. 2020 (LCO), Cui et al. 2024 (the 4.4 V cells).
 */
export const CELL_CHEMISTRIES: readonly CellChemistry[] = [
  chemistry("NMC622/graphite", [2.8, 4.2], [2.5, 4.35], [1.5, 1.0], 55, [3.5, 4.0]),
  chemistry("NMC811/graphite", [2.5, 4.2], [2.5, 4.25], [1.0, 0.7], 50, [3.5, 4.0]),
  chemistry("LFP/graphite", [2.0, 3.6], [2.0, 3.8], [1.5, 1.0], 55, [3.2, 3.45]),
  chemistry("LCO/graphite", [3.0, 4.2], [2.7, 4.45], [1.0, 0.7], 45, [3.5, 4.0]),
  chemistry("NMC-4.4V/graphite", [3.0, 4.4], [3.0, 4.4], [1.5, 1.0], 55, [3.6, 4.1]),
];

function chemistry(
  name: string,
  nominalVoltageV: readonly [number, number],
  [lowerVoltageV, upperVoltageV]: readonly [number, number],
  [maxFirstRateC, maxSecondRateC]: readonly [number, number],
  maxTemperatureC: number,
  firstCutoffV: readonly [number, number],
): CellChemistry {
  return {
    name,
    nominalVoltageV,
    lowerVoltageV,
    upperVoltageV,
    maxFirstRateC,
    maxSecondRateC,
    maxTemperatureC,
    firstCutoffV,
  };
}

/** The chemistry of that name (case does not matter), or undefined. */
export function findChemistry(name: string): CellChemistry | undefined {
  return CELL_CHEMISTRIES.find((c) => c.name.toLowerCase() === name.toLowerCase());
}
