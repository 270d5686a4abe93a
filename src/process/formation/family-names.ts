import { PROTOCOL_UNITS, type ProtocolParameterName } from "./protocol-family.js";

/** Which parameter or context of a campaign stands for which parameter of the protocol family, and in which unit. */
export interface FamilyNames {
  /** The campaign's name, or undefined where it has none. */
  of(parameter: ProtocolParameterName): string | undefined;
  /** Unit of the campaign's values, the family's own where the campaign states none. */
  unitOf(parameter: ProtocolParameterName): string;
}

/** All parameters of the family. */
export const FAMILY_PARAMETERS = Object.keys(PROTOCOL_UNITS) as readonly ProtocolParameterName[];

export function isFamilyParameter(name: string): name is ProtocolParameterName {
  return Object.hasOwn(PROTOCOL_UNITS, name);
}

/**
 * Finds the family's parameters among a campaign's names: by the file's `protocol:` (campaign's name to family's), else
 * by the family's own name.
 */
export function familyNames(options: {
  readonly names: ReadonlySet<string>;
  readonly units?: ReadonlyMap<string, string>;
  readonly protocol?: ReadonlyMap<string, string>;
}): FamilyNames {
  const mapped = new Map([...(options.protocol ?? [])].map(([own, family]) => [family, own]));
  const of = (parameter: ProtocolParameterName): string | undefined =>
    mapped.get(parameter) ?? (options.names.has(parameter) ? parameter : undefined);
  return {
    of,
    unitOf(parameter) {
      const name = of(parameter);
      return (name === undefined ? undefined : options.units?.get(name)) ?? PROTOCOL_UNITS[parameter];
    },
  };
}
