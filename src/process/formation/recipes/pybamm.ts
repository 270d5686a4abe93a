import { CellwrightError } from "../../../errors.js";
import { PROPOSAL } from "../../proposal.js";
import { type Recipe, type RecipeAction, type RecipePhase, type RecipeRepeat } from "./recipe.js";
import { explanation, type RecipeFormat } from "./recipe-format.js";
import { UNSEALED } from "../../seal-text.js";
import { settableMilliamps } from "./settable.js";

/** Strings of a PyBaMM experiment, with rates instead of currents; each repetition is a list, a tuple in Python. */
export const PYBAMM: RecipeFormat = {
  name: "pybamm",
  title: "PyBaMM experiment strings (JSON)",
  extension: "json",
  split: false,
  carries: [],
  standing: "strings read by pybamm 26.10.1.1; a simulation has no safety window",
  write: (recipe, phases) => `${JSON.stringify(document(recipe, phases), null, 2)}\n`,
  read(text, { capacityMilliampHours }) {
    const { experiment } = JSON.parse(text) as { readonly experiment?: readonly (string | string[])[] };
    if (!Array.isArray(experiment)) throw new CellwrightError("DATA_INVALID", "This JSON has no experiment.");
    const strings = (experiment as readonly (string | string[])[]).flat();
    return [{ actions: strings.map((line) => readString(line, capacityMilliampHours)), window: {} }];
  },
};

function document(recipe: Recipe, phases: readonly RecipePhase[]) {
  const write = (action: RecipeAction): string => writeString(action, recipe.capacityMilliampHours);
  const cycles = (action: RecipeAction | RecipeRepeat): (string | string[])[] =>
    action.kind === "repeat"
      ? Array.from({ length: action.times }, () => action.actions.map(write))
      : [write(action)];
  return {
    notice: PROPOSAL,
    checksum: UNSEALED,
    use: "pybamm.Experiment([tuple(s) if isinstance(s, list) else s for s in recipe['experiment']], period=recipe['period'], temperature=recipe['temperature'])",
    nominal_capacity_mAh: recipe.capacityMilliampHours,
    period: `${recipe.record.seconds} seconds`,
    temperature: `${recipe.temperatureC} oC`,
    experiment: phases.flatMap(({ actions }) => actions.flatMap(cycles)),
    provenance: recipe.provenance,
    notes: explanation(recipe, phases, PYBAMM),
  };
}

/** Eight digits are enough to find the four of the current again. */
const rate = (milliamps: number, capacity: number): string =>
  `${plainNumber(Number((Math.abs(milliamps) / capacity).toPrecision(8)))}C`;

/** Without an exponent, which the strings do not know. */
const plainNumber = (value: number): string =>
  value < 1e-6 ? value.toFixed(15).replace(/0+$/u, "") : String(value);

function writeString(action: RecipeAction, capacity: number): string {
  switch (action.kind) {
    case "rest":
      return `Rest for ${action.seconds} seconds`;
    case "current": {
      const verb = action.milliamps > 0 ? "Charge" : "Discharge";
      return `${verb} at ${rate(action.milliamps, capacity)} for ${action.guardSeconds} seconds or until ${action.untilVolts} V`;
    }
    case "hold": {
      const end =
        action.untilMilliamps === undefined ? "" : ` or until ${rate(action.untilMilliamps, capacity)}`;
      return `Hold at ${action.volts} V for ${action.seconds} seconds${end}`;
    }
  }
}

const REST = /^Rest for ([\d.]+) seconds$/u;
const CURRENT = /^(Charge|Discharge) at ([\d.]+)C for ([\d.]+) seconds or until ([\d.]+) V$/u;
const HOLD = /^Hold at ([\d.]+) V for ([\d.]+) seconds(?: or until ([\d.]+)C)?$/u;

function readString(line: string, capacity: number): RecipeAction {
  const milliamps = (text: string): number => nearestMilliamps(Number(text) * capacity);
  const rest = REST.exec(line);
  if (rest !== null) return { kind: "rest", seconds: Number(rest[1]) };
  const current = CURRENT.exec(line);
  if (current !== null) {
    const size = milliamps(current[2]!);
    return {
      kind: "current",
      milliamps: current[1] === "Charge" ? size : -size,
      untilVolts: Number(current[4]),
      guardSeconds: Number(current[3]),
    };
  }
  const hold = HOLD.exec(line);
  if (hold === null) throw new CellwrightError("DATA_INVALID", `No step of ours: "${line.slice(0, 80)}".`);
  const end = hold[3] === undefined ? {} : { untilMilliamps: milliamps(hold[3]) };
  return { kind: "hold", volts: Number(hold[1]), ...end, seconds: Number(hold[2]) };
}

/** The settable current nearest to one that went through a rate. */
const nearestMilliamps = (milliamps: number): number => settableMilliamps(Number(milliamps.toPrecision(4)));
