import { exp, log, log1p, pow } from "../../math/elementary.js";

/** How strongly a coating resists compaction. */
export interface CompactionLaw {
  /** Compaction resistance at the reference coating weight, 25 degC and standstill, N/mm. */
  readonly resistanceNPerMm: number;
  /** Softening of the binder: relative loss of resistance per K of web temperature. */
  readonly softeningPerK: number;
  /** Porosity that no line load goes below. */
  readonly minimumPorosity: number;
}

/** State of the web in the nip. */
export interface CompactionState {
  readonly coatingWeightGPerM2: number;
  readonly webTemperatureC: number;
  readonly lineSpeedMPerMin: number;
}

/** Resistance grows with this power of the coating weight (assumption). */
const WEIGHT_EXPONENT = 0.5;
/** Growth of the resistance with the logarithm of the speed (assumption; insignificant up to 5 m/min in Meyer et al. 2017). */
const SPEED_COEFFICIENT = 0.03;
const SPEED_SCALE_M_PER_MIN = 5;
const REFERENCE_TEMPERATURE_C = 25;

/**
 * Compaction resistance γ_c = γ_ref (m/m_ref)^.5 e^(−β(T_web − 25)) (1 + .03 ln(1 + v/5)), N/mm.
 *
 * The direction of each dependence is published (Meyer et al. 2017; Billot et al. 2019); the sizes are assumptions.
 */
export function compactionResistanceNPerMm(
  law: CompactionLaw,
  referenceWeightGPerM2: number,
  state: CompactionState,
): number {
  const weight = pow(state.coatingWeightGPerM2 / referenceWeightGPerM2, WEIGHT_EXPONENT);
  const softening = exp(-law.softeningPerK * (state.webTemperatureC - REFERENCE_TEMPERATURE_C));
  const speed = 1 + SPEED_COEFFICIENT * log1p(state.lineSpeedMPerMin / SPEED_SCALE_M_PER_MIN);
  return law.resistanceNPerMm * weight * softening * speed;
}

/** Ends of the compaction curve and its resistance. */
export interface CompactionCurve {
  readonly initialDensityGPerCm3: number;
  readonly maximumDensityGPerCm3: number;
  readonly resistanceNPerMm: number;
}

/**
 * Coating density under load: ρ(q) = ρ_max − (ρ_max − ρ_0) e^(−q/γ_c), g/cm3.
 *
 * @see Meyer, Bockholt, Haselrieder & Kwade (2017), J. Mater. Process. Technol. 249, 172–178, exponential model
 */
export function loadedDensityGPerCm3(lineLoadNPerMm: number, curve: CompactionCurve): number {
  const { initialDensityGPerCm3: initial, maximumDensityGPerCm3: maximum } = curve;
  return maximum - (maximum - initial) * exp(-lineLoadNPerMm / curve.resistanceNPerMm);
}

/** Line load that gives a density under load, N/mm; Infinity at or above the maximum, 0 at or below the initial density. */
export function lineLoadForDensity(densityGPerCm3: number, curve: CompactionCurve): number {
  const { initialDensityGPerCm3: initial, maximumDensityGPerCm3: maximum } = curve;
  if (!(densityGPerCm3 < maximum)) return Infinity;
  if (!(densityGPerCm3 > initial)) return 0;
  return -curve.resistanceNPerMm * log((maximum - densityGPerCm3) / (maximum - initial));
}
