import { CellwrightError } from "../../../errors.js";
import { child, descend, element, commentText, parseXml, printXml, type XmlElement } from "../../xml.js";
import { PROPOSAL } from "../../proposal.js";
import {
  expandActions,
  type ReadPhase,
  type RecipeAction,
  type Recipe,
  type RecipePhase,
  type SafetyWindow,
} from "./recipe.js";
import { ascii, explanation, type RecipeFormat } from "./recipe-format.js";
import { UNSEALED } from "../../seal-text.js";

/** Width of type and mode: the program's own files pad them. */
const WIDTH = 8;
/** Steps are numbered with three digits. */
const MOST_STEPS = 998;

/**
 * A Maccor procedure. Repetitions are written out, since how its loops count is known from one converter alone; the
 * safety window stands in every step, so both phases fit into one file.
 */
export const MACCOR: RecipeFormat = {
  name: "maccor",
  title: "Maccor procedure (XML)",
  extension: "xml",
  split: false,
  carries: ["minVolts", "maxVolts"],
  standing:
    "element names and padding as in published procedures; steps, ends and safety ends read by beep 2026.2.7; not built by MACCOR's own program",
  write(recipe, phases) {
    const notes = explanation(recipe, phases, MACCOR).map(commentText);
    const comment = `<!--\n${[PROPOSAL, ...notes, UNSEALED].join("\n")}\n-->\n`;
    return `<?xml version="1.0" encoding="UTF-8"?>\n<?maccor-application progid="Maccor Procedure File"?>\n${comment}${printXml(procedure(recipe, phases))}`;
  },
  read(text) {
    const steps = child(parseXml(text), "ProcSteps");
    if (steps === undefined) throw new CellwrightError("DATA_INVALID", "This XML is no Maccor procedure.");
    return phasesOf(steps.children.filter((step) => child(step, "StepType")?.text !== "End"));
  },
};

const leaf = (name: string, text = ""): XmlElement => element(name, {}, text);

function procedure(recipe: Recipe, phases: readonly RecipePhase[]): XmlElement {
  const steps = phases.flatMap(({ actions, window }) =>
    expandActions(actions).map((action) => ({ action, window })),
  );
  if (steps.length > MOST_STEPS) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `A Maccor procedure has at most ${MOST_STEPS} steps; this recipe has ${steps.length}.`,
    );
  }
  const version = element("BuildTestVersion", {}, [
    leaf("major", "1"),
    leaf("minor", "5"),
    leaf("release", "7006"),
    leaf("build", "32043"),
  ]);
  const header = element("header", {}, [
    version,
    element("FileFormatVersion", {}, [leaf("BTVersion", "11")]),
    element("ProcDesc", {}, [leaf("desc", ascii(`${recipe.name}: proposal, to be checked`))]),
  ]);
  const last = steps.length + 1;
  return element("MaccorTestProcedure", {}, [
    header,
    element("ProcSteps", {}, [
      ...steps.map(({ action, window }, i) => testStep(action, window, i + 2, last, recipe)),
      bareStep("End", "", "", [], []),
    ]),
  ]);
}

function testStep(
  action: RecipeAction,
  window: SafetyWindow,
  next: number,
  last: number,
  recipe: Recipe,
): XmlElement {
  const ends = [
    end("StepTime", "=", next, clock(action.kind === "current" ? action.guardSeconds : action.seconds)),
    ...ownEnd(action, next),
    end("Voltage", ">=", last, String(window.maxVolts), true),
    end("Voltage", "<=", last, String(window.minVolts), true),
  ];
  const reports = [
    ["StepTime", clock(recipe.record.seconds)],
    ["Voltage", String(recipe.record.volts)],
  ] as const;
  const entries = reports.map(([type, value]) =>
    element("ReportEntry", {}, [leaf("ReportType", type.padEnd(WIDTH)), leaf("Value", value)]),
  );
  switch (action.kind) {
    case "rest":
      return bareStep("Rest", "", "", ends, entries);
    case "current": {
      const type = action.milliamps > 0 ? "Charge" : "Dischrge";
      return bareStep(type, "Current", amps(Math.abs(action.milliamps)), ends, entries);
    }
    case "hold":
      return bareStep("Charge", "Voltage", String(action.volts), ends, entries);
  }
}

