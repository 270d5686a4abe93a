import { CellwrightError } from "../../errors.js";
import type { SingleStep } from "./protocol.js";

/** Hours that are known of one step: its charge in hours at 1C, or its time where the charge says nothing. */
export interface KnownStep {
  readonly step: SingleStep;
  readonly charge?: number;
  readonly hours?: number;
}

/** Hours of one cell, the overheads apart: what is on a channel, and what waits elsewhere. */
export interface FormationHours {
  readonly cycler: number;
  readonly wetting: number;
  readonly rest: number;
  readonly degassing: number;
  readonly ageing: number;
  readonly elapsed: number;
}

/** Times outside the protocol, h; there is no default for a plant's own. */
export interface OverheadHours {
  readonly degassing: number;
  readonly ageing: number;
}

/**
 * Hours of a protocol whose steps' charges are known: exact. Steps for wetting and rest are counted apart from the
 * cycler's hours, since a plant may do them on a shelf.
 *
 * @throws CellwrightError INVALID_OPTION if a constant-current step has neither charge nor time, or a hold no time.
 */
export function formationHours(known: readonly KnownStep[], overheads: OverheadHours): FormationHours {
  const sums = { cycler: 0, wetting: 0, rest: 0 };
  known.forEach(({ step, charge, hours }, i) => {
    const took = stepHours(step, charge, hours);
    if (!(took >= 0)) {
      throw new CellwrightError(
        "INVALID_OPTION",
        `Step ${i + 1} (${step.mode}): its hours do not follow from what is known.`,
        {
          problems: [
            {
              where: `step ${i + 1}`,
              found: `charge ${charge ?? "unknown"}, hours ${hours ?? "unknown"}`,
              expected:
                step.mode === "constant-current"
                  ? "the charge that passes, in hours at 1C"
                  : "the time it takes, in h",
            },
          ],
        },
      );
    }
    sums[step.purpose === "wetting" || step.purpose === "rest" ? step.purpose : "cycler"] += took;
  });
  const { degassing, ageing } = overheads;
  return { ...sums, degassing, ageing, elapsed: sums.cycler + sums.wetting + sums.rest + degassing + ageing };
}

function stepHours(step: SingleStep, charge: number | undefined, hours: number | undefined): number {
  if (step.mode === "rest") return step.hours;
  if (hours !== undefined) return hours;
  return step.mode === "constant-current" && charge !== undefined ? Math.abs(charge / step.rateC) : NaN;
}
