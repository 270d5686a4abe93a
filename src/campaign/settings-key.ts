import type { Settings, SettingValue } from "../space/parameter.js";

/** One text per distinct settings, whatever the order of their names: names by code unit, numbers in shortest form. */
export function settingsKey(settings: Settings): string {
  const names = Object.keys(settings).sort(compareCodeUnits);
  return JSON.stringify(names.map((name) => [name, normalized(settings[name]!)]));
}

function normalized(value: SettingValue): SettingValue {
  return typeof value === "number" ? value + 0 : value; // −0 and 0 are one setting
}

/** Order of texts by UTF-16 code units: the same on every machine. */
export function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Trials by id: the canonical order, so that the order of a file's rows changes nothing. */
export function sortById<T extends { readonly id: string }>(trials: readonly T[]): T[] {
  return [...trials].sort((a, b) => compareCodeUnits(a.id, b.id));
}