function ownEnd(action: RecipeAction, next: number): XmlElement[] {
  if (action.kind === "current")
    return [end("Voltage", action.milliamps > 0 ? ">=" : "<=", next, String(action.untilVolts))];
  if (action.kind === "hold" && action.untilMilliamps !== undefined)
    return [end("Current", "<=", next, amps(action.untilMilliamps))];
  return [];
}

function bareStep(
  type: string,
  mode: string,
  value: string,
  ends: readonly XmlElement[],
  reports: readonly XmlElement[],
): XmlElement {
  const left = Math.floor((WIDTH - type.length) / 2);
  const option = type === "End" ? "" : "N";
  return element("TestStep", {}, [
    leaf("StepType", (" ".repeat(left) + type).padEnd(WIDTH)),
    leaf("StepMode", mode.padEnd(WIDTH)),
    leaf("StepValue", value),
    leaf("Limits"),
    element("Ends", {}, ends),
    element("Reports", {}, reports),
    leaf("Range", type === "End" ? "" : "A"),
    leaf("Option1", option),
    leaf("Option2", option),
    leaf("Option3", option),
    leaf("StepNote"),
  ]);
}

function end(type: string, operator: string, step: number, value: string, safety = false): XmlElement {
  return element("EndEntry", {}, [
    leaf("EndType", type.padEnd(WIDTH)),
    leaf("SpecialType", " "),
    leaf("Oper", operator === "=" ? " = " : operator.padEnd(3)),
    leaf("Step", String(step).padStart(3, "0")),
    leaf("Value", value),
    ...(safety ? [leaf("ChanSafetyEnd", "True")] : []),
  ]);
}

const amps = (milliamps: number): string =>
  (milliamps / 1000).toFixed(9).replace(/0+$/u, "").replace(/\.$/u, ".0");

/** `hh:mm:ss`, the hours with as many digits as they need. */
function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

const secondsOf = (text: string): number => text.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);

interface ReadEnd {
  readonly type: string;
  readonly operator: string;
  readonly value: string;
  readonly safety: boolean;
}

function endsOf(step: XmlElement): readonly ReadEnd[] {
  const part = (entry: XmlElement, name: string): string => child(entry, name)?.text ?? "";
  return (descend(step, "Ends")?.children ?? []).map((entry) => ({
    type: part(entry, "EndType"),
    operator: part(entry, "Oper"),
    value: part(entry, "Value"),
    safety: part(entry, "ChanSafetyEnd") === "True",
  }));
}

/** Steps in runs of the same safety window. */
function phasesOf(steps: readonly XmlElement[]): readonly ReadPhase[] {
  const phases: { actions: RecipeAction[]; window: { minVolts: number; maxVolts: number } }[] = [];
  for (const step of steps) {
    const ends = endsOf(step);
    const safety = (operator: string): number =>
      Number(ends.find((e) => e.safety && e.operator === operator)?.value);
    const window = { minVolts: safety("<="), maxVolts: safety(">=") };
    const top = phases[phases.length - 1];
    if (top?.window.minVolts === window.minVolts && top.window.maxVolts === window.maxVolts)
      top.actions.push(readStep(step, ends));
    else phases.push({ actions: [readStep(step, ends)], window });
  }
  return phases;
}

function readStep(step: XmlElement, ends: readonly ReadEnd[]): RecipeAction {
  const own = (type: string): string | undefined => ends.find((e) => !e.safety && e.type === type)?.value;
  const part = (name: string): string => child(step, name)?.text ?? "";
  const seconds = secondsOf(own("StepTime") ?? "");
  const milliamps = (text: string): number => Number((Number(text) * 1000).toPrecision(12));
  if (part("StepType") === "Rest") return { kind: "rest", seconds };
  if (part("StepMode") === "Voltage") {
    const cutOff = own("Current");
    const until = cutOff === undefined ? {} : { untilMilliamps: milliamps(cutOff) };
    return { kind: "hold", volts: Number(part("StepValue")), ...until, seconds };
  }
  const size = milliamps(part("StepValue"));
  return {
    kind: "current",
    milliamps: part("StepType") === "Charge" ? size : -size,
    untilVolts: Number(own("Voltage")),
    guardSeconds: seconds,
  };
}
