import type { ProtocolParameters } from "./protocol-family.js";

/** A patent whose claims a protocol may fall under; what a claim covers is for a lawyer to say. */
export interface PatentedFamily {
  readonly patent: string;
  readonly family: string;
}

const SHALLOW: PatentedFamily = {
  patent: "US 10,910,628",
  family:
    "a charge at .5 to 1.5C to 80–90 % of the upper voltage, then .2 to .5C to 97–100 % of it, and repeated shallow cycles between the two",
};
const SLOW_THEN_FAST: PatentedFamily = {
  patent: "US 9,276,293",
  family: "a slow rate until the voltage at which the SEI is formed, a faster one afterwards",
};

/** Patented families that a protocol looks like: a note for the user, never a judgement. */
export function patentedFamilies(p: ProtocolParameters): readonly PatentedFamily[] {
  const found: PatentedFamily[] = [];
  const between = (value: number, low: number, high: number): boolean => value >= low && value <= high;
  const first = between(p.c_rate_cc1, 0.5, 1.5) && between(p.v_cutoff_cc1 / p.v_cutoff_cc2, 0.8, 0.95);
  const second = between(p.c_rate_cc2, 0.2, 0.5);
  const cycles = p.n_shallow_cycles >= 1 && between(p.v_lower_shallow / p.v_cutoff_cc2, 0.8, 0.95);
  if (first && second && cycles) found.push(SHALLOW);
  if (p.c_rate_cc2 > p.c_rate_cc1) found.push(SLOW_THEN_FAST);
  return found;
}

/** The note for a campaign whose parameters can reach a patented family. */
export function patentNotes(names: ReadonlySet<string>): readonly string[] {
  const families = [
    ...(names.has("n_shallow_cycles") ? [SHALLOW] : []),
    ...(names.has("c_rate_cc1") && names.has("c_rate_cc2") ? [SLOW_THEN_FAST] : []),
  ];
  return families.map(
    ({ patent, family }) =>
      `Patented family within reach: ${patent} (${family}). Have it checked before production.`,
  );
}
