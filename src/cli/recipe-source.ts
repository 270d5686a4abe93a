import type { Campaign } from "../campaign/campaign.js";
import { CellwrightError, type Problem } from "../errors.js";
import type { RecipeProvenance } from "../process/proposal.js";
import type { Settings } from "../space/parameter.js";
import { version } from "../version.js";
import {
  assignableContext,
  assignableParameters,
  parseAssignments,
  splitAssignments,
} from "./assignments.js";

/** What a recipe is made from: complete settings that keep the campaign's constraints. */
export interface RecipeSource {
  readonly campaign: Campaign;
  /** For file names and titles. */
  readonly name: string;
  /** Parameters and context that are known. */
  readonly values: Settings;
  readonly provenance: RecipeProvenance;
}

/**
 * The settings of a trial or of `--set`, with the campaign's context where neither says.
 *
 * @throws CellwrightError USAGE, TRIAL_UNKNOWN, or INVALID_OPTION with every constraint that they break.
 */
export function recipeSource(
  campaign: Campaign,
  options: { readonly trial?: string; readonly set?: readonly string[] },
  now: Date,
): RecipeSource {
  if (campaign.process === undefined)
    throw new CellwrightError(
      "USAGE",
      "The campaign states no process: recipes are known for calendering and formation.",
    );
  const values = { ...contextValues(campaign), ...settingsOf(campaign, options) };
  requireConstraints(campaign, values);
  const names = [...campaign.space.parameters, ...campaign.space.context];
  return {
    campaign,
    name: `${campaign.name}${options.trial === undefined ? "" : `-${options.trial}`}`,
    values,
    provenance: {
      software: `cellwright ${version}`,
      campaign: campaign.name,
      campaignHash: campaign.hash,
      ...(options.trial === undefined ? {} : { trial: options.trial }),
      createdAt: `${now.toISOString().slice(0, 19)}Z`,
      settings: Object.fromEntries(
        names.flatMap(({ name, unit }) =>
          values[name] === undefined ? [] : [[name, { value: values[name], unit }]],
        ),
      ),
    },
  };
}

function contextValues(campaign: Campaign): Settings {
  return Object.fromEntries(
    campaign.space.context.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );
}

function settingsOf(
  campaign: Campaign,
  { trial: id, set = [] }: { readonly trial?: string; readonly set?: readonly string[] },
): Settings {
  if ((id === undefined) === (set.length === 0))
    throw new CellwrightError(
      "USAGE",
      "Say what the recipe is for: either --trial ID, or every setting by --set name=value.",
    );
  if (id !== undefined) {
    const trial = campaign.trials.find((t) => t.id === id);
    if (trial !== undefined) return { ...trial.context, ...trial.parameters };
    const open = campaign.trials.filter((t) => t.status === "suggested" || t.status === "running");
    const known = open.length === 0 ? "None is open." : `Open trials: ${open.map((t) => t.id).join(", ")}.`;
    throw new CellwrightError("TRIAL_UNKNOWN", `There is no trial "${id}". ${known}`);
  }
  const names = new Map([...assignableContext(campaign), ...assignableParameters(campaign)]);
  const settings = parseAssignments(splitAssignments(set, "--set"), names, "--set");
  const missing = campaign.space.parameters.map((p) => p.name).filter((name) => settings[name] === undefined);
  if (missing.length === 0) return settings;
  throw new CellwrightError(
    "USAGE",
    `A recipe needs every setting of the campaign; missing: ${missing.join(", ")}.`,
  );
}

/** Bounds and steps are for suggestions; constraints and safety limits hold for every recipe. */
function requireConstraints(campaign: Campaign, values: Settings): void {
  const numbers = Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
  const problems = campaign.space.constraints.flatMap(({ name, source, reason, expression }): Problem[] => {
    if (!expression.names.every((n) => Number.isFinite(numbers[n]))) return [];
    if (expression.evaluate(numbers) >= -1e-9) return [];
    const found = expression.names.map((n) => `${n} = ${numbers[n]}`).join(", ");
    return [{ where: name, found, expected: source, ...(reason === undefined ? {} : { remedy: reason }) }];
  });
  if (problems.length > 0)
    throw new CellwrightError("INVALID_OPTION", "These settings break constraints; no recipe was made.", {
      problems,
    });
}
