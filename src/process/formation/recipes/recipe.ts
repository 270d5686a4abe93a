import type { RecipeProvenance } from "../../proposal.js";

/** Open circuit for a time. */
export interface RestAction {
  readonly kind: "rest";
  readonly seconds: number;
}

/** Constant current (charging is positive) until a voltage; the guard ends it as well, whichever comes first. */
export interface CurrentAction {
  readonly kind: "current";
  readonly milliamps: number;
  readonly untilVolts: number;
  readonly guardSeconds: number;
}

/** Constant voltage of a charge until the current has fallen, and for a time at most. */
export interface HoldAction {
  readonly kind: "hold";
  readonly volts: number;
  readonly untilMilliamps?: number;
  readonly seconds: number;
}

export type RecipeAction = RestAction | CurrentAction | HoldAction;

/** The same actions several times. */
export interface RecipeRepeat {
  readonly kind: "repeat";
  readonly times: number;
  readonly actions: readonly RecipeAction[];
}

/** What stops the whole test; the current limit holds in both directions. */
export interface SafetyWindow {
  readonly minVolts: number;
  readonly maxVolts: number;
  readonly maxMilliamps: number;
  readonly maxMilliampHours: number;
  readonly maxTemperatureC: number;
  readonly delaySeconds: number;
}

/** Steps under one safety window. */
export interface RecipePhase {
  readonly name: "precharge" | "formation";
  readonly actions: readonly (RecipeAction | RecipeRepeat)[];
  readonly window: SafetyWindow;
}

/** A formation protocol as a cycler can run it: amounts a cycler can set, an end and a guard for each step. */
export interface Recipe {
  readonly name: string;
  readonly capacityMilliampHours: number;
  readonly upperVolts: number;
  readonly lowerVolts: number;
  readonly temperatureC: number;
  readonly phases: readonly RecipePhase[];
  readonly record: { readonly seconds: number; readonly volts: number };
  readonly provenance: RecipeProvenance;
  /** Sentences that belong on every form of the recipe: loosened limits, patents, what the safety window does. */
  readonly notes: readonly string[];
}

/** Repetitions written out. */
export function expandActions(actions: readonly (RecipeAction | RecipeRepeat)[]): readonly RecipeAction[] {
  return actions.flatMap((action) =>
    action.kind === "repeat" ? Array.from({ length: action.times }, () => action.actions).flat() : [action],
  );
}

/** A jump back to a step (numbered from 1), which then runs `times` times in total. */
export interface LoopAction {
  readonly kind: "loop";
  readonly firstStep: number;
  readonly times: number;
}

/** Repetitions as jumps behind their steps: the form of most cyclers. */
export function actionsWithLoops(
  actions: readonly (RecipeAction | RecipeRepeat)[],
): readonly (RecipeAction | LoopAction)[] {
  const flat: (RecipeAction | LoopAction)[] = [];
  for (const action of actions) {
    if (action.kind !== "repeat") {
      flat.push(action);
      continue;
    }
    const firstStep = flat.length + 1;
    flat.push(...action.actions);
    if (action.times > 1) flat.push({ kind: "loop", firstStep, times: action.times });
  }
  return flat;
}

/** Jumps run through, for comparison: loops must not lie inside each other. */
export function runLoops(flat: readonly (RecipeAction | LoopAction)[]): readonly RecipeAction[] {
  const ran: RecipeAction[] = [];
  flat.forEach((action, i) => {
    if (action.kind !== "loop") {
      ran.push(action);
      return;
    }
    const body = flat.slice(action.firstStep - 1, i).filter((inner) => inner.kind !== "loop");
    for (let time = 1; time < action.times; time++) ran.push(...body);
  });
  return ran;
}

/** What a reader finds in a file: steps written out, and the parts of the window that the format can hold. */
export interface ReadPhase {
  readonly actions: readonly RecipeAction[];
  readonly window: Partial<SafetyWindow>;
}
