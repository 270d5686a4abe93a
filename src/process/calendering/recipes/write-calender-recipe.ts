import { CellwrightError } from "../../../errors.js";
import { canonicalJson } from "../../../math/canonical-json.js";
import { sealHolds, sealText } from "../../seal-text.js";
import type { CalenderFormat, CalenderRecipe } from "./calender-recipe.js";

/**
 * The text of calender settings with its checksum, read back and compared before it is handed out.
 *
 * @throws CellwrightError INTERNAL if what was read back differs.
 */
export function writeCalenderRecipe(recipe: CalenderRecipe, format: CalenderFormat): string {
  const text = sealText(format.write(recipe));
  const same = canonicalJson(format.read(text)) === canonicalJson(recipe.settings);
  if (same && sealHolds(text)) return text;
  throw new CellwrightError(
    "INTERNAL",
    `The ${format.title} was read back and differs; nothing was written.`,
  );
}
