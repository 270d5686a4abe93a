import type { ProcessWindow, WindowBox } from "../campaign/window-answer.js";
import { formatMeasured, formatPlain, formatProbability, formatSetting, formatUnit } from "./format.js";
import { html, type Html, list, NO_MARKUP, table } from "./html.js";
import { specificationText } from "./limits.js";
import type { ReportData } from "./report-data.js";
import type { ReportPage } from "./report-page.js";
import { capitalised, inputOf, outcomeOf, readableText } from "./report-words.js";

/** The process window: sides of the box, capability at its centre, reasons, and the probability over the settings. */
export function windowSection(data: ReportData, page: ReportPage): Html {
  const { window } = data;
  if (window === undefined) return NO_MARKUP;
  const { box } = window;
  return page.section(
    "window",
    box === null ? "No process window yet" : "Process window",
    html`${box === null ? NO_MARKUP : sidesTable(data, box)}
${box === null ? NO_MARKUP : capabilityTable(data, box)}
${list(window.reasons.map((reason) => html`${capitalised(readableText(data, reason))}`))}
${window.warnings.length === 0 ? NO_MARKUP : html`<div class="note">${list(window.warnings.map((w) => html`${capitalised(readableText(data, w))}`))}</div>`}
${page.draw("window")}
${nextTable(data, window)}`,
  );
}

function named(label: string, unit: string): Html {
  const shown = formatUnit(unit);
  return shown === "" ? html`${label}` : html`${label}, ${shown}`;
}

function sidesTable(data: ReportData, box: WindowBox): Html {
  const numbers = box.sides.map(({ parameter, from, to, centre, tolerance }) => {
    const input = inputOf(data, parameter);
    return [
      named(input.label, input.unit),
      ...[from, to, centre].map((value) => html`${formatSetting(value, input)}`),
      html`${tolerance === 0 ? "–" : formatPlain(tolerance)}`,
    ];
  });
  const chosen = Object.entries(box.choices).map(([name, choice]) => [
    html`${inputOf(data, name).label}`,
    html`${choice}`,
    html`${choice}`,
    html`${choice}`,
    html`–`,
  ]);
  return table({
    caption: "Settings between which all covered specifications hold together.",
    head: ["Setting", "From", "To", "Centre", "±"].map((h) => html`${h}`),
    rows: [...numbers, ...chosen],
  });
}

function capabilityTable(data: ReportData, { capability }: WindowBox): Html {
  const index = (value: number | null, interval: readonly [number, number] | null): string =>
    value === null || interval === null
      ? "–"
      : `${value.toFixed(2)} (${interval[0].toFixed(2)} to ${interval[1].toFixed(2)})`;
  return table({
    caption: "At the centre, with 95 % intervals of what the models do not know.",
    head: ["Outcome", "Specification", "Mean", "Cp", "Cpk"].map((h) => html`${h}`),
    rows: capability.map((one) => {
      const outcome = outcomeOf(data, one.outcome);
      const spread = Math.max((one.mean95[1] - one.mean95[0]) / 4, one.stdDev);
      const [low, high] = one.mean95.map((value) => formatMeasured(value, spread));
      return [
        named(outcome.label, outcome.unit),
        html`${specificationText(outcome) ?? "–"}`,
        html`${formatMeasured(one.mean, spread)} (${low!} to ${high!})`,
        html`${index(one.cp, one.cp95)}`,
        html`${index(one.cpk, one.cpk95)}`,
      ];
    }),
    wordColumns: [1],
  });
}

function nextTable(data: ReportData, { next }: ProcessWindow): Html {
  if (next.length === 0) return NO_MARKUP;
  const names = Object.keys(next[0]!.parameters);
  return table({
    caption: "Runs that would say most about the border of the window.",
    head: [
      ...names.map((name) => named(inputOf(data, name).label, inputOf(data, name).unit)),
      html`Tells about`,
      html`In specification`,
    ],
    rows: next.map((run) => [
      ...names.map((name) => html`${formatSetting(run.parameters[name] ?? "", inputOf(data, name))}`),
      html`${outcomeOf(data, run.outcome).label}`,
      html`${formatProbability(run.probability)}`,
    ]),
    wordColumns: [names.length],
  });
}
