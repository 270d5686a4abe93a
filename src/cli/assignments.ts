import type { Campaign } from "../campaign/campaign.js";
import { CellwrightError, type Problem } from "../errors.js";
import type { Settings, SettingValue } from "../space/parameter.js";
import { convert, isKnownUnit } from "../units.js";

/** What a name=value may name: its unit, or the choices of a categorical. */
export interface Assignable {
  readonly unit: string;
  readonly choices?: readonly string[];
}

/** Splits `name=value` texts; a second value for a name is a problem. */
export function splitAssignments(texts: readonly string[], where: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const problems: Problem[] = [];
  for (const text of texts) {
    const at = text.indexOf("=");
    const name = text.slice(0, Math.max(at, 0)).trim();
    if (name === "" || at === text.length - 1) {
      problems.push({
        where,
        found: `"${text}"`,
        expected: "name=value",
        remedy: "Quote values that hold blanks.",
      });
    } else if (found.has(name)) {
      problems.push({ where, found: `${name} twice`, expected: "one value a name" });
    } else {
      found.set(name, text.slice(at + 1).trim());
    }
  }
  if (problems.length > 0) throw new CellwrightError("USAGE", "Cannot read the assignments.", { problems });
  return found;
}

/**
 * Parses values in the campaign's units; `120degC` or `1.2 kN/mm` are converted.
 *
 * @throws CellwrightError USAGE with every problem.
 */
export function parseAssignments(
  assignments: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, Assignable>,
  where: string,
): Settings {
  const problems: Problem[] = [];
  const settings: Record<string, SettingValue> = {};
  for (const [name, text] of assignments) {
    const target = known.get(name);
    if (target === undefined) {
      problems.push({ where, found: `"${name}"`, expected: `one of ${[...known.keys()].join(", ")}` });
      continue;
    }
    const value = parseValue(text, target);
    if (typeof value === "object") problems.push({ where: `${where} ${name}`, ...value });
    else settings[name] = value;
  }
  if (problems.length > 0) throw new CellwrightError("USAGE", "Cannot use these values.", { problems });
  return settings;
}

const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*)$/;

function parseValue(
  text: string,
  target: Assignable,
): SettingValue | Pick<Problem, "found" | "expected" | "remedy"> {
  if (target.choices !== undefined) {
    return target.choices.includes(text)
      ? text
      : { found: `"${text}"`, expected: `one of ${target.choices.join(", ")}` };
  }
  const match = NUMBER.exec(text);
  const expected = `a number in ${target.unit}`;
  if (match === null)
    return { found: `"${text}"`, expected, remedy: "Write a decimal point, no thousands separator." };
  const value = Number(match[1]);
  const unit = match[2] ?? "";
  if (!Number.isFinite(value)) return { found: text, expected };
  if (unit === "" || unit === target.unit) return value;
  if (!isKnownUnit(unit)) return { found: `unit "${unit}"`, expected };
  try {
    return convert(value, unit, target.unit);
  } catch (error) {
    return { found: `unit ${unit}`, expected, remedy: (error as Error).message };
  }
}

/** The parameters of a campaign as names that can be assigned. */
export function assignableParameters(campaign: Campaign): ReadonlyMap<string, Assignable> {
  return new Map(
    campaign.space.parameters.map((p) => [
      p.name,
      p.kind === "categorical" ? { unit: p.unit, choices: p.choices } : { unit: p.unit },
    ]),
  );
}

/** The context of a campaign as names that can be assigned. */
export function assignableContext(campaign: Campaign): ReadonlyMap<string, Assignable> {
  return new Map(
    campaign.space.context.map((c) => [
      c.name,
      c.kind === "categorical" ? { unit: c.unit, choices: c.choices } : { unit: c.unit },
    ]),
  );
}
