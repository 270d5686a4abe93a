import type { Campaign } from "../campaign/campaign.js";
import { nearestName } from "../data/nearest-name.js";
import { LARGEST_MAGNITUDE } from "../data/number-column.js";
import { quoted } from "../data/quoted.js";
import { CellwrightError, type Problem } from "../errors.js";
import type { Settings, SettingValue } from "../space/parameter.js";
import { convert } from "../units.js";

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
    if (name === "" || text.slice(at + 1).trim() === "") {
      problems.push({
        where,
        found: quoted(text),
        expected: "name=value",
        remedy: "Write no blanks around =, and quote a value that holds blanks.",
      });
    } else if (found.has(name)) {
      problems.push({ where, found: `${name} twice`, expected: "each name once" });
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
 * @param others - Further names that the user could have meant, for the message.
 * @throws CellwrightError USAGE with every problem.
 */
export function parseAssignments(
  assignments: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, Assignable>,
  where: string,
  others: readonly string[] = [],
): Settings {
  const problems: Problem[] = [];
  const settings: Record<string, SettingValue> = {};
  for (const [name, text] of assignments) {
    const target = known.get(name);
    if (target === undefined) {
      problems.push({ where, ...unknownName(name, [...known.keys(), ...others]) });
      continue;
    }
    const value = parseValue(text, target);
    if (typeof value === "object") problems.push({ where: `${where} ${name}`, ...value });
    else settings[name] = value;
  }
  if (problems.length > 0) throw new CellwrightError("USAGE", "Cannot use these values.", { problems });
  return settings;
}

type Mistake = Pick<Problem, "found" | "expected" | "remedy">;

function unknownName(name: string, known: readonly string[]): Mistake {
  const begun = known.filter((one) => name !== "" && one.startsWith(name));
  const near = nearestName(name, known) ?? (begun.length === 1 ? begun[0] : undefined);
  return {
    found: `the unknown name ${quoted(name)}`,
    expected: known.length === 0 ? "no name: the campaign has none" : `one of ${known.join(", ")}`,
    ...(near === undefined ? {} : { remedy: `Did you mean ${near}?` }),
  };
}

const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*)$/u;
const DECIMAL_COMMA = /^[+-]?\d*,\d/u;

function parseValue(text: string, target: Assignable): SettingValue | Mistake {
  if (target.choices !== undefined) {
    if (target.choices.includes(text)) return text;
    const near = nearestName(text, target.choices);
    return {
      found: quoted(text),
      expected: `one of ${target.choices.join(", ")}`,
      ...(near === undefined ? {} : { remedy: `Did you mean ${near}?` }),
    };
  }
  const expected = target.unit === "1" ? "a number" : `a number in ${target.unit}`;
  const match = NUMBER.exec(text);
  if (match === null || DECIMAL_COMMA.test(text))
    return { found: quoted(text), expected, remedy: "Write a decimal point and no thousands separator." };
  const value = Number(match[1]);
  const unit = match[2] ?? "";
  if (!(Math.abs(value) <= LARGEST_MAGNITUDE))
    return { found: quoted(text), expected, remedy: "Correct it." };
  if (unit === "" || unit === target.unit) return value;
  try {
    return convert(value, unit, target.unit);
  } catch (error) {
    if (!(error instanceof CellwrightError)) throw error;
    return {
      found: `the unit ${quoted(unit)}`,
      expected,
      remedy: error.problems[0]?.remedy ?? "Leave the unit out, or write one that converts.",
    };
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

/**
 * What `--fix`, `--context` and `--from` say about this request.
 *
 * @throws CellwrightError USAGE with every problem.
 */
export function requestedSettings(
  campaign: Campaign,
  options: {
    readonly fix?: readonly string[];
    readonly context?: readonly string[];
    readonly from?: readonly string[];
  },
): { readonly fix: Settings; readonly context: Settings; readonly from: Settings } {
  const read = (
    name: string,
    texts: readonly string[] = [],
    known: ReadonlyMap<string, Assignable>,
  ): Settings => parseAssignments(splitAssignments(texts, name), known, name);
  return {
    fix: read("--fix", options.fix, assignableParameters(campaign)),
    context: read("--context", options.context, assignableContext(campaign)),
    from: read("--from", options.from, assignableParameters(campaign)),
  };
}

/**
 * What `--max-move` says: amounts in the parameters' own units, which may be written behind them. A difference of
 * temperatures does not convert as a temperature does, so that no other unit is taken.
 *
 * @throws CellwrightError USAGE with every problem.
 */
export function requestedMoves(
  campaign: Campaign,
  texts: readonly string[],
): Readonly<Record<string, number>> {
  const known = assignableParameters(campaign);
  const amounts = new Map(
    [...splitAssignments(texts, "--max-move")].map(([name, text]) => {
      const unit = known.get(name)?.unit ?? "1";
      return [name, unit !== "1" && text.endsWith(unit) ? text.slice(0, -unit.length).trim() : text];
    }),
  );
  const plain = new Map(
    [...known].map(([name, { choices }]) => [name, { unit: "1", ...(choices && { choices }) }]),
  );
  const moves = parseAssignments(amounts, plain, "--max-move");
  return Object.fromEntries(Object.entries(moves).map(([name, value]) => [name, Number(value)]));
}
