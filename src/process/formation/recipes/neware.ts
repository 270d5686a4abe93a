import { CellwrightError } from "../../../errors.js";
import { sha256Hex } from "../../../math/sha256.js";
import { child, descend, element, commentText, parseXml, printXml, type XmlElement } from "../../xml.js";
import { PROPOSAL } from "../../proposal.js";
import {
  actionsWithLoops,
  type LoopAction,
  type Recipe,
  type RecipeAction,
  type RecipePhase,
  runLoops,
  type SafetyWindow,
} from "./recipe.js";
import { ascii, explanation, type RecipeFormat } from "./recipe-format.js";
import { UNSEALED } from "../../seal-text.js";

/** Units of the file: 0.1 mV, ms, mA·s. */
const PER_VOLT = 10_000;
const PER_SECOND = 1000;
const PER_MILLIAMP_HOUR = 3600;
/** Step types of BTS 8. */
const TYPE = { charge: "1", discharge: "2", hold: "3", rest: "4", loop: "5", end: "6" } as const;

/** A step file of Neware's BTS 8 client. */
export const NEWARE: RecipeFormat = {
  name: "neware",
  title: "Neware BTS 8 step file (XML)",
  extension: "xml",
  split: true,
  carries: ["minVolts", "maxVolts", "maxMilliamps", "maxMilliampHours", "delaySeconds"],
  standing: "the same steps and limits as aurora-unicycler 0.4.6 writes; not loaded into a cycler by us",
  write(recipe, phases) {
    const notes = explanation(recipe, phases, NEWARE).map(commentText);
    const comment = `<!--\n${[PROPOSAL, ...notes, UNSEALED].join("\n")}\n-->\n`;
    return `<?xml version="1.0" encoding="UTF-8"?>\n${comment}${printXml(document(recipe, phases[0]!))}`;
  },
  read(text) {
    const config = child(parseXml(text), "config");
    const steps = config && child(config, "Step_Info");
    const protect = config && descend(config, "Whole_Prt", "Protect", "Main");
    if (steps === undefined || protect === undefined)
      throw new CellwrightError("DATA_INVALID", "This XML is no Neware step file with limits.");
    const flat = steps.children.filter((s) => s.attributes["Step_Type"] !== TYPE.end).map(readStep);
    return [{ actions: runLoops(flat), window: readWindow(protect) }];
  },
};

const amount = (name: string, value: number): XmlElement => element(name, { Value: value.toFixed(6) });
const text = (name: string, value: string): XmlElement => element(name, { Value: value });

function document(recipe: Recipe, phase: RecipePhase): XmlElement {
  const flat = actionsWithLoops(phase.actions);
  const hash = sha256Hex(JSON.stringify([recipe, phase.name]));
  const guid = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    hash.slice(12, 16),
    hash.slice(16, 20),
    hash.slice(20, 32),
  ];
  const head = element("Head_Info", {}, [
    text("Operate", "66"),
    text("Scale", "1"),
    element("Start_Step", { Value: "1", Hide_Ctrl_Step: "0" }),
    text("Creator", "cellwright"),
    text("Remark", ascii(`${recipe.name}: proposal, to be checked`)),
    text("RateType", "103"),
    amount("MultCap", recipe.capacityMilliampHours * PER_MILLIAMP_HOUR),
  ]);
  const record = element("Record", {}, [
    element("Main", {}, [
      amount("Time", recipe.record.seconds * PER_SECOND),
      amount("Volt", recipe.record.volts * PER_VOLT),
    ]),
  ]);
  const steps = flat.map((action, i) => writeStep(action, i + 1, flat[i - 1]));
  const end = element(`Step${flat.length + 1}`, { Step_ID: String(flat.length + 1), Step_Type: TYPE.end });
  const attributes = {
    type: "Step File",
    version: "17",
    client_version: "BTS Client 8.0.0.478(2024.06.24)(R3)",
    date: recipe.provenance.createdAt.replaceAll(/\D/gu, "").slice(0, 14),
    Guid: guid.join("-"),
  };
  return element("root", {}, [
    element("config", attributes, [
      head,
      element("Whole_Prt", {}, [element("Protect", {}, [protection(phase.window)]), record]),
      element("Step_Info", { Num: String(flat.length + 1) }, [...steps, end]),
      element("SMBUS", {}, [element("SMBUS_Info", { Num: "0", AdjacentInterval: "0" })]),
    ]),
  ]);
}

