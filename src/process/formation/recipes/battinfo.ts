import { CellwrightError } from "../../../errors.js";
import { PROPOSAL } from "../../proposal.js";
import {
  type ReadPhase,
  type Recipe,
  type RecipeAction,
  type RecipePhase,
  type RecipeRepeat,
  type SafetyWindow,
} from "./recipe.js";
import { explanation, type RecipeFormat } from "./recipe-format.js";
import { UNSEALED } from "../../seal-text.js";

interface Termination {
  readonly quantity: "voltage" | "current" | "duration";
  readonly direction: "above" | "below" | "elapsed";
  readonly value: number;
  readonly unit: "V" | "mA" | "s";
}

interface Step {
  readonly mode: "cc" | "cv" | "rest";
  readonly direction: "charge" | "discharge" | "rest";
  readonly setpoints: { readonly current_mA?: number; readonly voltage_V?: number };
  readonly termination: readonly Termination[];
}

interface Group {
  readonly mode: "group";
  readonly count: number;
  readonly label?: string;
  readonly steps: readonly (Step | Group)[];
  readonly safety?: Readonly<Record<string, number>>;
}

/** The canonical form: the vocabulary of BattINFO's test-protocol schema, one group with its own safety block a phase. */
export const BATTINFO: RecipeFormat = {
  name: "battinfo",
  title: "BattINFO-style JSON",
  extension: "json",
  split: false,
  carries: ["minVolts", "maxVolts", "maxMilliamps", "maxMilliampHours", "maxTemperatureC", "delaySeconds"],
  standing:
    "field names of the published test-protocol schema; read back by Cellwright alone, not validated by BattINFO",
  write: (recipe, phases) => `${JSON.stringify(document(recipe, phases), null, 2)}\n`,
  read(text) {
    const { method } = JSON.parse(text) as { readonly method?: readonly Group[] };
    if (!Array.isArray(method)) throw new CellwrightError("DATA_INVALID", "This JSON has no method.");
    return (method as readonly Group[]).map(
      (group): ReadPhase => ({
        actions: group.steps.flatMap(readStep),
        window: readWindow(group.safety ?? {}),
      }),
    );
  },
};

function document(recipe: Recipe, phases: readonly RecipePhase[]) {
  return {
    notice: PROPOSAL,
    checksum: UNSEALED,
    test_spec: { kind: "formation", name: recipe.name },
    sample: {
      nominal_capacity_mAh: recipe.capacityMilliampHours,
      upper_voltage_V: recipe.upperVolts,
      lower_voltage_V: recipe.lowerVolts,
    },
    temperature: { value: recipe.temperatureC, unit: "degC" },
    record: { time_s: recipe.record.seconds, voltage_V: recipe.record.volts },
    method: phases.map(
      ({ name, actions, window }): Group => ({
        mode: "group",
        label: name,
        count: 1,
        safety: writeWindow(window),
        steps: actions.map(writeAction),
      }),
    ),
    provenance: recipe.provenance,
    notes: explanation(recipe, phases, BATTINFO),
  };
}

const writeWindow = (window: SafetyWindow): Readonly<Record<string, number>> => ({
  max_voltage_V: window.maxVolts,
  min_voltage_V: window.minVolts,
  max_current_mA: window.maxMilliamps,
  min_current_mA: -window.maxMilliamps,
  max_temperature_degC: window.maxTemperatureC,
  max_capacity_mAh: window.maxMilliampHours,
  delay_s: window.delaySeconds,
});

const readWindow = (safety: Readonly<Record<string, number>>): SafetyWindow => ({
  minVolts: safety["min_voltage_V"]!,
  maxVolts: safety["max_voltage_V"]!,
  maxMilliamps: safety["max_current_mA"]!,
  maxMilliampHours: safety["max_capacity_mAh"]!,
  maxTemperatureC: safety["max_temperature_degC"]!,
  delaySeconds: safety["delay_s"]!,
});

const elapsed = (value: number): Termination => ({
  quantity: "duration",
  direction: "elapsed",
  value,
  unit: "s",
});

function writeAction(action: RecipeAction | RecipeRepeat): Step | Group {
  switch (action.kind) {
    case "repeat":
      return { mode: "group", count: action.times, steps: action.actions.map(writeAction) };
    case "rest":
      return { mode: "rest", direction: "rest", setpoints: {}, termination: [elapsed(action.seconds)] };
    case "current": {
      const charging = action.milliamps > 0;
      const end: Termination = {
        quantity: "voltage",
        direction: charging ? "above" : "below",
        value: action.untilVolts,
        unit: "V",
      };
      return {
        mode: "cc",
        direction: charging ? "charge" : "discharge",
        setpoints: { current_mA: action.milliamps },
        termination: [end, elapsed(action.guardSeconds)],
      };
    }
    case "hold": {
      const end = action.untilMilliamps;
      const ends: Termination[] =
        end === undefined ? [] : [{ quantity: "current", direction: "below", value: end, unit: "mA" }];
      return {
        mode: "cv",
        direction: "charge",
        setpoints: { voltage_V: action.volts },
        termination: [...ends, elapsed(action.seconds)],
      };
    }
  }
}

function readStep(step: Step | Group): readonly RecipeAction[] {
  if (step.mode === "group") {
    const body = step.steps.flatMap(readStep);
    return Array.from({ length: step.count }, () => body).flat();
  }
  const end = (quantity: Termination["quantity"]): number | undefined =>
    step.termination.find((t) => t.quantity === quantity)?.value;
  const seconds = end("duration")!;
  if (step.mode === "rest") return [{ kind: "rest", seconds }];
  if (step.mode === "cc") {
    const milliamps = step.setpoints.current_mA!;
    return [{ kind: "current", milliamps, untilVolts: end("voltage")!, guardSeconds: seconds }];
  }
  const untilMilliamps = end("current");
  return [
    {
      kind: "hold",
      volts: step.setpoints.voltage_V!,
      ...(untilMilliamps === undefined ? {} : { untilMilliamps }),
      seconds,
    },
  ];
}
