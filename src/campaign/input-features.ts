import type { InputFeature } from "../space/knowledge.js";
import type { ContextSpec, ParameterSpec } from "./campaign-spec.js";
import type { EntryReport } from "./read-parameters.js";

/** What an input's entry must say for a scale to be chosen for it. */
export type FeatureSpec = ParameterSpec | ContextSpec;
export type FeatureRole = "parameter" | "context";

/** Ranges narrower than this factor look the same on both scales (assumption). */
const LEAST_RATIO = 2;

/**
 * The entry with the scale on which the process's laws are nearly linear, where the file states none and the range
 * allows it; what the file says is never changed.
 */
export function withFeature<S extends FeatureSpec>(
  spec: S,
  feature: InputFeature | undefined,
  role: FeatureRole,
  report: EntryReport,
): S {
  if (feature === undefined || spec.scale !== undefined || spec.choices !== undefined) return spec;
  const values = "values" in spec ? spec.values : undefined;
  const [min, max] = values === undefined ? [spec.min, spec.max] : [Math.min(...values), Math.max(...values)];
  if (min === undefined || max === undefined || !(min > 0) || !(max >= LEAST_RATIO * min)) return spec;
  report.message(
    `scale: ${feature.scale}, because ${feature.reason}; state scale: linear to have this ${role} as it is`,
  );
  return { ...spec, scale: feature.scale };
}
