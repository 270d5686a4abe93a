import type { Problem } from "../errors.js";
import { quoted } from "./quoted.js";

/** What is read of a cycler's file. */
export type CyclerQuantity = "time" | "stepTime" | "current" | "voltage" | "state" | "step";

/** Where a quantity stands and in which unit; `clock` for 12:34:56. */
export interface CyclerColumn {
  readonly index: number;
  readonly title: string;
  readonly unit: string;
}

/** The columns of one file, and whose file it is. */
export interface CyclerColumns {
  readonly dialect: string;
  readonly delimiter: "," | ";" | "\t";
  readonly width: number;
  readonly columns: Readonly<Partial<Record<CyclerQuantity, CyclerColumn>>>;
}

interface Dialect {
  readonly name: string;
  /** The first pattern that fits a title wins; its group `unit` is the unit, else the one beside it. */
  readonly patterns: Readonly<
    Partial<Record<CyclerQuantity, readonly (readonly [pattern: RegExp, unit: string])[]>>
  >;
}

/**
 * How public descriptions write the headers: the Battery Data Format's preferred and machine names; Neware BTSDA, Arbin
 * MITS Pro, Maccor and BioLogic EC-Lab text exports as open readers of them (cellpy, beep, galvani) list them.
 */
const DIALECTS: readonly Dialect[] = [
  {
    name: "Battery Data Format",
    patterns: {
      time: [
        [/^test time \/ (?<unit>s)$/iu, "s"],
        [/^test_time_second$/iu, "s"],
      ],
      current: [
        [/^current \/ (?<unit>[mu]?a)$/iu, "A"],
        [/^current_ampere$/iu, "A"],
      ],
      voltage: [
        [/^voltage \/ (?<unit>m?v)$/iu, "V"],
        [/^voltage_volt$/iu, "V"],
      ],
      step: [[/^step (?:id|count|index) \/ 1$|^step_(?:id|count|index)$/iu, "1"]],
    },
  },
  {
    name: "BioLogic",
    patterns: {
      time: [[/^time\/(?<unit>s|h)$/iu, "s"]],
      current: [
        [/^i\/(?<unit>[mu]?a)$/iu, "A"],
        [/^<i>\/(?<unit>[mu]?a)$/iu, "A"],
      ],
      voltage: [
        [/^ewe-ece\/(?<unit>m?v)$/iu, "V"],
        [/^(?:ewe|ecell)\/(?<unit>m?v)$/iu, "V"],
        [/^<ewe>\/(?<unit>m?v)$/iu, "V"],
      ],
      step: [[/^ns$/iu, "1"]],
    },
  },
  {
    name: "Arbin",
    patterns: {
      time: [[/^test[_ ]time ?\((?<unit>s|sec|min|h)\)$/iu, "s"]],
      current: [[/^current ?\((?<unit>[mu]?a)\)$/iu, "A"]],
      voltage: [[/^voltage ?\((?<unit>m?v)\)$/iu, "V"]],
      step: [[/^step[_ ]index$/iu, "1"]],
    },
  },
  {
    name: "Maccor",
    patterns: {
      time: [
        [/^test(?:time)? ?\((?<unit>s|sec|min|hr|h)\)$/iu, "s"],
        [/^test ?time$/iu, "clock"],
      ],
      current: [
        [/^amps$/iu, "A"],
        [/^current ?\((?<unit>[mu]?a)\)$/iu, "A"],
      ],
      voltage: [
        [/^volts$/iu, "V"],
        [/^voltage ?\((?<unit>m?v)\)$/iu, "V"],
      ],
      state: [[/^(?:state|md)$/iu, "1"]],
      step: [[/^step$/iu, "1"]],
    },
  },
  {
    name: "Neware",
    patterns: {
      time: [[/^total time(?: ?\((?<unit>[^)]*)\))?$/iu, "clock"]],
      stepTime: [[/^(?:relative )?time(?: ?\((?<unit>[^)]*)\))?$/iu, "clock"]],
      current: [[/^cur(?:rent)? ?\((?<unit>[mu]?a)\)$/iu, "A"]],
      voltage: [[/^volt(?:age)? ?\((?<unit>m?v)\)$/iu, "V"]],
      state: [[/^(?:step type|step name|status|state)$/iu, "1"]],
      step: [[/^step(?: id| index)?$/iu, "1"]],
    },
  },
];

/** Names of the kinds of files that are understood. */
export const CYCLER_DIALECTS: readonly string[] = DIALECTS.map(({ name }) => name);

const UNITS: Readonly<Record<string, string>> = {
  a: "A",
  ma: "mA",
  ua: "uA",
  v: "V",
  mv: "mV",
  s: "s",
  sec: "s",
  min: "min",
  h: "h",
  hr: "h",
};
const DELIMITERS = ["\t", ";", ","] as const;

/** The cells of a line; quotes are taken away, doubled quotes inside become one. */
export function splitLine(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const cells: string[] = [];
  let [cell, inQuotes] = ["", false];
  for (let i = 0; i < line.length; i++) {
    const character = line[i]!;
    if (character === '"') {
      if (inQuotes && line[i + 1] === '"') cell += line[++i]!;
      else inQuotes = !inQuotes;
    } else if (character === delimiter && !inQuotes) {
      cells.push(cell);
      cell = "";
    } else cell += character;
  }
  return [...cells, cell];
}

/** The columns that a line of titles names; null if it is no header; a problem where a quantity is named twice. */
export function matchCyclerHeader(line: string): CyclerColumns | Problem | null {
  for (const delimiter of DELIMITERS) {
    if (!line.includes(delimiter)) continue;
    const titles = splitLine(line, delimiter).map(plainTitle);
    for (const dialect of DIALECTS) {
      const found = matchDialect(titles, dialect);
      if (found === null) continue;
      if ("where" in found) return found;
      return { dialect: dialect.name, delimiter, width: titles.length, columns: found };
    }
  }
  return null;
}

/** Micro signs in any encoding become u. */
const plainTitle = (title: string): string =>
  title
    .replaceAll(/Â?µ|Î¼|μ/gu, "u")
    .replaceAll(/\s+/gu, " ")
    .trim();

function matchDialect(titles: readonly string[], { name, patterns }: Dialect) {
  const columns: Partial<Record<CyclerQuantity, CyclerColumn>> = {};
  const problems: Problem[] = [];
  for (const [quantity, tried] of Object.entries(patterns) as [
    CyclerQuantity,
    readonly [RegExp, string][],
  ][]) {
    for (const [pattern, unit] of tried) {
      const hits = titles.flatMap((title, index) => {
        const match = pattern.exec(title);
        return match === null ? [] : [{ index, title, unit: unitOf(match.groups?.["unit"], unit) }];
      });
      if (hits[0] === undefined) continue;
      if (hits.length > 1) problems.push(twice(quantity, name, hits));
      columns[quantity] = hits[0];
      break;
    }
  }
  const time = columns.time ?? columns.stepTime;
  if (time === undefined || columns.current === undefined || columns.voltage === undefined) return null;
  return problems[0] ?? columns;
}

const unitOf = (found: string | undefined, otherwise: string): string =>
  found === undefined ? otherwise : (UNITS[found.toLowerCase()] ?? "clock");

const twice = (quantity: string, dialect: string, hits: readonly CyclerColumn[]): Problem => ({
  where: "header",
  found: `${quantity} in ${hits.length} columns of a ${dialect} file: ${hits.map(({ title }) => quoted(title)).join(", ")}`,
  expected: "one column for each quantity, in one unit",
  remedy: "Export it once, or take the other columns out.",
});
