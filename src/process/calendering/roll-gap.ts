import { requireNumbers } from "../number-rules.js";
import { calender, type CalenderSettings, MACHINE_MAX_LINE_LOAD_N_PER_MM } from "./calender.js";
import type { ElectrodeMaterial } from "./materials.js";

/** The machine and the web, as far as a gap needs them. */
export interface RollStand {
  /**
   * Line load per opening of the stand, (N/mm)/um: measured on the machine by closing the rolls on a strip of known
   * thickness. There is no default: stands differ by a factor.
   */
  readonly stiffnessNPerMmPerUm: number;
  readonly foilThicknessUm: number;
  readonly coatedSides: 1 | 2;
}

/** A gap is reached at a line load, or it leaves the web untouched, or it needs more than the machine has. */
export type LoadForGap =
  | { readonly kind: "reached"; readonly lineLoadNPerMm: number }
  | { readonly kind: "no contact" }
  | { readonly kind: "beyond machine"; readonly lineLoadNPerMm: number };

type Run = Omit<CalenderSettings, "lineLoadNPerMm">;

/** Thickness of foil and coatings in the nip under a line load, um. */
function loadedThicknessUm(
  material: ElectrodeMaterial,
  run: Run,
  stand: RollStand,
  lineLoadNPerMm: number,
): number {
  const { loadedDensityGPerCm3 } = calender(material, { ...run, lineLoadNPerMm });
  const weight = run.coatingWeightGPerM2 ?? material.coatingWeightGPerM2;
  return stand.foilThicknessUm + (stand.coatedSides * weight) / loadedDensityGPerCm3;
}

/**
 * The gap to set, unloaded, for a line load: g = h_loaded(q) − q/k, um. Negative where the rolls must be pressed
 * together beyond touching.
 *
 * @throws CellwrightError INVALID_OPTION if stiffness or foil are missing or impossible.
 */
export function gapForLineLoad(
  material: ElectrodeMaterial,
  run: Run,
  stand: RollStand,
  lineLoadNPerMm: number,
): number {
  requireStand(stand);
  return (
    loadedThicknessUm(material, run, stand, lineLoadNPerMm) - lineLoadNPerMm / stand.stiffnessNPerMmPerUm
  );
}

/**
 * The line load that a gap, set unloaded, leads to: the load at which the stand has opened to the web's thickness.
 * By bisection, since the gap falls strictly with the load.
 *
 * @throws CellwrightError INVALID_OPTION if stiffness or foil are missing or impossible, or the gap is no number.
 */
export function lineLoadForGap(
  material: ElectrodeMaterial,
  run: Run,
  stand: RollStand,
  gapUm: number,
): LoadForGap {
  requireStand(stand);
  requireNumbers("Roll gap", [{ name: "gap", value: gapUm, unit: "um" }]);
  const machine = run.machineLineLoadNPerMm ?? MACHINE_MAX_LINE_LOAD_N_PER_MM;
  if (gapUm >= gapForLineLoad(material, run, stand, 0)) return { kind: "no contact" };
  if (gapUm < gapForLineLoad(material, run, stand, machine))
    return { kind: "beyond machine", lineLoadNPerMm: machine };
  let [low, high] = [0, machine];
  for (let middle = high / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (gapForLineLoad(material, run, stand, middle) > gapUm) low = middle;
    else high = middle;
  }
  return { kind: "reached", lineLoadNPerMm: high };
}

function requireStand(stand: RollStand): void {
  requireNumbers("Roll stand", [
    { name: "stiffness", value: stand.stiffnessNPerMmPerUm, unit: "(N/mm)/um", min: 0, exclusive: true },
    { name: "foil thickness", value: stand.foilThicknessUm, unit: "um", min: 0 },
    { name: "coated sides", value: stand.coatedSides, unit: "1", min: 1, max: 2 },
  ]);
}
