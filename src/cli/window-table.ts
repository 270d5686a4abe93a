import pc from "picocolors";
import type { Campaign } from "../campaign/campaign.js";
import type { OutcomeCapability, ProcessWindow, WindowBox } from "../campaign/window-answer.js";
import { limitsInWords, percent } from "../campaign/window-sentences.js";
import { formatMeasured, formatPlain, formatProbability } from "../plots/format.js";
import type { Settings } from "../space/parameter.js";
import { type CliEffects, wantsColor } from "./effects.js";
import { fittedTable } from "./fitted-table.js";
import { contextText } from "./quality-table.js";
import { settingText, titleOf as named } from "./setting-text.js";
import { wrapText } from "./wrap-text.js";

/** The window as an operator reads it: sides of the box, capability at the centre, reasons, runs that would widen it. */
export function formatWindow(campaign: Campaign, answer: ProcessWindow, effects: CliEffects): string {
  const colors = pc.createColors(wantsColor(effects));
  const wrapped = (text: string): string => wrapText(text, effects.columns, "  ");
  const parts = boxParts(campaign, answer, effects);
  if (answer.choices.length > 1) parts.push(choices(answer, effects));
  parts.push(...answer.reasons.map((reason) => wrapped(`· ${reason}`)));
  if (answer.next.length > 0) {
    parts.push(colors.bold("Runs that would say most about the border"), nextRuns(campaign, answer, effects));
  }
  for (const warning of answer.warnings) parts.push(colors.yellow(wrapped(`! ${warning}`)));
  for (const note of answer.notes) parts.push(wrapped(`· ${note}`));
  return `${parts.join("\n")}\n`;
}

/** The box alone, beside suggestions: its sides, capability at the centre, and what it promises. */
export function formatBox(campaign: Campaign, answer: ProcessWindow, effects: CliEffects): string {
  const promise = wrapText(`· ${answer.reasons[0]!}`, effects.columns, "  ");
  return `${[...boxParts(campaign, answer, effects), promise].join("\n")}\n`;
}

function boxParts(campaign: Campaign, answer: ProcessWindow, effects: CliEffects): string[] {
  const colors = pc.createColors(wantsColor(effects));
  const wrapped = (text: string): string => wrapText(text, effects.columns, "  ");
  const parts = [colors.bold(wrapped(titleOf(campaign, answer)))];
  const { box, best } = answer;
  if (box !== null) parts.push(sides(campaign, box, effects), capability(answer, box.capability, effects));
  else if (best !== null) parts.push(wrapped(`Best setting: ${settingsText(campaign, best.parameters)}`));
  return parts;
}

function titleOf(
  campaign: Campaign,
  { box, probability, covers, uncovered, context }: ProcessWindow,
): string {
  const state = contextText(campaign, context);
  const where = state === "" ? "" : ` at ${state}`;
  const partly =
    uncovered.length > 0 && covers.length > 0 ? ` for ${covers.map((c) => c.outcome).join(", ")} only` : "";
  return box === null
    ? `No process window${partly} with ${percent(probability)} probability${where}`
    : `Process window${partly}, ${percent(probability)} probability${where}`;
}

const shown = ({ space }: Campaign, name: string, value: string | number): string =>
  settingText(
    space.parameters.find((p) => p.name === name),
    value,
  );

const settingsText = (campaign: Campaign, settings: Settings): string =>
  Object.entries(settings)
    .map(([name, value]) => {
      const parameter = campaign.space.parameters.find((one) => one.name === name);
      const unit = parameter === undefined || parameter.kind === "categorical" ? "1" : parameter.unit;
      return `${name} ${shown(campaign, name, value)}${unit === "1" ? "" : ` ${unit}`}`;
    })
    .join(", ");

function sides(campaign: Campaign, box: WindowBox, effects: CliEffects): string {
  const rows = box.sides.map(({ parameter, unit, from, to, centre, tolerance }) => [
    named({ name: parameter, unit }),
    ...[from, to, centre].map((value) => shown(campaign, parameter, value)),
    tolerance === 0 ? "–" : formatPlain(tolerance),
  ]);
  for (const [name, choice] of Object.entries(box.choices))
    rows.push([name, String(choice), "", String(choice), ""]);
  return fittedTable(
    {
      head: ["parameter", "from", "to", "centre", "±"],
      rows,
      align: ["left", "right", "right", "right", "right"],
    },
    effects,
  );
}

function capability(
  answer: ProcessWindow,
  capabilities: readonly OutcomeCapability[],
  effects: CliEffects,
): string {
  const index = (value: number | null, interval: readonly [number, number] | null): string =>
    value === null || interval === null
      ? "–"
      : `${value.toFixed(2)} [${interval[0].toFixed(2)}–${interval[1].toFixed(2)}]`;
  const rows = capabilities.map((one) => {
    const limits = answer.covers.find(({ outcome }) => outcome === one.outcome)!;
    const spread = Math.max((one.mean95[1] - one.mean95[0]) / 4, one.stdDev);
    return [
      named({ name: one.outcome, unit: limits.unit }),
      limitsInWords(limits),
      `${formatMeasured(one.mean, spread)} [${one.mean95.map((v) => formatMeasured(v, spread)).join("–")}]`,
      index(one.cp, one.cp95),
      index(one.cpk, one.cpk95),
    ];
  });
  return fittedTable(
    {
      head: ["at the centre", "specification", "mean [95 %]", "Cp [95 %]", "Cpk [95 %]"],
      rows,
      align: ["left", "left", "right", "right", "right"],
    },
    effects,
  );
}

function choices(answer: ProcessWindow, effects: CliEffects): string {
  const names = Object.keys(answer.choices[0]!.choices);
  return fittedTable(
    {
      head: [...names, "box, share of the range", "best setting holds"],
      rows: answer.choices.map((one) => [
        ...names.map((name) => String(one.choices[name])),
        one.volumeShare === 0 ? "none" : percent(one.volumeShare),
        formatProbability(one.probability),
      ]),
    },
    effects,
  );
}

function nextRuns(campaign: Campaign, answer: ProcessWindow, effects: CliEffects): string {
  const { parameters } = campaign.space;
  return fittedTable(
    {
      head: [...parameters.map(named), "tells about", "in specification"],
      rows: answer.next.map((run) => [
        ...parameters.map(({ name }) => shown(campaign, name, run.parameters[name] ?? "")),
        run.outcome,
        formatProbability(run.probability),
      ]),
    },
    effects,
  );
}
