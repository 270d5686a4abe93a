import { CellwrightError, type Problem } from "../../../errors.js";
import { compileExpression } from "../../../space/expression.js";
import type { SafetyLimit } from "../../../space/knowledge.js";
import { convert } from "../../../units.js";
import type { CellChemistry } from "../chemistries.js";
import { FAMILY_PARAMETERS, type FamilyNames } from "../family-names.js";
import { patentedFamilies } from "../patented-families.js";
import {
  familyDefaults,
  formationProtocol,
  PROTOCOL_UNITS,
  type ProtocolParameterName,
  type ProtocolParameters,
} from "../protocol-family.js";
import type { Protocol } from "../protocol.js";
import { type CellRating, formationLimits } from "../safety-limits.js";

/** Rounding of settings to what is printed must not look like a crossed limit. */
const TOLERANCE = 1e-9;

export interface CampaignProtocolOptions {
  /** Settings and states by the campaign's names, in its units. */
  readonly values: Readonly<Record<string, number>>;
  /** Parameters of the family under the campaign's names. */
  readonly family: FamilyNames;
  readonly chemistry?: CellChemistry;
  readonly cell: CellRating;
  /** Names of the limits that the campaign replaced with a reason; it answers for them. */
  readonly replacedLimits: ReadonlySet<string>;
}

/** A protocol that may be exported, its parameters, and what must be said with it. */
export interface CampaignProtocol {
  readonly protocol: Protocol;
  readonly parameters: ProtocolParameters;
  readonly notes: readonly string[];
}

/**
 * The protocol that a campaign's settings stand for; what they leave out takes the family's defaults.
 *
 * @throws CellwrightError INVALID_OPTION with every limit of chemistry and cell that it crosses, or every parameter
 * out of order.
 */
export function campaignProtocol(options: CampaignProtocolOptions): CampaignProtocol {
  const { values, family, chemistry, cell } = options;
  const window = {
    upperVoltageV: Math.min(cell.upperVoltageV, chemistry?.upperVoltageV ?? Infinity),
    lowerVoltageV: Math.max(cell.lowerVoltageV, chemistry?.lowerVoltageV ?? -Infinity),
  };
  const defaults = familyDefaults(window);
  const assumed: string[] = [];
  const read = (parameter: ProtocolParameterName): number => {
    const name = family.of(parameter);
    const value = name === undefined ? undefined : values[name];
    if (value !== undefined) return convert(value, family.unitOf(parameter), PROTOCOL_UNITS[parameter]);
    assumed.push(`${parameter} ${Number(defaults[parameter].toPrecision(12))}`);
    return defaults[parameter];
  };
  const parameters = Object.fromEntries(
    FAMILY_PARAMETERS.map((parameter) => [parameter, read(parameter)]),
  ) as unknown as ProtocolParameters;
  const protocol = formationProtocol(parameters);
  const problems = limitProblems(parameters, options);
  if (problems.length > 0) {
    throw new CellwrightError("INVALID_OPTION", "This protocol crosses limits; no recipe was made.", {
      problems,
    });
  }
  return {
    protocol,
    parameters,
    notes: [
      ...(assumed.length === 0
        ? []
        : [`Not set by the campaign, taken from the family: ${assumed.join(", ")}.`]),
      ...(chemistry === undefined ? ["The chemistry is unknown: only the cell's rating was checked."] : []),
      ...patentedFamilies(parameters).map(
        ({ patent, family: kind }) =>
          `Looks like a patented family: ${patent} (${kind}). Have it checked before production.`,
      ),
    ],
  };
}

/** Limits hold for every parameter of the family, also for those that the campaign leaves to the defaults. */
function limitProblems(parameters: ProtocolParameters, options: CampaignProtocolOptions): Problem[] {
  const { family, chemistry, cell, replacedLimits } = options;
  const all: FamilyNames = {
    of: (parameter) => family.of(parameter) ?? parameter,
    unitOf: (parameter) => family.unitOf(parameter),
  };
  const units = new Map(FAMILY_PARAMETERS.map((p) => [all.of(p)!, all.unitOf(p)] as const));
  const values = Object.fromEntries(
    FAMILY_PARAMETERS.map((p) => [all.of(p)!, convert(parameters[p], PROTOCOL_UNITS[p], all.unitOf(p))]),
  );
  const unused = parameters.n_shallow_cycles === 0 ? all.of("v_lower_shallow") : undefined;
  return formationLimits(chemistry, cell, all)
    .filter((limit) => !replacedLimits.has(limit.name))
    .flatMap((limit) => problemOf(limit, units, values, unused));
}

function problemOf(
  { name, expression, reason, source }: SafetyLimit,
  units: ReadonlyMap<string, string>,
  values: Readonly<Record<string, number>>,
  unused: string | undefined,
): Problem[] {
  const compiled = compileExpression(expression, { names: units, kind: "comparison" });
  if (unused !== undefined && compiled.names.includes(unused)) return [];
  if (compiled.evaluate(values) >= -TOLERANCE) return [];
  const found = compiled.names.map((n) => `${n} = ${Number(values[n]!.toPrecision(12))}`).join(", ");
  return [{ where: name, found, expected: expression, remedy: `${reason} (${source})` }];
}
