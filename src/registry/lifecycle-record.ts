import { z } from "zod";
import { CellwrightError } from "../errors.js";
import type { Lifecycle } from "./lifecycle.js";
import { recordProblems } from "./record-problems.js";

const lifecycleSchema = z.strictObject({
  schema: z.literal("cellwright.lifecycle/1"),
  campaign: z.string().min(1),
  champion: z.string().nullable(),
  history: z.array(
    z.strictObject({
      time: z.string(),
      action: z.enum(["promoted", "rolled-back", "retired"]),
      version: z.string(),
      replaced: z.string().nullable(),
      reason: z.string(),
    }),
  ),
});

/**
 * Validates what was read as the standing of a campaign's models.
 *
 * @throws CellwrightError MODEL_INVALID
 */
export function parseLifecycle(value: unknown, source: string): Lifecycle {
  const parsed = lifecycleSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CellwrightError(
    "MODEL_INVALID",
    `${source} does not say which model is in use. Restore a copy; or delete it, and name the champion with: cellwright models promote CAMPAIGN VERSION`,
    { problems: recordProblems(parsed.error.issues, value) },
  );
}
