import { z } from "zod";
import { CellwrightError } from "../errors.js";
import type { Lifecycle } from "./lifecycle.js";

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
  const first = parsed.error.issues[0];
  throw new CellwrightError(
    "MODEL_INVALID",
    `${source} does not say which model is in use (${first?.path.join(".") ?? ""}: ${first?.message ?? "unreadable"}). Restore a copy of it.`,
  );
}
