import type { CalenderRecipe } from "../process/calendering/recipes/calender-recipe.js";
import type { Parameter } from "../space/parameter.js";
import type { RecipeSource } from "./recipe-source.js";

/** The settings of a calendering campaign with the range that it allows for each. */
export function calenderRecipeOf({ campaign, name, values, provenance }: RecipeSource): CalenderRecipe {
  return {
    name,
    settings: campaign.space.parameters.map((parameter) => ({
      name: parameter.name,
      unit: parameter.unit,
      value: values[parameter.name]!,
      allowed: allowed(parameter),
    })),
    provenance,
    notes: [...campaign.limitChanges, ...(campaign.knowledge?.notes ?? [])],
  };
}

function allowed(parameter: Parameter): string {
  switch (parameter.kind) {
    case "continuous":
    case "integer":
      return `${parameter.min} to ${parameter.max}`;
    case "discrete":
      return parameter.values.join(", ");
    case "categorical":
      return parameter.choices.join(", ");
  }
}
