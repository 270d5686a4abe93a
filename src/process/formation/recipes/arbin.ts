import { CellwrightError } from "../../../errors.js";
import { PROPOSAL } from "../../proposal.js";
import { expandActions, type Recipe, type RecipeAction, type RecipePhase } from "./recipe.js";
import { ascii, explanation, type RecipeFormat } from "./recipe-format.js";
import { UNSEALED } from "../../seal-text.js";

type Section = Readonly<Record<string, string | number>>;

/** A schedule of Arbin's MITS Pro; repetitions are written out, since its loops run over counters coded in bits. */
export const ARBIN: RecipeFormat = {
  name: "arbin",
  title: "Arbin schedule (.sdu)",
  extension: "sdu",
  split: true,
  carries: ["minVolts", "maxVolts", "maxMilliamps"],
  standing:
    "the step and limit fields of one published schedule of version 7.00.13, read by beep 2026.2.7; a Signature section is not written: where MITS Pro refuses the file, copy its steps into a schedule made there; not loaded into a cycler by us",
  write(recipe, phases) {
    const actions = expandActions(phases[0]!.actions);
    const sections: (readonly [string, Section])[] = [
      ["Version Section", { Current_Version: "Schedule Version 7.00.13" }],
      ["Schedule", schedule(recipe, phases[0]!, actions.length)],
    ];
    actions.forEach((action, i) => {
      const limits = limitsOf(action, i === actions.length - 1, recipe);
      sections.push([`Schedule_Step${i}`, step(action, i, limits.length)]);
      limits.forEach((limit, j) => sections.push([`Schedule_Step${i}_Limit${j}`, limit]));
    });
    return sections
      .map(([name, fields]) => {
        const lines = Object.entries(fields).map(([key, value]) => `${key}=${value}`);
        return `${[`[${name}]`, ...lines].join("\r\n")}\r\n`;
      })
      .join("");
  },
  read(text) {
    const sections = readSections(text);
    const head = sections.get("Schedule");
    if (head === undefined) throw new CellwrightError("DATA_INVALID", "This is no Arbin schedule.");
    const [minVolts, maxVolts] = scope(head["m_VoltageSafetyScope"]);
    const [, maxAmps] = scope(head["m_CurrentSafetyScope"]);
    const actions = Array.from({ length: Number(head["m_uStepNum"]) }, (_, i) => readStep(sections, i));
    return [{ actions, window: { minVolts, maxVolts, maxMilliamps: milliamps(maxAmps) } }];
  },
};

const amps = (value: number): string => (value / 1000).toFixed(9).replace(/\.?0+$/u, "");
const milliamps = (value: number): number => Number((value * 1000).toPrecision(12));

function schedule(recipe: Recipe, phase: RecipePhase, steps: number): Section {
  const { window } = phase;
  const most = amps(window.maxMilliamps);
  const comments = [recipe.name, PROPOSAL, ...explanation(recipe, [phase], ARBIN), UNSEALED].join(" ");
  return {
    m_szCreator: "cellwright",
    m_szComments: ascii(comments),
    m_uMaxTimesOfUnsafe: 3,
    m_fMinDtSeconds: 5,
    m_bLogChanNormalData: 1,
    m_bCheckCurrentSafety: 1,
    m_bDefaultCurrentSafetyMode: 0,
    m_CurrentSafetyScope: `-${most}^${most}`,
    m_bCheckVoltageSafety: 1,
    m_bDefaultVoltageSafetyMode: 0,
    m_VoltageSafetyScope: `${window.minVolts.toFixed(6)}^${window.maxVolts.toFixed(6)}`,
    m_bCheckPowerSafety: 0,
    m_uStepNum: steps,
  };
}

function step(action: RecipeAction, index: number, limits: number): Section {
  const [control, value] = controlOf(action);
  return {
    m_uLimitNum: limits,
    m_szLabel: `${index + 1}-${action.kind}`,
    m_szStepCtrlType: control,
    m_szCurrentRange: "Range1",
    m_szVoltageRange: "High",
    m_szCtrlValue: value,
    m_szExtCtrlValue1: "",
    m_szExtCtrlValue2: "",
    m_szExtDef: "",
    m_uStepCtrlTypeExtFlag: 0,
    m_szAddIn: "",
    m_bSampleClockStretch: 0,
    m_szUnitType: "",
    m_szExUnitType1: "",
    m_bSynchronizedStart: 0,
    m_bAutoPidTips: 0,
    m_nExtra1: 0,
    m_szExtDef1: "",
    m_bBurstModeEnable: 0,
  };
}

