import type { Campaign } from "../campaign/campaign.js";
import { nearestName } from "../data/nearest-name.js";
import { CellwrightError, type Problem } from "../errors.js";
import type { FormationFeature } from "../process/formation/features/formation-features.js";

/**
 * Features as `name=value unit` for `record`: an outcome takes the feature that `--map` names, else that of its own name.
 *
 * @param map - Outcome to feature.
 * @throws CellwrightError USAGE with every name that is unknown or has no value, or if no outcome is told.
 */
export function featureResults(
  campaign: Campaign,
  found: readonly FormationFeature[],
  map: ReadonlyMap<string, string>,
): readonly string[] {
  const features = new Map(found.map((one) => [one.name, one]));
  const outcomes = campaign.outcomes.filter(({ formula }) => formula?.known !== true).map(({ name }) => name);
  const problems: Problem[] = [];
  const unknown = (name: string, known: readonly string[], what: string): void => {
    const near = nearestName(name, known);
    problems.push({
      where: "--map",
      found: `the unknown ${what} "${name}"`,
      expected: `one of ${known.join(", ")}`,
      ...(near === undefined ? {} : { remedy: `Did you mean ${near}?` }),
    });
  };
  for (const [outcome, feature] of map) {
    if (!outcomes.includes(outcome)) unknown(outcome, outcomes, "outcome");
    if (!features.has(feature)) unknown(feature, [...features.keys()], "feature");
  }
  const results = outcomes.flatMap((outcome) => {
    const one = features.get(map.get(outcome) ?? outcome);
    if (one?.value === null && map.has(outcome))
      problems.push({
        where: "--map",
        found: `${one.name} without a value`,
        expected: "a feature that the file holds",
        ...(one.missing === undefined ? {} : { remedy: one.missing }),
      });
    return one === undefined || one.value === null ? [] : [`${outcome}=${one.value} ${one.unit}`];
  });
  if (problems.length === 0 && results.length === 0) {
    problems.push({
      where: "--record",
      found: `no outcome of the campaign (${outcomes.join(", ")}) among the features with a value`,
      expected: `outcomes named as features: ${[...features.keys()].join(", ")}`,
      remedy: "Say which is which: --map outcome=feature.",
    });
  }
  if (problems.length > 0)
    throw new CellwrightError("USAGE", "These features cannot be recorded; nothing was.", { problems });
  return results;
}
