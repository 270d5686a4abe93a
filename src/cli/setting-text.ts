import { formatPlain, formatSetting } from "../plots/format.js";
import type { Parameter, SettingValue } from "../space/parameter.js";

/** A setting as it is typed at the machine: steps, sets and whole numbers exactly, others to a thousandth of the range. */
export function settingText(parameter: Parameter | undefined, value: SettingValue): string {
  return parameter?.kind === "continuous" ? formatSetting(value, parameter) : formatPlain(value);
}

/** A name with its unit as the head of a column; none for choices and plain numbers. */
export function titleOf({ name, unit, kind }: { name: string; unit: string; kind?: string }): string {
  return kind === "categorical" || unit === "1" || unit === "" ? name : `${name} (${unit})`;
}
