import { CellwrightError } from "../../../errors.js";
import { PROPOSAL } from "../../proposal.js";
import {
  actionsWithLoops,
  type LoopAction,
  type Recipe,
  type RecipeAction,
  type RecipePhase,
  runLoops,
} from "./recipe.js";
import { ascii, explanation, type RecipeFormat } from "./recipe-format.js";
import { UNSEALED } from "../../seal-text.js";

type Step =
  | { readonly step: "tag"; readonly tag: string }
  | { readonly step: "open_circuit_voltage"; readonly until_time_s: number }
  | {
      readonly step: "constant_current";
      readonly current_mA: number;
      readonly until_time_s: number;
      readonly until_voltage_V: number;
    }
  | {
      readonly step: "constant_voltage";
      readonly voltage_V: number;
      readonly until_time_s: number;
      readonly until_current_mA?: number;
    }
  | { readonly step: "loop"; readonly loop_to: string; readonly cycle_count: number };

interface Document {
  readonly method: readonly Step[];
  readonly safety: Readonly<Record<string, number>>;
}

/** The unified protocol of aurora-unicycler. It admits no fields of one's own: what must be said stands in a first tag. */
export const UNICYCLER: RecipeFormat = {
  name: "unicycler",
  title: "aurora-unicycler JSON",
  extension: "json",
  split: true,
  carries: ["minVolts", "maxVolts", "maxMilliamps", "maxMilliampHours", "delaySeconds"],
  standing: "read and converted onwards by aurora-unicycler 0.4.6",
  write: (recipe, phases) => `${JSON.stringify(document(recipe, phases[0]!), null, 2)}\n`,
  read(text) {
    const { method, safety } = JSON.parse(text) as Partial<Document>;
    if (!Array.isArray(method) || safety === undefined)
      throw new CellwrightError("DATA_INVALID", "This JSON has no method or no safety block.");
    return [
      {
        actions: runLoops(untagged(method as readonly Step[])),
        window: {
          minVolts: safety["min_voltage_V"]!,
          maxVolts: safety["max_voltage_V"]!,
          maxMilliamps: safety["max_current_mA"]!,
          maxMilliampHours: safety["max_capacity_mAh"]!,
          delaySeconds: safety["delay_s"]!,
        },
      },
    ];
  },
};

function document(recipe: Recipe, phase: RecipePhase) {
  const { window } = phase;
  const flat = actionsWithLoops(phase.actions);
  const targets = new Map(
    flat.flatMap((a) => (a.kind === "loop" ? [[a.firstStep, `loop from step ${a.firstStep}`] as const] : [])),
  );
  const notice = [PROPOSAL, ...explanation(recipe, [phase], UNICYCLER), UNSEALED].join(" ");
  const tag = (text: string): Step => ({ step: "tag", tag: text });
  const steps = flat.flatMap((action, i): Step[] => {
    const target = targets.get(i + 1);
    return [...(target === undefined ? [] : [tag(target)]), writeStep(action, targets)];
  });
  return {
    sample: { name: ascii(recipe.name), capacity_mAh: recipe.capacityMilliampHours },
    record: { time_s: recipe.record.seconds, voltage_V: recipe.record.volts },
    safety: {
      max_voltage_V: window.maxVolts,
      min_voltage_V: window.minVolts,
      max_current_mA: window.maxMilliamps,
      min_current_mA: -window.maxMilliamps,
      max_capacity_mAh: window.maxMilliampHours,
      delay_s: window.delaySeconds,
    },
    method: [tag(notice), ...steps],
  };
}

function writeStep(action: RecipeAction | LoopAction, targets: ReadonlyMap<number, string>): Step {
  switch (action.kind) {
    case "rest":
      return { step: "open_circuit_voltage", until_time_s: action.seconds };
    case "current":
      return {
        step: "constant_current",
        current_mA: action.milliamps,
        until_time_s: action.guardSeconds,
        until_voltage_V: action.untilVolts,
      };
    case "hold":
      return {
        step: "constant_voltage",
        voltage_V: action.volts,
        until_time_s: action.seconds,
        ...(action.untilMilliamps === undefined ? {} : { until_current_mA: action.untilMilliamps }),
      };
    case "loop":
      return { step: "loop", loop_to: targets.get(action.firstStep)!, cycle_count: action.times };
  }
}

/** Steps without tags; loops point to the step behind their tag. */
function untagged(method: readonly Step[]): readonly (RecipeAction | LoopAction)[] {
  const places = new Map<string, number>();
  const flat: (RecipeAction | LoopAction)[] = [];
  for (const step of method) {
    if (step.step === "tag") places.set(step.tag, flat.length + 1);
    else if (step.step === "open_circuit_voltage") flat.push({ kind: "rest", seconds: step.until_time_s });
    else if (step.step === "constant_current") {
      const { current_mA: milliamps, until_voltage_V: untilVolts, until_time_s } = step;
      flat.push({ kind: "current", milliamps, untilVolts, guardSeconds: until_time_s });
    } else if (step.step === "constant_voltage") {
      const { voltage_V: volts, until_current_mA: end, until_time_s: seconds } = step;
      flat.push({ kind: "hold", volts, ...(end === undefined ? {} : { untilMilliamps: end }), seconds });
    } else flat.push({ kind: "loop", firstStep: places.get(step.loop_to)!, times: step.cycle_count });
  }
  return flat;
}
