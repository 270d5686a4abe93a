import Table from "cli-table3";
import pc from "picocolors";
import { openCampaignFile } from "../../adapters/open-campaign.js";
import type { Campaign } from "../../campaign/campaign.js";
import { CellwrightError } from "../../errors.js";
import { costFigureSize, costPlot } from "../../plots/cost-plot.js";
import { formatPlain, formatUnit } from "../../plots/format.js";
import {
  type BreakdownRow,
  calenderingBreakdown,
  type CostBreakdown,
  formationBreakdown,
  referenceCalendering,
} from "../../process/economics/cost-breakdown.js";
import {
  ECONOMIC_CONSTANTS,
  type Economics,
  overrideEconomics,
} from "../../process/economics/economic-constants.js";
import type { RangedValue } from "../../process/economics/formation-cost.js";
import type { Settings } from "../../space/parameter.js";
import { convert } from "../../units.js";
import {
  type Assignable,
  assignableContext,
  assignableParameters,
  parseAssignments,
  splitAssignments,
} from "../assignments.js";
import { type CliEffects, wantsColor } from "../effects.js";
import { printNotes } from "../print-notes.js";
import { requirePlotPath, writePlot } from "../write-plot.js";

export interface CostOptions {
  readonly set?: readonly string[];
  readonly format: "table" | "json";
  /** Where a picture goes, .svg or .png. */
  readonly plot?: string;
}

/** What cost depends on, by process, beside the campaign's own names. */
const COST_INPUTS = {
  calendering: { line_speed: "m/min", passes: "1", roll_temperature: "degC", line_load: "N/mm" },
  formation: { cycler_time: "h", ageing_time: "h" },
} as const;

/** `cellwright cost`: what a setting costs against the reference plant, per cell and per year. */
export async function cost(path: string, options: CostOptions, effects: CliEffects): Promise<void> {
  if (options.plot !== undefined) requirePlotPath(options.plot);
  const { campaign, file } = openCampaignFile(path, effects.cwd);
  if (campaign.process === undefined) {
    throw new CellwrightError(
      "USAGE",
      `${path} states no process: cost is known for calendering and formation.`,
    );
  }
  const names = assignableNames(campaign, campaign.process);
  const set = parseAssignments(splitAssignments(options.set ?? [], "--set"), names, "--set");
  const economics = economicsOf(file.content, set, names);
  const value = valueReader(campaign, set, names);
  const breakdown =
    campaign.process === "calendering"
      ? calenderingBreakdown(calenderingSettings(value, economics), economics)
      : formationCost(campaign, value, set, economics);
  requirePossible(breakdown);
  if (options.plot !== undefined) await drawCost(breakdown, options.plot, effects);
  if (options.format === "json") {
    effects.out(`${JSON.stringify({ campaign: campaign.name, ...breakdown }, null, 2)}\n`);
    return;
  }
  effects.out(tableOf(breakdown, effects));
  printNotes(breakdown.notes, effects);
}

/** Costs a year and their parts as a picture; energy and channels have other units and stay in the table. */
async function drawCost({ rows }: CostBreakdown, path: string, effects: CliEffects): Promise<void> {
  const costs = rows.filter(({ section, unit }) => section === "per year" && unit === "MUSD");
  const [total, ...parts] = costs.toReversed();
  const option = costPlot({
    unit: "MUSD",
    parts: parts.toReversed().map(({ label, baseline, setting }) => ({
      label,
      baseline: baseline.value,
      setting: setting.value,
    })),
    total: total!,
  });
  await writePlot(path, { option, size: costFigureSize(option), id: "cost" }, effects);
}

/** A line that stands still, or runs backwards, has no cost. */
function requirePossible({ rows }: CostBreakdown): void {
  const result = rows.find(
    ({ section, setting }) => section !== "setting" && !(setting.value >= 0 && setting.value < Infinity),
  );
  if (result === undefined) return;
  const settings = rows
    .filter(({ section }) => section === "setting")
    .map(
      ({ label, unit, setting }) => `${label} ${formatPlain(setting.value)}${unit === "1" ? "" : ` ${unit}`}`,
    );
  throw new CellwrightError("USAGE", "These settings have no cost.", {
    problems: [
      {
        where: "--set",
        found: settings.join(", "),
        expected: "settings at which the process runs",
        remedy: `${result.label} cannot be computed: correct what is 0 or negative.`,
      },
    ],
  });
}

/** The campaign's own names win over inputs of the model, and those over its constants. */
function assignableNames(
  campaign: Campaign,
  process: keyof typeof COST_INPUTS,
): ReadonlyMap<string, Assignable> {
  const constants = Object.entries(ECONOMIC_CONSTANTS).map(([name, { unit }]) => [name, { unit }] as const);
  const inputs = Object.entries(COST_INPUTS[process]).map(([name, unit]) => [name, { unit }] as const);
  return new Map<string, Assignable>([
    ...constants,
    ...inputs,
    ...assignableContext(campaign),
    ...assignableParameters(campaign),
  ]);
}

