import type { Parameter, Settings, SettingValue } from "../space/parameter.js";

/** One setting that is changed between two runs. */
export interface SettingChange {
  readonly parameter: string;
  readonly from: SettingValue;
  readonly to: SettingValue;
}

/** What it takes to go from one run's settings to another's. */
export interface Changeover {
  readonly changes: readonly SettingChange[];
  readonly minutes: number;
  /** Web lost, m. */
  readonly scrapMetres: number;
}

/** What a minute and a metre weigh against each other, and what a run itself takes. */
export interface ChangeoverPrices {
  readonly unit: "USD" | "min";
  readonly perMinute: number;
  readonly perMetre: number;
  /** Time of one run besides changeovers, min. */
  readonly runMinutes: number;
}

/** Minutes of a change for which the file states neither minutes nor scrap (assumption). */
export const ASSUMED_MINUTES = { easy: 1, medium: 10, hard: 30 } as const;
/** Time of a run where the file states none (assumption). */
export const ASSUMED_RUN_MINUTES = 60;
/** A metre of scrap in minutes where there are no prices: the time in which a pilot line at 10 m/min makes it (assumption). */
const MINUTES_PER_METRE = 0.1;

/** Parameters that say what a change costs. */
export function parametersWithChange(parameters: readonly Parameter[]): Parameter[] {
  return parameters.filter(({ change }) => change !== undefined);
}

/** Parameters that a batch may share: those that are hard to change. */
export function hardParameters(parameters: readonly Parameter[]): Parameter[] {
  return parameters.filter(({ change }) => change?.effort === "hard");
}

/** What a change of one parameter takes; easy ones without figures take a minute, see ASSUMED_MINUTES. */
function costOfChange({ change }: Parameter): { readonly minutes: number; readonly scrapMetres: number } {
  if (change === undefined) return { minutes: 0, scrapMetres: 0 };
  const stated = change.minutes !== undefined || change.scrap !== undefined;
  const minutes = change.minutes ?? (stated ? 0 : ASSUMED_MINUTES[change.effort]);
  return { minutes, scrapMetres: change.scrap ?? 0 };
}

/**
 * The changeover between two settings: every parameter that says what a change costs and has another value. Changes are
 * made one after another, so that minutes add up (assumption). A setting that is unknown before costs nothing.
 */
export function changeoverBetween(
  parameters: readonly Parameter[],
  from: Settings,
  to: Settings,
): Changeover {
  const changes: SettingChange[] = [];
  let [minutes, scrapMetres] = [0, 0];
  for (const parameter of parametersWithChange(parameters)) {
    const [before, after] = [from[parameter.name], to[parameter.name]];
    if (before === undefined || after === undefined || before === after) continue;
    changes.push({ parameter: parameter.name, from: before, to: after });
    const cost = costOfChange(parameter);
    minutes += cost.minutes;
    scrapMetres += cost.scrapMetres;
  }
  return { changes, minutes, scrapMetres };
}

/** One number for a changeover, in the unit of the prices. */
export function weightOf(
  { minutes, scrapMetres }: Pick<Changeover, "minutes" | "scrapMetres">,
  prices: ChangeoverPrices,
): number {
  return minutes * prices.perMinute + scrapMetres * prices.perMetre;
}

/** Prices that a campaign file states under `economics`, else minutes; and the time of a run. */
export function changeoverPrices(spec: {
  readonly economics?: Readonly<Record<string, number>> | undefined;
  readonly run_minutes?: number | undefined;
}): ChangeoverPrices {
  const runMinutes = spec.run_minutes ?? ASSUMED_RUN_MINUTES;
  const hour = spec.economics?.["line_hour_cost"];
  const metre = spec.economics?.["scrap_metre_cost"];
  if (hour === undefined) return { unit: "min", perMinute: 1, perMetre: MINUTES_PER_METRE, runMinutes };
  return { unit: "USD", perMinute: hour / 60, perMetre: metre ?? 0, runMinutes };
}
