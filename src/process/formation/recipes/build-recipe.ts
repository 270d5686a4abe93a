import { CellwrightError } from "../../../errors.js";
import type { CellRating } from "../safety-limits.js";
import { MAX_TEMPERATURE_C, TIME_GUARD } from "../protocol-family.js";
import { type Protocol, type ProtocolStep, protocolProblems, type SingleStep } from "../protocol.js";
import type { RecipeProvenance } from "../../proposal.js";
import {
  expandActions,
  type Recipe,
  type RecipeAction,
  type RecipePhase,
  type RecipeRepeat,
  type SafetyWindow,
} from "./recipe.js";
import {
  guardSeconds,
  settableMilliamps,
  voltsAbove,
  voltsBelow,
  voltsNear,
  wholeSeconds,
} from "./settable.js";

/** A fresh cell sits near 0 V and may read below it; a fully reversed one is far below. V (assumption). */
const FRESH_CELL_MIN_V = -0.5;
/** The window reaches this far beyond the cell's own, V (assumption). */
const WINDOW_MARGIN_V = 0.05;
/** The first phase charges this far above the lower voltage, so that a relaxing cell stays inside the second window, V (assumption). */
const BRIDGE_V = 0.3;
/** Over the largest current of the steps, and over the rated capacity (assumption). */
const CURRENT_MARGIN = 1.1;
const CAPACITY_MARGIN = 1.3;
/** A value must lie outside for this long, s: the longest delay that every format can hold. */
const DELAY_S = 1;
/** Longest hold where the protocol has a current cut-off alone, h (assumption). */
const HOLD_GUARD_H = 10;
/** A point is kept at least this often, s, and at every change by this, V (assumption). */
const RECORD = { seconds: 30, volts: 0.005 } as const;

export interface RecipeOptions {
  readonly name: string;
  readonly protocol: Protocol;
  readonly cell: CellRating & { readonly capacityAh: number };
  readonly provenance: RecipeProvenance;
  readonly notes: readonly string[];
}

/**
 * A protocol as a cycler runs it: currents instead of rates, whole seconds and millivolts, a guard for each step, and a
 * safety window in two phases. Until the cell has been charged above its lower voltage the window opens at −0.5 V.
 *
 * @throws CellwrightError INVALID_OPTION with everything that is wrong with the protocol, or a charge that never
 * leaves the lower voltage.
 */
export function buildRecipe(options: RecipeOptions): Recipe {
  const { protocol, cell } = options;
  const problems = [...protocolProblems(protocol), ...otherTemperatures(protocol)];
  if (problems.length > 0)
    throw new CellwrightError("INVALID_OPTION", "This protocol cannot become a recipe.", { problems });
  const capacity = cell.capacityAh * 1000;
  const actions = protocol.steps.map((step) => toAction(step, capacity));
  const [first, second] = splitAtLowerVoltage(actions, cell.lowerVoltageV);
  const all = expandActions(actions);
  const window = (phase: readonly (RecipeAction | RecipeRepeat)[], minVolts: number): SafetyWindow => ({
    minVolts,
    maxVolts: voltsNear(Math.max(cell.upperVoltageV, ...voltages(phase)) + WINDOW_MARGIN_V),
    maxMilliamps: settableMilliamps(CURRENT_MARGIN * Math.max(...all.map(currentOf))),
    maxMilliampHours: settableMilliamps(CAPACITY_MARGIN * capacity),
    maxTemperatureC: MAX_TEMPERATURE_C,
    delaySeconds: DELAY_S,
  });
  const lowest = Math.min(cell.lowerVoltageV, ...voltages(second));
  const phases: readonly RecipePhase[] = [
    { name: "precharge", actions: first, window: window(first, FRESH_CELL_MIN_V) },
    { name: "formation", actions: second, window: window(second, voltsNear(lowest - WINDOW_MARGIN_V)) },
  ];
  return {
    name: options.name,
    capacityMilliampHours: settableMilliamps(capacity),
    upperVolts: cell.upperVoltageV,
    lowerVolts: cell.lowerVoltageV,
    temperatureC: protocol.temperatureC,
    phases: phases.filter((phase) => phase.actions.length > 0),
    record: RECORD,
    provenance: options.provenance,
    notes: [...options.notes, ...windowNotes(phases)],
  };
}

