import { CellwrightError } from "../../../errors.js";
import { PROPOSAL } from "../../proposal.js";
import {
  type ReadPhase,
  type Recipe,
  type RecipeAction,
  type RecipePhase,
  type RecipeRepeat,
} from "./recipe.js";
import { explanation, type RecipeFormat } from "./recipe-format.js";
import { UNSEALED } from "../../seal-text.js";
import { printSheet, sheetTable } from "../../sheet-html.js";
import { child, descend, parseXml, type XmlElement } from "../../xml.js";

/** A page to print, check and sign: every step with its end and its guard. */
export const SHEET: RecipeFormat = {
  name: "sheet",
  title: "printable sheet (HTML)",
  extension: "html",
  split: false,
  carries: ["minVolts", "maxVolts", "maxMilliamps", "maxMilliampHours", "maxTemperatureC", "delaySeconds"],
  standing: "for people; read back by Cellwright",
  write: (recipe, phases) =>
    printSheet({
      title: `Formation recipe ${recipe.name}`,
      notice: PROPOSAL,
      checksum: UNSEALED,
      facts: facts(recipe),
      tables: phases.flatMap((phase, i) => tables(phase, i)),
      notes: explanation(recipe, phases, SHEET),
    }),
  read(text) {
    const body = descend(parseXml(text), "body");
    const found = body?.children.filter(({ name }) => name === "table") ?? [];
    const steps = found.filter(({ attributes }) => attributes["class"] === "steps");
    const windows = found.filter(({ attributes }) => attributes["class"] === "window");
    if (steps.length === 0 || steps.length !== windows.length)
      throw new CellwrightError("DATA_INVALID", "This page has no steps of a recipe.");
    return steps.map((table, i) => readPhase(rowsOf(table), rowsOf(windows[i]!)));
  },
};

function facts(recipe: Recipe): readonly (readonly [string, string])[] {
  const { campaign, trial, createdAt, settings } = recipe.provenance;
  return [
    ["Campaign", campaign],
    ...(trial === undefined ? [] : [["Trial", trial] as const]),
    ["Made at", createdAt],
    ["Cell", `${recipe.lowerVolts} to ${recipe.upperVolts} V, ${recipe.capacityMilliampHours} mAh`],
    ["Chamber", `${recipe.temperatureC} degC`],
    ["Record", `every ${recipe.record.seconds} s and every ${recipe.record.volts} V`],
    ...Object.entries(settings).map(
      ([name, { value, unit }]) => [name, `${value}${unit === "1" ? "" : ` ${unit}`}`] as const,
    ),
  ];
}

function tables(phase: RecipePhase, index: number): readonly string[] {
  const { window } = phase;
  const caption = `Phase ${index + 1}: ${phase.name}`;
  return [
    sheetTable(
      "window",
      `${caption}: stop the test`,
      ["below V", "above V", "beyond mA", "beyond mAh", "above degC", "after s"],
      [
        [
          window.minVolts,
          window.maxVolts,
          window.maxMilliamps,
          window.maxMilliampHours,
          window.maxTemperatureC,
          window.delaySeconds,
        ],
      ],
    ),
    sheetTable(
      "steps",
      `${caption}: steps`,
      ["step", "what", "mA", "V", "until mA", "at most s", "at most h", "done"],
      phase.actions.flatMap((action, i) => rows(action, String(i + 1))),
    ),
  ];
}

type Cells = readonly (string | number)[];

function rows(action: RecipeAction | RecipeRepeat, number: string): Cells[] {
  const row = (
    what: string,
    milliamps: Cells[number],
    volts: Cells[number],
    end: Cells[number],
    s: number,
  ): Cells[] => [[number, what, milliamps, volts, end, s, Number((s / 3600).toPrecision(4)), ""]];
  switch (action.kind) {
    case "repeat":
      return [
        [number, `repeat ${action.actions.length} steps, times in total:`, action.times, "", "", "", "", ""],
        ...action.actions.flatMap((inner, i) => rows(inner, `${number}.${i + 1}`)),
      ];
    case "rest":
      return row("rest", "", "", "", action.seconds);
    case "current":
      return row(
        action.milliamps > 0 ? "charge" : "discharge",
        Math.abs(action.milliamps),
        action.untilVolts,
        "",
        action.guardSeconds,
      );
    case "hold":
      return row("hold", "", action.volts, action.untilMilliamps ?? "", action.seconds);
  }
}

const rowsOf = (table: XmlElement): readonly (readonly string[])[] =>
  (child(table, "tbody")?.children ?? []).map((row) => row.children.map(({ text }) => text));

function readPhase(
  steps: readonly (readonly string[])[],
  windows: readonly (readonly string[])[],
): ReadPhase {
  const [minVolts, maxVolts, maxMilliamps, maxMilliampHours, maxTemperatureC, delaySeconds] = windows[0]!.map(
    Number,
  ) as [number, number, number, number, number, number];
  const actions: RecipeAction[] = [];
  for (let i = 0; i < steps.length; i++) {
    const [, what, amount] = steps[i]!;
    const count = /^repeat (\d+) steps/u.exec(what ?? "")?.[1];
    if (count === undefined) {
      actions.push(readRow(steps[i]!));
      continue;
    }
    const body = steps.slice(i + 1, i + 1 + Number(count)).map(readRow);
    for (let time = 0; time < Number(amount); time++) actions.push(...body);
    i += Number(count);
  }
  return {
    actions,
    window: { minVolts, maxVolts, maxMilliamps, maxMilliampHours, maxTemperatureC, delaySeconds },
  };
}

function readRow([, what, milliamps, volts, end, seconds]: readonly string[]): RecipeAction {
  if (what === "rest") return { kind: "rest", seconds: Number(seconds) };
  if (what === "hold") {
    const until = end === "" ? {} : { untilMilliamps: Number(end) };
    return { kind: "hold", volts: Number(volts), ...until, seconds: Number(seconds) };
  }
  const size = Number(milliamps);
  return {
    kind: "current",
    milliamps: what === "charge" ? size : -size,
    untilVolts: Number(volts),
    guardSeconds: Number(seconds),
  };
}
