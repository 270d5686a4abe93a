import { ARBIN } from "./arbin.js";
import { BATTINFO } from "./battinfo.js";
import { BIOLOGIC } from "./biologic.js";
import { MACCOR } from "./maccor.js";
import { NEWARE } from "./neware.js";
import { PYBAMM } from "./pybamm.js";
import type { RecipeFormat } from "./recipe-format.js";
import { SHEET } from "./sheet.js";
import { UNICYCLER } from "./unicycler.js";

/** Every form of a formation recipe, the canonical one first. */
export const RECIPE_FORMATS: readonly RecipeFormat[] = [
  BATTINFO,
  UNICYCLER,
  NEWARE,
  BIOLOGIC,
  MACCOR,
  ARBIN,
  PYBAMM,
  SHEET,
];