function protection(window: SafetyWindow): XmlElement {
  return element("Main", {}, [
    element("Volt", {}, [
      amount("Upper", window.maxVolts * PER_VOLT),
      amount("Lower", window.minVolts * PER_VOLT),
    ]),
    element("Curr", {}, [amount("Upper", window.maxMilliamps), amount("Lower", -window.maxMilliamps)]),
    amount("Delay_Time", window.delaySeconds * PER_SECOND),
    element("Cap", {}, [amount("Upper", window.maxMilliampHours * PER_MILLIAMP_HOUR)]),
  ]);
}

function writeStep(
  action: RecipeAction | LoopAction,
  number: number,
  before: RecipeAction | LoopAction | undefined,
): XmlElement {
  const step = (type: string, limits: XmlElement): XmlElement =>
    element(`Step${number}`, { Step_ID: String(number), Step_Type: type }, [element("Limit", {}, [limits])]);
  const main = (...limits: readonly XmlElement[]): XmlElement => element("Main", {}, limits);
  switch (action.kind) {
    case "rest":
      return step(TYPE.rest, main(amount("Time", action.seconds * PER_SECOND)));
    case "current":
      return step(
        action.milliamps > 0 ? TYPE.charge : TYPE.discharge,
        main(
          amount("Curr", Math.abs(action.milliamps)),
          amount("Time", action.guardSeconds * PER_SECOND),
          amount("Stop_Volt", action.untilVolts * PER_VOLT),
        ),
      );
    case "hold": {
      const end = action.untilMilliamps;
      const follows = before?.kind === "current" && before.untilVolts === action.volts;
      return step(
        TYPE.hold,
        main(
          amount("Volt", action.volts * PER_VOLT),
          amount("Time", action.seconds * PER_SECOND),
          ...(end === undefined ? [] : [amount("Stop_Curr", end)]),
          ...(follows ? [amount("Curr", Math.abs(before.milliamps))] : []),
        ),
      );
    }
    case "loop":
      return step(
        TYPE.loop,
        element("Other", {}, [
          text("Start_Step", String(action.firstStep)),
          text("Cycle_Count", String(action.times)),
        ]),
      );
  }
}

const valueOf = (parent: XmlElement | undefined, name: string): number | undefined => {
  const value = child(parent, name)?.attributes["Value"];
  return value === undefined ? undefined : Number(value);
};

/** Removes the noise of a division by the file's unit. */
const clean = (value: number): number => Number(value.toPrecision(12));

function readStep(step: XmlElement): RecipeAction | LoopAction {
  const main = descend(step, "Limit", "Main");
  const other = descend(step, "Limit", "Other");
  const seconds = clean(valueOf(main, "Time")! / PER_SECOND);
  switch (step.attributes["Step_Type"]) {
    case TYPE.rest:
      return { kind: "rest", seconds };
    case TYPE.charge:
    case TYPE.discharge: {
      const size = valueOf(main, "Curr")!;
      const milliamps = step.attributes["Step_Type"] === TYPE.charge ? size : -size;
      const untilVolts = clean(valueOf(main, "Stop_Volt")! / PER_VOLT);
      return { kind: "current", milliamps, untilVolts, guardSeconds: seconds };
    }
    case TYPE.hold: {
      const end = valueOf(main, "Stop_Curr");
      const volts = clean(valueOf(main, "Volt")! / PER_VOLT);
      return { kind: "hold", volts, ...(end === undefined ? {} : { untilMilliamps: end }), seconds };
    }
    case TYPE.loop:
      return {
        kind: "loop",
        firstStep: valueOf(other, "Start_Step")!,
        times: valueOf(other, "Cycle_Count")!,
      };
    default:
      throw new CellwrightError("DATA_INVALID", `${step.name} is of a type that recipes do not use.`);
  }
}

function readWindow(protect: XmlElement): Partial<SafetyWindow> {
  const volt = child(protect, "Volt");
  return {
    minVolts: clean(valueOf(volt, "Lower")! / PER_VOLT),
    maxVolts: clean(valueOf(volt, "Upper")! / PER_VOLT),
    maxMilliamps: valueOf(child(protect, "Curr"), "Upper")!,
    maxMilliampHours: clean(valueOf(child(protect, "Cap"), "Upper")! / PER_MILLIAMP_HOUR),
    delaySeconds: clean(valueOf(protect, "Delay_Time")! / PER_SECOND),
  };
}
