import { CellwrightError } from "../../../errors.js";
import { PROPOSAL, type RecipeProvenance } from "../../proposal.js";
import { UNSEALED } from "../../seal-text.js";
import { printSheet, sheetTable } from "../../sheet-html.js";
import { child, descend, parseXml } from "../../xml.js";

/** One setting of the line with the range that the campaign allows. */
export interface CalenderSetting {
  readonly name: string;
  readonly unit: string;
  readonly value: number | string;
  /** Bounds, steps or choices of the campaign, in words: `25 to 120`. */
  readonly allowed: string;
}

/** Settings of one calendering run. */
export interface CalenderRecipe {
  readonly name: string;
  readonly settings: readonly CalenderSetting[];
  readonly provenance: RecipeProvenance;
  readonly notes: readonly string[];
}

/** How settings of a calender are written and read back. */
export interface CalenderFormat {
  readonly name: "isa88" | "sheet";
  readonly title: string;
  readonly extension: string;
  write(recipe: CalenderRecipe): string;
  read(text: string): readonly CalenderSetting[];
}

interface FormulaParameter {
  readonly id: string;
  readonly value: number | string;
  readonly unit: string;
  readonly allowed: string;
}

/**
 * The formula of a control recipe: the process inputs and parameters of ISA-88 (IEC 61512-1, 6.1.3), in plain JSON.
 * The names of the fields are ours: no schema of B2MML is claimed.
 */
const ISA88: CalenderFormat = {
  name: "isa88",
  title: "ISA-88-style formula (JSON)",
  extension: "json",
  write: ({ name, settings, provenance, notes }) =>
    `${JSON.stringify(
      {
        notice: PROPOSAL,
        checksum: UNSEALED,
        recipe: { level: "control", name, procedure: "calendering" },
        formula: {
          processParameters: settings.map(
            (s): FormulaParameter => ({ id: s.name, value: s.value, unit: s.unit, allowed: s.allowed }),
          ),
        },
        provenance,
        notes,
      },
      null,
      2,
    )}\n`,
  read(text) {
    const { formula } = JSON.parse(text) as {
      readonly formula?: { readonly processParameters?: readonly FormulaParameter[] };
    };
    if (formula?.processParameters === undefined)
      throw new CellwrightError("DATA_INVALID", "This JSON has no formula.");
    return formula.processParameters.map(({ id, value, unit, allowed }) => ({
      name: id,
      unit,
      value,
      allowed,
    }));
  },
};

const SHEET: CalenderFormat = {
  name: "sheet",
  title: "printable sheet (HTML)",
  extension: "html",
  write: (recipe) =>
    printSheet({
      title: `Calendering settings ${recipe.name}`,
      notice: PROPOSAL,
      checksum: UNSEALED,
      facts: [
        ["Campaign", recipe.provenance.campaign],
        ...(recipe.provenance.trial === undefined ? [] : [["Trial", recipe.provenance.trial] as const]),
        ["Made at", recipe.provenance.createdAt],
      ],
      tables: [
        sheetTable(
          "settings",
          "Settings",
          ["setting", "unit", "set to", "allowed", "done"],
          recipe.settings.map((s) => [s.name, s.unit, s.value, s.allowed, ""]),
        ),
      ],
      notes: recipe.notes,
    }),
  read(text) {
    const tables = descend(parseXml(text), "body")?.children ?? [];
    const table = tables.find(({ attributes }) => attributes["class"] === "settings");
    if (table === undefined) throw new CellwrightError("DATA_INVALID", "This page has no settings.");
    return (child(table, "tbody")?.children ?? []).map((row) => {
      const [name, unit, value, allowed] = row.children.map((cell) => cell.text);
      const amount = Number(value);
      return {
        name: name!,
        unit: unit!,
        value: value === "" || Number.isNaN(amount) ? value! : amount,
        allowed: allowed!,
      };
    });
  },
};

export const CALENDER_FORMATS: readonly CalenderFormat[] = [SHEET, ISA88];
