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

/** Width of every cell of the table of sequences. */
const WIDTH = 20;
/** Range in which the potential is measured, V: a fresh cell may read below zero. */
const RANGE_V = [-1, 5] as const;
/** Ranges of current without a booster, mA; above them the range is left to the instrument. */
const CURRENT_RANGES = [
  [0.01, "10 uA"],
  [0.1, "100 uA"],
  [1, "1 mA"],
  [10, "10 mA"],
  [100, "100 mA"],
  [1000, "1 A"],
] as const;

/** Rows of the Modulo Bat technique in their order, with what a sequence has where nothing else is said. */
const ROWS = {
  Ns: "",
  ctrl_type: "",
  "Apply I/C": "I",
  "current/potential": "current",
  ctrl1_val: "",
  ctrl1_val_unit: "",
  ctrl1_val_vs: "",
  ctrl2_val: "",
  ctrl2_val_unit: "",
  ctrl2_val_vs: "",
  ctrl3_val: "",
  ctrl3_val_unit: "",
  ctrl3_val_vs: "",
  N: "0.00",
  "charge/discharge": "Charge",
  "charge/discharge_1": "Charge",
  "Apply I/C_1": "I",
  N1: "0.00",
  ctrl4_val: "",
  ctrl4_val_unit: "",
  ctrl5_val: "",
  ctrl5_val_unit: "",
  ctrl_tM: "0",
  ctrl_seq: "0",
  ctrl_repeat: "0",
  ctrl_trigger: "Falling Edge",
  ctrl_TO_t: "0.000",
  ctrl_TO_t_unit: "d",
  ctrl_Nd: "6",
  ctrl_Na: "2",
  ctrl_corr: "0",
  lim_nb: "0",
  lim1_type: "Time",
  lim1_comp: ">",
  lim1_Q: "",
  lim1_value: "0.000",
  lim1_value_unit: "s",
  lim1_action: "Next sequence",
  lim1_seq: "",
  lim2_type: "",
  lim2_comp: "",
  lim2_Q: "",
  lim2_value: "",
  lim2_value_unit: "",
  lim2_action: "Next sequence",
  lim2_seq: "",
  rec_nb: "0",
  rec1_type: "",
  rec1_value: "",
  rec1_value_unit: "",
  rec2_type: "",
  rec2_value: "",
  rec2_value_unit: "",
  "E range min (V)": RANGE_V[0].toFixed(3),
  "E range max (V)": RANGE_V[1].toFixed(3),
  "I Range": "Auto",
  "I Range min": "Unset",
  "I Range max": "Unset",
  "I Range init": "Unset",
  "auto rest": "1",
  Bandwidth: "5",
} as const;
type Sequence = Partial<Record<keyof typeof ROWS, string>>;

/** Settings of BioLogic's EC-Lab, technique Modulo Bat. */
export const BIOLOGIC: RecipeFormat = {
  name: "biologic",
  title: "BioLogic EC-Lab settings (.mps)",
  extension: "mps",
  split: true,
  carries: ["minVolts", "maxVolts", "maxMilliamps", "delaySeconds"],
  standing:
    "the same sequences and limits as aurora-unicycler 0.4.6 writes; not loaded into EC-Lab by us; above 1 A choose the current range of your booster",
  write(recipe, phases) {
    const flat = actionsWithLoops(phases[0]!.actions);
    const sequences = flat.map((action, i) => sequence(action, i, flat[i - 1], recipe));
    const rows = Object.entries(ROWS).map(([name, otherwise]) =>
      [name, ...sequences.map((s) => s[name as keyof typeof ROWS] ?? otherwise)]
        .map((cell) => cell.padEnd(WIDTH))
        .join(""),
    );
    return `${[...header(recipe, phases[0]!), ...rows].join("\n")}\n`;
  },
  read: (text) => [{ actions: runLoops(readSequences(text)), window: readWindow(text) }],
};

function header(recipe: Recipe, phase: RecipePhase): string[] {
  const { window } = phase;
  const capacity = recipe.capacityMilliampHours;
  const shown = capacity < 1000 ? `${capacity.toFixed(3)} mA.h` : `${(capacity / 1000).toFixed(3)} A.h`;
  const comments = [recipe.name, PROPOSAL, ...explanation(recipe, [phase], BIOLOGIC), UNSEALED];
  return [
    "EC-LAB SETTING FILE",
    "",
    "Number of linked techniques : 1",
    `Ewe ctrl range : min = ${RANGE_V[0].toFixed(2)} V, max = ${RANGE_V[1].toFixed(2)} V`,
    "Safety Limits :",
    `\tEwe min = ${window.minVolts.toFixed(5)} V`,
    `\tEwe max = ${window.maxVolts.toFixed(5)} V`,
    `\t|I| = ${window.maxMilliamps.toFixed(5)} mA`,
    `\tfor t > ${window.delaySeconds * 1000} ms`,
    "\tDo not start on E overload",
    `Comments : ${ascii(comments.join(" "))}`,
    `Battery capacity : ${shown}`,
    "Cycle Definition : Charge/Discharge alternance",
    "",
    "Technique : 1",
    "Modulo Bat",
  ];
}

