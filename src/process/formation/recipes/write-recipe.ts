import { CellwrightError } from "../../../errors.js";
import { canonicalJson } from "../../../math/canonical-json.js";
import { expandActions, type Recipe, type RecipePhase, type SafetyWindow } from "./recipe.js";
import type { RecipeFormat } from "./recipe-format.js";
import { sealHolds, sealText } from "../../seal-text.js";

/** A file of a recipe; `part` tells several files of one recipe apart. */
export interface RecipeFile {
  readonly part: string | null;
  readonly text: string;
}

/**
 * The files of a recipe in one format, each with its checksum. Every file has been read back and compared step by step
 * before it is handed out.
 *
 * @throws CellwrightError INTERNAL if what was read back differs: nothing of it may reach a cycler.
 */
export function writeRecipe(recipe: Recipe, format: RecipeFormat): readonly RecipeFile[] {
  const parts: (readonly RecipePhase[])[] = format.split
    ? recipe.phases.map((phase) => [phase])
    : [recipe.phases];
  return parts.map((phases) => {
    const text = sealText(format.write(recipe, phases));
    requireSame(text, recipe, phases, format);
    const part = parts.length === 1 ? null : `${recipe.phases.indexOf(phases[0]!) + 1}-${phases[0]!.name}`;
    return { part, text };
  });
}

/** What differs between phases and a text that should hold them, or null. */
export function recipeDifference(
  text: string,
  recipe: Recipe,
  phases: readonly RecipePhase[],
  format: RecipeFormat,
): string | null {
  const read = format.read(text, recipe);
  const written = phases.flatMap(({ actions }) => expandActions(actions));
  const found = read.flatMap(({ actions }) => actions);
  if (written.length !== found.length) return `${found.length} steps instead of ${written.length}`;
  const at = written.findIndex((action, i) => canonicalJson(action) !== canonicalJson(found[i]));
  if (at >= 0)
    return `step ${at + 1}: ${JSON.stringify(found[at])} instead of ${JSON.stringify(written[at])}`;
  if (format.carries.length === 0) return null;
  if (read.length !== phases.length) return `${read.length} safety windows instead of ${phases.length}`;
  for (const [i, { window }] of phases.entries()) {
    const wrong = format.carries.find((part) => read[i]!.window[part] !== window[part]);
    if (wrong !== undefined) return windowDifference(wrong, read[i]!.window, window);
  }
  return null;
}

const windowDifference = (
  part: keyof SafetyWindow,
  found: Partial<SafetyWindow>,
  written: SafetyWindow,
): string => `${part} ${found[part] ?? "missing"} instead of ${written[part]}`;

function requireSame(
  text: string,
  recipe: Recipe,
  phases: readonly RecipePhase[],
  format: RecipeFormat,
): void {
  const difference = sealHolds(text)
    ? recipeDifference(text, recipe, phases, format)
    : "the checksum does not hold";
  if (difference === null) return;
  throw new CellwrightError(
    "INTERNAL",
    `The ${format.title} was read back and differs (${difference}); nothing was written.`,
  );
}
