import type { ParametricMean } from "../space/knowledge.js";
import { resolveCompactionMean } from "./calendering/compaction-mean.js";

/** The mean of a saved model, by the name in its record; null where no process knows it. */
export function resolvePriorMean(name: string, meanArguments: unknown): ParametricMean | null {
  return resolveCompactionMean(name, meanArguments);
}