function sequence(
  action: RecipeAction | LoopAction,
  index: number,
  before: RecipeAction | LoopAction | undefined,
  recipe: Recipe,
): Sequence {
  const common: Sequence = { Ns: String(index), lim1_seq: String(index + 1), lim2_seq: String(index + 1) };
  if (action.kind === "loop") {
    // numbered from 0, and counted without the first time
    const [to, again] = [action.firstStep - 1, action.times - 1];
    return { ...common, ctrl_type: "Loop", ctrl_seq: String(to), ctrl_repeat: String(again) };
  }
  const time = (seconds: number): Sequence => ({ lim_nb: "1", lim1_value: seconds.toFixed(3) });
  switch (action.kind) {
    case "rest":
      return { ...common, ...recording(recipe), ctrl_type: "Rest", ...time(action.seconds) };
    case "current": {
      const small = Math.abs(action.milliamps) < 1;
      return {
        ...common,
        ...recording(recipe),
        ...time(action.guardSeconds),
        ctrl_type: "CC",
        ctrl1_val: (small ? action.milliamps * 1000 : action.milliamps).toFixed(3),
        ctrl1_val_unit: small ? "uA" : "mA",
        ctrl1_val_vs: "<None>",
        ...secondLimit("Ewe", action.milliamps > 0 ? ">" : "<", action.untilVolts, "V"),
        "I Range": currentRange(action.milliamps),
      };
    }
    case "hold": {
      const follows = before?.kind === "current" && before.untilVolts === action.volts;
      const end = action.untilMilliamps;
      return {
        ...common,
        rec_nb: "1",
        rec1_type: "Time",
        rec1_value: recipe.record.seconds.toFixed(3),
        rec1_value_unit: "s",
        ...time(action.seconds),
        ctrl_type: "CV",
        ctrl1_val: action.volts.toFixed(3),
        ctrl1_val_unit: "V",
        ctrl1_val_vs: "Ref",
        ...(end === undefined ? {} : cutOff(end)),
        ...(follows ? { "I Range": currentRange(before.milliamps) } : {}),
      };
    }
  }
}

const recording = ({ record }: Recipe): Sequence => ({
  rec_nb: "2",
  rec1_type: "Time",
  rec1_value: record.seconds.toFixed(3),
  rec1_value_unit: "s",
  rec2_type: "Ewe",
  rec2_value: record.volts.toFixed(3),
  rec2_value_unit: "V",
});

const secondLimit = (type: string, comparison: string, value: number, unit: string): Sequence => ({
  lim_nb: "2",
  lim2_type: type,
  lim2_comp: comparison,
  lim2_value: value.toFixed(3),
  lim2_value_unit: unit,
});

/** Three decimals of mA would lose the digits of a small current. */
const cutOff = (milliamps: number): Sequence =>
  milliamps < 1 ? secondLimit("|I|", "<", milliamps * 1000, "uA") : secondLimit("|I|", "<", milliamps, "mA");

const currentRange = (milliamps: number): string =>
  CURRENT_RANGES.find(([most]) => Math.abs(milliamps) <= most)?.[1] ?? "Auto";

function readSequences(text: string): readonly (RecipeAction | LoopAction)[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.startsWith("Ns "));
  if (!text.startsWith("EC-LAB SETTING FILE") || start < 0)
    throw new CellwrightError("DATA_INVALID", "This is no EC-Lab setting file with sequences.");
  const table = new Map(
    lines.slice(start).map((line) => {
      const cells = line.match(new RegExp(`.{1,${WIDTH}}`, "gu")) ?? [];
      return [(cells[0] ?? "").trim(), cells.slice(1).map((cell) => cell.trim())] as const;
    }),
  );
  return (table.get("Ns") ?? []).map((_, i) => readSequence((row) => table.get(row)?.[i] ?? ""));
}

function readSequence(cell: (row: keyof typeof ROWS) => string): RecipeAction | LoopAction {
  const seconds = Number(cell("lim1_value"));
  const inMilliamps = (value: string, unit: string): number =>
    Number((unit === "uA" ? Number(value) / 1000 : Number(value)).toPrecision(12));
  switch (cell("ctrl_type")) {
    case "Rest":
      return { kind: "rest", seconds };
    case "Loop":
      return {
        kind: "loop",
        firstStep: Number(cell("ctrl_seq")) + 1,
        times: Number(cell("ctrl_repeat")) + 1,
      };
    case "CC": {
      const milliamps = inMilliamps(cell("ctrl1_val"), cell("ctrl1_val_unit"));
      return { kind: "current", milliamps, untilVolts: Number(cell("lim2_value")), guardSeconds: seconds };
    }
    case "CV": {
      const end = inMilliamps(cell("lim2_value"), cell("lim2_value_unit"));
      const until = cell("lim_nb") === "2" ? { untilMilliamps: end } : {};
      return { kind: "hold", volts: Number(cell("ctrl1_val")), ...until, seconds };
    }
    default:
      throw new CellwrightError("DATA_INVALID", `A sequence of type "${cell("ctrl_type")}" is none of ours.`);
  }
}

function readWindow(text: string) {
  const value = (pattern: RegExp): number => Number(pattern.exec(text)?.[1]);
  return {
    minVolts: value(/Ewe min = (-?[\d.]+) V/u),
    maxVolts: value(/Ewe max = (-?[\d.]+) V/u),
    maxMilliamps: value(/\|I\| = ([\d.]+) mA/u),
    delaySeconds: value(/for t > ([\d.]+) ms/u) / 1000,
  };
}
