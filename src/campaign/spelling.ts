import { nearestName } from "../data/nearest-name.js";

/** "Did you mean x?" where a near name exists, else the list of what there is. */
export function spellingRemedy(name: string, candidates: readonly string[]): string {
  const near = nearestName(name, candidates);
  if (near !== undefined) return `Did you mean ${near}?`;
  if (candidates.length === 0) return "There is none.";
  return `Known: ${candidates.slice(0, 12).join(", ")}${candidates.length > 12 ? ", …" : ""}.`;
}
