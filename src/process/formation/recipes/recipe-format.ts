import type { ReadPhase, Recipe, RecipePhase, SafetyWindow } from "./recipe.js";

/** How one kind of file is written and read back. */
export interface RecipeFormat {
  readonly name: string;
  readonly title: string;
  readonly extension: string;
  /** Whether each phase is a file of its own, because the format has one safety window for the whole test. */
  readonly split: boolean;
  /** Parts of the safety window that the file holds; the others are to be set by hand. */
  readonly carries: readonly (keyof SafetyWindow)[];
  /** What was checked, and by whom. */
  readonly standing: string;
  /** The text of some phases (one where `split`), with `UNSEALED` in the place of the checksum. */
  write(recipe: Recipe, phases: readonly RecipePhase[]): string;
  /** @throws CellwrightError DATA_INVALID if it is no such file. */
  read(text: string, recipe: Pick<Recipe, "capacityMilliampHours">): readonly ReadPhase[];
}

/** Lines of plain ASCII that explain a file to its reader: what it is, of whom, and what it does not hold. */
export function explanation(recipe: Recipe, phases: readonly RecipePhase[], format: RecipeFormat): string[] {
  const { software, campaign, trial } = recipe.provenance;
  const missing = MISSING.filter(([part]) => !format.carries.includes(part)).map(([, words]) => words);
  const part =
    phases.length < recipe.phases.length
      ? [
          `Part ${recipe.phases.indexOf(phases[0]!) + 1} of ${recipe.phases.length} (${phases[0]!.name}): start part 2 as soon as part 1 has ended.`,
        ]
      : [];
  return [
    ...part,
    `Proposed by ${software} for campaign ${campaign}${trial === undefined ? "" : `, trial ${trial}`}.`,
    `Chamber: ${recipe.temperatureC} degC, to be set by hand.`,
    ...(missing.length === 0 ? [] : [`Not in this file, to be set on the cycler: ${missing.join(", ")}.`]),
    `Standing of this format: ${format.standing}.`,
    ...recipe.notes,
  ].map(ascii);
}

const MISSING = [
  ["minVolts", "lowest voltage"],
  ["maxVolts", "highest voltage"],
  ["maxMilliamps", "current limit"],
  ["maxMilliampHours", "capacity limit"],
  ["maxTemperatureC", "temperature limit"],
] as const satisfies readonly (readonly [keyof SafetyWindow, string])[];

const PLAIN: Readonly<Record<string, string>> = {
  "–": "-",
  "—": "-",
  "−": "-",
  "°": "deg",
  µ: "u",
  "…": "...",
};

/** Cycler programs read code pages of their own: everything is written in ASCII. */
export const ascii = (text: string): string =>
  text.replaceAll(/[^ -~]/gu, (character) => PLAIN[character] ?? "?");