function controlOf(action: RecipeAction): readonly [string, string] {
  if (action.kind === "rest") return ["Rest", ""];
  return action.kind === "hold"
    ? ["Voltage(V)", String(action.volts)]
    : ["Current(A)", amps(action.milliamps)];
}

function limitsOf(action: RecipeAction, last: boolean, { record }: Recipe): readonly Section[] {
  const limit = (ends: boolean, left: string, sign: string, right: string): Section => ({
    m_bStepLimit: ends ? 1 : 0,
    m_bLogDataLimit: 1,
    m_szGotoStep: ends && last ? "End Test" : "Next Step",
    Equation0_szLeft: left,
    Equation0_szCompareSign: sign,
    Equation0_szRight: right,
    Equation1_szLeft: "",
    Equation1_szCompareSign: "",
    Equation1_szRight: "",
    Equation2_szLeft: "",
    Equation2_szCompareSign: "",
    Equation2_szRight: "",
  });
  const seconds = action.kind === "current" ? action.guardSeconds : action.seconds;
  const own =
    action.kind === "current"
      ? [limit(true, "PV_CHAN_Voltage", action.milliamps > 0 ? ">=" : "<=", String(action.untilVolts))]
      : action.kind === "hold" && action.untilMilliamps !== undefined
        ? [limit(true, "PV_CHAN_Current", "<=", amps(action.untilMilliamps))]
        : [];
  return [
    limit(true, "PV_CHAN_Step_Time", ">", String(seconds)),
    ...own,
    limit(false, "DV_Time", ">", String(record.seconds)),
    limit(false, "DV_Voltage", ">", String(record.volts)),
  ];
}

type Sections = ReadonlyMap<string, Readonly<Record<string, string>>>;

function readSections(text: string): Sections {
  const sections = new Map<string, Record<string, string>>();
  let fields: Record<string, string> = {};
  for (const line of text.split(/\r?\n/u)) {
    const name = /^\[(.+)\]$/u.exec(line)?.[1];
    if (name !== undefined) {
      fields = {};
      sections.set(name, fields);
    } else if (line.includes("=")) {
      fields[line.slice(0, line.indexOf("="))] = line.slice(line.indexOf("=") + 1);
    }
  }
  return sections;
}

const scope = (text: string | undefined): readonly [number, number] =>
  (text ?? "").split("^").map(Number) as [number, number];

function readStep(sections: Sections, index: number): RecipeAction {
  const fields = sections.get(`Schedule_Step${index}`) ?? {};
  const count = Number(fields["m_uLimitNum"]);
  const limits = Array.from({ length: count }, (_, j) => sections.get(`Schedule_Step${index}_Limit${j}`)!);
  const ends = new Map(
    limits
      .filter((limit) => limit["m_bStepLimit"] === "1")
      .map((limit) => [limit["Equation0_szLeft"], Number(limit["Equation0_szRight"])] as const),
  );
  const seconds = ends.get("PV_CHAN_Step_Time")!;
  const value = Number(fields["m_szCtrlValue"]);
  switch (fields["m_szStepCtrlType"]) {
    case "Rest":
      return { kind: "rest", seconds };
    case "Current(A)":
      return {
        kind: "current",
        milliamps: milliamps(value),
        untilVolts: ends.get("PV_CHAN_Voltage")!,
        guardSeconds: seconds,
      };
    case "Voltage(V)": {
      const end = ends.get("PV_CHAN_Current");
      const until = end === undefined ? {} : { untilMilliamps: milliamps(end) };
      return { kind: "hold", volts: value, ...until, seconds };
    }
    default:
      throw new CellwrightError("DATA_INVALID", `Step ${index} has a control that recipes do not use.`);
  }
}