/** Constants of the campaign file, then those of `--set`. */
function economicsOf(content: unknown, set: Settings, names: ReadonlyMap<string, Assignable>): Economics {
  const stated = (content as { readonly economics?: Readonly<Record<string, unknown>> }).economics ?? {};
  const constants = Object.entries(ECONOMIC_CONSTANTS).filter(
    ([name, { unit }]) => names.get(name)?.unit === unit,
  );
  const given = constants.flatMap(([name]) => (set[name] === undefined ? [] : [[name, set[name]] as const]));
  const { economics, problems } = overrideEconomics({ ...stated, ...Object.fromEntries(given) });
  if (problems.length > 0)
    throw new CellwrightError("USAGE", "These constants cannot be used.", { problems });
  return economics;
}

type ReadValue = (name: string, unit: string) => number | undefined;

/** A value in a unit: from `--set`, else the state that the campaign's context gives. */
function valueReader(campaign: Campaign, set: Settings, names: ReadonlyMap<string, Assignable>): ReadValue {
  return (name, unit) => {
    const context = campaign.space.context.find((c) => c.name === name);
    const value = set[name] ?? context?.value;
    return typeof value === "number" ? convert(value, names.get(name)?.unit ?? unit, unit) : undefined;
  };
}

function calenderingSettings(value: ReadValue, economics: Economics) {
  const reference = referenceCalendering(economics);
  const units = COST_INPUTS.calendering;
  return {
    lineSpeedMPerMin: value("line_speed", units.line_speed) ?? reference.lineSpeedMPerMin,
    passes: value("passes", units.passes) ?? reference.passes,
    rollTemperatureC: value("roll_temperature", units.roll_temperature) ?? reference.rollTemperatureC,
    lineLoadNPerMm: value("line_load", units.line_load) ?? reference.lineLoadNPerMm,
  };
}

function formationCost(
  campaign: Campaign,
  value: ReadValue,
  set: Settings,
  economics: Economics,
): CostBreakdown {
  const ageingHours = value("ageing_time", "h") ?? economics.values.reference_ageing_time;
  const stated = value("cycler_time", "h");
  const asked = campaign.space.parameters.some((p) => set[p.name] !== undefined);
  if (stated !== undefined || !asked) {
    const cyclerHours = stated ?? economics.values.reference_cycler_time;
    return formationBreakdown({ cyclerHours, ageingHours }, economics);
  }
  const { hours, description } = protocolHours(campaign, value);
  const breakdown = formationBreakdown({ cyclerHours: hours, ageingHours }, economics);
  return { ...breakdown, notes: [`On the cycler: ${description}.`, ...breakdown.notes] };
}

/** Hours of the protocol that was set, and how they are known. */
function protocolHours(
  campaign: Campaign,
  value: ReadValue,
): { readonly hours: number; readonly description: string } {
  const formula = campaign.knowledge?.formulas.find((f) => f.name === "formation.time");
  if (formula === undefined) {
    throw new CellwrightError(
      "USAGE",
      "The hours of this chemistry's protocols are not known: give them by --set cycler_time=….",
    );
  }
  const inputs = formula.inputs.map((i) => [i.name, value(i.name, i.unit) ?? i.default] as const);
  const missing = inputs.filter(([, input]) => input === undefined).map(([name]) => name);
  if (missing.length > 0) {
    throw new CellwrightError(
      "USAGE",
      `The hours need ${missing.join(", ")} as well: give each by --set, or the hours by --set cycler_time=….`,
    );
  }
  return {
    hours: formula.evaluate(Object.fromEntries(inputs) as Record<string, number>),
    description: formula.description,
  };
}

function tableOf({ rows }: CostBreakdown, effects: CliEffects): string {
  const colors = pc.createColors(wantsColor(effects));
  const table = new Table({
    head: ["", "baseline", "setting", "change"],
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "right", "right", "right"],
  });
  let section: BreakdownRow["section"] | null = null;
  for (const row of rows) {
    if (row.section !== section) table.push([colors.bold(row.section), "", "", ""]);
    section = row.section;
    const unit = formatUnit(row.unit);
    table.push([
      `  ${row.label}${unit === "" ? "" : ` (${unit})`}`,
      shown(row.baseline),
      shown(row.setting),
      change(row),
    ]);
  }
  return `${table.toString()}\n`;
}

function shown({ value, range }: RangedValue): string {
  const [low, high] = (range ?? []).map(plain);
  return range === undefined || low === high ? plain(value) : `${plain(value)} [${low}–${high}]`;
}

/** Four significant digits. */
const plain = (value: number): string => formatPlain(Number(value.toPrecision(4)));

function change({ section, baseline, setting }: BreakdownRow): string {
  if (section === "setting" || baseline.value === 0) return "";
  const percent = (value: number): string => {
    const rounded = Math.round(100 * (value / baseline.value - 1));
    return rounded > 0 ? `+${rounded}` : rounded < 0 ? `−${-rounded}` : "0";
  };
  const ends = setting.range?.map(percent);
  const spread = ends === undefined || ends[0] === ends[1] ? "" : ` [${ends.join(" to ")}]`;
  return `${percent(setting.value)}${spread} %`;
}
