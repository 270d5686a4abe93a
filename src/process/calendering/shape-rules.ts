import type { InputFeature, MonotoneRule } from "../../space/knowledge.js";

const COMPACTION_SOURCE = "Meyer et al. (2017), J. Mater. Process. Technol. 249, 172–178";
const HEAT_SOURCE = "Meyer et al. (2019); Billot et al. (2019)";

/** Directions that no measurement of calendering goes against; each is a property test of the process model. */
export const CALENDERING_RULES: readonly MonotoneRule[] = [
  rule(["density", "density_after"], "line_load", "increasing", COMPACTION_SOURCE),
  rule(["porosity", "porosity_after"], "line_load", "decreasing", COMPACTION_SOURCE),
  rule(["density", "density_after"], "roll_gap", "decreasing", "a narrower gap presses more"),
  rule(["porosity", "porosity_after"], "roll_gap", "increasing", "a narrower gap presses more"),
  rule(["density", "density_after"], "roll_temperature", "increasing", HEAT_SOURCE),
  rule(["porosity", "porosity_after"], "roll_temperature", "decreasing", HEAT_SOURCE),
  rule(["tortuosity"], "line_load", "increasing", "Duquesnoy et al. (2020)"),
  rule(["adhesion"], "roll_temperature", "increasing", HEAT_SOURCE),
  rule(["springback"], "roll_temperature", "decreasing", "a softer binder recovers less (assumption)"),
];

/**
 * Scales on which the laws of calendering are nearly linear. Line load is not among them: a sample that was not rolled
 * has none, and a logarithm would refuse it.
 */
export const CALENDERING_FEATURES: readonly InputFeature[] = [
  { name: "line_speed", scale: "log", reason: "time in the nip falls as 1/speed, so ratios matter" },
];

function rule(
  outcomes: readonly string[],
  input: string,
  direction: MonotoneRule["direction"],
  source: string,
): MonotoneRule {
  return { outcomes, input, direction, source };
}
