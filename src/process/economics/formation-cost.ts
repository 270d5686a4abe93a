import { pow } from "../../math/elementary.js";
import { CYCLING_SHARE_RANGE, type Economics, REFERENCE_ECONOMICS } from "./economic-constants.js";

export interface FormationTimes {
  readonly cyclerHours: number;
  readonly ageingHours: number;
}

/** Parts of the cost of formation and ageing. */
export interface FormationCostParts {
  /** What scales with the hours on the cycler. */
  readonly cyclingLabour: number;
  readonly cyclingCapitalAndFloor: number;
  /** What scales with the hours of ageing. */
  readonly ageing: number;
}

/** A value, and the range in which it lies while an assumption is not answered. */
export interface RangedValue {
  readonly value: number;
  readonly range?: readonly [number, number];
}

/**
 * Formation cost a year, USD: C_ref [f (s_L r_c^.7 + (s_K + s_F) r_c^.8) + (1 − f) r_a^.8], r_c and r_a the hours of
 * cycling and ageing over the reference's.
 *
 * f, the part that scales with the cycler, is an assumption that decides nearly all of a saving: nothing published
 * splits the amount between cyclers and ageing shelves.
 */
export function formationCostPerYear(
  times: FormationTimes,
  { values: c }: Economics = REFERENCE_ECONOMICS,
  cyclingShare = c.cycling_share,
): FormationCostParts {
  const total = c.formation_cost_per_year;
  const cycling = times.cyclerHours / c.reference_cycler_time;
  const ageing = times.ageingHours / c.reference_ageing_time;
  const rest = c.formation_capital_share + c.formation_floor_share;
  return {
    cyclingLabour:
      total * cyclingShare * c.formation_labour_share * pow(cycling, c.formation_labour_exponent),
    cyclingCapitalAndFloor: total * cyclingShare * rest * pow(cycling, c.formation_capital_exponent),
    ageing: total * (1 - cyclingShare) * pow(ageing, c.formation_capital_exponent),
  };
}

/** Sum of the parts a year, with its range while the plant has not stated its cycling share. */
export function formationCostTotal(
  times: FormationTimes,
  economics: Economics = REFERENCE_ECONOMICS,
): RangedValue {
  const at = (share: number): number => {
    const { cyclingLabour, cyclingCapitalAndFloor, ageing } = formationCostPerYear(times, economics, share);
    return cyclingLabour + cyclingCapitalAndFloor + ageing;
  };
  const value = at(economics.values.cycling_share);
  if (economics.stated.has("cycling_share")) return { value };
  const ends = CYCLING_SHARE_RANGE.map(at);
  return { value, range: [Math.min(...ends), Math.max(...ends)] };
}

/** Formation cost per cell, USD. */
export function formationCostUsdPerCell(
  times: FormationTimes,
  economics: Economics = REFERENCE_ECONOMICS,
): number {
  return formationCostTotal(times, economics).value / economics.values.cells_per_year;
}

/** Hours of a year. */
const YEAR_H = 8760;

/** Channels that a year's cells need: cells · hours / (8760 · utilisation). */
export function channelsNeeded(cyclerHours: number, { values: c }: Economics = REFERENCE_ECONOMICS): number {
  return (c.cells_per_year * cyclerHours) / (YEAR_H * c.channel_utilisation);
}