/** Why there are two windows, and where the first one ends. */
function windowNotes([before, after]: readonly RecipePhase[]): readonly string[] {
  const last = expandActions(before!.actions).at(-1);
  if (last?.kind !== "current" || after!.actions.length === 0) return [];
  return [
    `The safety window opens at ${before!.window.minVolts} V until the cell has been charged to ${last.untilVolts} V, so that a fresh cell does not trip it, and at ${after!.window.minVolts} V from then on. A guard that ends a step early goes on to the next one: look at a step that took its whole guard time.`,
  ];
}

function otherTemperatures(protocol: Protocol) {
  const steps = protocol.steps.flatMap((step) => (step.mode === "repeat" ? step.steps : [step]));
  return steps
    .filter((step) => step.temperatureC !== undefined && step.temperatureC !== protocol.temperatureC)
    .map((step) => ({
      where: "steps",
      found: `a step at ${step.temperatureC} degC in a protocol at ${protocol.temperatureC} degC`,
      expected: "one temperature: no cycler format here sets a chamber",
    }));
}

function toAction(step: ProtocolStep, capacity: number): RecipeAction | RecipeRepeat {
  return step.mode === "repeat"
    ? { kind: "repeat", times: step.times, actions: step.steps.map((inner) => single(inner, capacity)) }
    : single(step, capacity);
}

function single(step: SingleStep, capacity: number): RecipeAction {
  switch (step.mode) {
    case "rest":
      return { kind: "rest", seconds: wholeSeconds(step.hours) };
    case "constant-current": {
      const untilVolts = step.rateC > 0 ? voltsBelow(step.untilVoltageV) : voltsAbove(step.untilVoltageV);
      const hours = step.maxHours ?? TIME_GUARD / Math.abs(step.rateC);
      return {
        kind: "current",
        milliamps: settableMilliamps(step.rateC * capacity),
        untilVolts,
        guardSeconds: guardSeconds(hours),
      };
    }
    case "constant-voltage": {
      const until =
        step.untilRateC === undefined
          ? {}
          : { untilMilliamps: settableMilliamps(step.untilRateC * capacity) };
      const seconds = step.hours === undefined ? guardSeconds(HOLD_GUARD_H) : wholeSeconds(step.hours);
      return { kind: "hold", volts: voltsBelow(step.voltageV), ...until, seconds };
    }
  }
}

type Actions = readonly (RecipeAction | RecipeRepeat)[];

/**
 * Everything until the first charge has left the cell's lower voltage behind, and the rest. When a precharge to 1.5 V
 * ends, a window that opens just below 2.8 V would stop the test at once: so the first charge is cut in two at the
 * same current, which changes nothing for the cell.
 */
function splitAtLowerVoltage(actions: Actions, lowerVoltageV: number): readonly [Actions, Actions] {
  const at = actions.findIndex(
    (a) => a.kind === "current" && a.milliamps > 0 && a.untilVolts > lowerVoltageV,
  );
  const step = actions[at];
  if (step?.kind !== "current") {
    throw new CellwrightError("INVALID_OPTION", "This protocol cannot become a recipe.", {
      problems: [
        {
          where: "steps",
          found: "no charge that ends above the cell's lower voltage",
          expected: `a first charge beyond ${lowerVoltageV} V outside of a repetition`,
        },
      ],
    });
  }
  const bridge = voltsBelow(lowerVoltageV + BRIDGE_V);
  if (step.untilVolts <= bridge) return [actions.slice(0, at + 1), actions.slice(at + 1)];
  return [
    [...actions.slice(0, at), { ...step, untilVolts: bridge }],
    [step, ...actions.slice(at + 1)],
  ];
}

const voltages = (actions: Actions): number[] =>
  expandActions(actions).flatMap((a) =>
    a.kind === "current" ? [a.untilVolts] : a.kind === "hold" ? [a.volts] : [],
  );

const currentOf = (action: RecipeAction): number =>
  action.kind === "current" ? Math.abs(action.milliamps) : 0;
