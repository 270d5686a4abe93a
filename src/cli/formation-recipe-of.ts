import { CellwrightError } from "../errors.js";
import { findChemistry } from "../process/formation/chemistries.js";
import { familyNames } from "../process/formation/family-names.js";
import { buildRecipe } from "../process/formation/recipes/build-recipe.js";
import { campaignProtocol } from "../process/formation/recipes/campaign-protocol.js";
import type { Recipe } from "../process/formation/recipes/recipe.js";
import type { RecipeSource } from "./recipe-source.js";

/**
 * The formation recipe of a campaign's settings, inside the limits of its chemistry and cell.
 *
 * @throws CellwrightError CAMPAIGN_INVALID without the cell's rating; INVALID_OPTION with every limit that is crossed.
 */
export function formationRecipeOf({ campaign, name, values, provenance }: RecipeSource): Recipe {
  const { spec } = campaign;
  if (spec.cell === undefined) {
    throw new CellwrightError("CAMPAIGN_INVALID", "No formation recipe is made without the cell's rating.", {
      problems: [
        {
          where: "cell",
          found: "nothing",
          expected: "the cell's rating before any formation recipe",
          remedy: "Add cell: { upper_voltage: …, lower_voltage: …, capacity: … }.",
        },
      ],
    });
  }
  const cell = {
    upperVoltageV: spec.cell.upper_voltage,
    lowerVoltageV: spec.cell.lower_voltage,
    capacityAh: spec.cell.capacity,
  };
  const columns = [...campaign.space.parameters, ...campaign.space.context];
  const chemistry = spec.chemistry === undefined ? undefined : findChemistry(spec.chemistry);
  const { protocol, notes } = campaignProtocol({
    values: Object.fromEntries(
      Object.entries(values).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
    ),
    family: familyNames({
      names: new Set(columns.map((column) => column.name)),
      units: new Map(columns.map((column) => [column.name, column.unit])),
      protocol: new Map(Object.entries(spec.protocol ?? {})),
    }),
    ...(chemistry === undefined ? {} : { chemistry }),
    cell,
    replacedLimits: new Set(
      campaign.constraints.flatMap((c) => (c.origin === "replaced-safety" ? [c.name!] : [])),
    ),
  });
  return buildRecipe({ name, protocol, cell, provenance, notes: [...campaign.limitChanges, ...notes] });
}
